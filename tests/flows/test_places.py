"""From what people say to the building and the grid; and what a group may read of an address."""

from __future__ import annotations

from importlib.resources import files

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from flows.domain.address import building_level, name_key, numeral, plain
from flows.domain.places import Found, Place, Places, Several

# id, parent, level, name, aliases, lat, lon
TOWN = Places(
    Place(id, parent, level, name, tuple(aliases), lat, lon)
    for id, parent, level, name, aliases, lat, lon in [
        (1, None, "subdistrict", "松塘街道", [], None, None),
        (10, 1, "community", "幸福里社区", [], None, None),
        (11, 10, "grid", "第一网格", ["幸福里小区"], 30.4011, 119.9012),
        (12, 10, "grid", "第二网格", ["梧桐苑"], 30.4041, 119.9015),
        (13, 10, "grid", "轻工园网格", ["轻工园"], 30.4165, 119.9121),
        (101, 11, "building", "1号楼", [], 30.40102, 119.90105),
        (102, 11, "building", "2号楼", [], 30.40104, 119.90142),
        (103, 11, "building", "3号楼", ["老年食堂那栋"], 30.40106, 119.90179),
        (112, 11, "building", "12号楼", [], None, None),
        (121, 12, "building", "梧桐苑2栋", [], None, None),
        (122, 12, "building", "梧桐苑3栋", [], None, None),
        (123, 12, "building", "梧桐苑A座", [], None, None),
        (131, 13, "building", "轻工园2号厂房", [], None, None),
        (132, 13, "building", "竹器厂大院", ["竹器厂"], None, None),
        (20, 1, "community", "烟柳桥社区", [], None, None),
        (21, 20, "grid", "第一网格", ["桥南新村"], None, None),
        (22, 20, "grid", "第二网格", ["桥北新村"], None, None),
        (201, 21, "building", "3幢", [], None, None),
        (202, 22, "building", "3幢", [], None, None),
        (203, 22, "building", "4幢", [], None, None),
        (30, 1, "community", "石磨村", [], None, None),
        (31, 30, "grid", "上磨网格", ["上磨"], None, None),
        (32, 30, "grid", "下磨网格", ["下磨"], None, None),
        (301, 31, "building", "一组", [], None, None),
        (303, 31, "building", "三组", ["祠堂坎"], None, None),
        (304, 32, "building", "四组", ["水碓头"], None, None),
    ]
)


WAYS = """
3号楼 三号楼 3栋 三栋 3幢 三棟 3# ３＃ 3座 03号楼 三號樓 3#楼 #3 3号 3
3-2-501 3.2.501 3/2/501 3—2—501 ３－２－５０１ 3栋2单元501 3栋2-501 3-501 3楼2单元 3号2单元
三号楼二单元五零一 三-二-五零一
3号楼楼道灯坏了 我们小区3号楼 在三栋门口 家里住3号楼的 幸福里小区3号楼 幸福里三栋 幸福里小區３號樓
幸福里社区第一网格3号楼 第1网格三栋 老年食堂那栋 幸福里小区，3栋
"""


@pytest.mark.parametrize("said", [*WAYS.split(), "3 号 楼"])
def test_ways_to_say_building_3_in_its_grid(said: str) -> None:
    assert TOWN.find(said, default=11) == Found(11, 103, True)


@pytest.mark.parametrize(
    ("said", "area", "building"),
    [
        ("梧桐苑3号楼", 12, 122),
        ("梧桐苑三栋2单元1201", 12, 122),
        ("梧桐苑a座", 12, 123),
        ("Ａ座电梯", 12, 123),
        ("12号楼", 11, 112),
        ("十二栋", 11, 112),
        ("桥北新村3栋", 22, 202),
        ("桥南新村3幢", 21, 201),
        ("烟柳桥第二网格三幢", 22, 202),
        ("4幢", 22, 203),
        ("轻工园二号厂房", 13, 131),
        ("2号厂房", 13, 131),
        ("竹器厂里面", 13, 132),
        ("石磨村三组", 31, 303),
        ("三组12号", 31, 303),
        ("第3村民小组", 31, 303),
        ("祠堂坎", 31, 303),
        ("石磨村水碓头的渠", 32, 304),
        ("梧桐苑", 12, None),
        ("幸福里社区", 10, None),
        ("幸福里小区", 11, None),
        ("烟柳桥社区第二网格", 22, None),
        ("松塘街道", 1, None),
        ("石磨村下磨", 32, None),
    ],
)
def test_where_it_is(said: str, area: int, building: int | None) -> None:
    assert TOWN.find(said) == Found(area, building, True)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "楼道灯坏了",
        "99号楼",
        "锦绣家园3号楼",
        "13800000000",
        "2026-1-15",
        "138-1234-5678",
        "\ud800",
        "|",
        "第九网格",
    ],
)
def test_no_place_known(said: str) -> None:
    assert TOWN.find(said) is None


