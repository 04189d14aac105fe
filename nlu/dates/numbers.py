"""Numbers as they stand in words about time: 十五, 廿三, 二〇二六, 两三, 一个半."""

from __future__ import annotations

from fractions import Fraction

from nlu.slots import numeral

N = "零〇一二三四五六七八九十百两廿卅0-9"
_PAIR = "一二三四五六七八九"


def number(text: str) -> int | None:
    """The one number meant; None when it is none or two (八九)."""
    text = text.replace("〇", "零").replace("廿", "二十").replace("卅", "三十").replace("二十十", "二十")
    return None if pair(text) else numeral(text)


def pair(text: str) -> tuple[int, int] | None:
    """八九 → (8, 9), 十一二 → (11, 12), 两三 → (2, 3); None when it is no such pair."""
    tens, ones = (10, text[1:]) if len(text) == 3 and text[0] == "十" else (0, text)
    ones = ones.replace("两", "二")
    at = _PAIR.find(ones[0]) if len(ones) == 2 and ones[0] in _PAIR else -1
    if at < 0 or _PAIR[at + 1 : at + 2] != ones[1]:
        return None
    return tens + at + 1, tens + at + 2


def amount(text: str, half: bool) -> Fraction | None:
    """How many units of time: 三, 半, 一个半; None where the words leave it open (几, 好几, 十几)."""
    if not text:
        return Fraction(1, 2) if half else None
    if text in ("整", "一整"):
        return Fraction(1)
    found = number(text)
    return None if found is None else Fraction(found) + (Fraction(1, 2) if half else 0)
