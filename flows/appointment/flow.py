"""Making an appointment with the community, for oneself or for somebody who can't come, and one's own appointments."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from flows.appointment import texts
from flows.appointment.between import MORE, asks_what_to_bring, between
from flows.appointment.times import CLOCK, community_of, free_times, meant, named, slot, slots, timed, window_of
from flows.complaint.flow import FLOW as COMPLAINT
from flows.complaint.locate import community_said, community_told, only_a_place
from flows.complaint.phone import PHONE
from flows.complaint.rules import scrubbed, spoken
from flows.domain.booking import Way, Window
from flows.effects import Book, Effect, Option, Say
from flows.errors import Unclear
from flows.facts import Query
from flows.flow import Answers, Ask, Choice, Flow, Outcome, Sense, State, Turn, start
from nlu.late import regex
from nlu.normalize import plain

ASKED = regex(
    r"预约|一键通|代办|延时(服务|办)|(能|可以|请|想|要).{0,6}上门(办|服务|来办)|上门(办证|服务)"
    r"|(来|到)我?家里?(来|帮|给|替)?.{0,5}(办理?|做)[^。，]{0,4}(认证|证|补贴|手续)"
    r"|(替|帮|给)我?(爸|妈|爷爷|奶奶|老人|父母|父亲|母亲|家人|爱人)[^，。]{0,4}办[^。，]{0,6}(证|认证|补贴|手续)"
    r"|(下班|晚上|周末|双休日?|中午)(后|以后|之后|才有空)?[，,]?.{0,6}(能|可以|还能).{0,3}(办事|办证|办业务|办理)"
    r"|^(那|麻烦|请|行|好|[,，])*(帮我|给我|替我)(预?约)(一?个|一下)(时间|号)?吧?$|约.{0,3}(时间|明天|后天|周.|上午|下午).{0,10}(办|社区)"
)
ELSEWHERE = regex(r"挂号|医院|疫苗|体检|志愿|调解|律师|法律|维修|带看|看房|参观")
MISSED = regex(r"预约.{0,10}(?:没人|没来|不来|没见|放鸽子|没上门)|约好.{0,8}(?:没人来|没来)")
OTHERS = regex(rf"{ELSEWHERE.pattern}|投诉|举报|态度|没人来|没来|预约了|乱收|收钱|打不开|黄牛")
MINE = regex(r"^(我的预约|查预约|(取消|查|看).{0,4}预约|预约.{0,3}取消)$")
PAPER = regex(r"[\u4e00-\u9fff](?<![办个份])(?:证明|证(?!件)|认证|补贴|保险|社保|医保|低保|手续|公证)")
PLACE = regex(r"[号栋幢座楼室村组院巷弄路街区屯寨苑里园庄]")
ROOM = regex(r"\d{3,4}$|\d室|单元.*\d")
LEGAL_AID = regex(r"约.{0,4}法律援助")
ALLOWED = regex(r"同意|让我|委托|授权|叫我|托我")
KIN = regex(
    r"(?:给|帮|替|代)(?:我|俺)?(?:家|的)?(?:爸|妈|父|母|爷|奶|公|婆|岳|老|孩|娃|儿|女|孙|爱人|对象|家人|邻居|亲戚|他|她)"
)
FRAIL = regex(
    r"(?:我家|我们家|家里|我)的?(?:有个|有位)?(?:老人(?!家)|老爷子|老太太|爸|妈|爷爷|奶奶|外公|外婆|父亲|母亲|公公|婆婆|岳父|岳母|老伴|孩子)"
    r"[^,。]{0,8}(?:走不动|走不了|动不了|来不了|去不了|出不了门|不方便|下不了|下不来|卧床|瘫|坐轮椅)"
)
REFUSED = regex(r"(不|没)(有)?同意|不知道")


def asks(text: str) -> str | None:
    if MINE.fullmatch(text):
        return "my_appointments"
    if len(text) <= 30 and MISSED.search(text) and not ELSEWHERE.search(text):
        return "missed_appointment"
    meant = LEGAL_AID.search(text) or (ASKED.search(text) and not OTHERS.search(text))
    return "make_appointment" if len(text) <= 40 and meant else None


def _communities(_answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    return tuple(Choice(str(id), name) for id, name in turn.facts.communities[:12])


def _windows(_answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    return tuple(Choice(w.key, texts.LABEL.format(way=w.way, name=w.name), (w.name,)) for w in turn.facts.windows[:12])


def _window_said(turn: Turn, _answers: Answers) -> str | None:
    """The one that was named, or the only one of the way that was named, when nothing else was."""
    text = turn.said.understood.plain
    named = [w for w in turn.facts.windows if plain(w.name) in text]
    named = named or [w for w in turn.facts.windows if _shortened(plain(w.name)).search(text)]
    if not named and PAPER.search(text):
        return None
    ways = [w for w in turn.facts.windows if w.way in text and w.way is not Way.COUNTER]  # 预约 is said of all
    found = named or ways
    return found[0].key if len(found) == 1 else None


def _shortened(name: str) -> re.Pattern[str]:
    """A long name as people shorten it: 养老资格认证, 养老认证; 老年优待证, 老年证."""
    return re.compile(f"{name[:2]}[一-龥]{{0,3}}{name[-1]}" if len(name) > 4 else re.escape(name))


def _said(at: datetime, turn: Turn) -> str:
    return spoken(at, turn.now, turn.zone)


def _slot_text(answers: Answers, turn: Turn) -> str:
    window = window_of(answers, turn)
    if window is None or not free_times(answers, turn):
        return texts.FULL
    unmet = "wish" in answers and not meant(str(answers["wish"]), answers, turn)
    return (texts.NOT_THEN if unmet else "") + texts.SLOT.format(name=window.name)


def _slot_said(turn: Turn, answers: Answers) -> str | None:
    """A day and an hour, told before they were asked for."""
    try:
        return slot(turn, answers) if CLOCK.search(turn.said.plain) else None
    except Unclear:
        return None


def _visits(answers: Answers, turn: Turn) -> bool:
    window = window_of(answers, turn)
    return bool(window and window.way is Way.VISIT)


def _address(turn: Turn, _answers: Answers) -> str:
    text = turn.said.text.strip()
    if len(text) < 5 or PHONE.fullmatch(turn.said.plain) or not PLACE.search(turn.said.plain):
        raise Unclear(texts.ADDRESS_SHORT)
    return text[:120]


def _address_said(turn: Turn, answers: Answers) -> str | None:
    """A whole address, told where only the community was asked for."""
    return _address(turn, answers) if only_a_place(turn) and ROOM.search(turn.said.plain) else None


def _who_said(turn: Turn, _answers: Answers) -> str | None:
    """给我妈办, or an old person of one's own who can't come."""
    return "other" if KIN.search(turn.said.plain) or FRAIL.search(turn.said.plain) else None


def _who(turn: Turn, _answers: Answers) -> str:
    """给我妈办, or at once who one is to them. Raises Unclear."""
    if KIN.search(turn.said.plain) or ALLOWED.search(turn.said.plain):
        return "other"
    raise Unclear(texts.WHO)


def _proxy_said(turn: Turn, answers: Answers) -> str | None:
    """Told already when it was asked for whom; never in what began it."""
    agreed = ALLOWED.search(turn.said.plain) and not REFUSED.search(turn.said.plain)
    return _proxy(turn, answers) if agreed and answers.get("who") == "other" else None


def _proxy(turn: Turn, _answers: Answers) -> str:
    """Who asks for whom, and that the other agreed. Raises Unclear without that."""
    text = turn.said.text.strip()
    if not ALLOWED.search(turn.said.plain) or REFUSED.search(turn.said.plain):
        raise Unclear(texts.PROXY_NO)
    return scrubbed(text)[:120]


def _note(turn: Turn, _answers: Answers) -> str:
    if not turn.said.text.strip() or asks_what_to_bring(turn):
        raise Unclear(texts.NOTE)
    return scrubbed(turn.said.text.strip())[:200]


def _what(window: Window) -> str:
    return texts.LABEL.format(way=window.way, name=window.name)


def _noted(answers: Answers) -> str:
    """What the community should know, asked for and told besides."""
    return "\n".join(filter(None, (answers.get(MORE), "" if answers["note"] == "none" else answers["note"])))


def _confirm(answers: Answers, turn: Turn) -> str:
    window = window_of(answers, turn)
    if window is None:
        return ""
    at = _said(datetime.fromisoformat(answers["slot"]), turn) if answers.get("slot") else texts.NO_TIME
    more = texts.MORE_PROXY.format(proxy=answers["proxy"]) if answers.get("proxy") else ""
    more += texts.MORE_NOTE.format(note=note) if (note := _noted(answers)) else ""
    more += texts.MORE_NEEDS.format(needs=window.needs) if window.needs else ""
    return texts.CONFIRM.format(what=_what(window), when=at, more=more)


def _finish(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    window = window_of(answers, turn)
    area = community_of(answers, turn)
    if window is None or not area:
        return (Say(texts.NONE),)
    at = datetime.fromisoformat(answers["slot"]) if answers.get("slot") else None
    if at and at not in free_times(answers, turn):
        return (Say(texts.GONE),)
    when = _said(at, turn) if at else texts.NO_TIME
    receipt = texts.ASKED.replace("{what}", _what(window)).replace("{when}", when)
    home = str(answers.get("address", ""))
    return (Book(window.key, area, turn.person, at, str(answers.get("proxy", "")), _noted(answers), home, receipt),)


def _anew(answers: Answers, turn: Turn) -> Answers | None:
    """The time was taken meanwhile: another is asked for, and all else stands."""
    window = window_of(answers, turn)
    if (
        window is None
        or not answers.get("slot")
        or datetime.fromisoformat(answers["slot"]) in free_times(answers, turn)
    ):
        return None
    return {slot: value for slot, value in answers.items() if slot != "slot"}


def _between(state: State, turn: Turn) -> Outcome | Query | None:
    return between(FLOW, state, turn)


def missed(state: State, turn: Turn) -> Outcome | Query:
    """Nobody came to what was booked: that appointment, else it is reported."""
    if not turn.facts.bookings:
        return start(COMPLAINT, turn, state)
    rows = ((Option("找人工", "human"),),)
    return mine(state, turn).after(Say(texts.MISSED, options=rows))


def begin(state: State, turn: Turn) -> Any:
    if not turn.facts.windows:
        return Outcome(state, (Say(texts.NONE),))
    told = turn.said.plain[:60]
    return start(FLOW, turn, state, {"wish": told} if named(turn, told) else None)  # 我想预约周三上午


def mine(state: State, turn: Turn) -> Outcome:
    """What one has, each with a button that gives it back."""
    found = turn.facts.bookings
    if not found:
        return Outcome(state, (Say(texts.MINE_NONE),))
    lines = []
    rows = []
    for b in found:
        what = texts.LABEL.format(way=b.way, name=b.name)
        when = _said(b.starts_at, turn) if b.starts_at else texts.NO_TIME
        lines.append(texts.MINE_LINE.format(number=b.number, what=what, when=when, state=texts.MINE_STATE[b.state]))
        rows.append((Option(texts.CANCEL_ONE.format(number=b.number), "booking.cancel", {"booking": b.id}),))
    return Outcome(state, (Say("\n".join([texts.MINE, *lines]), options=tuple(rows)),))


FAMILY = ("老人", "家里人", "家人", "给我妈", "给我爸", "给老", "给爸", "给妈", "给爷", "给奶", "给孩子")
WHO = (Choice("self", texts.SELF, ("自己", "本人")), Choice("other", texts.OTHER, ("替", "帮", *FAMILY)))
FLOW = Flow(
    name="appointment",
    title="预约办事",
    intents=frozenset({"make_appointment", "my_appointments"}),
    needs=frozenset({"windows"}) | COMPLAINT.needs,
    entries={"make_appointment": begin, "my_appointments": mine, "missed_appointment": missed},
    asks=(
        Ask(
            "area",
            texts.ASK_AREA,
            community_told,
            choices=_communities,
            when=lambda _a, turn: turn.facts.community is None,
            fill=community_said,
        ),
        Ask("window", texts.WHICH, choices=_windows, fill=_window_said, name="事项"),
        Ask("address", texts.ADDRESS, _address, when=_visits, free=True, fill=_address_said, name="地址"),
        Ask("slot", _slot_text, slot, choices=slots, when=timed, free=True, fill=_slot_said, name="时间"),
        Ask("who", texts.WHO, _who, choices=lambda _a, _t: WHO, fill=_who_said, name="给谁办"),
        Ask(
            "proxy",
            texts.PROXY,
            _proxy,
            when=lambda a, _t: a.get("who") == "other",
            fill=_proxy_said,
            free=True,
            name="代办说明",
        ),
        Ask(
            "note",
            texts.NOTE,
            _note,
            choices=lambda _a, _t: (Choice("none", texts.NO_NOTE, (), Sense.NO),),
            free=True,
        ),
    ),
    confirm=_confirm,
    finish=_finish,
    then=_anew,
    otherwise=_between,
    words=asks,
)