def test_several_fit_and_the_group_decides() -> None:
    several = TOWN.find("3号楼")
    assert isinstance(several, Several)
    assert several.total == 4
    assert [c.label for c in several.candidates] == ["幸福里小区3号楼", "梧桐苑3栋", "桥南新村3幢", "桥北新村3幢"]
    assert [(c.area, c.building) for c in several.candidates] == [(11, 103), (12, 122), (21, 201), (22, 202)]
    assert TOWN.find("3号楼", default=11) == Found(11, 103, True)
    assert TOWN.find("3号楼", default=12) == Found(12, 122, True)
    assert TOWN.find("3号楼", default=22) == Found(22, 202, True)
    assert TOWN.find("3号楼", default=20) == several_of([201, 202])
    assert TOWN.find("3号楼", within=20) == several_of([201, 202])
    assert TOWN.find("第一网格", within=20) == Found(21, None, True)


def several_of(ids: list[int]) -> Several:
    from flows.domain.places import Candidate

    return Several(tuple(Candidate(TOWN.place(i).parent or 0, i, TOWN.label(i)) for i in ids), len(ids))


def test_the_neighbouring_grid_is_meant_before_another_community() -> None:
    assert TOWN.find("12号楼", default=12) == Found(11, 112, True)
    assert TOWN.find("4号楼", default=11) is None  # the only 4幢 lies in another community


def test_a_place_named_elsewhere_is_found_elsewhere() -> None:
    assert TOWN.find("桥北新村3幢", default=11) == Found(22, 202, True)
    assert TOWN.find("桥北新村3幢", within=10) == Found(22, 202, True)


def test_a_guess_is_no_certainty() -> None:
    assert TOWN.find("梧桐苑9号楼") == Found(12, None, False)  # the estate is known, the building is not
    assert TOWN.find("梧桐院3号楼") == Found(12, 122, False)  # one character mistaken
    assert TOWN.find("幸福离小区3号楼") == Found(11, 103, False)
    assert TOWN.find("锦绣家园3号楼", default=11) == Found(11, 103, False)  # an estate nobody knows


def test_a_yard_of_another_community_is_a_guess() -> None:
    assert TOWN.find("竹器厂门口", default=11) == Found(13, 132, True)
    assert TOWN.find("竹器厂门口", default=21) == Found(13, 132, False)


def test_two_buildings_in_one_sentence_are_asked_about() -> None:
    found = TOWN.find("1、2号楼都停水了", default=11)
    assert isinstance(found, Several)
    assert [c.building for c in found.candidates] == [101, 102]


def test_a_floor_is_no_building() -> None:
    assert TOWN.find("竹器厂3楼") == Found(13, 132, True)
    assert TOWN.find("电梯停在3楼不动", default=11) is None


def test_pins() -> None:
    assert TOWN.nearest(30.40107, 119.90180) == Found(11, 103, True)
    assert TOWN.nearest(30.40300, 119.90180) == Found(11, 103, True)  # 216 m
    assert TOWN.nearest(30.41650, 119.90900) == Found(13, None, False)  # 300 m from the yard: the grid, to be confirmed
    assert TOWN.nearest(30.40107, 119.90180, within=13) is None
    assert TOWN.nearest(31.0, 121.0) is None
    assert TOWN.nearest(-90.0, 180.0) is None


def test_labels_and_the_tree() -> None:
    assert [TOWN.label(i) for i in (10, 11, 103, 122, 303)] == [
        "幸福里社区",
        "幸福里社区第一网格",
        "幸福里小区3号楼",
        "梧桐苑3栋",
        "上磨三组",
    ]
    assert TOWN.above(103, "community") == 10
    assert TOWN.above(103, "city") is None
    assert TOWN.inside(103, 1)
    assert not TOWN.inside(103, 20)
    assert 103 in TOWN
    assert 999 not in TOWN


def test_names_that_mean_the_same() -> None:
    assert {name_key(n) for n in ("3号楼", "三栋", "3#", "03幢")} == {"3楼"}
    assert name_key("幸福里3号楼") == "幸福里3楼" != name_key("梧桐苑3号楼")
    numerals = ("三", "十", "十二", "二十", "一百零三", "一百二十", "二〇一", "两百")
    assert [numeral(n) for n in numerals] == [3, 10, 12, 20, 103, 120, 201, 200]
    assert plain("三棟２單元") == "3栋2单元"


