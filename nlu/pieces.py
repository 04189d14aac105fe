"""What a regular expression cannot do without: the words that stand in whatever it matches; read off its source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import fsum

MOST = 60  # words a piece is spelled out into, at most
COMMON = frozenset("我人的了不在有是到大家他她上下里一这那个们来去没要你就都也说子打")  # in nearly every message
_SIGN = re.compile(r"\(\?P<\w+>|\(\?[=!]|\(\?<[=!]|\(\?:|\[[^\]]+\]|\\.|\{\d+(?:,\d*)?\}|.", re.DOTALL)
_LOOKS = ("(?=", "(?!", "(?<=", "(?<!")
_CLOSED_CLASS = re.compile(r"\[[^\]\\^-]+\]")


@dataclass(frozen=True, slots=True)
class Piece:
    """What is known of a piece of a pattern."""

    words: frozenset[str] | None  # all it may match; None: more than MOST of them
    needs: frozenset[str] | None  # one of them stands in whatever it matches; None: nothing is known
    exact: bool = True  # it matches each of `words` wherever it stands


EMPTY = Piece(frozenset([""]), None)
ANY = Piece(None, None, exact=False)
LOOK = Piece(frozenset([""]), None, exact=False)  # takes no room, but may refuse


def _signs(source: str) -> list[str]:
    signs: list[str] = _SIGN.findall(source)
    if any(sign == "(" and after in ("?", "*", "+") for sign, after in pairwise(signs)):
        raise ValueError(f"not understood: {source}")
    return signs


def branches(source: str) -> list[str]:
    """The alternatives a pattern consists of, as patterns."""
    found, depth = [""], 0
    for sign in _signs(source):
        depth += sign.startswith("(") - (sign == ")")
        if sign == "|" and not depth:
            found.append("")
        else:
            found[-1] += sign
    return found


def piece(source: str) -> Piece:
    """What is known of a pattern of literals, classes, groups, counts and looks; raises ValueError at anything else."""
    signs = _signs(source)
    found, end = _either(signs, 0)
    if end != len(signs):
        raise ValueError(f"not understood: {source}")
    return found


def _either(signs: Sequence[str], at: int) -> tuple[Piece, int]:
    options = []
    while True:
        option, at = _row(signs, at)
        options.append(option)
        if at == len(signs) or signs[at] != "|":
            return _any_of(options), at
        at += 1


def _row(signs: Sequence[str], at: int) -> tuple[Piece, int]:
    row: list[Piece] = []
    while at < len(signs) and signs[at] not in ("|", ")"):
        one, at = _one(signs, at)
        one, at = _counted(one, signs, at)
        row.append(one)
    return _in_a_row(row), at


def _one(signs: Sequence[str], at: int) -> tuple[Piece, int]:
    sign = signs[at]
    if sign[0] == "(":
        inner, end = _either(signs, at + 1)
        return (LOOK if sign in _LOOKS else inner), end + 1
    if sign in "^$":
        return LOOK, at + 1
    if sign == "." or (sign[0] == "\\" and sign[1].isalnum()):
        return ANY, at + 1
    if sign[0] == "[":
        plain = _CLOSED_CLASS.fullmatch(sign)
        return (Piece(frozenset(sign[1:-1]), None) if plain else ANY), at + 1
    return Piece(frozenset([sign[-1]]), None), at + 1


def _counted(one: Piece, signs: Sequence[str], at: int) -> tuple[Piece, int]:
    count = signs[at] if at < len(signs) else ""
    counted = len(count) > 1 and count[0] == "{"
    if count not in ("?", "*", "+") and not counted:
        return one, at
    lazy = signs[at + 1 : at + 2] == ["?"]
    end = at + 2 if lazy else at + 1
    if count == "?":
        return _any_of([one, EMPTY]), end
    if count == "*" or count.startswith("{0"):
        return ANY, end
    return Piece(None, _needed(one), exact=False), end


def _any_of(options: Sequence[Piece]) -> Piece:
    if len(options) == 1:
        return options[0]
    words, needs = [option.words for option in options], [_needed(option) for option in options]
    all_words = None if None in words else frozenset().union(*(w for w in words if w))
    all_needs = None if None in needs else frozenset().union(*(n for n in needs if n))
    small = all_words if all_words is not None and len(all_words) <= MOST else None
    return Piece(small, all_needs, exact=small is not None and all(option.exact for option in options))


def _in_a_row(row: Sequence[Piece]) -> Piece:
    known: list[frozenset[str]] = []
    run, whole = frozenset([""]), True
    for one in row:
        if one.words is not None and len(run) * len(one.words) <= MOST:
            run = frozenset(a + b for a in run for b in one.words)
            continue
        whole = False
        known += [run, *(needed for needed in [_needed(one)] if needed)]
        run = one.words if one.words is not None else frozenset([""])
    known = [words for words in [*known, run] if "" not in words]
    needs = min(known, key=_cost) if known else None
    return Piece(run if whole else None, needs, exact=whole and all(one.exact for one in row))


def _needed(one: Piece) -> frozenset[str] | None:
    if one.words is not None and "" not in one.words and (one.needs is None or _cost(one.words) <= _cost(one.needs)):
        return one.words
    return one.needs


def _cost(words: frozenset[str]) -> float:
    """About how often one of the words stands in a message."""
    return fsum(0.05 ** (len(word) - 1) * (8 if COMMON.issuperset(word) else 1) for word in words)  # in any order


def opening(source: str) -> str | None:
    """A class of the characters that a match can begin with; None where it may be empty, or begin with nearly any.
    Raises ValueError where the pattern has what is not understood here."""
    found, _ = _opens(_signs(source), 0)
    return f"[{''.join(sorted(found))}]" if found and "" not in found else None


def _opens(signs: Sequence[str], at: int) -> tuple[frozenset[str] | None, int]:
    """What the alternatives from `at` on begin with, as parts of a class ("": perhaps nothing), and where they end."""
    options: list[frozenset[str] | None] = []
    while True:
        row: frozenset[str] | None = frozenset([""])
        while at < len(signs) and signs[at] not in ("|", ")"):
            one, at = _opens_one(signs, at)
            if row is not None and "" in row:
                row = None if one is None else (row - {""}) | one
        options.append(row)
        if at == len(signs) or signs[at] != "|":
            return (None if None in options else frozenset().union(*(o for o in options if o))), at
        at += 1


def _opens_one(signs: Sequence[str], at: int) -> tuple[frozenset[str] | None, int]:
    sign, one = signs[at], frozenset([""])
    if sign[0] == "(":
        inner, at = _opens(signs, at + 1)
        found = one if sign in _LOOKS else inner
    elif sign in "^$":
        found = one
    elif sign[0] == "[":
        found = None if sign[1] == "^" else frozenset([sign[1:-2] + (r"\-" if sign[-2] == "-" else sign[-2])])
    elif sign == "." or (sign[0] == "\\" and sign[1].isalnum() and sign[1] not in "ds"):
        found = None
    else:
        found = frozenset([sign if sign[0] == "\\" else re.escape(sign)])
    at += 1
    count = signs[at] if at < len(signs) else ""
    counted = count in ("?", "*", "+") or (len(count) > 1 and count[0] == "{")
    if counted and (count in ("?", "*") or count.startswith("{0")):
        found = found and found | {""}
    lazy = counted and signs[at + 1 : at + 2] == ["?"]
    return found, at + counted + lazy
