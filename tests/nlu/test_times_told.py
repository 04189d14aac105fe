"""What words about time come to, seen from many moments: right, or in doubt, never silently wrong."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nlu.dates import lunar
from nlu.dates.read import resolve
from nlu.dates.spoken import label, spoken_when
from nlu.dates.told import Told, times_told, when_told
from nlu.dates.values import Doubt, Grain, Kind, When, Why
from nlu.normalize import normalize

ZONE = ZoneInfo("Asia/Shanghai")
TABLE = Path(__file__).with_name("times_told.txt")
NOW = datetime(2026, 11, 22, 14, 42, tzinfo=ZONE)
WORDS = (
    *(
        "昨天",
        "前天",
        "今天",
        "今晚",
        "昨晚",
        "上周五",
        "周末",
        "周三",
        "下周一",
        "上个月15号",
        "3月5号",
        "12月31号",
        "月底",
    ),
    *(
        "晚上",
        "半夜",
        "凌晨",
        "下午",
        "早上",
        "十点",
        "10点半",
        "两点",
        "22:15",
        "差五分八点",
        "八九点",
        "24点",
        "十二点",
    ),
    *(
        "每天",
        "每周三",
        "隔三差五",
        "工作日",
        "天天",
        "到",
        "-",
        "从",
        "开始",
        "以后",
        "以前",
        "左右",
        "三天前",
        "快一年了",
    ),
    *(
        "国庆",
        "中秋",
        "大年初一",
        "八月十五",
        "初三",
        "2月30号",
        "最近",
        "刚才",
        "到现在",
        "的",
        "，",
        "都",
        "2026年10月8日",
    ),
)
NOWS = st.datetimes(datetime(2023, 6, 1), datetime(2033, 1, 1)).map(lambda at: at.replace(tzinfo=ZONE, microsecond=0))
WEEKDAY = re.compile(r"\(周.\)")
SAID = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map("".join)


def cases() -> list[tuple[datetime, bool, str, str]]:
    found, now, future = [], NOW, False
    for line in TABLE.read_text("utf-8").splitlines():
        if line.startswith("@"):
            _, day, hour, way = line.split()
            now, future = datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=ZONE), way == "future"
        elif line and not line.startswith("#"):
            words, _, meant = line.partition(" => ")
            found.append((now, future, words, meant))
    return found


def told(found: Told | None, now: datetime) -> str:
    if found is None:
        return "-"
    if isinstance(found.found, When):
        return spoken_when(found.found, now)
    readings = " | ".join(label(one, now) for one in found.found.readings)
    return f"? {found.found.why}" + (f": {readings}" if readings else "")


def test_every_expression_of_the_table() -> None:
    table = cases()
    wrong = [
        f"{now:%m-%d %H:%M} {words}: {said!r}, not {meant!r}"
        for now, future, words, meant in table
        if (said := told(when_told(normalize(words), now, future=future), now)) != meant
    ]
    assert not wrong, "\n".join(wrong)
    assert len(table) >= 250 and len({now for now, *_ in table}) >= 8


@given(SAID, NOWS, st.booleans())
@example("九百九十九年前", NOW, False)
@example("10月1日到40日", NOW, False)
def test_nothing_raises_and_what_is_past_is_past(text: str, now: datetime, future: bool) -> None:
    found = resolve(normalize(text), now, future=future)
    for one in times_told(normalize(text), now, future=future):
        assert one.words in normalize(text)
    if not isinstance(found, When) or found.start is None or found.end is None:
        return
    assert found.start <= found.end
    if future:
        assert found.end > now or found.kind is Kind.CYCLE
    else:
        assert found.start <= now
        assert found.end <= max(now, found.start + timedelta(days=1)) or found.kind is not Kind.SINCE


@given(SAID, NOWS)
def test_a_time_goes_through_json_and_is_said_back(text: str, now: datetime) -> None:
    found = resolve(normalize(text), now)
    for one in (found,) if isinstance(found, When) else found.readings if found else ():
        assert When.from_json(one.to_json()) == one
        assert spoken_when(one, now) and label(one, now)


@given(SAID, NOWS)
def test_what_is_said_back_means_the_same(text: str, now: datetime) -> None:
    found = resolve(normalize(text), now)
    if not isinstance(found, When) or found.kind is not Kind.AT or found.about or found.start is None:
        return
    if found.grain not in (Grain.MINUTE, Grain.HOUR, Grain.DAY) or found.end == found.start + timedelta(hours=2):
        return
    said = WEEKDAY.sub("", normalize(spoken_when(found, now)))
    again = resolve(said if "年" in said else f"{now.year}年{said}", now)
    assert isinstance(again, When) and (again.start, again.grain) == (found.start, found.grain)


def test_the_days_of_festivals_are_those_announced() -> None:
    names = {
        "春节": "Spring Festival",
        "清明": "Tomb-sweeping Day",
        "端午": "Dragon Boat Festival",
        "中秋": "Mid-autumn Festival",
    }
    for day, name in chinese_calendar.holidays.items():
        for ours, theirs in names.items():
            if name == theirs and day.year in lunar.YEARS:
                span = lunar.feast(ours, day.year)
                assert span and abs((span[0] - day).days) <= (9 if ours == "春节" else 4), (ours, day, span)


def test_lunar_years_follow_each_other_without_a_gap() -> None:
    for year in sorted(lunar.YEARS)[:-1]:
        months = lunar.months(year)
        _, first, size = months[-1]
        assert first + timedelta(days=size) == lunar.YEARS[year + 1][0]
        assert len(months) == 12 + bool(lunar.YEARS[year][1])
    assert lunar.days(2026, 8, 15) == (date(2026, 9, 25),)
    assert len(lunar.days(2025, 6, 1)) == 2 and lunar.days(2026, 5, 30) == () and lunar.months(1999) == ()


@pytest.mark.parametrize(
    ("words", "start", "end", "grain"),
    [
        ("昨晚", "2026-11-21T18:00", "2026-11-22T05:00", Grain.PART),
        ("昨天22:15", "2026-11-21T22:15", "2026-11-21T22:16", Grain.MINUTE),
        ("今天", "2026-11-22T00:00", "2026-11-22T14:42", Grain.DAY),
        ("上上个月", "2026-09-01T00:00", "2026-10-01T00:00", Grain.MONTH),
        ("去年冬天", "2025-12-01T00:00", "2026-03-01T00:00", Grain.SEASON),
    ],
)
def test_from_when_until_when(words: str, start: str, end: str, grain: Grain) -> None:
    found = resolve(words, NOW)
    assert isinstance(found, When)
    assert (found.start, found.end) == tuple(datetime.fromisoformat(at).replace(tzinfo=ZONE) for at in (start, end))
    assert found.grain is grain


def test_a_doubt_says_why() -> None:
    assert resolve("明天", NOW) == Doubt(Why.AHEAD, (resolve("明天", NOW, future=True),))  # type: ignore[arg-type]
    assert resolve("前阵子", NOW) == Doubt(Why.VAGUE)
    assert resolve("2月30号", NOW) == Doubt(Why.NO_SUCH)
    assert resolve("楼道灯", NOW) is None
