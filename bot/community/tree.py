"""The areas of a community file laid out flat, parents first, each with the place in the file it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.community.reading import Where
from bot.community.schema import Area, Building, CommunityForm
from flows.domain.community import AreaEntry, Level

LEVELS = tuple(Level)


@dataclass(frozen=True, slots=True)
class Placed:
    """An area or building, where it stands in the file, and the form it was read from."""

    entry: AreaEntry
    where: Where
    form: Area | None  # None: a building
    estate: str | None = None


def flatten(form: CommunityForm) -> list[Placed]:
    """Every area and building, parents first."""
    placed: list[Placed] = []
    for index, area in enumerate(form.areas):
        placed.extend(_area(area, None, ("areas", index)))
    return placed


def _area(form: Area, parent: AreaEntry | None, where: Where) -> Iterator[Placed]:
    entry = AreaEntry(
        key=form.key,
        parent=parent.key if parent else None,
        level=form.level or below(parent),
        kind=form.kind,
        name=form.name,
        aliases=tuple(form.aliases),
        lat=form.at[0] if form.at else None,
        lon=form.at[1] if form.at else None,
        options=options(form),
    )
    yield Placed(entry, where, form)
    for index, building in enumerate(form.buildings):
        yield from _buildings(building, entry, (*where, "buildings", index))
    for index, child in enumerate(form.areas):
        yield from _area(child, entry, (*where, "areas", index))


def below(parent: AreaEntry | None) -> Level:
    """The level an area has when it names none: a subdistrict at the root, else one below its parent."""
    if parent is None:
        return Level.SUBDISTRICT
    return LEVELS[min(LEVELS.index(parent.level) + 1, len(LEVELS) - 1)]


def _buildings(form: Building, grid: AreaEntry, where: Where) -> Iterator[Placed]:
    for name in _names(form):
        full = f"{form.estate or ''}{name}"
        key = form.key if form.key and not form.numbers else f"{form.key or grid.key}/{full}"
        at = form.at or (None, None)
        entry = AreaEntry(key, grid.key, Level.BUILDING, grid.kind, full, tuple(form.aliases), at[0], at[1])
        yield Placed(entry, where, None, form.estate)


def _names(form: Building) -> list[str]:
    if not form.numbers:
        return [form.name or ""]
    first, _, last = form.numbers.partition("-")
    pattern = form.name or "{}号楼"
    return [pattern.replace("{}", str(number)) for number in range(int(first), int(last or first) + 1)]


def options(form: Area) -> dict[str, Any]:
    """What an area says of itself, as it is kept in area.options; only what is said."""
    said: dict[str, Any] = {
        "timezone": form.timezone,
        "windows": [window.model_dump() for window in form.windows] or None,
        "quiet_hours": {"from": form.quiet.start, "to": form.quiet.end} if form.quiet else None,
        "digest": form.digest,
        "points": form.points.model_dump(exclude_none=True) if form.points else None,
        "texts": dict(form.texts),
        "laws": [law.model_dump() for law in form.laws],
        "departments": [department.model_dump() for department in form.departments],
        "handlers": {s.key: [role.value for role in s.handlers] for s in form.services if s.handlers},
    }
    return {key: value for key, value in said.items() if value}
