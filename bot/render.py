"""Fits one message to what a platform can do: long texts in parts, numbers for buttons, news for edits; pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace

from bot.channels.base import Abilities, Act, Choice, Outbound
from nlu.late import regex

Measure = Callable[[str], int]  # additive: the length of two texts put together is the sum of theirs

# Where a text may be parted, best first: between paragraphs, sentences, clauses.
BREAKS = (
    regex(r"(?<=\n)"),
    regex(r"(?<=[。！？!?…])(?![。！？!?…”’」』）)\n])|(?<=[。！？!?…][”’」』）)])"),
    regex(r"(?<=[；;，,、：:\s])"),
)
PRESS = regex("(点|點)「([^」]{1,20})」")
PRESSED = (  # words for what is shown below, and the same where it is numbers
    *((f"点下面的{what}", "回复下面的数字") for what in ("按钮", "菜单")),
    *((f"點下面的{what}", "回覆下面的數字") for what in ("按鈕", "菜單", "選單")),
)
NOT_ALONE = frozenset("\u200d\ufe0e\ufe0f\u20e3")  # joiner, variation selectors, keycap


def utf16(text: str) -> int:
    """Length in UTF-16 units, as Telegram counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def utf8(text: str) -> int:
    """Length in UTF-8 bytes, as WeChat counts."""
    return len(text.encode())


def render(out: Outbound, abilities: Abilities, *, group: bool = False) -> tuple[Outbound, ...]:
    """What to send, in order, for one message. The last part carries the buttons and is the one edited later."""
    if out.act is Act.NOTICE and abilities.buttons:
        return (replace(out, text=clean(out.text)),)
    shown, tail, numbered = _choices(out.choices, abilities, group)
    parts = parted(typed(clean(out.text), numbered), tail, abilities.longest, abilities.measure)
    if out.act is Act.EDIT and abilities.edits and out.message and len(parts) == 1:
        return (replace(out, text=parts[0], choices=shown),)
    plain = replace(out, act=Act.SAY, message=None, choices=(), photo=None)
    said = [replace(plain, text=part, part=number) for number, part in enumerate(parts)]
    said[0] = replace(said[0], photo=out.photo)
    said[1:] = [replace(part, reply_to=None) for part in said[1:]]
    said[-1] = replace(said[-1], choices=shown)
    if abilities.apart is not None:  # each is a message of its own: refused, it is tried again without the others
        said = [replace(one, part=number) for number, one in enumerate(o for s in said for o in abilities.apart(s))]
    return tuple(said)


def apart(out: Outbound, *, caption: int = 0) -> tuple[Outbound, ...]:
    """A photo, then its words, unless they are no longer than a `caption` of it may be; words that announce it, with a
    colon at their end, go before it."""
    if out.photo is None or utf16(out.text) <= caption or not out.text.strip():
        return (out,)
    if out.text.rstrip().endswith("：") and not out.choices:
        return replace(out, photo=None), replace(out, text="", reply_to=None)
    return replace(out, text="", choices=()), replace(out, photo=None, reply_to=None)


def typed(text: str, labels: frozenset[str]) -> str:
    """The text where these choices are numbers: nothing in it can be pressed."""
    if not labels:
        return text
    for pressed, said in PRESSED:
        text = text.replace(pressed, said)
    answers = lambda found: (  # noqa: E731
        f"{'回复' if found[1] == '点' else '回覆'}「{found[2]}」" if found[2] in labels else found[0]
    )
    return PRESS.sub(answers, text)


def clean(text: str) -> str:
    """The text without what no platform takes: NUL and other control characters, half surrogate pairs."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))


def parted(text: str, tail: str, longest: int, measure: Measure) -> list[str]:
    """The text in parts of at most `longest`, between sentences where it can be; `tail` stays whole on the last one."""
    if not tail:
        return split(text, longest, measure)
    whole = f"{text}\n{tail}" if text else tail
    if measure(whole) <= longest or measure(tail) > longest:
        return split(whole, longest, measure)
    parts = split(text, longest, measure)
    last = f"{parts[-1]}\n{tail}"
    return [*parts[:-1], last] if measure(last) <= longest else [*parts, tail]


def split(text: str, longest: int, measure: Measure = len) -> list[str]:
    """Parts of at most `longest` units; nothing but white space at the seams is lost."""
    if measure(text) <= longest:
        return [text]
    parts: list[str] = []
    current, size = "", 0
    for piece in _pieces(text, longest, measure, BREAKS):
        length = measure(piece)
        if current and size + length > longest:
            parts.append(current)
            current, size = "", 0
        current, size = current + piece, size + length
    parts.append(current)
    return [part.strip() for part in parts if part.strip()] or [""]


def _pieces(text: str, longest: int, measure: Measure, breaks: tuple[re.Pattern[str], ...]) -> Iterator[str]:
    if measure(text) <= longest:
        yield text
    elif breaks:
        for piece in filter(None, breaks[0].split(text)):
            yield from _pieces(piece, longest, measure, breaks[1:])
    else:
        yield from _characters(text)


def _characters(text: str) -> Iterator[str]:
    """What a reader takes for one character, so that an emoji of several code points is not torn."""
    current = ""
    for character in text:
        joined = current.endswith("\u200d") or _belongs(character)
        if current and (not joined or len(current) >= 16):
            yield current
            current = ""
        current += character
    yield current


def _belongs(character: str) -> bool:
    return (
        character in NOT_ALONE
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
        or unicodedata.combining(character) > 0
    )


def _choices(
    rows: tuple[tuple[Choice, ...], ...], abilities: Abilities, group: bool
) -> tuple[tuple[tuple[Choice, ...], ...], str, frozenset[str]]:
    """The choices shown as buttons, the lines that stand for the others, and which of these are numbers."""
    links = abilities.buttons and (abilities.group_links or not group)
    shown = tuple(kept for row in rows if (kept := tuple(c for c in row if (links if c.link else abilities.buttons))))
    rest = [c for row in rows for c in row if not any(c in kept for kept in shown)]
    lines, number = [], 0
    for choice in rest:
        if choice.link is None:
            number += 1
            lines.append(f"回复 {number} {choice.label}")
        elif abilities.link is not None:
            lines.append(f"{choice.label}：{abilities.link(choice.link)}")
    return shown, "\n".join(lines), frozenset(choice.label for choice in rest if choice.link is None)
