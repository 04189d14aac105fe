"""Several matters in one message: where it is cut, and which of its parts are matters of their own; pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from nlu.late import late
from nlu.pieces import opening
from nlu.understanding import Matter, Understanding

LONGEST = 300  # characters; what is longer is a letter, and taken as one matter
MOST = 4
SURE = 0.8  # a part is a matter of its own only when it is clear which flow it is for
LISTED = 0.5  # … and clearer than not where a list numbers it
SERVICE = 0.35  # and, beside another complaint, which service
SHORTEST = 5
FLOWS = frozenset({"complaint", "legal", "volunteer", "points"})

_EDGE = r"(?:^|(?<=[,，.。;；:：!！?？\s]))"
# Words that open another matter, and numbers of a list. A pause alone never does: one thing is told in many clauses.
_WORDS = (
    r"另外(?!一|两|三|几|的|找|租|买)|此外|再就是|再一个|再有|再说|对了|顺便(?:问|说|再)?|顺带|其次|仲有|另[,，]|"
    r"还有(?:一?个?(?:事|件事|问题)|就是)?(?!多久|几|多少|没有|谁|什么|人|点|些)|"
    r"同时(?:也|还)?(?:想|要|请)|最后(?:想|再|问)"
)
_NUMBERS = (
    r"[1-9][、.．)）](?!\d)|1[、)）](?=\d.{2,}[;；。\s]2[、)）])|(?<=[;；。\s])[2-9][、)）](?=\d)"
    r"|[一二三四五]、|[①-⑨]|第[一二三四五六](?:[,，、:：]|(?:个|件)(?:事|问题)|是)|[一二三四]是"
)
_OPENS = late(rf"{_EDGE}(?:{_WORDS}|{_NUMBERS})")
_INNER = re.compile(rf"[,，.。;；:：!！?？\s]{opening(f'(?:{_WORDS}|{_NUMBERS})')}")  # in all that is cut
_NUMBERED = re.compile(_NUMBERS)
_FIGURE, _SECOND = re.compile(r"^[1-9][、.．)）]"), re.compile(r"2[、.．)）]")
_ANNOUNCES = re.compile(  # 你好，三件事：
    r"(?:你好|您好|小邻|请问|我|有|想|要|说|问|反映|咨询|一下|下|[,，。!！、\s])*"
    r"[一二两三四五六几2-6](?:件|个|点|样)(?:事情?|问题|情况|诉求|建议)?"
)
_HEAD = re.compile(r"^[,，.。;；:：!！?？\s]+|[,，;；:：\s]+$")


def parts(text: str) -> tuple[str, ...]:
    """The stretches of a message that may be matters, in order; one when nothing opens another."""
    cuts = [found.start() for found in _OPENS.finditer(text)]
    edges = [0, *(cut for cut in cuts if cut), len(text)]
    found = (_HEAD.sub("", text[a:b]) for a, b in pairwise(edges))
    return tuple(part for part in found if part)


def matters(text: str, understand: Callable[[str], Understanding]) -> tuple[Understanding, ...]:
    """What each matter of a message means; () when there is one only. Longer lists than `MOST` are one matter."""
    stretches = parts(text) if len(text) <= LONGEST and _INNER.search(text) else ()
    if not 1 < len(stretches) <= MOST + 1:
        return ()
    found: list[Understanding] = []
    clear = True
    listed = any(_SECOND.match(stretch) for stretch in stretches)
    for stretch in _joined(stretches):
        seen = understand(_plain(_FIGURE.sub("", stretch) if listed else stretch))
        own = _own(seen, LISTED if _NUMBERED.match(stretch) else SURE)
        if found and (not own or any(_same(seen, other) for other in found)):
            found[-1] = _more(found[-1], seen)
        else:
            found.append(seen)
            clear = clear and own
    clear = clear and len(found) > 1
    return tuple(_placed(seen, found[0]) for seen in found) if clear else ()


def others(found: tuple[Understanding, ...]) -> tuple[Matter, ...]:
    """The matters after the first, as they are kept until their turn."""
    return tuple(Matter(seen.flow or "", seen.text) for seen in found[1:])


def _joined(stretches: tuple[str, ...]) -> tuple[str, ...]:
    """A short opening ("你好") belongs to what follows it; one that only counts ("两件事：") is no part of any."""
    if len(stretches) > 1 and _ANNOUNCES.fullmatch(stretches[0]):
        return stretches[1:]
    if len(stretches) > 1 and len(stretches[0]) < SHORTEST:
        return (f"{stretches[0]}{stretches[1]}", *stretches[2:])
    return stretches


def _plain(stretch: str) -> str:
    return _HEAD.sub("", _OPENS.sub("", stretch, count=1)) or stretch


def _own(seen: Understanding, least: float) -> bool:
    clear = seen.flow in FLOWS and seen.confidence >= least and len(seen.text) >= SHORTEST
    return clear and (seen.flow != "complaint" or not seen.services or seen.services[0][1] >= SERVICE)


def _same(one: Understanding, other: Understanding) -> bool:
    """Whether two parts are one matter: of one flow, and for complaints of one category."""
    return one.flow == other.flow and (one.flow != "complaint" or one.category == other.category)


def _more(one: Understanding, rest: Understanding) -> Understanding:
    """A matter with more words to it."""
    slots = one.slots if one.slots.place else replace(one.slots, place=rest.slots.place)
    return one.but(text=f"{one.text}，{rest.text}", slots=slots)


def _placed(seen: Understanding, first: Understanding) -> Understanding:
    """A complaint that names no place happened where the first one did."""
    place = first.slots.place
    if seen is first or seen.flow != "complaint" or first.flow != "complaint" or seen.slots.place or not place:
        return seen
    return seen.but(text=f"{place}，{seen.text}")
