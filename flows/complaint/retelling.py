"""What a report is about, told anew in the middle of it: put right, told more fully, said of what was only named."""

from __future__ import annotations

from dataclasses import replace

from flows import pieces
from flows.complaint import texts
from flows.complaint.asking import described, fill_place, tells_what
from flows.complaint.kind import fill_service, tells_anew
from flows.complaint.locate import locate, put_right
from flows.complaint.rules import OTHER
from flows.declared import Flow
from flows.effects import Say
from flows.flow import Outcome, State, Turn, resume
from nlu.late import regex

SURE = 0.7  # that it is of that kind
RATHER = regex(r"(?:不对|错了|说错了|哎呀?|[,，。 ])*不是[^,，。]{1,12}[,，。 ]+(?:而?是)(?=..)")


def corrected(flow: Flow, state: State, turn: Turn) -> Outcome | None:
    """What it is about put right (不是抽烟，是乱停车): told anew, and what was drawn from it with it."""
    text = turn.said.text.strip()
    wrong = RATHER.match(turn.said.plain) or (put_right(text) and _of_another(state, turn))
    if not wrong or not turn.said.understood.services or locate(turn, text):
        return None
    ask = flow.ask("description")
    assert ask
    before = state.answers["description"]
    told = {**before, **described(turn, f"{before['text']}\n{text}")}
    kept = {slot: value for slot, value in state.answers.items() if slot not in ask.drops}
    service = fill_service(turn, {"description": told})
    named = {} if service in (None, state.answers["service"]) else {"service": service}  # what it is not was named too
    answers = {**kept, "description": told, **named}
    return and_again(flow, replace(state, answers=answers, asking="", since=0), turn, texts.PUT_RIGHT)


def _of_another(state: State, turn: Turn) -> bool:
    """Whether what was put right is of another kind than it was (不对，是电梯坏了)."""
    best, sure = (*turn.said.understood.services, ("", 0.0))[0]
    return best != state.answers["service"] and sure >= SURE


def told_anew(flow: Flow, state: State, turn: Turn) -> Outcome | None:
    """The matter told more fully where its kind was asked: the words are kept, and say of which kind it is."""
    if state.asking != "service" or turn.said.answer or not tells_anew(turn):
        return None
    before = state.answers["description"]
    told = {**before, **described(turn, f"{before['text']}\n{turn.said.text.strip()}")}
    answers = {**state.answers, "description": told, "service": fill_service(turn, {"description": told}) or OTHER}
    if place := fill_place(turn, answers):
        answers["place"] = place
    return and_again(flow, replace(state, answers=answers, asking="", since=0), turn, texts.ADDED_TOO)


def of_the_thing(flow: Flow, state: State, turn: Turn) -> Outcome | None:
    """What is wrong, said of the thing that was named alone (pieces.py): 楼道灯, then 楼道灯坏了."""
    before = state.answers.get("description", {}).get("text", "")
    if turn.said.answer or not pieces.of_it(before, turn.said.text):
        return None
    ask = flow.ask("description")
    assert ask
    told = described(turn, turn.said.text.strip())
    kept = {slot: value for slot, value in state.answers.items() if slot not in ask.drops}
    answers = {**kept, "description": told, "service": fill_service(turn, {"description": told}) or OTHER}
    return and_again(flow, replace(state, answers=answers, asking="", since=0), turn, texts.ADDED_TOO)


def of_the_photo(flow: Flow, state: State, turn: Turn) -> Outcome | None:
    """What is wrong, in a word or two after a photo alone: 垃圾."""
    before = state.answers["description"]
    if before["text"] != texts.SEE_PHOTO or turn.said.answer or not tells_what(turn):
        return None
    told = {**before, **described(turn, turn.said.text.strip())}
    answers = {**state.answers, "description": told, "service": fill_service(turn, {"description": told}) or OTHER}
    return and_again(flow, replace(state, answers=answers), turn, texts.ADDED_TOO)


def and_again(flow: Flow, state: State, turn: Turn, first: str) -> Outcome:
    """The open question once more, after a line that says what was made of the words."""
    return resume(flow, state, turn).after(Say(first))
