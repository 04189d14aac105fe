"""No second and no minute holds more than a platform allows, and nothing waits longer than it must."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.limits import TELEGRAM, Limits, Rate, Rates

START = datetime(2026, 3, 2, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def most_within(times: list[float], seconds: float) -> int:
    return max((sum(t <= u < t + seconds for u in times) for t in times), default=0)


def test_no_limits_where_none_are_known() -> None:
    limits = Limits()
    for _ in range(10_000):
        limits.take("play", 1, group=True, now=START)
    assert limits.free("play", START) is None and limits.open(1, START) and not limits.closed(START)


@settings(max_examples=30)
@given(st.lists(st.floats(0, 0.4), min_size=50, max_size=300), st.booleans())
def test_telegram_is_never_sent_more_than_it_takes(gaps: list[float], group: bool) -> None:
    limits, sent, t = Limits({"telegram": TELEGRAM}), [], 0.0
    for gap in gaps:
        t += gap
        if limits.free("telegram", after(t)) and limits.open(1, after(t)):
            limits.take("telegram", 1, group=group, now=after(t))
            sent.append(t)
    assert most_within(sent, 1) <= 4
    if group:
        assert most_within(sent, 60) <= 20


def test_the_bot_as_a_whole_stays_below_thirty_a_second() -> None:
    limits, sent = Limits({"telegram": TELEGRAM}), []
    for step in range(10_000):
        now = after(step / 1000)
        if limits.free("telegram", now):
            limits.take("telegram", step, group=True, now=now)
            sent.append(step / 1000)
    assert most_within(sent, 1) <= 30
    assert len(sent) >= 0.95 * 300  # ten seconds: the allowance is used


def test_who_comes_late_now_and_then_catches_up_and_is_never_over() -> None:
    limits, sent = Limits({"telegram": TELEGRAM}), list[float]()
    for step in range(10_000):
        now = after(step / 1000)
        if step % 500 > 30 and limits.free("telegram", now):
            limits.take("telegram", step, group=True, now=now)
            sent.append(step / 1000)
    assert most_within(sent, 1.02) <= 30
    assert len(sent) >= 0.95 * 300


def test_one_chat_at_its_limit_does_not_hold_up_the_others() -> None:
    limits = Limits({"telegram": TELEGRAM})
    for _ in range(3):
        limits.take("telegram", 1, group=False, now=START)
    assert limits.closed(START) == {1}
    assert limits.open(2, START)
    assert limits.open(1, after(1.01))


def test_a_platform_that_refuses_one_chat_after_the_other_means_all() -> None:
    limits = Limits({"telegram": TELEGRAM})
    limits.slow_down("telegram", 1, after(30), START)
    limits.slow_down("telegram", 2, after(40), after(5))
    assert not limits.open(1, after(29)) and limits.free("telegram", after(6))
    limits.slow_down("telegram", 3, after(32), after(6))
    assert limits.free("telegram", after(39)) == 0 and "telegram" in limits.stopped(after(39))
    assert limits.free("telegram", after(41))


def test_two_limits_far_apart_concern_two_chats() -> None:
    limits = Limits({"telegram": TELEGRAM})
    limits.slow_down("telegram", 1, after(5), START)
    limits.slow_down("telegram", 2, after(15), after(10))
    assert limits.free("telegram", after(11))


def test_a_tenth_of_the_chats_limited_stops_nobody_else() -> None:
    limits = Limits({"telegram": TELEGRAM})
    for chat in range(200):
        if chat % 10 == 0:
            limits.slow_down("telegram", chat, after(30), START)
        else:
            limits.went_out("telegram")
        assert limits.free("telegram", after(1)) and limits.open(chat, after(1)) == (chat % 10 > 0)


def test_it_says_when_to_look_again() -> None:
    limits = Limits({"x": Rates(chat=Rate(0.5, 1))})
    assert limits.next_at(START) is None
    limits.take("x", 1, group=False, now=START)
    assert limits.next_at(START) == after(2)
    assert limits.closed(after(2)) == frozenset()


def test_of_several_waits_the_soonest_is_told_and_none_that_is_over() -> None:
    limits = Limits()
    limits.stop("telegram", after(9))
    limits.slow_down("wechat", 1, after(5), START)
    assert [limits.next_at(after(t)) for t in (0, 5, 9)] == [after(5), after(9), None]


def test_chats_at_rest_are_forgotten() -> None:
    limits = Limits({"telegram": TELEGRAM})
    for chat in range(5000):
        limits.take("telegram", chat, group=True, now=after(chat / 27))
    limits.closed(after(5000 / 27 + 60))
    assert not limits._chats


def test_a_clock_set_back_a_day_is_no_day_of_silence() -> None:
    limits, day = Limits({"telegram": TELEGRAM}), timedelta(days=1)
    for _ in range(3):
        limits.take("telegram", 1, group=False, now=START)
    limits.slow_down("telegram", 2, after(30), START)
    assert limits.free("telegram", START) == 0
    assert limits.free("telegram", START - day) == 0
    assert limits.free("telegram", after(1) - day) == TELEGRAM.overall.burst
    assert limits.closed(after(1.1) - day) == {2} and limits.closed(after(31) - day) == frozenset()


def test_a_clock_set_back_gives_nothing_away() -> None:
    limits = Limits({"x": Rates(chat=Rate(1, 1))})
    limits.take("x", 1, group=False, now=START)
    assert not limits.open(1, after(-100)) and not limits.open(1, after(-99))


def test_a_wait_that_is_one_chats_alone_never_stops_the_others() -> None:
    limits = Limits()
    for chat in range(50):
        limits.slow_down("wecom", chat, after(60), START, alone=True)
    assert not limits.stopped(START) and limits.free("wecom", START) is None
    assert len(limits.closed(START)) == 50 and not limits.closed(after(60))
