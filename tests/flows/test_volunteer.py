"""Shifts: what a sentence means, what clashes, when people are reminded, and what a conversation comes to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.effects import CancelSignUp, Effect, Late, Privately, Say, Schedule, SignUp, Unschedule
from flows.errors import NotAllowed
from flows.facts import ShiftView
from flows.volunteer import desk
from flows.volunteer.desk import moved_up, news, reminder, tell_later
from flows.volunteer.rules import clash, fitting, full, my_shifts, open_shifts, reminders, wish
from tests.flows.transcripts import Talk
from tests.support.facts import ME, MONDAY, SHIFTS, ZONE, shift

TODAY = date(2026, 3, 2)  # a Monday


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("今天", {2}),
        ("明天上午", {3}),
        ("后天有空", {4}),
        ("大后天", {5}),
        ("周六", {7}),
        ("这周六", {7}),
        ("下周六", {14}),
        ("星期天下午", {8}),
        ("礼拜三", {4}),
        ("周末都行", {7, 8}),
        ("下周末", {14, 15}),
        ("周一", {2}),
        ("3月15号", {15}),
        ("15日", {15}),
        ("周六或者周日", {7, 8}),
    ],
)
def test_days_are_read_forward(text: str, days: set[int]) -> None:
    assert wish(text, TODAY).days == frozenset(date(2026, 3, d) for d in days)


@pytest.mark.parametrize("text", ["有什么活动", "3号楼的清理", "我想帮忙", "12号线旁边", ""])
def test_no_day_is_made_up(text: str) -> None:
    assert wish(text, TODAY).days is None


def test_a_day_that_has_passed_is_the_next_one() -> None:
    assert wish("周一", date(2026, 3, 3)).days == frozenset({date(2026, 3, 9)})
    assert wish("1号", TODAY).days == frozenset({date(2026, 4, 1)})
    assert wish("2月30号", TODAY).days is None


@given(st.text(max_size=60), st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_any_text_has_a_wish_that_is_not_in_the_past(text: str, today: date) -> None:
    days = wish(text, today).days
    assert days is None or all(day >= today for day in days)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("周六上午我可以去敬老院", [11]),
        ("周六", [11, 13]),
        ("周六那个读读报的", [11]),  # by what is done there
        ("敬老院", [11, 12]),
        ("我会理发", [12]),
        ("周日下午", [12]),
        ("明早送孩子上学的护学岗", [14]),
        ("周三晚上", []),
        ("周二", [14]),
    ],
)
def test_a_wish_picks_shifts(text: str, ids: list[int]) -> None:
    assert [s.id for s in fitting(SHIFTS, wish(text, TODAY), ZONE)] == ids


def test_a_weekday_without_a_week_is_the_next_one_that_has_something() -> None:
    later = (shift(1, "甲", "", 14, (9, 11)), shift(2, "乙", "", 15, (9, 11)))
    assert [s.id for s in fitting(later, wish("周六有活动吗", TODAY), ZONE)] == [1]
    assert [s.id for s in fitting(later, wish("周末", TODAY), ZONE)] == [1, 2]
    assert fitting(later, wish("这周六", TODAY), ZONE) == ()
    assert [s.id for s in fitting(later, wish("下个周六", TODAY), ZONE)] == [1]
    assert fitting(later, wish("周六下午", TODAY), ZONE) == ()


def test_touching_shifts_do_not_clash_overlapping_ones_do() -> None:
    mine = shift(1, "甲", "甲处", 7, (9, 11), mine="confirmed")
    assert clash(shift(2, "乙", "乙处", 7, (10, 12)), (mine,)) == mine
    assert clash(shift(3, "丙", "丙处", 7, (11, 12)), (mine,)) is None
    assert clash(mine, (mine,)) is None
    assert clash(shift(2, "乙", "乙处", 7, (10, 12)), (replace(mine, mine=None),)) is None


def test_what_has_begun_is_not_open_and_what_is_mine_is_mine_till_it_ends() -> None:
    begun = shift(1, "甲", "甲处", 2, (7, 9), mine="confirmed")
    assert open_shifts((replace(begun, mine=None), *SHIFTS), MONDAY) == tuple(sorted(SHIFTS, key=lambda s: s.starts_at))
    assert my_shifts((begun,), MONDAY) == (begun,)
    assert my_shifts((begun,), at(2, 9)) == ()


def test_whoever_waits_goes_first() -> None:
    assert full(shift(1, "甲", "", 7, (9, 11), capacity=3, taken=2, waiting=1))
    assert not full(shift(1, "甲", "", 7, (9, 11), capacity=3, taken=2))


def test_reminders_stand_the_evening_before_and_two_hours_before() -> None:
    planned = reminders(SHIFTS[1], ME, MONDAY, ZONE)
    assert [s.at for s in planned] == [at(7, 19), at(8, 12)]
    assert len({s.key for s in planned}) == 2
    assert {(s.late, s.expires_at) for s in planned} == {(Late.EXPIRE, SHIFTS[1].starts_at)}
    assert all(s.subject == {"shift": 12, "person": ME} for s in planned)


def test_nobody_is_reminded_before_seven_or_too_late_to_matter() -> None:
    assert [s.at for s in reminders(shift(1, "甲", "", 7, (8, 10)), ME, MONDAY, ZONE)] == [at(6, 19), at(7, 7)]
    assert [s.at for s in reminders(shift(1, "甲", "", 7, (7, 10)), ME, MONDAY, ZONE)] == [at(6, 19)]
    assert reminders(SHIFTS[1], ME, at(8, 13, 0), ZONE) == ()


@given(
    st.integers(0, 23),
    st.integers(0, 59),
    st.integers(0, 10 * 24 * 60),
)
def test_reminders_are_in_the_future_and_before_the_start(hour: int, minute: int, ahead: int) -> None:
    start = at(20, hour, minute)
    one = replace(SHIFTS[0], starts_at=start, ends_at=start + timedelta(hours=1))
    now = start - timedelta(minutes=ahead)
    for planned in reminders(one, ME, now, ZONE):
        assert now < planned.at < start
        assert planned.at.astimezone(ZONE).hour >= 7


def said(effects: tuple[Effect, ...] | list[Effect]) -> str:
    return "\n".join(e.text for e in effects if isinstance(e, Say))


def test_who_moves_up_gets_the_place_the_word_and_the_reminders() -> None:
    effects = moved_up(SHIFTS[2], 9, MONDAY)
    assert effects[0] == SignUp(13, 9, "offered")
    assert [e.to for e in effects if isinstance(e, Say)] == [Privately(9)]
    lapse = next(e for e in effects if isinstance(e, Schedule))
    assert (lapse.kind, lapse.at) == ("shift.lapse", at(2, 10))  # two hours to say yes
    assert "清理楼道杂物" in said(effects)
    came = desk.taken(replace(SHIFTS[2], mine="offered"), 9, MONDAY)
    assert came[0] == SignUp(13, 9, "confirmed")
    assert len([e for e in came if isinstance(e, Schedule)]) == 2
    with pytest.raises(NotAllowed):
        desk.taken(replace(SHIFTS[2], mine=None), 9, MONDAY)
    assert moved_up(SHIFTS[2], 9, SHIFTS[2].starts_at) == ()


def test_a_reminder_names_tomorrow_or_today_and_is_silent_for_who_left() -> None:
    mine = replace(SHIFTS[1], mine="confirmed")
    assert said(reminder(mine, ME, at(7, 19))).startswith("明天")
    assert "今天14:00" in said(reminder(mine, ME, at(8, 12)))
    assert reminder(replace(mine, mine="waiting"), ME, at(8, 12)) == ()
    assert reminder(replace(mine, mine=None), ME, at(8, 12)) == ()
    assert reminder(mine, ME, mine.starts_at) == ()


def test_who_asked_to_be_told_hears_of_shifts_once() -> None:
    wanted = tell_later(9, 1, MONDAY)
    assert (wanted.kind, wanted.at, wanted.subject["person"]) == ("volunteer.news", at(3, 10), 9)
    (told,) = news(SHIFTS, wanted.subject, wanted.at)
    assert isinstance(told, Say) and told.to == Privately(9)
    assert "陪老人聊天" in told.text and "护学岗" not in told.text  # begun at seven


def test_while_there_is_nothing_it_is_looked_for_every_morning_but_not_for_ever() -> None:
    wanted = tell_later(9, 1, MONDAY)
    days = 0
    while wanted.at < MONDAY + timedelta(days=400):
        effects = news((), wanted.subject, wanted.at)
        if not effects:
            break
        (again,) = effects
        assert isinstance(again, Schedule) and again.at == wanted.at + timedelta(days=1) and again.key != wanted.key
        wanted, days = again, days + 1
    assert days == 59


def signed_up(talk: Talk) -> list[tuple[int, str]]:
    return [(e.shift, e.state) for e in talk.effects if isinstance(e, SignUp)]


def test_a_place_that_went_while_one_was_thinking_becomes_a_place_in_the_queue() -> None:
    talk = Talk()
    talk.type("周六上午我可以去敬老院")
    taken = tuple(replace(s, taken=s.capacity) if s.id == 11 else s for s in talk.place.facts.shifts)
    talk.place.facts = replace(talk.place.facts, shifts=taken)
    talk.type("确认")
    assert signed_up(talk) == [(11, "waiting")]
    assert not any(isinstance(e, Schedule) for e in talk.effects)


@pytest.mark.parametrize("gone", ["removed", "begun", "mine", "clashing"])
def test_nobody_is_signed_up_for_what_is_over(gone: str) -> None:
    talk = Talk()
    talk.type("周六上午我可以去敬老院")
    shifts: tuple[ShiftView, ...] = talk.place.facts.shifts
    if gone == "begun":
        talk.now = at(7, 9, 30)
    elif gone == "removed":
        talk.place.facts = replace(talk.place.facts, shifts=tuple(s for s in shifts if s.id != 11))
    elif gone == "mine":
        talk.place.setting("signed-up 11")
    else:
        talk.place.setting("signed-up 13")
    assert talk.type("确认")
    assert signed_up(talk) == []


def test_giving_back_takes_the_reminders_along() -> None:
    talk = Talk()
    talk.place.setting("signed-up 11")
    talk.type("取消报名")
    talk.press("退掉")
    assert [e for e in talk.effects if not isinstance(e, Say)] == [
        CancelSignUp(11, ME),
        Unschedule(f"shift.remind:11:{ME}:*"),
    ]


def test_a_place_given_back_elsewhere_is_not_given_back_twice() -> None:
    talk = Talk()
    talk.place.setting("signed-up 11")
    talk.type("取消报名")
    talk.place.facts = replace(talk.place.facts, shifts=SHIFTS)
    talk.press("退掉")
    assert [e for e in talk.effects if not isinstance(e, Say)] == []


def test_a_long_list_is_cut_and_says_how_to_go_on() -> None:
    talk = Talk()
    many = tuple(shift(100 + d, f"第{d}场清扫", "河边", d, (9, 10)) for d in range(3, 16))
    talk.place.facts = replace(talk.place.facts, shifts=many)
    lines = talk.type("我要报名")
    assert len(talk.options) == 8
    assert any("还有5场" in line for line in lines)
    talk.type("15号")
    talk.type("确认")
    assert signed_up(talk) == [(115, "confirmed")]
