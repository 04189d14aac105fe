"""Proposing points, in chat: which household, what was done, by which rule, with which photo; staff and households."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flows.domain.proposal import Kind
from flows.effects import ActOnProposal, Effect, Propose, Say
from flows.errors import Unclear
from flows.facts import Query, RuleView
from flows.flow import Answers, Ask, Choice, Flow, Outcome, Sense, State, Turn, start
from flows.points import panel_texts as texts
from flows.points.rules import find_rules
from nlu.late import regex

SHORTEST = 4
LISTED = 12
BEHIND = regex(rf"[加扣]\s*\d{{0,3}}\s*分\s*[,，。:：;；\s]\s*(.{{{SHORTEST},}})", re.DOTALL)


def entry(kind: Kind) -> Callable[[State, Turn], Outcome | Query]:
    """What a phrase such as 申报加分 begins: the office's dialogue for staff, the household's own for its members."""

    def begin(state: State, turn: Turn) -> Outcome | Query:
        own, deed = turn.facts.household, _behind(turn)
        if turn.facts.office is not None and (turn.facts.office.found or own is None or kind is not Kind.AWARD):
            return start(PROPOSAL, turn, state, {"kind": kind.value, **deed})
        if kind is not Kind.AWARD:
            return Outcome(state, (Say(texts.NO_OFFICE),))
        if own is None:
            return Outcome(state, (Say(texts.NOT_BOUND),))
        return start(PROPOSAL, turn, state, {"kind": kind.value, "own": True, "household": str(own.id), **deed})

    return begin


def _behind(turn: Turn) -> dict[str, Any]:
    """The deed, where it stands behind the points: 给林家加5分，帮邻居搬家具."""
    found = BEHIND.search(turn.said.text.strip())
    return {"deed": {"text": found[1][:500], "photos": list(turn.said.photos)}} if found else {}


# -- the household ----------------------------------------------------------------------------------------------------


def searched(turn: Turn, _answers: Answers) -> Any:
    """The households named in what was said, as [id, label]; raises Unclear when there is none."""
    found = seen(turn, _answers)
    if found is None:
        raise Unclear(texts.NO_HOUSEHOLD)
    return found


def seen(turn: Turn, _answers: Answers) -> Any:
    found = turn.facts.office.found if turn.facts.office else ()
    return [[line.id, f"{line.name}（{line.place}）"] for line in found[:8]] or None


def which(answers: Answers, _turn: Turn) -> tuple[Choice, ...]:
    return tuple(Choice(str(id), label) for id, label in answers.get("search", ()))


def only(_turn: Turn, answers: Answers) -> str | None:
    found: list[list[Any]] = list(answers.get("search") or ())
    return str(found[0][0]) if len(found) == 1 else None


def name_of(answers: Answers, turn: Turn) -> str:
    """What the chosen household is called."""
    own = turn.facts.household
    if own and str(own.id) == answers.get("household"):
        return own.name
    return next((label for id, label in answers.get("search", ()) if str(id) == answers.get("household")), "")


def anothers(answers: Answers, _turn: Turn) -> bool:
    """Staff say which household; a member means their own."""
    return not answers.get("own")


SEARCH = Ask("search", texts.ASK_HOUSEHOLD, searched, when=anothers, fill=seen, name="哪一户")
WHICH = Ask("household", texts.WHICH_HOUSEHOLD, choices=which, when=anothers, fill=only)

# -- what was done ----------------------------------------------------------------------------------------------------


def _minus(answers: Answers) -> bool:
    return answers.get("kind") == Kind.DEDUCTION


def _deed_text(answers: Answers, _turn: Turn) -> str:
    return texts.ASK_FAULT if _minus(answers) else texts.ASK_DEED


def _deed(turn: Turn, _answers: Answers) -> dict[str, Any]:
    text = turn.said.text.strip()
    if len(text) < SHORTEST:
        raise Unclear(texts.DEED_SHORT)
    return {"text": text[:500], "photos": list(turn.said.photos)}


def _known(answers: Answers, turn: Turn) -> tuple[RuleView, ...]:
    """The rules a proposal may name: hours of volunteering come by themselves, from what was confirmed."""
    facts = turn.facts
    rules = facts.rules if answers.get("own") or facts.office is None else facts.office.rules
    return tuple(r for r in rules if (r.points < 0) == _minus(answers) and r.per == "deed")


def _rules(answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    """Those that fit what was told first; all of them when none does."""
    known = _known(answers, turn)
    told = str(answers.get("deed", {}).get("text", ""))
    shown = find_rules(told, known) or known[:LISTED]
    sign = "扣" if _minus(answers) else "加"
    return tuple(Choice(str(r.id), f"{r.title} {sign}{abs(r.points)}分") for r in shown)


def _rule_typed(turn: Turn, answers: Answers) -> str:
    found = find_rules(turn.said.understood.plain, _known(answers, turn))
    if len(found) != 1:
        raise Unclear(texts.ASK_RULE if _known(answers, turn) else texts.NO_RULES)
    return str(found[0].id)


def _chosen(answers: Answers, turn: Turn) -> RuleView | None:
    return next((r for r in _known(answers, turn) if str(r.id) == answers.get("rule")), None)


def _photo_wanted(answers: Answers, turn: Turn) -> bool:
    if answers.get("deed", {}).get("photos"):
        return False
    rule = _chosen(answers, turn)
    return bool(answers.get("own") or (rule and rule.evidence))


def _photo_text(answers: Answers, turn: Turn) -> str:
    rule = _chosen(answers, turn)
    return texts.ASK_PHOTO.format(evidence=f"：{rule.evidence}" if rule and rule.evidence else "")


def _photo(turn: Turn, _answers: Answers) -> list[int]:
    if not turn.said.photos:
        raise Unclear(texts.PHOTO_WANTED)
    return list(turn.said.photos)


def _no_photo(answers: Answers, _turn: Turn) -> tuple[Choice, ...]:
    """Staff may have seen it on paper; a household shows it."""
    return (Choice("none", texts.NO_PHOTO, (), Sense.NO),) if anothers(answers, _turn) else ()


def _photos(answers: Answers) -> tuple[int, ...]:
    more = answers.get("photo")
    return (*answers.get("deed", {}).get("photos", ()), *(more if isinstance(more, list) else ()))


def _confirm(answers: Answers, turn: Turn) -> str:
    rule = _chosen(answers, turn)
    if rule is None:
        return ""
    count = len(_photos(answers))
    text = texts.CONFIRM_DEDUCTION if _minus(answers) else texts.CONFIRM_AWARD
    return text.format(
        name=name_of(answers, turn),
        points=abs(rule.points),
        title=rule.title,
        number=texts.number(rule.number),
        note=answers["deed"]["text"],
        photos=f"照片{count}张\n" if count else "",
    )


def _finish(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    rule = _chosen(answers, turn)
    if rule is None:
        return (Say(texts.NO_RULES),)
    wanted = Propose(
        str(answers.get("kind", Kind.AWARD)),
        int(answers["household"]),
        answers["deed"]["text"],
        rule.id,
        _photos(answers)[:6],
    )
    return (wanted, Say(texts.PROPOSED if answers.get("own") else texts.PROPOSED_STAFF))


PROPOSAL = Flow(
    "points_proposal",
    "",
    frozenset(),
    (
        SEARCH,
        WHICH,
        Ask("deed", _deed_text, _deed, free=True, name="事由"),
        Ask("rule", texts.ASK_RULE, _rule_typed, _rules, name="规则"),
        Ask("photo", _photo_text, _photo, _no_photo, _photo_wanted),
    ),
    _finish,
    _confirm,
    needs=frozenset({"household", "office"}),
)

# -- a reason, an appeal, a correction --------------------------------------------------------------------------------


def _words(turn: Turn, _answers: Answers) -> str:
    text = turn.said.text.strip()
    if len(text) < SHORTEST:
        raise Unclear(texts.REASON_SHORT)
    return text[:500]


def _act(action: str) -> Callable[[Answers, Turn], tuple[Effect, ...]]:
    return lambda answers, _turn: (ActOnProposal(int(answers["proposal"]), action, answers["note"]),)


def _correct(answers: Answers, _turn: Turn) -> tuple[Effect, ...]:
    wanted = Propose(Kind.CORRECTION, int(answers["home"]), answers["note"], transfer=int(answers["transfer"]))
    return (wanted, Say(texts.PROPOSED_STAFF))


def _reason(action: str) -> Flow:
    return Flow(f"points_{action}", "", frozenset(), (Ask("note", texts.ASK_REASON, _words, free=True),), _act(action))


REASONS = tuple(_reason(action) for action in ("refuse", "uphold", "dismiss"))
APPEAL = Flow("points_appeal", "", frozenset(), (Ask("note", texts.ASK_APPEAL, _words, free=True),), _act("appeal"))
CORRECTION = Flow(
    "points_correction", "", frozenset(), (Ask("note", texts.ASK_CORRECTION, _words, free=True),), _correct
)
