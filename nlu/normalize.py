"""Makes one plain spelling out of the many ways people type: width, script, glosses, repeats, dialect words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

# What a model may look at: the head and the tail of a message; letters put their matter first and their wish last.
HEAD, TAIL = 220, 80
LINE = 100  # characters of what is worth remembering for a moment

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ud800-\udfff]"
)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_GLOSS = re.compile(r"\([a-zA-Zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹ]{1,7}\)")
_REPEAT = re.compile(r"(\D)\1{2,}", re.DOTALL)
_THRICE = re.compile(r"(.)\1\1", re.DOTALL)  # in all that _REPEAT finds, and found in half the time
_SPACE = re.compile(r"\s+")

# What a text may hold and need no more than its full-width signs made narrow; 坏 is read as 坯 in some words.
_FINE = r" -'*-~\u3001\u3002\u2018-\u201d\u2014\u300a-\u3011\u3007\u4e00-坎坐-\u9fa5"
_ODD = re.compile(rf"[^{_FINE}坏]|  |[捏毛土打陶拉一]坏|坏[土子布]")
_UNUSUAL = re.compile(rf"[^{_FINE}]")  # in all that are odd but for spaces, and found in a third of the time


def replacing(instead: Mapping[str, str]) -> Callable[[str], str]:
    """`str.translate` that stops only at what it changes: a fifth of the time for a long Chinese text."""
    pattern = re.compile(f"[{re.escape(''.join(instead))}]")
    return lambda text: pattern.sub(lambda found: instead[found[0]], text)


_half_width = replacing({chr(wide): chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)})

# Dialect and net words whose plain form carries the meaning; longer ones first. Only words that mean the same anywhere.
_DIALECT = """
点解>为什么  点样>怎么  几时>什么时候  边个>谁  边度>哪里  乜嘢>什么
唔该>麻烦  冇人>没人  木有>没有  木得>没有  没得>没有  莫得>没有  唔见咗>不见了
啷个>怎么  咋个>怎么  咋整>怎么办  咋办>怎么办  咋样>怎么样
嘛时候>什么时候  啥时候>什么时候  啥子>什么  为啥>为什么  晓得>知道
么子>什么  做么子>做什么  哪个管>谁管  我哋>我们  你哋>你们
佢哋>他们  隔篱>隔壁  屋企>家里  倾计>聊天  细路>小孩  细蚊仔>小孩
娃儿>孩子  囝仔>孩子  落雨>下雨  瞓觉>睡觉  瞓>睡  俺们>我们
俺家>我家  咱家>我家  俺>我  恁>你  阮>我们  伊的>他的  啥>什么
咋>怎么  冇>没有  唔>不  嘅>的  啲>些  佢>他  喺>在  咗>了
嘢>东西  嗰>那  嚟>来  睇>看  攞>拿  嘥>浪费  嘞>了  咯>了
肿么>怎么  神马>什么  造吗>知道吗
"""
_DIALECT_WORDS = dict(pair.split(">") for pair in _DIALECT.split())
_DIALECT_PATTERN = re.compile("|".join(re.escape(word) for word in sorted(_DIALECT_WORDS, key=len, reverse=True)))


@lru_cache(maxsize=1)
def _to_simplified() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


@lru_cache(maxsize=1)
def written_otherwise() -> re.Pattern[str]:
    """One of the characters opencc may write otherwise, alone or in a word (tests/nlu/test_normalize.py asks it for
    each)."""
    return re.compile(f"[{(Path(__file__).parent / 'traditional.txt').read_text('utf-8').strip()}]")


def shorten(text: str) -> str:
    """The part of a long message that is looked at; length never costs more than this."""
    return text if len(text) <= HEAD + TAIL else text[:HEAD] + " " + text[-TAIL:]


def clean(text: str) -> str:
    """Text without what cannot be seen or stored: lone surrogates, zero-width and control characters."""
    text = _CONTROL.sub(" ", _INVISIBLE.sub("", text))
    return _SPACE.sub(" ", text).strip()


def normalize(text: str) -> str:
    """Simplified, half-width text without glosses and repeats, of at most HEAD + TAIL + 1 characters."""
    return _of_a_line(text) if len(text) <= LINE else _of_a_story(text)


def _normalized(text: str) -> str:
    plain = text.replace("，", ",").replace("？", "?").replace("！", "!")  # the full-width signs most messages have
    long, unusual = len(text) > HEAD + TAIL, "  " in plain or _UNUSUAL.search(plain)
    if long or (unusual and _ODD.search(plain := _half_width(plain))):
        return _of_odd(text)
    plain = simplified(plain.strip(" "))
    return _REPEAT.sub(r"\1\1", plain).strip(" ") if _THRICE.search(plain) else plain


def _of_odd(text: str) -> str:
    """What any text becomes; most messages need none of it but the repeats."""
    # Cut with room to spare first: invisible characters may fill a message, and NFKC may make one character many.
    text = clean(shorten(_INVISIBLE.sub("", text[:20_000])))
    text = shorten(unicodedata.normalize("NFKC", text))
    text = _to_simplified().convert(_GLOSS.sub("", text))
    return _SPACE.sub(" ", _REPEAT.sub(r"\1\1", text)).strip()


# One turn asks a dozen times for the same line: whether it is a number, a word, a label, a title.
_of_a_line = lru_cache(maxsize=256)(_normalized)
_of_a_story = lru_cache(maxsize=16)(_normalized)  # few are long enough to matter in memory


@lru_cache(maxsize=256)  # a turn asks a dozen times for its own
def plain(text: str) -> str:
    """A text as patterns read it, however it was typed: normalised and folded; never kept, never shown."""
    return fold(normalize(text))


def simplified(text: str) -> str:
    """The text in simplified characters."""
    return str(_to_simplified().convert(text)) if written_otherwise().search(text) else text


@lru_cache(maxsize=64)  # and for this
def aligned(text: str) -> str:
    """The text simplified and half-width, each character in its place: what a pattern finds here is cut from the text
    as it was written."""
    plain = simplified(_half_width(text))
    return plain if len(plain) == len(text) else text


def fold(normal: str) -> str:
    """Dialect words to plain ones, letters to lower case; what the models read. Takes normalised text."""
    return _DIALECT_PATTERN.sub(lambda found: _DIALECT_WORDS[found.group()], normal.lower())
