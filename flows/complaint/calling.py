"""Which departments a call-out names: staff write them as they speak, the community file as they are called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

BETWEEN = re.compile(r"[、，,。；;：:！!\s]|和|与|及|跟|请|到场|都|一起|过来|快来|来人|同志|派人|马上|尽快")
ENDING = re.compile(r"(有限)?(公司|部门|单位|中心|大队|队|局|所|站)$")
SHORT = {"城管": "城市管理", "市监": "市场监管", "派出所": "公安派出所", "民警": "公安", "警察": "公安", "消防": "消防"}


def named(note: str, departments: Sequence[Mapping[str, object]]) -> tuple[str, ...]:
    """The departments ({"name", "covers"}) that a note calls, in their order in the file; none: nobody knows which."""
    said = [SHORT.get(piece, piece) for piece in BETWEEN.split(note) if len(piece) > 1]
    return tuple(str(d["name"]) for d in departments if any(_means(piece, _titles(d)) for piece in said))


def _titles(department: Mapping[str, object]) -> tuple[str, ...]:
    covers = department.get("covers")
    return (str(department["name"]), *(str(c) for c in covers)) if isinstance(covers, Iterable) else ()


def _means(piece: str, titles: tuple[str, ...]) -> bool:
    """Whether a piece of a note is one of these titles, short or long."""
    return any(piece in title or (len(core := ENDING.sub("", title)) > 1 and core in piece) for title in titles)


LEADS = re.compile(r"([\u4e00-\u9fff]{2,12}?)(?:来|负责)?牵头|牵头(?:单位|的)?(?:是|由|：)?([\u4e00-\u9fff]{2,12})")


def leading(note: str, departments: Sequence[Mapping[str, object]]) -> str:
    """The department that a note has lead ("城管牵头"); "": it says nothing of it."""
    found = LEADS.search(note)
    if found is None:
        return ""
    return next(iter(named(found[1] or found[2], departments)), "")
