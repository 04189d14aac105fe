"""Passing a case on: the nearest colleagues at once, others by their group or by typing a name."""

from __future__ import annotations

from flows.complaint import texts
from flows.complaint.calling import ENDING, named
from flows.effects import ActOnCase, Effect
from flows.errors import Unclear, WrongAnswer
from flows.facts import ColleagueView
from flows.flow import Answers, Ask, Choice, Flow, Turn
from nlu.late import regex
from nlu.normalize import normalize

SHOWN = 6  # colleagues offered at once
MOST = 24  # of a group
GROUPS = {"grid": "网格的同事", "community": "社区的同事", "department": "部门、专员", "subdistrict": "街道"}
HELP = "help"
GIVEN = regex(r"(?:请|帮我)?(?:转派?|派单?|交)?给(?P<who>.{2,14}?)(?:去办|办|处理)?吧?")


def _label(one: ColleagueView, everybody: tuple[ColleagueView, ...]) -> str:
    """The name; with the post where it stands for a department, or two have one name."""
    twice = sum(other.name == one.name for other in everybody) > 1
    return f"{one.name}（{one.post}）" if one.post and (twice or one.group == "department") else one.name


def _choice(one: ColleagueView, turn: Turn) -> Choice:
    return Choice(str(one.id), _label(one, turn.facts.colleagues), (one.name.lower(),))


def _near(_answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    found = turn.facts.colleagues
    near = [one for one in found if one.group != "department"][:SHOWN]
    shown = {one.id for one in near}
    more = [g for g in GROUPS if any(one.group == g and one.id not in shown for one in found)]
    helpers = (Choice(HELP, "请专员一起办", ("协办", "一起办")),) if any(o.group == "department" for o in found) else ()
    return (*(_choice(one, turn) for one in near), *(Choice(g, GROUPS[g]) for g in more), *helpers)


def _named(turn: Turn, _answers: Answers) -> str:
    """A name, or part of one, or a post that only one holds; departments as staff call them (给城管)."""
    said = normalize(turn.said.text).strip(" 。.!！@")
    given = GIVEN.fullmatch(said)
    said = given["who"] if given else said
    found = [one for one in turn.facts.colleagues if said and (said in one.name or said in one.post)]
    if not found:
        posts = named(said, turn.facts.departments)
        found = [one for one in turn.facts.colleagues if one.post in posts]
    exact = [one for one in found if one.name == said]
    if len(exact) == 1 or len(found) == 1:
        return str((exact or found)[0].id)
    if found:
        names = "、".join(_label(one, turn.facts.colleagues) for one in found[:6])
        raise Unclear(texts.WHICH_COLLEAGUE.format(names=names))
    if given or ENDING.search(said):  # no talk that goes past the question
        raise WrongAnswer(texts.NO_SUCH_PLACE.format(said=said))
    raise Unclear(texts.NO_SUCH_COLLEAGUE)


def _of_group(answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    group = "department" if answers["staff"] == HELP else answers["staff"]
    return tuple(_choice(one, turn) for one in turn.facts.colleagues if one.group == group)[:MOST]


def _by_group(answers: Answers, _turn: Turn) -> bool:
    return answers["staff"] in (*GROUPS, HELP)


def _finish(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    case, picked = int(answers["case"]), int(answers.get("who") or answers["staff"])
    if answers["staff"] == HELP:
        return (ActOnCase(case, "invite", {"helper": picked}),)
    return (ActOnCase(case, "assign", {"owner": picked}),)


def _question(_answers: Answers, turn: Turn) -> str:
    return texts.ASK_COLLEAGUE if turn.facts.colleagues else texts.NO_COLLEAGUES


def _specialists(_answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    """Departments' people first; anybody else by typing a name."""
    found = [one for one in turn.facts.colleagues if one.group == "department"]
    return tuple(_choice(one, turn) for one in found[:MOST])


def _invited(answers: Answers, _turn: Turn) -> tuple[Effect, ...]:
    return (ActOnCase(int(answers["case"]), "invite", {"helper": int(answers["helper"])}),)


INVITE = Flow(
    "case_invite",
    "",
    frozenset(),
    (Ask("helper", texts.ASK_SPECIALIST, _named, choices=_specialists),),
    _invited,
    needs=frozenset({"colleagues", "departments"}),
)
PASS_ON = Flow(
    "case_assign",
    "",
    frozenset(),
    (
        Ask("staff", _question, _named, choices=_near),
        Ask("who", texts.ASK_WHICH_COLLEAGUE, _named, choices=_of_group, when=_by_group),
    ),
    _finish,
    needs=frozenset({"colleagues", "departments"}),
)
