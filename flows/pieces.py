"""One matter told in pieces, a message each (楼道灯; 坏了): each is read with what it goes on with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flows.assistant.flow import UNCLEAR
from flows.complaint.rules import is_opener, meant_by
from flows.talk import State
from flows.words import GLOBAL, HELLO, NODS, gives_up, word
from flows.yesno import COURTESY
from nlu.frozen import replace
from nlu.late import regex
from nlu.normalize import plain

PIECE = "piece"  # of a state's last: a thing that was named and nothing said of it, and when
STILL = timedelta(minutes=5)  # what is said then still goes on with it
LONGEST = 4  # characters that name a thing and tell nothing of it
OFTEN = r"天天|每天|每晚|半夜|经常|老是|总是|一直|好几[天次]"
_THING = regex(r"[一-龥]{1,4}")
_STATE = (
    r"(?:坏|停|断|漏|堵|破|裂|灭|黑|响|掉|塌|倒|闪|烂|松|卡|爆|溢|冒|臭|脏|乱|吵|丢|反味|返水|漏水|漏电|跳闸|打不开|关不上"
    r"|不(?:亮|动|通|热|走|响|转|开|制冷|出水|好使)|没(?:有)?(?:水|电|气|网|信号|人修|人管|人扫|人清|反应))"
)
_PART = regex(r"[灯水电气门窗墙路树网管梯]")  # of the thing before, and no place: 楼道; 灯
TELLS = regex(  # 又停了, of the water; 天天半夜唱歌, of the neighbour
    rf"(?:又|也|还|都|全|老是?|总是?|一直|突然|今天|昨天|昨晚|刚刚?|已经){{0,3}}{_STATE}(?:住|掉|死|了|着|的|很|得|厉害|啊|呀|啦|好|一|二|两|三|四|五|六|七|八|九|十|\d|几|半|个|多|天|周|月|年|小时|星期|礼拜|晚上?|没人[修管]){{0,8}}"
    rf"|(?=.{{4,12}}$)(?:{OFTEN})[一-龥]{{2,10}}"
)


def named(text: str) -> str:
    """A thing that is named with nothing said of it (灯); "": the words are something else."""
    said = _bare(text)
    ours = said in GLOBAL | HELLO | NODS or gives_up(said) or COURTESY.fullmatch(said) or is_opener(said)
    return said if _THING.fullmatch(said) and not ours and not TELLS.fullmatch(said) and not meant_by(said) else ""


def kept(state: State, text: str, now: datetime) -> State:
    """The state with a thing that was named, for what is said of it next."""
    thing = named(text)
    return replace(state, last={**state.last, PIECE: {"text": thing, "at": now.isoformat()}}) if thing else state


def tells(text: str) -> bool:
    """Whether the words say something of a thing, or name a part of it, and don't name one."""
    said = _bare(text) if len(text) <= 3 * LONGEST else ""
    return (TELLS.fullmatch(said) or _PART.fullmatch(said)) is not None


def whole(row: Mapping[str, Any], text: str, now: datetime) -> str:
    """What these words tell with the thing named before, in the state of this row; "": none was."""
    thing = _open(row, now)
    return f"{thing}{text.strip()}" if thing else ""


def of_it(before: str, text: str) -> bool:
    """Whether the words are a thing that was named alone before, with what is said of it now (`whole`)."""
    return text.startswith(before) and tells(text.removeprefix(before)) and bool(named(before))


def _open(row: Mapping[str, Any], now: datetime) -> str:
    """The thing that was named last, of which nothing has been said."""
    last, answers = row.get("last") or {}, row.get("answers") or {}
    if row.get("flow") == "complaint" and "description" in answers:
        return named(str(answers["description"].get("text", "")))
    if row.get("flow") == "complaint":
        return "".join(filter(None, map(named, str(last.get(UNCLEAR, "")).split("\n"))))[-2 * LONGEST :]
    before = last.get(PIECE)
    fresh = before and not row.get("flow") and now - datetime.fromisoformat(before["at"]) <= STILL
    return str(before["text"]) if before and fresh else ""


def _bare(text: str) -> str:
    return plain(word(text)).strip(" 。.!！~、,，?？")
