"""More shifts of an activity there is: which one, when in words, how many people, told to the groups or not."""

from __future__ import annotations

from flows.effects import Effect, Say
from flows.effects.volunteers import OpenShifts
from flows.facts import Query, ShiftView
from flows.flow import Answers, Ask, Choice, Flow, Outcome, State, Turn, start
from flows.volunteer import organise_texts as said
from flows.volunteer import texts
from flows.volunteer.organise import TELL, capacity, dates, spans, times

SHOWN = 9


def add_shifts(state: State, turn: Turn) -> Outcome | Query:
    """What one organises, to choose from; without any, how to open one."""
    known = turn.facts.volunteering
    if not known.organises and not known.organised:
        return Outcome(state, (Say(said.NOT_AN_ORGANISER),))
    if not known.organised:
        return Outcome(state, (Say(said.NOTHING_TO_ADD_TO),))
    return start(MORE, turn, state)


def _activities(answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    """The newest shift of each activity stands for it."""
    last = {s.activity: s for s in turn.facts.volunteering.organised}
    return tuple(Choice(str(a), f"{texts.short(s.title)}（{s.place}）"[:40]) for a, s in list(last.items())[:SHOWN])


def _last(answers: Answers, turn: Turn) -> ShiftView | None:
    """What is known of the activity: its last shift."""
    same = [s for s in turn.facts.volunteering.organised if str(s.activity) == str(answers["activity"])]
    return same[-1] if same else None


def _capacity_text(answers: Answers, turn: Turn) -> str:
    last = _last(answers, turn)
    return said.CAPACITY + (said.CAPACITY_LAST.format(count=last.capacity) if last else "")


def _summary(answers: Answers, turn: Turn) -> str:
    last = _last(answers, turn)
    title = last.title if last else said.THIS
    return said.MORE_SUMMARY.format(title=title, times=dates(answers, turn.zone), capacity=answers["capacity"])


def _opened(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    tell = answers["tell"] == "yes"
    made = OpenShifts(int(answers["activity"]), spans(answers), int(answers["capacity"]), tell)
    return (made, Say(said.OPENED.format(count=len(made.times), where=said.SENT if tell else "")))


MORE = Flow(
    name="volunteer_more",
    title="新增班次",
    intents=frozenset(),
    aside=True,
    needs=frozenset({"volunteering"}),
    asks=(
        Ask("activity", said.WHICH, choices=_activities, name="活动"),
        Ask("times", said.TIMES, parse=times, name="时间", free=True),
        Ask("capacity", _capacity_text, parse=capacity, name="人数"),
        Ask("tell", said.TELL, choices=lambda a, t: TELL, name="发不发群"),
    ),
    confirm=_summary,
    finish=_opened,
)
