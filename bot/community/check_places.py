"""What is wrong with the tree of areas: keys, levels, departments, buildings that one address fits."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Callable, Collection

from bot.community.reading import Where
from bot.community.tree import LEVELS, Placed
from flows.domain.address import name_key
from flows.domain.community import Level

Report = Callable[[Where, str], None]


def tree(placed: list[Placed], wrong: Report) -> None:
    """Keys used twice, levels that do not go down, buildings without a name, departments with one name."""
    seen: dict[str, Placed] = {}
    for one in placed:
        entry = one.entry
        if entry.key in seen:
            wrong(one.where, f"area key {entry.key!r} is used twice; give one of them another key")
        parent = seen.get(entry.parent or "")
        seen.setdefault(entry.key, one)
        if one.form is None:
            _building(one, wrong)
        elif entry.level is Level.BUILDING:
            wrong(one.where, f"{entry.key!r} would be a building; list it under `buildings:` of its grid")
        elif parent and LEVELS.index(entry.level) <= LEVELS.index(parent.entry.level):
            wrong(one.where, f"a {entry.level} can not lie inside a {parent.entry.level}; set `level:` or move it")
    _departments(placed, wrong)


def _building(one: Placed, wrong: Report) -> None:
    name = one.entry.name
    if not name.strip():
        wrong(one.where, "the building has neither `name:` nor `numbers:`; add one")
    elif len(one.entry.key) > 128 or len(name) > 128:
        wrong(one.where, f"the building's key {one.entry.key!r} is too long; give it a short `key:`")


def _departments(placed: list[Placed], wrong: Report) -> None:
    """One name twice in an area or around it, or one default department covered twice: who is meant?"""
    above: dict[str, dict[str, str]] = {}  # area → department name → the area that lists it
    for one in placed:
        if one.form is None:
            continue
        names = dict(above.get(one.entry.parent or "", {}))
        covered: dict[str, str] = {}
        for index, department in enumerate(one.form.departments):
            where = (*one.where, "departments", index)
            if department.name in names:
                there = names[department.name]
                wrong(
                    where,
                    f"two departments are called {department.name!r} (the other in {there!r}); give one a fuller name",
                )
            names[department.name] = one.entry.key
            for default in department.covers:
                if default in covered:
                    wrong(where, f"{default!r} is covered by {covered[default]!r} already; let one of them cover it")
                covered[default] = department.name
        above[one.entry.key] = names


def covers(placed: list[Placed], known: Collection[str], wrong: Report) -> None:
    """What a department stands for is in the catalogue: under another name nothing would ever come to it."""
    for one in placed:
        for index, department in enumerate(one.form.departments if one.form and known else ()):
            for name in department.covers:
                if name not in known:
                    near = difflib.get_close_matches(name, known, 1, 0.3)
                    hint = f"did you mean {near[0]!r}?" if near else f"it knows {'、'.join(sorted(known))}"
                    wrong(
                        (*one.where, "departments", index),
                        f"{name!r} is no department of the catalogue, so nothing comes to it; {hint}",
                    )


def all_departments(placed: list[Placed]) -> set[str]:
    """The departments any area of the file lists."""
    return {d.name for one in placed if one.form for d in one.form.departments}


def buildings(placed: list[Placed], warn: Report) -> None:
    """Warn of an address that fits two buildings of one community, where nothing tells them apart."""
    communities: dict[str, str] = {}
    names: dict[str, tuple[str, ...]] = {}
    fits: dict[tuple[str, str], list[Placed]] = defaultdict(list)
    for one in placed:
        entry = one.entry
        inside = communities.get(entry.parent or "", entry.key)
        communities[entry.key] = entry.key if entry.level is Level.COMMUNITY else inside
        names[entry.key] = (entry.name, *entry.aliases)
        if one.form is None:
            for said in {name_key(name) for name in (entry.name, *entry.aliases)}:
                fits[inside, said].append(one)
    for (community, said), ones in fits.items():
        grids = {one.entry.parent for one in ones}
        if len(ones) > 1 and len(grids) == 1:
            warn(ones[-1].where, f"{said!r} fits two buildings of grid {ones[0].entry.parent!r}; name their `estate:`")
        elif len(ones) > 1 and not all(_told_apart(names[grid or ""]) for grid in grids):
            warn(
                ones[-1].where,
                f"{said!r} fits buildings in several grids of {community!r} ("
                + "、".join(sorted(grid or "" for grid in grids))
                + "); name their `estate:` or give the grids aliases",
            )


def _told_apart(names: tuple[str, ...]) -> bool:
    """Whether people can name the grid: an alias beside the plain number a grid is given."""
    return len(names) > 1
