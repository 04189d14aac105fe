"""The table of a mediation: nothing without both sides, history replays to the same, whatever is tried."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.domain.mediation import (
    ALIVE,
    MOVES,
    SIDES,
    TOGETHER,
    Event,
    Mediation,
    Part,
    State,
    Step,
    apply,
    check,
    diagram,
    replay,
)
from flows.errors import NotAllowed, Unclear
from flows.when import moment

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DATA: dict[str, Any] = {"at": "2026-03-05T09:00:00+00:00", "office": "派出所", "rating": 5}
NEEDS_BOTH = {State.CONSENTED, State.TAKEN, State.PROPOSED, State.ARRANGED, State.RECORDED, State.SETTLED, State.FAILED}

tries = st.lists(st.tuples(st.sampled_from(list(Step)), st.sampled_from(["a", "b"])), max_size=40)


def opened() -> Event:
    return Event(1, Step.OPEN, NOW, "person:1", {"number": "T1", "kind": "family", "area": 2})


@given(tries)
def test_whatever_is_tried_nothing_goes_on_without_both(steps: list[tuple[Step, str]]) -> None:
    events = [opened()]
    found = replay(events)
    said: dict[str, set[str]] = {"agreed": set(), "confirmed": set()}
    for step, side in steps:
        parts = next((who for (state, s), (_, who) in MOVES.items() if (state, s) == (found.state, step)), frozenset())
        try:
            check(found, step, parts, side)
        except NotAllowed:
            continue
        event = Event(found.version + 1, step, NOW + timedelta(hours=found.version), "staff:3", {**DATA, "side": side})
        found = apply(found, event)
        events.append(event)
        if step is Step.CONSENT:
            said["agreed"].add(side)
        if step in (Step.RECORD, Step.CORRECT):
            said["confirmed"].clear()
        if step is Step.CONFIRM:
            said["confirmed"].add(side)
        if found.state in NEEDS_BOTH:
            assert said["agreed"] == set(SIDES)
        if found.state is State.SETTLED:
            assert said["confirmed"] == set(SIDES) and found.settled_at
    assert replay(events) == found


def test_whoever_is_alive_can_always_leave() -> None:
    for state in ALIVE:
        check(Mediation(state=state), Step.WITHDRAW, {Part.SIDE}, "b")


def test_nobody_answers_twice_and_nobody_for_others() -> None:
    one = apply(replay([opened()]), Event(2, Step.CONSENT, NOW, "person:1", {"side": "a"}))
    assert one.state is State.ASKED
    with pytest.raises(NotAllowed, match="已经回答过"):
        check(one, Step.CONSENT, {Part.SIDE}, "a")
    with pytest.raises(NotAllowed, match="没有权限"):
        check(one, Step.CONSENT, {Part.MEDIATOR, Part.DESK}, "b")
    assert set(TOGETHER) <= {step for _, step in MOVES}


def test_a_step_the_table_does_not_know_raises() -> None:
    with pytest.raises(ValueError, match="no confirm"):
        apply(replay([opened()]), Event(2, Step.CONFIRM, NOW, "person:1", {"side": "a"}))
    assert "asked --> consented" in diagram()


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("明天下午三点", "03-03 15:00"),
        ("周三上午9点半", "03-04 09:30"),
        ("3月8日14:30", "03-08 14:30"),
        ("后天晚上七点一刻", "03-04 19:15"),
        ("今天中午12点", "03-02 12:00"),
        ("下周二10点", "03-10 10:00"),
    ],
)
def test_a_time_as_people_write_it(text: str, at: str) -> None:
    now = datetime.fromisoformat("2026-03-02T09:00:00+08:00")
    assert f"{moment(text, now):%m-%d %H:%M}" == at


@pytest.mark.parametrize("text", ["随便", "下午", "明天", "今天上午8点", "2028年的时候", "周三周四下午两点", ""])
def test_a_time_that_is_none_is_asked_again(text: str) -> None:
    with pytest.raises(Unclear):
        moment(text, datetime.fromisoformat("2026-03-02T09:00:00+08:00"))


@pytest.mark.parametrize(
    ("text", "now", "why"),
    [
        ("周五七点", "2026-03-02T09:00", "晚上7点"),
        ("周一上午十点", "2026-03-02T09:00", "3月9日"),
        ("下周一上午九点", "2026-03-01T09:00", "3月9日"),
        ("昨天下午两点", "2026-03-02T09:00", "已经过了"),
    ],
)
def test_a_time_that_may_be_two_is_asked_with_both(text: str, now: str, why: str) -> None:
    with pytest.raises(Unclear, match=why):
        moment(text, datetime.fromisoformat(f"{now}:00+08:00"))
