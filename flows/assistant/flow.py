"""小邻 itself: greeting, menu, help, danger and the call for a person."""

from __future__ import annotations

import re
from typing import Any

from flows.assistant import texts
from flows.domain.places import Found
from flows.effects import ActOnThread, Effect, Lane, OpenThread, Option, Say
from flows.errors import Unclear
from flows.facts import ThreadView
from flows.flow import Answers, Ask, Flow, Outcome, State, Turn
from flows.words import HUMAN, word
from nlu.frozen import replace
from nlu.late import regex
from nlu.normalize import fold, normalize
from nlu.understanding import Hazard


def _more(answers: Answers, _turn: Turn) -> tuple[Effect, ...]:
    return (ActOnThread(int(answers["thread"]), "say", {"text": answers["text"]}), Say(texts.RELAYED))


def _words(turn: Turn, _answers: Answers) -> str:
    if not turn.said.text.strip():
        raise Unclear(texts.THREAD_MORE)
    return turn.said.text.strip()[:2000]


WAITS = "waits"  # and at which step a person was called whom nobody asked for
GUESSED = "guessed"  # and which flows it might have been about
UNCLEAR = "unclear"  # of a state's last: what was said that nothing was made of
FLOW = Flow("assistant", "", frozenset({"ask_help", "ask_human", "greet", "thanks", "chatter"}))
MORE = Flow("thread_more", "", frozenset(), (Ask("text", texts.THREAD_MORE, _words, free=True),), _more)
FLOWS = (FLOW, MORE)

MENU = (
    (("登记诉求", "complaint"), ("法律咨询", "legal")),
    (("志愿活动", "volunteer"), ("道德银行", "points")),
    (("矛盾调解", "mediation"), ("预约办事", "appointment")),
)
_KIN = (
    "朋友|同事|同学|室友|舍友|闺蜜|网友|邻居|发小|亲戚|老公|老婆|丈夫|妻子|媳妇|对象|男友|女友|男朋友|女朋友|儿子|女儿|孩子|闺女|"
    "爸爸?|妈妈?|爹|娘|父亲|母亲|爷爷?|奶奶?|外公|外婆|姥姥|姥爷|哥哥?|姐姐?|弟弟?|妹妹?|姑姑?|姨妈?|舅舅?|叔叔?|婆婆|公公|老伴|孙[子女]"
)
_WHO = regex(rf"(?:(?:我|俺|咱)们?(?:的|家|那个?)?)?(?:{_KIN})|[他她]|我|俺|咱|对不[起住]")
_ENDING = regex("想不开|自杀|轻生|寻死|不想活|跳[楼河江桥]|割腕|自残|上吊|喝药")
_DENIES = regex(
    r"没事|没有[,，。 ]*(?:没有|这回事)|就?是?(?:随便)?问(?:问|一下)"
    r"|^(?:[他她它人]|孩子|老人|我.{1,3})?(?:已经|都|自己|刚)*(?:找[到着]|回来|回家|救[出下上]来|脱险|出来|[扑熄]灭|灭)了"
    r"|(?:开个?|闹着)玩|逗你|误会|误报|[弄搞说打发按]错|试试|测试|假的|虚惊|不是真"
)
LIFT = regex(r"(?<!扶手)(?:电梯|升降机|轿厢|货梯)")
FALLEN = regex(r"塌|垮|埋|[压砸夹][住到着了]|楼板")


def menu() -> tuple[tuple[Option, ...], ...]:
    """What residents begin, and a person, as buttons."""
    rows = [tuple(Option(label, "begin", {"flow": name}) for label, name in row) for row in MENU]
    return (
        *rows,
        (Option("我的诉求", "begin", {"flow": "complaint", "intent": "case_status"}), Option("找人工", "human")),
    )


def show_menu(text: str, state: State) -> Outcome:
    return Outcome(state, (Say(text, options=menu()),))


def danger(state: State, turn: Turn, hazard: Hazard, kind: str = "") -> Outcome:
    """The hotline first, then a human at once; what was going on stays as it is. `kind`: what those who help read."""
    said = turn.said.text
    first = first_words(hazard, turn.said.understood.plain)
    alarm = open_thread(turn, "alarm")
    if not turn.facts.staffed:
        return Outcome(state, (Say(f"{first}\n{texts.ALARM_UNSTAFFED}", lane=Lane.DANGER),))
    if alarm:
        more = ActOnThread(alarm.id, "say", _with_place(turn, alarm))
        return Outcome(state, (Say(f"{first}\n{texts.ALARM_NOTED}", lane=Lane.DANGER), more))
    subject = {"question": said, "hazard": hazard, "kind": kind or texts.KINDS[hazard]}
    call = OpenThread("alarm", turn.person, _near(turn), "duty_leader", subject)
    where = "" if _place(turn) else texts.ALARM_WHERE
    return Outcome(state, (Say(f"{first}\n{texts.ALARM_STAFFED}{where}", lane=Lane.DANGER), call))


def first_words(hazard: Hazard, plain: str) -> str:
    """What to do and whom to ring before anything else; who is stuck in a lift is in no collapse."""
    stuck = hazard is Hazard.COLLAPSE and LIFT.search(plain) and not FALLEN.search(plain)
    return texts.IN_A_LIFT if stuck else texts.HOTLINES[hazard]


def _near(turn: Turn) -> int | None:
    """The grid whose people are nearest: where the words say, else where the person is known to be."""
    return _place(turn) or turn.facts.area


def _place(turn: Turn) -> int | None:
    """The area that the words name."""
    found = turn.facts.places.find(turn.said.text[:200], within=turn.facts.community, default=turn.facts.area)
    return found.area if isinstance(found, Found) else None