@given(st.text(max_size=60) | st.text(alphabet="三3号楼栋-#单元室幸福里梧桐苑组第网格 a座、", max_size=30))
def test_any_text_gets_an_answer(text: str) -> None:
    for default in (None, 11, 20):
        found = TOWN.find(text, default=default, within=default)
        assert found is None or isinstance(found, Found | Several)
    building_level(text)


# -- what a group may read --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("3-2-501", "3号楼"),
        ("3-501", "3号楼"),
        ("3.2.501", "3号楼"),
        ("3/2/501的电表", "3号楼的电表"),
        ("13号-7-501", "13号楼"),
        ("8楼-7-301", "8号楼"),
        ("3-2单元", "3号楼"),
        ("三-二-五零一", "三号楼"),
        ("3栋2单元501室", "3栋"),
        ("3栋2单元501", "3栋"),
        ("幸福里小区3号楼2单元501室", "幸福里小区3号楼"),
        ("3号楼2单元楼道", "3号楼2单元楼道"),
        ("3号楼1203漏水", "3号楼漏水"),
        ("3#501", "3#"),
        ("三棟二單元五零一室", "三棟"),
        ("３号楼２单元５０１", "3号楼"),
        ("3号楼5楼楼道", "3号楼楼道"),
        ("3楼2单元", "3号楼"),
        ("B座1502房", "B座"),
        ("3栋东户", "3栋"),
        ("3号楼501户", "3号楼"),
        ("3号楼501的老王家", "3号楼的老王家"),
        ("王家村三组12号", "王家村三组"),
        ("王家村三组12户", "王家村三组"),
        ("501室", ""),
        ("1号楼 1单元 302", "1号楼"),
        ("1号楼，302", "1号楼"),
        ("3号楼旁边的幼儿园", "3号楼旁边的幼儿园"),
        ("地址：301", "地址："),
        ("幸福路100号", "幸福路100号"),
        ("停水158天，交了300元，共600", "停水158天，交了300元，共600"),
        ("每晚10:300也吵～", "每晚10:300也吵～"),
        ("菜市场门口", "菜市场门口"),
        ("小区东门", "小区东门"),
        ("幸福里小区", "幸福里小区"),
        ("第一网格", "第一网格"),
        ("100号楼", "100号楼"),
    ],
)
def test_down_to_the_building_only(said: str, shown: str) -> None:
    assert building_level(said) == shown
    assert building_level(shown) == shown


_CHINESE = "零一二三四五六七八九"


@given(
    st.sampled_from(["", "幸福里小区", "梧桐苑"]),
    st.integers(1, 40),
    st.sampled_from(["号楼", "栋", "幢", "#", "座", "號樓"]),
    st.sampled_from(["", "{u}单元", "{u}单元 ", "{u}单元-", "{u}-", "-{u}-", " {u}單元", "，{u}单元，"]),
    st.integers(1, 9),
    st.integers(101, 3304),
    st.sampled_from(["", "室", "房", "户", "号"]),
    st.booleans(),
    st.sampled_from(["", "漏水", "的门坏了", "没电"]),
)
def test_no_room_ever_remains(
    estate: str, number: int, word: str, unit: str, u: int, room: int, end: str, spelled: bool, rest: str
) -> None:
    door = "".join(_CHINESE[int(c)] for c in str(room)) if spelled else str(room)
    said = f"{estate}{number}{word}{unit.format(u=u)}{door}{end}{rest}"
    shown = building_level(said)
    assert door not in shown, (said, shown)
    assert "单元" not in shown
    assert f"{number}{word}" in shown


def test_the_demo_community_is_told_apart() -> None:
    """Every building of the demo is found by its label, from outside its community."""
    listed = yaml.safe_load((files("bot.demo") / "community.yml").read_text("utf-8"))
    places: list[Place] = []

    def add(form: dict[str, object], parent: int | None, level: int) -> None:
        id = len(places) + 1
        levels = ("subdistrict", "community", "grid")
        places.append(Place(id, parent, levels[level], str(form["name"]), tuple(form.get("aliases", ()))))  # type: ignore[arg-type]
        for one in form.get("buildings", ()):  # type: ignore[attr-defined]
            for name in [one["name"]] if "numbers" not in one else ["1号楼"]:
                names = (f"{one.get('estate', '')}{name}", tuple(one.get("aliases", ())))
                places.append(Place(len(places) + 1, id, "building", *names))
        for child in form.get("areas", ()):  # type: ignore[attr-defined]
            add(child, id, level + 1)

    for area in listed["areas"]:
        add(area, None, 0)
    town = Places(places)
    buildings = [p for p in places if p.level == "building"]
    assert len(buildings) > 20
    for one in buildings:
        assert town.find(town.label(one.id)) == Found(one.parent or 0, one.id, True), town.label(one.id)
