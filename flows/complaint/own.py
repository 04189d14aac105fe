"""The resident's own cases: where they stand, more about them, 催办 and 撤回."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from flows.complaint import texts
from flows.complaint.news import tells
from flows.complaint.phone import own_phone
from flows.complaint.rules import AS_BEFORE, NUMBER, RATED, UNHAPPY, spoken
from flows.domain.case import ALIVE, Status
from flows.domain.places import building_level
from flows.domain.similar import AGAIN
from flows.effects import ActOnCase, Effect, Option, Say
from flows.errors import Unclear
from flows.facts import CaseView, Query
from flows.flow import Answers, Ask, Flow, Outcome, State, Turn, start
from nlu.late import regex
from nlu.script import kept

ONLY_ASKS = regex(  # 刚才那个路灯再补充一下: says that there is more, and of which, but not what
    r"^(?:我|刚才|刚刚|之前|上次|那个?|这个?|关于|的|还|想|要|再|帮我?|给|对|诉求|反映|问题|事情?|[一-龥]{1,6}?(?=再|还|补充))*+"
    r"(?:补充|加)(?:说明|一下|一点|几句|点|下|个)*(?:情况|内容|照片|图片|信息)?"
)

PRAISES = regex(r"(?:办|修|弄|处理|解决|服务)得?(?:真|很|挺|太|特别|非常)(?:好|快|及时|满意|不错|棒)")
NAMELESS = regex(r"没人来|没来过|没看见|根本没|还是老样|还是那样|还是一样|照样|没动静")  # says not what of
SURE_OF_ANOTHER = 0.6  # from here on a service that is named is another matter
BACK = regex(r"又|还是|仍|依然|照样|再次")
STILL_AMISS = regex(r"没|不|还|又|仍|依然|照样|但|可是")
LONGEST_ASKED = 16  # characters of a question about what was reported
ASKS_AFTER = regex(
    r"(?:什么时候|啥时候|几时|何时|几点|多久|多会儿|还要多久|今天能|明天能).{0,6}(?:来|通|修|好|有|恢复|解决|弄|清|走)|[修弄搞清]好了?(?:没|吗)|怎么样了|咋样了|有结果"
)


def my_cases(state: State, turn: Turn) -> Outcome:
    """The person's own cases with their state, newest first, and what can be done about them."""
    cases = turn.facts.my_cases[:5]
    named = NUMBER.search(turn.said.plain)
    if named and all(case.number != named[0] for case in turn.facts.my_cases):
        return Outcome(state, (Say(texts.NOT_YOURS),))
    if not cases and PRAISES.search(turn.said.understood.plain):  # of what was done for them elsewhere
        return Outcome(state, (Say(texts.PRAISED),))
    if not cases and _filing(state):
        return Outcome(state, (Say(texts.STANDS_YET),))
    if not cases:
        return Outcome(state, (Say(texts.NO_CASES),))
    lines = [texts.MY_CASES]
    for case in cases:
        due = (
            f"，{spoken(case.resolve_due, turn.now, turn.zone)}前有结果"
            if case.resolve_due and case.status in ALIVE
            else ""
        )
        owner = f"，经办：{case.owner}" if case.owner else ""
        status = texts.STATUS[Status(case.status)]
        status += _state(case)
        status += f"（和邻居一起，共{case.people}位）" if case.people > 1 else ""
        lines.append(
            texts.MY_CASE.format(
                number=case.number,
                title=case.title,
                place=kept(building_level(case.place)),
                status=status,
                owner=owner,
                due=due,
            )
        )
    rows = tuple(_doings(c, turn) for c in cases)
    return Outcome(state, (Say("\n".join(lines), options=tuple(row for row in rows if row)),))


def _filing(state: State) -> bool:
    """Whether it is asked in the middle of a report."""
    return any(open_flow.flow == "complaint" for open_flow in state.suspended)


def asked_after(state: State, turn: Turn) -> Outcome | None:
    """How one's own case goes on, asked in words that sound like a report (啥时候能来水); None: it is one."""
    text = turn.said.understood.plain
    if len(text) > LONGEST_ASKED or turn.said.understood.slots.place:
        return None
    if ASKS_AFTER.search(text) and _like(turn, ALIVE):
        return my_cases(state, turn)
    done = _like(turn, (Status.RESOLVED,)) if STILL_AMISS.search(text) else []
    args = {"flow": "complaint", "intent": "report_problem", "text": turn.said.text[:500]}
    other = ((Option(texts.OTHER_MATTER, "begin", args),),)
    if done:
        return _unsolved(state, done, other)
    sounds = {name for name, _ in turn.said.understood.services[:2]}
    back = [c for c in turn.facts.my_cases if c.service in sounds and _ended(c, turn)] if BACK.search(text) else []
    return _taken_up(state, back, other) if back else None


