"""Everything that is wrong with a file is said, each with its line and what to do."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.community.load import check_text, demo
from tests.community.support import DEFAULTS, NOW, SMALL, checked, lines


def test_the_small_file_is_fine() -> None:
    assert lines(SMALL) == []
    assert checked(SMALL).file is not None


def test_the_demo_has_the_shape_it_claims() -> None:
    result = check_text(demo(), NOW)
    assert result.problems == ()
    assert result.file is not None
    levels = [a.level for a in result.file.areas]
    assert [levels.count(level) for level in ("subdistrict", "community", "grid")] == [1, 3, 12]
    assert {a.kind for a in result.file.areas if a.level == "grid"} == {"urban", "rural", "enterprise"}
    assert 38 <= len(result.file.staff) <= 45
    guides = [r.area for s in result.file.staff for r in s.roles if r.role == "legal_guide"]
    assert {area: guides.count(area) for area in guides} == {"xfl": 3, "ylq": 3, "smc": 3}
    assert {r.category for r in result.file.rules} == {"忠孝", "友善", "诚信", "勤劳", "节俭", "优美"}
    assert ("play", "group:g1") in {(g.channel, g.address) for g in result.file.groups}
    assert ("web", "hall") in {(g.channel, g.address) for g in result.file.groups}


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("name: 松塘村", "nmae: 松塘村", 6, "name' is missing"),
        ("name: 松塘村", "nmae: 松塘村", 7, "did you mean 'name'?"),
        ("name: 松塘村", "name: 松塘村\n        colour: red", 8, "known here: key, name, level"),
        ("key: grid1", "key: village", 9, "area key 'village' is used twice"),
        ("name: 第一网格", "name: 第一网格\n            level: city", 9, "a city can not lie inside a community"),
        ("role: staff, play", "role: stuff, play", 12, "must be one of 'residents', 'staff' or 'leaders', not 'stuff'"),
        ("play: g1", "play: s1", 13, "the address 'play: group:s1' is used twice"),
        ("play: g1", "pager: g1", 13, "unknown key 'pager'"),
        ("{role: residents, play: g1}", "{role: residents}", 13, "the group has no address"),
        ("area: grid1}", "area: grid9}", 16, "unknown area 'grid9'"),
        ("role: grid_worker,", "role: king,", 16, "role must be one of"),
        ("{play: w1}", "{pager: w1}", 16, "unknown channel 'pager'"),
        ("area: grid1}]", "area: grid1, department: 市政部门}]", 16, "no other role has one"),
        ("role: grid_worker, area: grid1", "role: department, area: grid1", 16, "needs `department:` with its name"),
        (
            "role: grid_worker, area: grid1",
            "role: department, area: grid1, department: 水利局",
            16,
            "unknown department '水利局'",
        ),
        ("linli: 1", "linli: 2", 1, "linli must be one of 1, not 2"),
        ("{play: w1}", "{telegram: anran}", 16, "an account on telegram is a number such as 123456789, not 'anran'"),
        ("role: residents, play: g1", "role: residents, telegram: '@g'", 13, "a group on telegram is a number such as"),
        (
            "name: 松塘镇",
            'name: 松塘镇\n    windows: [{key: a, name: 证明, way: 预约, hours: [["11:30", "09:00"]]}]',
            5,
            "ends before it begins",
        ),
        ("name: 松塘镇", "name: 松塘镇\n    timezone: Asia/Peking", 5, "'Asia/Peking' is no time zone"),
        ("name: 松塘镇", 'name: 松塘镇\n    digest: "8.30"', 5, "'8.30' is not a time of day"),
        ("name: 松塘镇", "name: 松塘镇\n    quiet: {from: 22:00}", 5, "'to' is missing"),
        ("name: 松塘镇", "name: 松塘镇\n    at: [39.1, 219.6]", 5, "at must be a latitude from -90 to 90"),
        ("name: 松塘镇", "name: 松塘镇\n    at: [39.1]", 5, "at needs at least 2 entries"),
        ("name: 松塘镇", "name: 松塘镇\n    name: 松塘", 5, "'name' stands here twice"),
        ("1号楼, 2号楼", "{aliases: [a]}", 14, "neither `name:` nor `numbers:`"),
        ("1号楼, 2号楼", "{numbers: 9-1}", 14, "from the smaller number to the bigger"),
        ("1号楼, 2号楼", "1号楼, 1号楼", 14, "area key 'grid1/1号楼' is used twice"),
    ],
)
def test_one_thing_wrong(old: str, new: str, line: int, said: str) -> None:
    text = SMALL.replace(old, new, 1)
    assert text != SMALL
    found = [one for one in lines(text) if said in one]
    assert found, lines(text)
    assert found[0].startswith(f"{line}: ")
    assert checked(text).file is None


EXTRA = """\
duty:
  - {area: grid1, role: grid_worker, staff: ann, days: 每天, from: "08:00", to: "08:00"}
