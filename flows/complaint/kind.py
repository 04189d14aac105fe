"""The question of which kind a matter is: what it sounds like, and what is no answer to it."""

from __future__ import annotations

from flows.complaint import elsewhere, texts
from flows.complaint.locate import only_a_place
from flows.complaint.phone import only_number, own_phone, refuses
from flows.complaint.rules import OTHER, meant_by, service_of
from flows.errors import Unclear
from flows.flow import Answers, Choice, Turn
from nlu.late import regex

SURE_OF_SERVICE = 0.4
LIKELY = 0.3  # of the kind that is shown at the confirmation, where the question for it was not answered
SURE_IT_IS_TOLD, STORY = 0.8, 8  # that an answer to "which kind" tells the matter; and from how many characters on
WHY = regex(r"^(?:为什么|为啥|干嘛|干吗|凭什么)|(?:你们?|您).{0,8}[吗么嘛][?？]?$|别问|问什么|问这")


def services(answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    keys = [k for k in answers["description"]["services"] if k != OTHER][:3]
    return (*(Choice(k, service_of(turn.facts, k).name) for k in keys), Choice(OTHER, "其他", ("都不是", "都不像")))


def fill_service(_turn: Turn, answers: Answers) -> str | None:
    told = answers.get("description")
    if not told:
        return None
    if not told.get("services"):  # only a photo: nothing to choose from
        return OTHER
    return told["services"][0] if told.get("sure", 0) >= SURE_OF_SERVICE else None


def service(turn: Turn, answers: Answers) -> str:
    """Said in other words: what it sounds like, else what was told did; nobody is asked for a category twice."""
    seen, text = turn.said.understood, turn.said.plain.strip()
    if not text or meant_by(text) or only_a_place(turn) or elsewhere.instead_of_a_place(turn):  # nor is 到哪一步了
        raise Unclear(texts.NO_SERVICE)
    if (
        only_number(turn.said.text) or own_phone(turn.said.text)[0] or refuses(text)
    ):  # of the phone, which is asked later
        raise Unclear(texts.NO_SERVICE)
    named = bool(seen.services) and seen.services[0][1] >= SURE_OF_SERVICE
    if tells_anew(turn) or (not named and WHY.search(text)):  # the words are kept (between.py); 为什么要知道 is none
        raise Unclear(texts.NO_SERVICE)
    return seen.services[0][0] if named else _likeliest(answers)


def _likeliest(answers: Answers) -> str:
    """What the matter sounded like at first, where it was told and the answer is no kind at all: 幼儿园门口."""
    told = answers["description"]
    return str(told["services"][0]) if told.get("services") and told.get("sure", 0) >= LIKELY else OTHER


def tells_anew(turn: Turn) -> bool:
    """Whether the matter is told, where only its kind was asked: 桥南那套楼上漏水."""
    seen = turn.said.understood
    return seen.intent == "report_problem" and seen.confidence >= SURE_IT_IS_TOLD and len(seen.plain) >= STORY
