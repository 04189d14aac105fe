"""Legal questions: what the law says, whether that helped, and otherwise a person who answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from flows.complaint.locate import community_told
from flows.effects import ActOnThread, Effect, OpenThread, Say
from flows.errors import Unclear
from flows.facts import Articles, FindArticles, Guide, Query
from flows.flow import Answers, Ask, Flow, Outcome, State, Turn, resume, start, stop
from flows.further import FIND_LAWYER, asks_further
from flows.legal import choices, reported, shown, texts, which
from flows.legal.asking import ASKING, COURT, KEPT, SHORTEST, asked, chatter, matters, substance
from flows.legal.fields import OTHER, field_of, side_of
from flows.legal.leave import LEAVE
from flows.legal.revealing import REVEAL
from flows.talk import OPENED
from flows.words import word
from flows.yesno import COURTESY
from nlu.late import regex
from nlu.normalize import aligned

ELSEWHERE = 0.8  # so sure must the understanding be that a short question is another flow's
STILL = timedelta(minutes=30)  # so long a short question goes on with the last one

_FOLLOWING = regex(r"^(?:我|你说|那我?)?(?:那|如果|要是|可是|但是|但|不过|他|她|它|对方|这)")


def _question_said(turn: Turn, answers: Answers) -> str | None:
    text = turn.said.understood.text.strip()
    return text[:KEPT] if len(substance(text)) >= SHORTEST else None


def _question_typed(turn: Turn, answers: Answers) -> str:
    said = _question_said(turn, answers)
    if said is None:
        raise Unclear(texts.NO_PICTURE if turn.said.photos else texts.TOO_SHORT)
    return said


def _matter(answers: Answers) -> str:
    """The matter that is answered now; what goes on with one is never cut in two."""
    text = str(answers["question"])
    return text if answers.get("further") else matters(text)[0]


def _rest(answers: Answers) -> tuple[str, ...]:
    return () if answers.get("further") or "question" not in answers else matters(str(answers["question"]))[1:]


def _query(answers: Answers, turn: Turn) -> FindArticles:
    return asked(_matter(answers), turn)


def _look(answers: Answers, turn: Turn) -> Query | None:
    """Articles are needed to answer, and again for the thread that says what was found."""
    settled = answers.get("solved") == "yes" or answers.get("person") == "no" or which.following(answers, turn)
    if "question" not in answers or settled or which.wanted(answers, turn):
        return None
    before = asked(str(answers["before"]), turn) if answers.get("before") else None
    return before if before is not None and before not in turn.facts.answers else _query(answers, turn)


def _guide(answers: Answers, turn: Turn, found: Articles) -> Guide | None:
    """The guide, without what was read already when this goes on with a matter."""
    before = _before(answers, turn)
    known = before.guide.key if before and before.guide else None
    read = found.guide is not None and found.guide.key == known
    return shown.further(found.guide, str(answers["said"])) if read and found.guide else found.guide


def _found(answers: Answers, turn: Turn) -> Articles | None:
    return turn.facts.answers.get(_query(answers, turn))


def _notes(answers: Answers, turn: Turn, found: Articles) -> tuple[str, ...]:
    today = turn.now.astimezone(turn.zone).date()
    said = shown.notes(_matter(answers), _rest(answers), bool(answers.get("next")), found, today)
    return (texts.PICTURE_UNREAD, *said) if turn.said.photos else said


# -- the answer -----------------------------------------------------------------------------------------------------


def _confident(answers: Answers, turn: Turn) -> bool:
    found = _found(answers, turn)
    if found is None or found.guide:
        return found is not None
    return found.confident and bool(found.articles) and not shown.missing(_matter(answers), found)


def _before(answers: Answers, turn: Turn) -> Articles | None:
    """What was found for the matter that this goes on with."""
    return turn.facts.answers.get(asked(str(answers["before"]), turn)) if answers.get("before") else None


def _nothing_new(answers: Answers, turn: Turn) -> bool:
    """More was told, nothing asked, and it leads to the same answer: a person should look at it."""
    before, found, said = _before(answers, turn), _found(answers, turn), str(answers.get("said", ""))
    if before is None or found is None or not turn.facts.staffed or asks_further(said) or ASKING.search(aligned(said)):
        return False
    return (before.guide, shown.named(before)) == (found.guide, shown.named(found))


def _answered(answers: Answers, turn: Turn) -> bool:
    return not which.following(answers, turn) and _confident(answers, turn) and not _nothing_new(answers, turn)


def _unsure(answers: Answers, turn: Turn) -> bool:
    """Nothing fits, or it did not help, but there is somebody to ask."""
    if not turn.facts.staffed or which.following(answers, turn):
        return False
    unsure = _nothing_new(answers, turn) or not _confident(answers, turn)
    return _unsolved(answers) or ("solved" not in answers and unsure)


def _unsolved(answers: Answers) -> bool:
    """What was found did not help."""
    return answers.get("solved") == "no"


def _unplaced(answers: Answers, turn: Turn) -> bool:
    """Somebody has to answer, and nobody knows whose people these are."""
    wanted = answers.get("solved") == "person" or answers.get("person") == "yes"
    several = len(turn.facts.communities) > 1 and turn.facts.area is None
    return wanted and several and not which.following(answers, turn)


def _answer_text(answers: Answers, turn: Turn) -> str:
    found = _found(answers, turn)
    if found is None:
        return texts.SOLVED_LATER
    notes, guide = _notes(answers, turn, found), _guide(answers, turn, found)
    read = shown.articles(_before(answers, turn))
    return texts.answer(shown.articles(found), guide, _query(answers, turn).text, notes, found.past, read)


def _nothing_text(answers: Answers, turn: Turn) -> str:
    whose = shown.whose(turn)
    if _unsolved(answers):
        return texts.AGAIN.format(whose=whose)
    found = _found(answers, turn)
    if _nothing_new(answers, turn):
        return texts.NOTHING_NEW.format(whose=whose)
    if found is None:
        return texts.NOTHING_LATER.format(whose=whose)
    return "\n".join((*_notes(answers, turn, found), texts.NOTHING.format(whose=whose)))


def _otherwise(state: State, turn: Turn) -> Outcome | Query | None:
    """What is said further instead of an answer."""
    if state.asking == "which" and turn.said.text.strip():  # a person reads both: nothing is lost
        both = {**state.answers, "question": f"{state.answers['question']}\n{turn.said.text.strip()}", "which": "same"}
        return Outcome(stop(state), _finish(both, turn))
    return _another_question(state, turn)


def _another_question(state: State, turn: Turn) -> Outcome | Query | None:
    """What is asked after the answer is the same matter asked further, or the next matter."""
    text, plain = turn.said.understood.text.strip(), turn.said.understood.plain
    if state.asking not in ("solved", "person"):
        return None
    known = {slot: state.answers[slot] for slot in ("where",) if slot in state.answers}
    if COURTESY.fullmatch(word(text)) and not _rest(state.answers):
        return Outcome(stop(state), (Say(texts.THANKS),))
    if COURT.fullmatch(word(text)):
        return start(FLOW, turn, replace(state, answers={}), {"question": text, "which": "other", **known})
    if lives := reported.lives(turn):
        return resume(FLOW, replace(state, answers={**state.answers, **lives}), turn).after(Say(texts.LIVES))
    least = 2 if ASKING.search(plain) or state.asking == "solved" else SHORTEST
    if chatter(turn.said.understood) or len(set(text)) < 3 or len(substance(text)) < least:
        return None
    same = field_of(text) in (OTHER, field_of(_matter(state.answers)))
    further = _unsolved(state.answers) or _FOLLOWING.match(plain) or asks_further(text)
    further = further or (same and (len(text) < 10 or not ASKING.search(plain)))
    if not (further or ASKING.search(plain) or turn.said.understood.flow == FLOW.name):
        return None
    given = {"question": text[:KEPT], "which": "other", **known}
    if further:
        given = _further(str(_matter(state.answers)), text) | {"which": "other", **known}
    return start(FLOW, turn, replace(state, answers={}), given)


def _further(before: str, text: str) -> dict[str, Any]:
    both = f"{before[-KEPT // 2 :]}\n{text[: KEPT // 2]}"
    return {"question": both, "said": text[:KEPT], "further": True, "before": before[:KEPT]}


def _keeps(answers: Answers, turn: Turn) -> Answers:
    """What a short question later may go on with."""
    return {"question": _matter(answers)[:500]} if "question" in answers else {}


def _goes_on(turn: Turn, last: Answers) -> Answers | None:
    """A short question right after the last one (那能告他吗) belongs to it."""
    seen, text = turn.said.understood, turn.said.understood.text.strip()
    further = asks_further(text)
    if COURT.fullmatch(word(text)):
        return {"question": text, "which": "other"}
    other = seen.flow not in (None, FLOW.name) and seen.confidence >= ELSEWHERE and not further
    asks = further or (_FOLLOWING.match(seen.plain) and ASKING.search(seen.plain) and len(text) <= 40)
    if other or not asks or seen.danger or turn.since(last["at"]) > STILL:
        return None
    return _further(str(last["question"]), text)


def _lawyer(state: State, turn: Turn) -> Outcome | Query:
    """找律师, or the title of this, in the middle of a report asks the law about what is being reported."""
    return start(FLOW, turn, state, reported.told(state, turn))


def _ask(state: State, turn: Turn) -> Outcome | Query | None:
    """So does a question that names no matter itself."""
    return start(FLOW, turn, state, given) if (given := reported.asked(state, turn)) else None


def _then(answers: Answers, turn: Turn) -> Answers | None:
    """The next matter of a message that held several."""
    rest = _rest(answers)
    if not rest or answers.get("which") == "same":
        return None
    return {"question": "\n另外，".join(rest), "which": "other", "next": True}


# -- the end --------------------------------------------------------------------------------------------------------


def _finish(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    thread = which.thread(turn)
    if which.following(answers, turn) and thread:
        more = {"text": answers.get("said") or answers["question"], "photos": list(turn.said.photos)}
        say = ActOnThread(thread.id, "say", more)
        told = Say(texts.FOLLOWED.format(number=thread.number))
        return (say, told) if thread.owner else (say,)  # while nobody has it, the desk says that it is kept
    if answers.get("solved") == "yes":
        return (Say(texts.NEXT if _rest(answers) else texts.THANKS),)
    if answers.get("person") == "no":
        return (Say(texts.NO_PERSON_SAID),)
    if not turn.facts.staffed:
        found = _found(answers, turn)
        if "solved" in answers or found is None:
            return (Say(texts.CALL_12348),)
        return (Say("\n".join((*_notes(answers, turn, found), texts.NOTHING_ALONE))),)
    return (_open_thread(answers, turn),)


def _open_thread(answers: Answers, turn: Turn) -> OpenThread:
    found = _found(answers, turn)
    subject = {
        "question": _matter(answers),
        "field": field_of(_matter(answers)),
        "side": side_of(_matter(answers)),
        "found": [{"law": a.law, "number": a.number} for a in shown.articles(found)],
        "guide": found.guide.key if found and found.guide else None,
    }
    area = turn.facts.area or int(answers.get("where", choices.NOWHERE)) or None
    return OpenThread("legal", turn.person, area, "legal_guide", subject)


FLOW = Flow(
    name="legal",
    title="法律咨询",
    intents=frozenset({"ask_law"}),
    entries={FIND_LAWYER: _lawyer, OPENED: _lawyer, "ask_law": _ask},
    words=lambda text: FIND_LAWYER if choices.LAWYER.fullmatch(text) else None,
    needs=frozenset({"threads"}),
    asks=(
        Ask("question", texts.ASK_QUESTION, parse=_question_typed, fill=_question_said, free=True, name="问题"),
        Ask("which", which.question, choices=which.choices, fill=which.said, when=which.wanted),
        Ask(
            "solved",
            _answer_text,
            choices.somebody,
            choices=choices.solved,
            when=_answered,
            beside=lambda a, t: shown.full_texts(_found(a, t)),
        ),
        Ask("person", _nothing_text, choices.yes_somebody, choices=choices.person, when=_unsure),
        Ask(
            "where",
            texts.ASK_WHERE,
            community_told,
            choices=choices.communities,
            when=_unplaced,
            falls_to=choices.NOWHERE,
        ),
    ),
    finish=_finish,
    look=_look,
    otherwise=_otherwise,
    keeps=_keeps,
    goes_on=_goes_on,
    then=_then,
)
FLOWS = (FLOW, REVEAL, LEAVE)