activities:
  - key: walk
    area: village
    title: 巡河
    place: 村口
    organiser: ann
    shifts:
      - {start: "下周六 09:00", end: "11:00", capacity: 4}
rules:
  - {key: help, area: town, category: 友善, title: 帮忙, points: 5}
goods:
  - {key: soap, area: town, shop: 小店, title: 肥皂, price: 5, stock: 0}
households:
  - {key: h1, area: grid1/1号楼, name: 林家, code: "123456"}
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("staff: ann, days", "staff: bob, days", 18, "unknown staff 'bob'"),
        ("role: grid_worker, staff", "role: mediator, staff", 18, "without that role"),
        ("days: 每天", "days: 常常", 18, "names no weekdays"),
        ('from: "08:00"', 'from: "25:00"', 18, "'25:00' is not a time of day"),
        ("organiser: ann", "organiser: bob", 24, "unknown staff 'bob'"),
        ("下周六 09:00", "下周八 09:00", 26, "is not a moment"),
        ("下周六 09:00", "2026-02-30 09:00", 26, "2026-02-30 is no date in the calendar"),
        ("下周六 09:00", "2026-02-27", 26, "is not a time of day"),
        ('end: "11:00"', 'end: "08:00"', 26, "not after its start"),
        ("capacity: 4", "capacity: 0", 26, "capacity must be more than 0"),
        ("capacity: 4", "capacity: 4, key: a", 26, "leave it out"),
        ("category: 友善", "category: 友爱", 28, "category must be one of"),
        ("points: 5}", "points: 0}", 28, "must not be 0"),
        ("price: 5", "price: 五", 30, "price must be a whole number"),
        ("stock: 0", "stock: -1", 30, "stock must be at least 0"),
        ("area: grid1/1号楼", "area: grid1/9号楼", 32, "unknown area 'grid1/9号楼'"),
        ('code: "123456"', 'code: "ABCDEFG"', 32, "with a digit among them"),
    ],
)
def test_one_thing_wrong_further_down(old: str, new: str, line: int, said: str) -> None:
    text = SMALL + EXTRA.replace(old, new, 1)
    assert lines(SMALL + EXTRA) == []
    found = [one for one in lines(text) if said in one]
    assert found, lines(text)
    assert found[0].startswith(f"{line}: ")
    assert checked(text).file is None


def test_all_problems_are_listed_in_the_order_of_the_file() -> None:
    text = (
        SMALL.replace("area: grid1}", "area: nowhere}")
        .replace("play: g1", "play: s1")
        .replace("key: grid1", "key: town")
    )
    numbers = [int(line.split(":")[0]) for line in lines(text)]
    assert len(numbers) >= 3
    assert numbers == sorted(numbers)


