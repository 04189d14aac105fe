"""Which departments a call-out names: staff write them as they speak, the community file as they are called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flows.complaint import texts
from flows.effects import ActOnCase, Effect
from flows.errors import Unclear
from flows.facts import DepartmentView
from flows.flow import Answers, Ask, Choice, Flow, Sense, Turn
from nlu.late import regex
from nlu.normalize import aligned

BETWEEN = regex(r"[、，,。；;：:！!\s]|和|与|及|跟|请|叫|通知|也|到场|都|一起|过来|快来|来人|同志|派人|马上|尽快")
ENDING = regex(r"(有限)?(公司|部门|单位|中心|大队|队|局|所|站)$")
SHORT = {"城管": "城市管理", "市监": "市场监管", "派出所": "公安派出所", "民警": "公安", "警察": "公安", "消防": "消防"}
LEADS = regex(r"([\u4e00-\u9fff]{2,12}?)(?:来|负责)?牵头|牵头(?:单位|的)?(?:是|由|：)?([\u4e00-\u9fff]{2,12})")
NOT_HERE = Choice("", texts.NOT_HERE, ("不在里面", "都不是"), Sense.NO)
MOST = 12  # departments shown as buttons
Departments = Sequence[DepartmentView]


def meant(note: str, departments: Departments) -> tuple[tuple[str, ...], ...]:
    """For each word of a note that means a department, the names it may mean: one, or several to choose from."""
    found: dict[tuple[str, ...], None] = {}
    for said in BETWEEN.split(aligned(note)):
        if len(said) > 1 and (names := _names(said, departments)):
            found[names] = None
    sure = {names[0] for names in found if len(names) == 1}
    return tuple(names for names in found if len(names) == 1 or sure.isdisjoint(names))


def named(note: str, departments: Departments) -> tuple[str, ...]:
    """The departments that a note calls for certain, in their order in the file."""
    sure = {names[0] for names in meant(note, departments) if len(names) == 1}
    return tuple(dict.fromkeys(d.name for d in departments if d.name in sure))


def leading(note: str, departments: Departments) -> str:
    """The department that a note has lead ("城管牵头"); "": it says nothing of it."""
    found = LEADS.search(aligned(note))
    if found is None:
        return ""
    return next(iter(named(found[1] or found[2], departments)), "")


def label(name: str, departments: Departments) -> str:
    """A department with the area it works in, where more than one area lists departments."""
    where = {d.where for d in departments}
    at = next((d.where for d in departments if d.name == name), "")
    return f"{name}（{at}）" if at and len(where) > 1 else name


def _names(said: str, departments: Departments) -> tuple[str, ...]:
    exact = tuple(dict.fromkeys(d.name for d in departments if d.name in said))
    if exact:
        return exact[:1]
    piece = next((full for short, full in SHORT.items() if short in said), said)
    return tuple(dict.fromkeys(d.name for d in departments if any(_means(piece, t) for t in (d.name, *d.covers))))


def _means(piece: str, title: str) -> bool:
    """Whether a piece of a note is this title, short or long."""
    return piece in title or (len(core := ENDING.sub("", title)) > 1 and core in piece)


# -- what staff are asked --------------------------------------------------------------------------------------------


def _offered(_answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    known = turn.facts.departments[:MOST]
    return (*(Choice(d.name, label(d.name, known)) for d in known), NOT_HERE) if known else ()


def _told(turn: Turn, _answers: Answers) -> dict[str, Any]:
    """Departments and the reason in one sentence; where the place lists none, or none is named, the reason alone."""
    text, known = turn.said.text.strip()[:500], turn.facts.departments
    if len(text) < 2:
        raise Unclear(texts.RESULT_SHORT)
    found = meant(text, known)
    unsure = [names for names in found if len(names) > 1]
    if len(unsure) > 1:
        names = "、".join(label(name, known) for name in dict.fromkeys(n for names in unsure for n in names))
        raise Unclear(texts.SEVERAL_DEPARTMENTS.format(names=names))
    if known and not found:  # the reason is kept, and only who is to come is asked
        unsure = [(*(d.name for d in known[:MOST]), "")]
    told = {"text": text, "names": list(named(text, known)), "unsure": list(unsure[0]) if unsure else []}
    return told if not found or _says_why(text, known) else {**told, "text": ""}


def _says_why(text: str, known: Departments) -> bool:
    """Whether a note says more than who is to come and who leads."""
    rest = BETWEEN.split(LEADS.sub("", aligned(text)))
    return any(len(piece) > 1 and not _names(piece, known) for piece in rest)


def _why_open(answers: Answers, _turn: Turn) -> bool:
    told = answers.get("departments")
    return not told["text"] if isinstance(told, dict) else True


def _unsure(answers: Answers) -> list[str]:
    told = answers.get("departments")
    return told["unsure"] if isinstance(told, dict) else []


def _which(answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    known = turn.facts.departments
    return tuple(Choice(name, label(name, known)) if name else NOT_HERE for name in _unsure(answers))


def _which_text(answers: Answers, _turn: Turn) -> str:
    return texts.WHO_COMES if "" in _unsure(answers) else texts.WHICH_DEPARTMENT


def _why(turn: Turn, _answers: Answers) -> str:
    text = turn.said.text.strip()[:500]
    if len(text) < 2:
        raise Unclear(texts.RESULT_SHORT)
    return text


def _finish(action: str) -> Any:
    def finish(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
        told, known = answers["departments"], turn.facts.departments
        first = told["names"] if isinstance(told, dict) else [told] if told else []
        note = answers["reason"] if _why_open(answers, turn) else told["text"]
        picked = [answers["which"]] if answers.get("which") else []
        names = list(dict.fromkeys([*first, *picked, *named(note, known)]))
        data = {"departments": names, "lead": leading(note, known), "note": note, "photos": []}
        return (ActOnCase(int(answers["case"]), action, data),)

    return finish


def _calls(action: str, question: str) -> Flow:
    return Flow(
        f"case_{action}",
        "",
        frozenset(),
        (
            Ask("departments", question, _told, choices=_offered, free=True),
            Ask("which", _which_text, choices=_which, when=lambda a, _t: bool(_unsure(a))),
            Ask(
                "reason",
                texts.ASK_CALL_WHY,
                _why,
                when=_why_open,
                free=True,
            ),
        ),
        _finish(action),
        needs=frozenset({"departments"}),
    )


FLOWS = (_calls("call_out", texts.ASK_CALL_OUT), _calls("ask_call", texts.ASK_CALL_WANTED))
