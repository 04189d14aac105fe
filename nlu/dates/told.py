"""The times a whole message tells of, each with its words and what they mean; and when it happened."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from nlu.dates.read import resolve
from nlu.dates.sides import side
from nlu.dates.tokens import tokens
from nlu.dates.values import Doubt, Grain, Kind, When, Why
from nlu.times import GATE, TIME

MOST = 6  # times of one message that are looked at
_DID = r"(?:报|反映|投诉|举报|说|问|提|申请|登记)"
# Times of something else than the matter: of an earlier report, of these very words, of a birth, of pay.
NEAR = 24  # characters behind a time in which it is said whose it is
BESIDE = re.compile(
    rf"\s*(?:我们?|就|已经?|也|来|跟你们?|向\S{{1,6}}?|给\S{{1,6}}?)*{_DID}(?:修|上去)?[的过了]|\s*(?:出生|生人|年满|那个?(?:工单|诉求|单子|报修))"
)
WRITING = re.compile(r"\s*(?:是(?!不)|[给向在][您你]|来?(?:反映|投诉|留言|写信|咨询))")
PAY = re.compile(r"\s*(?:的|要|得|都)*(?:[0-9一二三四五六七八九]|工资|收入|房?租|话费|缴|交)")
NIGHT = re.compile(r"(?:一到)?(?:晚上|夜里|夜晚|晚间|天黑|早上|早晨|清早|大清早|傍晚)")
SO_THAT = re.compile(  # 晚上看不见路: what comes of it whenever it is night, not when it happened
    r"\s*(?![^,，。;；!！?？]{0,16}(?:有人|被[^,，。]|(?<!易)摔|[偷抢撞咬砸打]|吵|叫|唱|响|跳|施工))"
    r"[^,，。;；!！?？]{0,8}?(?:看不[见清到]|瞧不[见清]|黑[漆咕灯洞压乎]|[摸乌]黑|(?<![看听瞧用])不(?:太)?敢|(?:害|好|很|都|就|会|老|挺|会)怕|怕黑|怕$|"
    r"不(?:太|大)?(?:方便|安全)|危险|提心吊胆|心惊|容易[摔绊滑跌出]|绕[路道远着])"
)
JOINT = re.compile(r"[,，、]\s?|\s")


@dataclass(frozen=True, slots=True)
class Told:
    """Words about time, as they stand in the normalised message, and what they mean."""

    words: str
    found: When | Doubt


def times_told(text: str, now: datetime, *, future: bool = False) -> tuple[Told, ...]:
    """Every time in a normalised message, in its order."""
    made: list[Told] = []
    for start, end in _stretches(text):
        words = text[start:end].strip()
        found = resolve(words, now, future=future, before=text[:start], after=text[end:])
        if found is not None and not _beside(words, text[end:]):
            made.append(Told(words, found))
    return tuple(made)


def _stretches(text: str) -> list[tuple[int, int]]:
    """Where times stand; a day and an hour with a comma between are one."""
    found: list[tuple[int, int]] = []
    for match in TIME.finditer(text) if GATE.search(text) else ():
        start, end = match.span()
        if found and JOINT.fullmatch(text[found[-1][1] : start]) and _one(text[slice(*found[-1])], text[start:end]):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
        if len(found) == MOST:
            break
    return found


def _one(day: str, hour: str) -> bool:
    first, second = side(tokens(day)), side(tokens(hour))
    whole = not (first.odd or second.odd or first.clock or first.habits or first.length)
    return whole and first.day is not None and second.bare and not second.empty


def _beside(words: str, after: str) -> bool:
    """Whether it is the time of something else than what is told."""
    if BESIDE.match(after[:NEAR]) or (words in ("今天", "今日") and WRITING.match(after)):
        return True
    if NIGHT.fullmatch(words) and SO_THAT.match(after):
        return True
    return words in ("每月", "每个月", "每年") and PAY.match(after) is not None


def when_told(text: str, now: datetime, *, future: bool = False) -> Told | None:
    """When it happened, as the whole message tells it.

    One habit goes before the single times beside it; what is only vague, or lies in the other direction, says nothing
    beside a time that is clear. Several times that differ leave a doubt: which of them it was.
    """
    told = times_told(text, now, future=future)
    habits = [t for t in told if isinstance(t.found, When) and t.found.kind is Kind.CYCLE]
    clear = [t for t in told if isinstance(t.found, When) and t not in habits and not _whole_year(t.found)]
    asked = [t for t in told if isinstance(t.found, Doubt) and t.found.why not in (Why.VAGUE, Why.AHEAD, Why.NO_SUCH)]
    several = habits or clear
    if len(habits) == 1 or (not asked and len({t.found for t in several}) == 1):
        return several[0]
    if len({t.found for t in asked}) == 1 and not several:
        return asked[0]
    if several or asked:
        readings = tuple(dict.fromkeys(t.found for t in several if isinstance(t.found, When)))
        words = max((*several, *asked), key=lambda t: len(t.words)).words
        return Told(words, Doubt(Why.SEVERAL, readings if len(readings) > 1 and not asked else ()))
    return next((t for t in told if isinstance(t.found, Doubt)), None)


def _whole_year(found: When) -> bool:
    """2019年 says nothing of when something happened; 2019年以来 does."""
    return found.grain is Grain.YEAR and found.kind is Kind.AT