def _ended(case: CaseView, turn: Turn) -> bool:
    """Whether a case was closed so lately that it may be taken up again."""
    return case.status == Status.CLOSED and case.closed_at is not None and turn.now - case.closed_at <= AGAIN


def _taken_up(state: State, ended: Sequence[CaseView], more: tuple[tuple[Option, ...], ...] = ()) -> Outcome:
    """To have what was closed lately done again; `more`: and what else it may be."""
    rows = tuple((_again(c),) for c in ended[:5])
    return Outcome(state, (Say("、".join(c.number for c in ended[:5]) + texts.ENDED_LATELY, options=(*rows, *more)),))


def _again(case: CaseView) -> Option:
    return Option(f"{case.number} 没好，重办", "case.reopen", {"case": case.id})


def _state(case: CaseView) -> str:
    """What the person is waited for, or who has come and who has not."""
    if case.status in ALIVE and case.asked:
        return texts.MY_ASKED.format(asked=case.asked)
    if case.status != Status.CALLED_OUT:
        return ""
    there = texts.MY_THERE.format(there="、".join(case.there)) if case.there else ""
    return there + (texts.MY_MISSING.format(missing="、".join(case.missing)) if case.missing else "")


def _doings(case: CaseView, turn: Turn) -> tuple[Option, ...]:
    args, said = {"case": case.id}, f"撤回 {case.number}"
    # Asked once more: beside the others it is pressed, or its number typed, by mistake.
    back = Option(said, "begin", {"flow": "complaint", "intent": "withdraw_case", "text": said})
    if case.status in ALIVE and case.own:  # it goes on within the neighbours' case
        return (
            Option(f"催办 {case.number}", "case.nudge", args),
            back,
            Option("不是同一件事", "case.split", {"case": case.own}),
        )
    if case.status in ALIVE:
        return (
            Option(f"补充 {case.number}", "case.add", args),
            Option(f"催办 {case.number}", "case.nudge", args),
            back,
        )
    if case.status == Status.RESOLVED:
        return (
            Option(f"{case.number} 满意", "case.rate", {**args, "rating": 5}),
            Option("没解决", "case.reopen", args),
        )
    if _ended(case, turn):
        return (_again(case),)
    return (Option(f"{case.number} 要求重办", "case.reopen", args),) if case.status == Status.REJECTED else ()


def nudge(state: State, turn: Turn, words: str = "") -> Outcome:
    """催办: straight away when there is one case, else which; `words` say what is still amiss, and go along."""
    words = words or (turn.said.text.strip()[:500] if tells(turn.said.text) else "")
    more = {"note": words} if words else {}
    alive = [c for c in turn.facts.my_cases if c.status in ALIVE]
    if not alive:
        done = [c for c in turn.facts.my_cases if c.status == Status.RESOLVED]
        if done:
            return _unsolved(state, done)
        if not _filing(state) and (ended := [c for c in turn.facts.my_cases if _ended(c, turn)]):
            return _taken_up(state, ended)
        return Outcome(state, (Say(texts.NOT_FILED_YET if _filing(state) else texts.NOTHING_OPEN),))
    if len(alive) == 1:
        return Outcome(state, (ActOnCase(alive[0].id, "nudge", more),))
    rows = tuple((Option(f"{c.number} {c.title}", "case.nudge", {"case": c.id, **more}),) for c in alive[:6])
    return Outcome(state, (Say(texts.NUDGE_WHICH, options=rows),))


def rate(state: State, turn: Turn) -> Outcome | None:
    """满意 or 没解决 in words: praise closes the case, the rest is decided by a press. None: 又漏了 of no such case."""
    text = turn.said.understood.plain
    still = AS_BEFORE.fullmatch(text.strip("。！!~ 啊呀")) is not None
    done = [c for c in turn.facts.my_cases if c.status == Status.RESOLVED]
    unhappy = still or UNHAPPY.search(text) is not None or _few_marks(text)
    if unhappy and not done and not _like(turn, ALIVE):
        if ended := [c for c in _like(turn, (Status.CLOSED,)) if _ended(c, turn)]:
            return _taken_up(state, ended)
        if still:
            return None
    if not done:
        return nudge(state, turn, turn.said.text.strip()[:500]) if unhappy else Outcome(state, (Say(texts.PRAISED),))
    case = done[0]
    if len(done) == 1 and not unhappy:
        return Outcome(state, (ActOnCase(case.id, "rate", {"rating": 5}),))
    return _unsolved(state, done)


