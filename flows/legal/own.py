"""The resident's own consultations: where they stand, and taking one back, in their own words."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from flows import flow as kernel
from flows.assistant import flow as assistant
from flows.complaint.rules import spoken
from flows.domain.case import ALIVE, Status
from flows.effects import ActOnThread, Effect, Option, Say
from flows.facts import ConsultationView, Query
from flows.flow import Outcome, State, Turn
from flows.further import asks_further
from flows.legal import desk_texts
from flows.legal import own_texts as texts
from flows.taken_up import let_be
from flows.words import CANCEL, END, word
from nlu.frozen import replace
from nlu.late import regex

if TYPE_CHECKING:
    from flows.registry import Registry

NEEDS = frozenset({"consultations", "my_cases"})
SHOWN = 3
SOON = timedelta(hours=1)  # who took a question is not hurried before
SHORTEST = 4  # characters of a line that tells anything
SURE, CHATTER = 0.8, 0.9  # that a line is for another flow, or tells nothing
LATELY = timedelta(days=1)  # a question that ended is the one that is meant

_ABOUT = (
    r"(?:请问|那[个件次]?|这[个件次]|我|俺|你们?|您|帮我|麻烦|看看|看一下|查[查下]?|想|问一?下?|的|了|说|和|昨[天晚]|前天|今天|上午|下午|早上|上次|上周|上个?月"
    r"|刚刚|刚才?|之前|[,， ])*+"
)
_NAME = r"(?:(?:法律)?咨询|法律(?:上|方面)?的?(?:问题|事情?|顾问|明白人)|律师|f\d{6}-\d{1,4})"
_AMID = (
    r"(?:那边|他们?|她|有没有|有|还|现在|到底|怎么(?!样)|是|都|已经|人|在|给|谁|没|的|事|要|得|会|能"
    r"|大概|这么久|半天|一?直|[,， ])*+"
)
_AFTER = (
    r"(?:了|的|吗|没有?|么|呢|啊|呀|我|到|能|会|要|还|得|才|有|人|可以|回[复应话]?|答复?|看|接|多久"
    r"|什么时候|几天|一下|吧)*+"
)
_STANDS = (
    r"(?:怎么样|咋样|如何|到哪(?:里|儿|一?步)?|哪一?步|进展|进度|结果|消息|回音|回[复应话信]?|答复?|看到?|接|理|管|多久"
    r"|多长时间|什么时候|啥时候|几时|等)"
)
_LITTLE = r"(?:我|那|请|帮我|麻烦|先|就|想|要(?!求)|把|可以|能|给我|算了|还是|不好意思|[,，。 ])*+"
_OFF = r"(?:了|吧|啦|掉|谢谢|你们?|您|[,，。 ])*+"
_BACK = r"(?:撤回?|撤销|取消|不要|不想|结束|停止)(?:掉|了|一下)?"
_NAMED = regex(
    rf"{_ABOUT}{_NAME}{_AMID}{_STANDS}{_AFTER}|(?:看看?|查[查下]?|我的?|问的|[ ])++(?:法律)?咨询|f\d{{6}}-\d{{1,4}}"
)
_NAMELESS = regex(
    rf"{_ABOUT}{_AMID}(?:回复|答复|回答|回我|答我|回音|消息|结果|等多久|(?:(?<=有人)|(?<=没人)|(?<=谁)|(?<=在))[看答回接理管]){_AFTER}"
    rf"|{_ABOUT}(?:怎么样|咋样|什么情况){_AFTER}"
)
_TAKEN_BACK = regex(
    rf"{_LITTLE}{_BACK}(?:我的|那个|这个|刚才的|这次的?)*(?:法律)?(?:咨询|提问){_OFF}"
    rf"|{_LITTLE}(?:的|那个|这个|刚才的)*(?:法律)?咨询(?:的事)?{_LITTLE}(?:{_BACK}|不用){_OFF}"
    rf"|{_LITTLE}(?:不用|不必|别)(?:律师|顾问|法律明白人|他们?|你们|再|帮我)*"
    rf"(?:问|咨询|回答|回复|答复|答|回)(?:我|他们?)?(?:了|吧|啦){_OFF}"
    rf"|{_LITTLE}不(?:问|咨询)(?:了|啦){_OFF}"
)
_SETTLED = regex(
    r"(?:我们?|已经|这个?|那个?|问题|事情?|事儿?|都|就|现在|刚才"
    r"|跟?(?:他|她|对方|房东|老板|公司)(?:们|那边)?|[,，。 ])*+"
    r"(?:自己)?(?:解决|搞定|和解|谈妥|谈好|谈成|协商好|要回来|(?<=自己)(?:问到|弄清楚|搞清楚|弄明白))了"
    r"(?:不用(?:再)?(?:问|等|回复?|答复?|麻烦)?了?|谢谢|你们?|您|啊|哈|律师|[,，。 ])*+"
)
_BARE = regex(rf"{_LITTLE}撤(?:回|销|了)?{_OFF}")  # without a word of what


class Wish(StrEnum):
    """What somebody wants of a consultation."""

    STANDS = "stands"
    TAKE_BACK = "take_back"
    SETTLED = "settled"
    BARE = "bare"  # perhaps to take it back


@lru_cache(maxsize=1024)  # a turn asks twice
def wish(text: str) -> tuple[Wish, bool] | None:
    """What is wanted, and whether the words name a consultation; None: nothing of the kind."""
    said = word(text)
    if _NAMED.fullmatch(said):
        return Wish.STANDS, True
    if _TAKEN_BACK.fullmatch(said):
        return Wish.TAKE_BACK, "咨询" in said
    if _SETTLED.fullmatch(said):
        return Wish.SETTLED, False
    if _NAMELESS.fullmatch(said):
        return Wish.STANDS, False
    return (Wish.BARE, False) if said in CANCEL or said in END or _BARE.fullmatch(said) else None


def told(flows: Registry, state: State, turn: Turn) -> Outcome | Query | None:
    """What follows from such a wish, and the question that is open once more; None: it is for others."""
    outcome = _pictured(state, turn) or asked(state, turn)
    open_flow = flows.get(outcome.state.flow) if outcome else None
    if outcome is None or open_flow is None:
        return outcome and replace(outcome, state=replace(outcome.state, unclear=0))
    return kernel.unlooked(open_flow, state, turn) or kernel.resume(open_flow, outcome.state, turn).after(
        *outcome.effects
    )


def before(state: State, turn: Turn) -> kernel.Answers:
    """What a question may go on with: the question that waits for a person, when it names no matter; else the last."""
    thread = assistant.open_thread(turn, "legal")
    if thread is None or not thread.question or not asks_further(turn.said.understood.plain):
        return state.last
    return {"flow": thread.kind, "question": thread.question, "at": turn.now.isoformat()}


def may_be_told(turn: Turn) -> bool:
    """Whether an unclear line may be told of the question that waits (我干了两年): it is asked back there."""
    seen, said = turn.said.understood, turn.said
    thread = assistant.open_thread(turn, "legal")
    if thread is None or not turn.private or said.photos or said.location or len(seen.plain) < SHORTEST:
        return False
    unsure = seen.confidence < (CHATTER if seen.flow is None else SURE)
    return unsure and seen.intent not in ("greet", "thanks") and seen.flow not in ("human", "help")


def _pictured(state: State, turn: Turn) -> Outcome | None:
    """A photo without a word for who is answering a question: it may show who asks, and stays here."""
    thread = assistant.open_thread(turn, "legal")
    alone = turn.said.photos and not turn.said.text.strip() and not state.flow and turn.private
    if thread is None or thread.state != "claimed" or not alone or state.last.get("flow") == "complaint":
        return None
    if assistant.open_thread(turn, "handover", "alarm"):
        return None
    reveal = ((Option(desk_texts.REVEAL, "thread.reveal", {"thread": thread.id}),),)
    return Outcome(state, (Say(texts.PICTURE, options=reveal),))


def asked(state: State, turn: Turn) -> Outcome | None:
    """What follows from such a wish, before any person hears of it; None: it is for others."""
    said = turn.said
    found = None if said.answer or said.begin or said.photos or not turn.private else wish(said.text)
    if found is None:
        return None
    wanted, named = found
    mine = turn.facts.consultations
    waiting = tuple(c for c in mine if c.state != "closed")
    if named:
        return _named(state, turn, wanted, mine, waiting)
    if state.flow == "legal" and wanted is Wish.TAKE_BACK:  # nobody else was asked yet
        return Outcome(let_be(state, turn), (Say(texts.LET_BE),))
    if state.flow or assistant.open_thread(turn, "handover", "alarm"):
        return None
    if not waiting:
        return _rated(state, turn, wanted, mine)
    if wanted is Wish.STANDS:
        more = (Say(texts.CASES_TOO),) if _cases(turn) else ()
        return Outcome(state, (*_stand(waiting, turn), *more))
    if wanted is Wish.BARE and word(said.text) in END and waiting[0].state == "claimed":
        return None  # 结束 to who has it
    if wanted is Wish.BARE or _cases(turn) or len(waiting) > 1:
        return Outcome(state, (_which(waiting, turn),))
    return Outcome(state, (ActOnThread(waiting[0].id, "close"),))


def _named(
    state: State,
    turn: Turn,
    wanted: Wish,
    mine: tuple[ConsultationView, ...],
    waiting: tuple[ConsultationView, ...],
) -> Outcome:
    if wanted is Wish.STANDS and mine:
        return Outcome(state, _stand(waiting or mine[:1], turn))
    if not waiting and state.flow == "legal" and wanted is Wish.TAKE_BACK:
        return Outcome(let_be(state, turn), (Say(texts.LET_BE),))
    if not waiting:
        return Outcome(state, (Say(texts.NONE),))
    if len(waiting) > 1:
        return Outcome(state, (_which(waiting, turn),))
    return Outcome(state, (ActOnThread(waiting[0].id, "close"),))


def _cases(turn: Turn) -> bool:
    """Whether the words may as well be about something reported."""
    return any(case.status in ALIVE or case.status == Status.RESOLVED for case in turn.facts.my_cases)


def _rated(state: State, turn: Turn, wanted: Wish, mine: tuple[ConsultationView, ...]) -> Outcome | None:
    """解决了, once the answer is there and the end was said: the rating that was asked for."""
    last = mine[0] if mine else None
    if wanted is not Wish.SETTLED or last is None or last.closed_at is None or last.answered_at is None:
        return None
    if last.rating is not None or turn.now - last.closed_at > LATELY or _cases(turn):
        return None
    return Outcome(state, (ActOnThread(last.id, "rate", {"rating": 5}),))


def _stand(found: tuple[ConsultationView, ...], turn: Turn) -> tuple[Effect, ...]:
    """How each stands, with what can be done about it; whoever took one long ago hears that it is asked for."""
    shown = found[:SHOWN]
    rows = tuple((option,) for one in shown if (option := _doing(one, len(shown) > 1)))
    hurried = tuple(ActOnThread(one.id, "nudge") for one in shown if _slow(one, turn))
    return (Say("\n".join(_line(one, turn) for one in shown), options=rows), *hurried)


def _slow(one: ConsultationView, turn: Turn) -> bool:
    """Whether it was taken long ago and what was asked last has no answer."""
    return one.state == "claimed" and not _answered(one) and _since(one, turn) >= SOON


def _since(one: ConsultationView, turn: Turn) -> timedelta:
    return turn.now - max(at for at in (one.opened_at, one.claimed_at, one.asked_at) if at is not None)


def _answered(one: ConsultationView) -> bool:
    return one.answered_at is not None and (one.asked_at is None or one.answered_at >= one.asked_at)


def _line(one: ConsultationView, turn: Turn) -> str:
    told = {
        name: spoken(at, turn.now, turn.zone)
        for name in ("opened", "claimed", "answered", "asked", "closed")
        if (at := getattr(one, f"{name}_at")) is not None
    }
    told |= {
        "number": one.number,
        "who": desk_texts.who(one.role, one.place) if one.state == "open" else desk_texts.title(one.role),
    }
    if one.state == "open":
        later = desk_texts.when(one.begins, turn.now).rstrip("，")
        return texts.OPEN.format(**told, when=f"{later}。" if later else "", ahead=_ahead(one))
    if one.state == "closed":
        return (texts.CLOSED if one.answered_at else texts.GONE).format(**told)
    if _answered(one):
        return texts.ANSWERED.format(**told)
    form = texts.MORE_ASKED if one.answered_at else texts.TAKEN
    return form.format(**told, hurried=texts.HURRIED if _slow(one, turn) else "")


def _ahead(one: ConsultationView) -> str:
    return texts.AHEAD.format(count=one.ahead) if one.ahead else ""


def _doing(one: ConsultationView, several: bool) -> Option | None:
    """What can be done about one: it is taken back, ended, or asked anew."""
    which = f" {one.number}" if several else ""
    if one.state != "closed":
        label = desk_texts.SOLVED if one.answered_at else texts.TAKE_BACK
        return Option(f"{label}{which}", "thread.close", {"thread": one.id})
    again = {"flow": "legal", "text": one.question[:500]}
    return Option(f"{texts.ASK_ANEW}{which}", "begin", again) if one.question else None


def _which(waiting: tuple[ConsultationView, ...], turn: Turn) -> Say:
    """Which matter is let be: a press decides, so that nothing is taken back by mistake."""
    rows = [
        (Option(texts.TAKE_BACK_ONE.format(number=one.number), "thread.close", {"thread": one.id}),) for one in waiting
    ]
    for case in (c for c in turn.facts.my_cases if c.status in ALIVE):
        label = f"撤回 {case.number} {case.title}"
        rows.append((Option(label, "case.withdraw", {"case": case.own or case.id}),))
    return Say(texts.WHICH, options=tuple(rows[:6]))
