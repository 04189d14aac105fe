"""Choices: which one somebody means, and how they stand as buttons."""

from __future__ import annotations

import re

from flows.effects import Option
from flows.talk import Choice, State, Turn
from flows.yesno import COURTESY, core_of, sense_of
from nlu.late import regex
from nlu.normalize import normalize, plain

NUMBER = regex(r"(?:选|第)?\s*(\d{1,2}|[一二三四五六七八九])\s*(?:个|项)?")  # a choice by its number
PAUSE = regex(r"[\s,，。.!！~、;；]+")
GLUED = regex(r"(?<=[一-龥])(?=(?:谢谢|感谢|多谢|辛苦|麻烦)[你您了啦啊]*$)")  # 好的谢谢
NOT = regex(r"[不没別别吗]")


def place_of(number: re.Match[str]) -> int:
    """Which one a number means, from 1."""
    return int(number[1]) if number[1].isdecimal() else "一二三四五六七八九".index(number[1]) + 1


def pick(choices: tuple[Choice, ...], turn: Turn, near: bool = True) -> Choice | None:
    """The choice meant by a press, a number, a label or a keyword; None when it is none of them. `near`: by a part of
    its label too."""
    if turn.said.answer:
        return next((c for c in choices if c.key == turn.said.answer[1]), None)
    said = turn.said.understood.text[:200]
    forms = dict.fromkeys(form.strip(" 。.!！~、,，").lower() for form in (normalize(said), plain(said)))
    return next((found for text in forms if (found := _picked(choices, text, near))), None)


def _picked(choices: tuple[Choice, ...], text: str, near: bool) -> Choice | None:
    number = NUMBER.fullmatch(text)
    if number:
        place = place_of(number)
        return choices[place - 1] if 0 < place <= len(choices) else None
    exact = [c for c in choices if text in (c.label.lower(), *c.words)]
    if exact:
        return exact[0]
    said = _by_sense(choices, text)
    if said is not None:
        return said
    if NOT.search(text) and not any(NOT.search(c.label) for c in choices if c.label in text):
        choices = tuple(c for c in choices if c.label not in text)  # 先不确认 is no 确认
    parts = [c for c in choices if len(text) > 1 and (_within(text, c.label.lower()) or _within(c.label.lower(), text))]
    return parts[0] if near and len(parts) == 1 else None


def _within(piece: str, whole: str) -> bool:
    """Whether a piece stands in a text with its numbers whole: 5天 is no part of 15天, nor 3号楼 of 13号楼."""
    before, after = (r"(?<!\d)" * piece[:1].isdecimal(), r"(?!\d)" * piece[-1:].isdecimal())
    return piece in whole and re.search(before + re.escape(piece) + after, whole) is not None


def _by_sense(choices: tuple[Choice, ...], text: str) -> Choice | None:
    """The one choice that every part of what was said comes to ("行，一起吧", "不用了，谢谢")."""
    parts = [part for part in PAUSE.split(GLUED.sub(" ", text)) if part and not COURTESY.fullmatch(part)]
    found = {_part(choices, part) for part in parts}
    return found.pop() if len(found) == 1 else None


def _part(choices: tuple[Choice, ...], part: str) -> Choice | None:
    forms = {part, core_of(part)}
    named = [c for c in choices if not forms.isdisjoint((c.label.lower(), *c.words))]
    if named:
        return named[0]
    return next((c for c in choices if c.sense and c.sense in sense_of(part)), None)


def buttons(choices: tuple[Choice, ...], state: State) -> tuple[tuple[Option, ...], ...]:
    """Rows of buttons: short ones side by side, long ones each in a row of its own."""
    rows: list[list[Option]] = []
    width = 0
    for choice in choices:
        args = {"slot": state.asking, "key": choice.key, "step": state.step}
        if not rows or width + len(choice.label) > 12 or len(rows[-1]) == 4:
            rows.append([])
            width = 0
        rows[-1].append(Option(choice.label, "answer", args))
        width += len(choice.label)
    return tuple(tuple(row) for row in rows)
