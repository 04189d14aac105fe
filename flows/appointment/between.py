"""What is said between the questions of an appointment: another day, what to bring, what the community should know."""

from __future__ import annotations

from flows.appointment import texts
from flows.appointment.times import CLOCK, meant, named, timed, window_of
from flows.complaint.locate import only_a_place
from flows.complaint.rules import scrubbed
from flows.effects import Say
from flows.facts import Query
from flows.flow import CONFIRM, Flow, Outcome, State, Turn, resume, start
from flows.words import word
from flows.yesno import sense_of
from nlu.frozen import replace
from nlu.late import regex

SOON = 20  # characters of a time told early
MORE = "more"  # of the answers: what was told besides
BRING = regex(r"(?:要|得|用|需要|该)(?:我|不要|不用)?(?:带|拿|准备)|带(?:什么|啥|哪些|点啥)|材料|手续|证件")
LEAST, MOST = 4, 200  # characters of what is told besides, each and together


def between(flow: Flow, state: State, turn: Turn) -> Outcome | Query | None:
    """The answer, then the open question again; None when it is nothing of the kind."""
    if turn.said.answer:
        return None
    return (
        _early(flow, state, turn)
        or _other_day(flow, state, turn)
        or _bring(flow, state, turn)
        or _besides(flow, state, turn)
    )


def _early(flow: Flow, state: State, turn: Turn) -> Outcome | None:
    """A day or an hour, told before it was asked for: the times shown later begin with it."""
    text = turn.said.understood.plain[:SOON]
    if state.asking not in ("area", "window") or not (named(turn, text) or CLOCK.search(text)):
        return None
    answers = {**state.answers, "wish": f"{state.answers.get('wish', '')} {text}".strip()}
    return resume(flow, replace(state, answers=answers), turn).after(Say(texts.WISH_KEPT))


def _other_day(flow: Flow, state: State, turn: Turn) -> Outcome | Query | None:
    """A day, or a part of one, instead of a time: taken where one is free then, else the times of it are shown."""
    text = turn.said.understood.plain[:60]
    if state.asking in ("area", "window", "address") or not timed(state.answers, turn) or not named(turn, text):
        return None
    answers = {slot: value for slot, value in state.answers.items() if slot not in ("wish", "slot")}
    fit = meant(text, answers, turn)
    if not fit:
        return resume(flow, replace(state, answers={**answers, **_kept(state)}), turn).after(Say(texts.NOT_THEN))
    given = {"slot": fit[0].isoformat()} if len(fit) == 1 else {"wish": text}
    return start(flow, turn, state, {**answers, **given})


def _kept(state: State) -> dict[str, object]:
    """The time that was chosen before, while no other is."""
    return {"slot": state.answers["slot"]} if state.asking != "slot" and "slot" in state.answers else {}


def asks_what_to_bring(turn: Turn) -> bool:
    """要带什么, 需要什么材料."""
    return len(turn.said.plain) <= 20 and BRING.search(turn.said.plain) is not None


def _bring(flow: Flow, state: State, turn: Turn) -> Outcome | None:
    window = window_of(state.answers, turn)
    if window is None or not asks_what_to_bring(turn):
        return None
    told = texts.BRING.format(needs=window.needs) if window.needs else texts.BRING_NOTHING
    return resume(flow, state, turn).after(Say(told))


def _besides(flow: Flow, state: State, turn: Turn) -> Outcome | None:
    """Told where a choice is asked for: whoever takes it should know."""
    slot = "note" if state.answers.get("note", "none") != "none" else MORE
    text, told = scrubbed(turn.said.text.strip()), str(state.answers.get(slot, ""))
    if state.asking not in ("who", CONFIRM) or sense_of(word(turn.said.text)) or text in told:
        return None
    if not (LEAST <= len(text) <= MOST - len(told) or only_a_place(turn)):
        return None
    answers = {**state.answers, slot: f"{told}\n{text}".strip()}
    return resume(flow, replace(state, answers=answers), turn).after(Say(texts.BESIDES))