def _few_marks(text: str) -> bool:
    """Whether somebody gives a bad mark: 1分, 差评."""
    marks = RATED.fullmatch(text.strip("。！!~ 啊呀"))
    return marks is not None and (
        marks["bad"] is not None or (marks["marks"] is not None and marks["marks"] in "0123零一二两三")
    )


def _like(turn: Turn, statuses: Collection[str]) -> list[CaseView]:
    """One's cases in these states that what was said may be about: of the service it sounds like, or of any when it
    names nothing."""
    seen = turn.said.understood
    sounds = seen.services[0][0] if seen.services else ""
    nameless = not seen.services or seen.services[0][1] < SURE_OF_ANOTHER or NAMELESS.match(seen.plain)
    return [c for c in turn.facts.my_cases if c.status in statuses and (nameless or c.service == sounds)]


def _unsolved(state: State, done: Sequence[CaseView], more: tuple[tuple[Option, ...], ...] = ()) -> Outcome:
    """To have it done again, to send it up, or that it is well after all; `more`: and what else it may be."""
    return Outcome(state, (Say(texts.RATE_WHICH, options=(*unsolved(done), *more)),))


def unsolved(done: Sequence[CaseView]) -> tuple[tuple[Option, ...], ...]:
    """The buttons for results that somebody has not rated."""
    return tuple(
        (
            Option(f"{c.number} 没解决，重办", "case.reopen", {"case": c.id}),
            Option("请上一级处理", "case.escalate", {"case": c.id}),
            Option("满意", "case.rate", {"case": c.id, "rating": 5}),
        )
        for c in done[:5]
    )


def amend(state: State, turn: Turn) -> Outcome | Query:
    """More about a case that stands already: what was said with it is taken at once, else it is asked for."""
    if state.suspended and state.suspended[0].flow == "complaint":
        return Outcome(state, (Say(texts.AMEND_LATER),))
    alive = [c for c in turn.facts.my_cases if c.status in ALIVE]
    if not alive:
        return Outcome(state, (Say(texts.NO_CASES),))
    if len(alive) == 1:
        return start(ADD, turn, state, {"case": alive[0].id})
    rows = tuple((Option(f"补充 {c.number} {c.title}", "case.add", {"case": c.id}),) for c in alive[:6])
    return Outcome(state, (Say(texts.AMEND_WHICH, options=rows),))


def _more(turn: Turn, _answers: Answers) -> dict[str, Any]:
    text = own_phone(turn.said.text.strip())[1]
    if len(text) < 2 and not turn.said.photos:
        raise Unclear(texts.MORE_SHORT)
    return {"text": text[:500] or "见照片", "photos": list(turn.said.photos)}


def _said_already(turn: Turn, answers: Answers) -> dict[str, Any] | None:
    """What stands beside 补充一下 in the same message."""
    rest = ONLY_ASKS.sub("", turn.said.plain).strip(" ，,。：:、.!！~")
    return _more(turn, answers) if turn.said.photos or len(rest) > 3 else None


def _add(answers: Answers, _turn: Turn) -> tuple[Effect, ...]:
    more = answers["more"]
    return (ActOnCase(int(answers["case"]), "add", {"note": more["text"], "photos": more["photos"]}),)


ADD = Flow("add_to_case", "", frozenset(), (Ask("more", texts.ASK_MORE, _more, fill=_said_already, free=True),), _add)
FLOWS = (ADD,)


def withdraw(state: State, turn: Turn) -> Outcome:
    """撤回 in words: a press decides which, so that nothing is withdrawn by mistake."""
    if not (alive := [c for c in turn.facts.my_cases if c.status in ALIVE]):
        return Outcome(state, (Say(texts.NOTHING_TO_WITHDRAW),))
    meant = [c for c in alive if c.number in turn.said.text] or alive[:6]
    rows = tuple((Option(f"撤回 {c.number} {c.title}", "case.withdraw", {"case": c.own or c.id}),) for c in meant)
    return Outcome(state, (Say(texts.WITHDRAW_WHICH, options=rows),))