def test_what_has_the_wrong_form_hides_nothing_else() -> None:
    """Form, references and YAML faults come in one go, and nothing is called unknown that only has another fault."""
    text = (SMALL + EXTRA).replace("name: 安然", "nam: 安然").replace("capacity: 4", "capacity: 0")
    text = text.replace("area: town, shop", "area: towm, shop").replace("key: help, area", "key: help, key: a, area")
    said = lines(text)
    assert [int(line.split(":")[0]) for line in said] == [16, 16, 26, 28, 30]
    assert "unknown area 'towm'" in said[-1]
    no_grid = (SMALL + EXTRA).replace("name: 第一网格", "title: 第一网格").replace("area: village", "area: willage")
    assert [int(line.split(":")[0]) for line in lines(no_grid)] == [9, 10, 21]


def test_a_group_with_the_address_of_a_person() -> None:
    text = SMALL.replace("play: g1", "telegram: 77").replace("{play: w1}", "{telegram: 77}")
    assert lines(text) == ["13: 'telegram: 77' is a person's account already; give the group's own address"]


def test_services_must_be_like_known_ones() -> None:
    service = "        services:\n          - {key: lamp, name: 栈道灯, like: street_lamp, department: 水利局}\n"
    text = SMALL.replace("        areas:\n          - key: grid1", service + "        areas:\n          - key: grid1")
    said = "\n".join(lines(text))
    assert "9: unknown service 'street_lamp'" in said
    assert "unknown department '水利局'" in said
    assert lines(text.replace("street_lamp", "street_light").replace("水利局", "市政部门")) == []
    assert "say with `like:`" in lines(text.replace("like: street_lamp, department: 水利局", "phrases: [灯坏]"))[0]
    default = text.replace(
        "key: lamp, name: 栈道灯, like: street_lamp, department: 水利局", "key: garbage, resolve_hours: 8"
    )
    assert lines(default) == []
    assert "at most 365" in lines(default.replace("resolve_hours: 8", "follow_up_days: 400"))[0]


def test_two_departments_with_one_name() -> None:
    both = "    departments: [{name: 执法队, covers: [环卫部门]}, {name: 执法队}]\n"
    text = SMALL.replace("    name: 松塘镇\n", "    name: 松塘镇\n" + both)
    assert lines(text) == ["5: two departments are called '执法队' (the other in 'town'); give one a fuller name"]


def test_two_departments_that_cover_one() -> None:
    both = "    departments: [{name: 执法队, covers: [环卫部门]}, {name: 环卫所, covers: [环卫部门]}]\n"
    text = SMALL.replace("    name: 松塘镇\n", "    name: 松塘镇\n" + both)
    assert "'环卫部门' is covered by '执法队' already" in lines(text)[0]


TWO_GRIDS = SMALL.replace(
    "staff:\n  - {key: ann",
    "          - {key: grid2, name: 第二网格, buildings: [2幢]}\nstaff:\n  - {key: ann",
)


def test_an_address_that_fits_two_buildings_is_a_warning() -> None:
    result = checked(TWO_GRIDS)
    assert result.file is not None
    assert [p.warning for p in result.problems] == [True]
    assert "'2楼' fits buildings in several grids of 'village'" in result.problems[0].message
    told_apart = TWO_GRIDS.replace("buildings: [2幢]", "buildings: [{estate: 梅苑, numbers: 2}]")
    assert lines(told_apart) == []


def test_a_group_for_a_grid_without_staff_is_a_warning() -> None:
    text = TWO_GRIDS.replace("buildings: [2幢]", "groups: [{role: residents, play: g2}]")
    result = checked(text)
    assert result.file is not None
    assert "grid 'grid2', which has no staff" in result.problems[0].message
    assert "nobody above it either" in result.problems[0].message


