"""The rules of volunteering: ages, codes, ranks, thresholds, needs, who is asked, times as written."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.domain.volunteering import (
    NEED_MOVES,
    STARS,
    WINDOW,
    Candidate,
    age,
    masked,
    moved,
    nearly,
    place_codes,
    ranks,
    reached,
    served,
    to_ask,
)
from flows.effects import Privately, Say
from flows.effects.volunteers import NoteNear, RecordHours
from flows.errors import NotAllowed, Unclear
from flows.volunteer import roll
from flows.volunteer.moments import another, minutes, times
from flows.volunteer.register import born
from flows.volunteer.words import about_an_activity, phrase
from tests.support.facts import MONDAY, SHIFTS, ZONE

TODAY = date(2026, 3, 2)


def test_full_years_count_and_a_leap_day_is_a_birthday() -> None:
    assert age(date(2008, 3, 2), TODAY) == 18
    assert age(date(2008, 3, 3), TODAY) == 17
    assert age(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert age(date(2008, 2, 29), date(2026, 3, 1)) == 18


@pytest.mark.parametrize("text", ["1986-05-04", "1986年5月4日", "19860504", "１９８６.５.４"])
def test_a_birth_date_in_a_summer_with_summer_time_is_that_day(text: str) -> None:
    assert born(text, TODAY) == date(1986, 5, 4)


@pytest.mark.parametrize("text", ["1986-02-30", "2027-01-01", "1890-01-01", "五月四日", ""])
def test_what_can_be_no_birth_date_is_asked_again(text: str) -> None:
    with pytest.raises(Unclear):
        born(text, TODAY)


def test_a_code_counts_for_its_time_and_the_next_and_for_one_shift() -> None:
    secret = b"secret"
    shown = place_codes(secret, 11, MONDAY)[0]
    assert shown in place_codes(secret, 11, MONDAY + WINDOW)
    later = [place_codes(secret, 11, MONDAY + n * WINDOW) for n in range(2, 30)]
    assert sum(shown in codes for codes in later) <= 1  # four digits may come round by chance
    assert [place_codes(secret, n, MONDAY) for n in range(9)] != [place_codes(b"other", n, MONDAY) for n in range(9)]


@given(st.lists(st.integers(0, 20), max_size=12))
def test_equal_hours_share_a_rank_and_nobody_is_left_out(scores: list[int]) -> None:
    found = ranks((score, n) for n, score in enumerate(scores))
    assert sorted(who for _, _, who in found) == list(range(len(scores)))
    for rank, score, _ in found:
        assert rank == 1 + sum(other > score for other in scores)


def test_what_is_served_lies_inside_the_shift() -> None:
    start, end = MONDAY, MONDAY + timedelta(hours=2)
    early, late = start - timedelta(hours=1), end + timedelta(hours=3)
    assert served(start, end, early, late) == 120
    assert served(start, end, start + timedelta(minutes=30), start + timedelta(minutes=75)) == 45
    assert served(start, end, late, late) == 0


def hours(amount: int) -> RecordHours:
    return RecordHours("k", 9, 1, amount, MONDAY, "staff:3")


def test_a_threshold_is_told_when_near_once_and_put_before_a_person_when_passed() -> None:
    assert nearly(90 * 60) == 100 and nearly(89 * 60) is None and reached(300 * 60) == (100, 300)
    near = roll.credited(hours(60), "拔草", 95 * 60, ())
    assert any(isinstance(e, NoteNear) and e.hours == 100 for e in near)
    assert not any(isinstance(e, NoteNear) for e in roll.credited(hours(60), "拔草", 96 * 60, (100,)))
    passed = roll.to_commend(hours(120), "林小满", 101 * 60, STARS, Privately(3))
    assert isinstance(passed[0], Say) and passed[0].options[0][0].action == "volunteer.commend"
    assert roll.to_commend(hours(120), "林小满", 110 * 60, STARS, Privately(3)) == ()


def test_a_need_moves_as_the_table_says_and_no_other_way() -> None:
    states = {"open", "promised", "done", "confirmed", "withdrawn"}
    for state in states:
        for action in ("promise", "give_up", "done", "confirm", "refuse", "withdraw", "nonsense"):
            if (state, action) in NEED_MOVES:
                assert moved(state, action) in states
            else:
                with pytest.raises(NotAllowed):
                    moved(state, action)


def test_who_can_and_is_near_and_was_asked_least_is_asked_first() -> None:
    people = [
        Candidate(1, frozenset({"haircut"}), frozenset({"weekend"})),
        Candidate(2, frozenset({"hospital"}), frozenset({"evening"})),
        Candidate(3, frozenset({"hospital"}), frozenset({"weekend"}), near=1),
        Candidate(4, frozenset({"hospital"}), frozenset({"weekend"}), asked=2),
        Candidate(5, frozenset({"hospital"}), frozenset()),
    ]
    assert to_ask("hospital", "weekend", people) == (5, 4, 3)
    assert to_ask("hospital", "weekend", people, few=1) == (5,)
    assert to_ask("drive", "", people) == ()


@pytest.mark.parametrize(
    ("text", "first", "count"),
    [
        ("周六 9:00-11:00", "03-07 09:00", 1),
        ("3月6日 下午2点到4点半", "03-06 14:00", 1),
        ("每周三 晚上7点-9点 共6次", "03-04 19:00", 6),
        ("明天上午9点半至11点", "03-03 09:30", 1),
    ],
)
def test_times_as_organisers_write_them(text: str, first: str, count: int) -> None:
    found = times(text, MONDAY, ZONE)
    assert len(found) == count and found[0][0].strftime("%m-%d %H:%M") == first
    assert all(begins < ends for begins, ends in found)


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("周日 8点半到10点", "08T08:30 08T10:00"),
        ("周日", "08T09:00 08T11:00"),
        ("改到下周六吧", "14T09:00 14T11:00"),
        ("下午2点", "07T14:00 07T16:00"),
        ("推到十号晚上七点半", "10T19:30 10T21:30"),
        ("8:00-12:00", "07T08:00 07T12:00"),
        ("3月8号", "08T09:00 08T11:00"),
        ("今天下午三点", "02T15:00 02T17:00"),
        ("看天气", ""),
        ("周末", ""),  # two days
        ("每周六", ""),
        ("今天 8:00-9:00", ""),  # over
        ("今天8点", ""),
        ("周日 11:00-9:00", ""),
    ],
)
def test_what_is_not_said_of_a_new_time_stays_as_it_was(text: str, moved: str) -> None:
    begins, ends = (datetime(2026, 3, 7, hour, tzinfo=ZONE) for hour in (9, 11))
    try:
        found = " ".join(f"{at:%dT%H:%M}" for at in another(text, begins, ends, MONDAY, ZONE))
    except Unclear:
        found = ""
    assert found == moved


@pytest.mark.parametrize(
    "text", ["周六", "9点到11点", "周六 11点到9点", "今天 6点到7点", "每天", "每周六 9点-11点 共99次"]
)
def test_times_that_can_not_be_are_asked_again(text: str) -> None:
    with pytest.raises(Unclear):
        times(text, MONDAY, ZONE)


@pytest.mark.parametrize(
    ("text", "found"), [("2小时", 120), ("1.5", 90), ("90分钟", 90), ("一个半小时", 90), ("两小时", 120), ("0", 0)]
)
def test_how_long_it_took(text: str, found: int) -> None:
    assert minutes(text) == found


@given(st.text(max_size=12))
def test_any_answer_to_a_time_is_a_time_or_unclear(text: str) -> None:
    later = MONDAY + timedelta(days=5), MONDAY + timedelta(days=5, hours=2)
    moved = partial(another, begins=later[0], ends=later[1], now=MONDAY, zone=ZONE)
    for read in (minutes, lambda said: times(said, MONDAY, ZONE), moved, lambda said: born(said, TODAY)):
        try:
            read(text)
        except Unclear:
            continue


def test_a_title_is_meant_only_when_nothing_else_is_said() -> None:
    titles = ["柳溪清河行动", "四点半课堂"]
    for text in ("柳溪清河行动", "我想报名柳溪清河行动", "四点半课堂几点开始？", "清河行动"):
        assert about_an_activity(text, titles), text
    for text in ("柳溪清河行动的垃圾没人收走", "清河", "四点半课堂的老师打孩子", ""):
        assert not about_an_activity(text, titles), text


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("怎么报名志愿活动", "join_activity"),
        ("签到 4821", "check_in"),
        ("我要登记志愿者", "register_volunteer"),
        ("志愿证明", "volunteer_certificate"),
        ("给我开个志愿服务证明", "volunteer_certificate"),
        ("开证明", None),
        ("给我开个收入证明", None),
        ("双报到", "report_in"),
        ("下雨了，活动取消", "organise"),
        ("活动要改期", "organise"),
        ("下雨了，活动推迟一天", "organise"),
        ("活动改时间了吗", "volunteer_record"),
        ("周日那场改到几点了", "volunteer_record"),
        ("明天的活动取消了没有", "volunteer_record"),
        ("活动改期到下周日", "organise"),
        ("取消活动", None),
        ("证明我是我", None),
        ("孩子上学要开户口证明", None),
        ("楼道灯坏了", None),
    ],
)
def test_set_phrases(text: str, intent: str | None) -> None:
    assert phrase(text) == intent


def test_names_are_masked_and_hours_of_a_day_have_a_limit() -> None:
    assert [masked(n) for n in ("王小满", "王满", "欧阳小满")] == ["王*满", "王*", "欧**满"]
    with pytest.raises(NotAllowed):
        roll.corrected(SHIFTS[0], 9, None, None, 25 * 60, "staff:3", 0)