def _with_place(turn: Turn, alarm: ThreadView) -> dict[str, Any]:
    """What is said further of an alarm, with the area it names."""
    where = _place(turn)
    return {"text": turn.said.text, **({"area": where} if where and where != alarm.area else {})}


def public_danger(state: State, turn: Turn, hazard: Hazard) -> Outcome:
    """In a group: one fixed public line; the words go to nobody but the duty person, privately."""
    here = Say(texts.PUBLIC_DANGER, lane=Lane.DANGER)
    if not turn.facts.staffed:
        return Outcome(state, (here,))
    subject = {"question": turn.said.text, "hazard": hazard, "kind": texts.KINDS[hazard]}
    call: Effect = OpenThread("alarm", turn.person, _near(turn), "duty_leader", subject)
    alarm = open_thread(turn, "alarm")
    if alarm:
        call = ActOnThread(alarm.id, "say", _with_place(turn, alarm))
    return Outcome(state, (here, call))


def concern(hazard: Hazard, said: str = "") -> Say:
    """One caring question with the hotline in it; who asks for somebody else is not asked how they are."""
    if hazard is Hazard.SUICIDE and for_others(said):
        return Say(texts.CONCERN_FOR_OTHERS, lane=Lane.DANGER)
    return Say(texts.CONCERN.get(hazard, texts.CONCERN_OTHER), lane=Lane.DANGER)


def for_others(said: str) -> bool:
    """Whether it is somebody else's life: the last one named before the words of ending it (我朋友想自杀)."""
    heard = fold(normalize(said))
    ending = _ENDING.search(heard)
    if ending is None:
        return False
    clause = re.split(r"[,，.。!！?？;； ]", heard[: ending.start()])[-1]
    named = _WHO.findall(clause)
    return bool(named) and "对不" not in "".join(named) and named[-1] not in ("我", "俺", "咱")


def open_thread(turn: Turn, *kinds: str) -> ThreadView | None:
    return next((t for t in turn.facts.threads if t.kind in kinds and t.state != "closed"), None)


def _so_far(state: State, turn: Turn) -> str:
    """What the person who takes over should know: the matter that was open, and the last words."""
    told = state.answers.get("description", state.answers.get("question"))
    if isinstance(told, dict):
        told = told["text"]
    if not told and (state.unclear or state.flow):
        told = state.last.get(UNCLEAR)
    last = turn.said.text.strip()
    if not told:
        return last
    place = state.answers.get("place")
    at = str(place["text"]) if isinstance(place, dict) and str(place["text"]) not in str(told) else ""
    said = (str(told), at, "" if word(last) in HUMAN else last)  # 人工 alone says nothing more
    return "\n".join(dict.fromkeys(one for one in said if one))


def begun(state: State, turn: Turn) -> State:
    """A matter begins: its first words are kept for a person who may take over, and none from before."""
    fresh = replace(state, unclear=0, last={k: v for k, v in state.last.items() if k not in (UNCLEAR, GUESSED)})
    return heard(fresh, turn) if turn.said.text.strip() else fresh


def unclear(state: State, turn: Turn) -> State:
    """One more message that nothing was made of."""
    kept = heard(state, turn) if state.unclear else begun(state, turn)
    return replace(kept, unclear=state.unclear + 1)


def heard(state: State, turn: Turn) -> State:
    """What was said is kept for a person who may take over."""
    said = f"{state.last.get(UNCLEAR, '')}\n{turn.said.text[:500]}".strip()
    return replace(state, last={**state.last, UNCLEAR: said[-1000:]})


def denied(turn: Turn) -> bool:
    """Whether there was nothing after all: 没有没有，我就是问问."""
    return len(turn.said.plain) <= 24 and _DENIES.search(fold(turn.said.plain)) is not None


def note(state: State, turn: Turn, thread: ThreadView, said: str = "") -> Outcome:
    """More about an alarm nobody has taken yet, say where, or that it is over: kept for whoever takes it."""
    told = _with_place(turn, thread)
    said = said or (texts.ALARM_PLACED if "area" in told else texts.ALARM_MORE)
    return Outcome(state, (Say(said, lane=Lane.DANGER), ActOnThread(thread.id, "say", told)))


def hand_over(state: State, turn: Turn, *, tries: bool = False) -> Outcome:
    """Call a person: somebody on duty claims it, and the assistant is silent meanwhile."""
    if not turn.facts.staffed:
        return Outcome(state, (Say(texts.NO_STAFF),))
    waiting = open_thread(turn, "handover")
    if waiting:
        return Outcome(state, (Say(texts.HAND_OVER_OPEN.format(number=waiting.number)),))
    receipt = texts.HAND_OVER_TRIES if tries else texts.HAND_OVER
    subject = {"question": _so_far(state, turn), "flow": state.flow, **({"unasked": True} if tries else {})}
    call = OpenThread("handover", turn.person, turn.facts.area, "community_staff", subject, receipt)
    return Outcome(replace(state, unclear=0, last={**state.last, **({WAITS: state.step} if tries else {})}), (call,))


def relay(state: State, turn: Turn, thread: ThreadView) -> Outcome:
    """What a resident says while a person has the thread goes to that person."""
    photos = list(turn.said.photos)
    return Outcome(state, (ActOnThread(thread.id, "say", {"text": turn.said.text, "photos": photos}),))


def end_hand_over(state: State, turn: Turn, thread: ThreadView) -> Outcome:
    return Outcome(state, (ActOnThread(thread.id, "close"),))