def test_a_shift_that_is_over_is_a_warning() -> None:
    text = SMALL + EXTRA.replace("下周六 09:00", "2025-12-06 09:00")
    assert [(p.line, p.warning) for p in checked(text).problems] == [(26, True)]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (b"", 1, "the file is empty"),
        (b"# nothing\n", 1, "the file is empty"),
        (b"linli: 1\nareas: [\n", 3, "not valid YAML"),
        (b"linli: 1\nareas:\n\t- key: a\n", 3, "indent with spaces"),
        (b'linli: 1\nareas:\n  - {key: a, name: "x}\n', 4, "is not closed"),
        (b"linli: 1\nareas: !!python/object/apply:os.system [ls]\n", 2, "tags such as"),
        (b"linli: 1\nareas: &b [1]\nstaff: *b\n", 2, "anchors and aliases"),
        (b"linli: 1\nareas: &b [*b]\n", 2, "anchors and aliases"),
        (b"linli: 1\n\xff\xfe\n", 2, "not UTF-8"),
        (b"linli: 1\n? [a, b]\n: c\n", 2, "a key must be a word"),
        (b"linli: 1\nareas: \x00\n", 2, "not valid YAML"),
        (b'linli: 1\nareas: "a\\0b"\n', 2, "control characters"),
        (b"linli: 1\n---\nlinli: 1\n", 2, "a second document"),
        (b"linli: 1\nareas: " + b"[" * 100_000, 2, "nested more than"),
        (b"linli: 1\nareas: " + b"[" * 30 + b"\n" + b"{a: " * 100_000, 3, "nested more than"),
        (b"- 1\n- 2\n", 1, "must hold keys"),
        (b"linli\n", 1, "must hold keys"),
    ],
)
def test_hostile_files(text: bytes, line: int, said: str) -> None:
    result = check_text(text, NOW, DEFAULTS)
    assert result.file is None
    assert any(said in p.message and p.line == line for p in result.problems), result.problems


def test_deep_blocks_and_bombs_are_refused() -> None:
    steps = "".join(f"{'  ' * n}- \n" for n in range(3000))
    assert check_text(f"linli: 1\nareas:\n{steps}".encode(), NOW, DEFAULTS).file is None
    dashes = "linli: 1\nareas:\n" + "- " * 50_000 + "x\n"
    assert "nested" in check_text(dashes.encode(), NOW, DEFAULTS).problems[0].message
    bomb = "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*{'a' if n == 0 else f'b{n - 1}'}, *a]\n" for n in range(60))
    assert any("aliases" in p.message for p in check_text(bomb.encode(), NOW, DEFAULTS).problems)


def test_too_large() -> None:
    from bot.community.reading import MAX_BYTES

    result = check_text(b"#" * (MAX_BYTES + 1), NOW, DEFAULTS)
    assert "larger than" in result.problems[0].message


@given(st.binary(max_size=200) | st.text(alphabet="ab:-[]{}&*!\"'|>?#\n \t,%@0", max_size=80).map(str.encode))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_answered(text: bytes) -> None:
    result = check_text(text, NOW, DEFAULTS)
    assert result.file is None
    assert result.problems
    assert all(p.line >= 1 for p in result.problems)


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_any_value_anywhere_is_answered(data: st.DataObject) -> None:
    """A line of a good file with its value exchanged is fine or refused, never an exception."""
    rows = (SMALL + EXTRA).splitlines()
    at = data.draw(st.integers(0, len(rows) - 1))
    head, colon, _ = rows[at].partition(": ")
    values = [
        "",
        "~",
        "[]",
        "{}",
        "-1",
        "1e99",
        "9" * 30,
        "[[1]]",
        "{a: b}",
        "'x'",
        '"\\ud800"',
        "[{}]",
    ]
    rows[at] = head + (colon or ": ") + data.draw(st.sampled_from(values))
    result = check_text("\n".join(rows).encode(), NOW, DEFAULTS)
    assert (result.file is None) == any(not p.warning for p in result.problems)


def test_a_department_that_stands_for_none_of_the_catalogue_is_warned_of() -> None:
    text = SMALL.replace("name: 松塘镇", "name: 松塘镇\n    departments: [{name: 执法队, covers: [环卫部]}]")
    told = "5: warning: '环卫部' is no department of the catalogue, so nothing comes to it; did you mean '环卫部门'?"
    assert lines(text) == [told]
