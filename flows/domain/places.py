"""From what people say of a place to the building and the grid it lies in."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flows.domain.address import Mark, alone, building_level, marks, plain, split_name
from flows.domain.place_names import Names, strange
from nlu.late import regex

__all__ = ["Candidate", "Found", "Place", "Places", "Several", "building_level"]

SHOWN = 6  # candidates offered when several fit
SCANNED = 1000  # more than so many places that fit are not looked at one by one
NEAR_BUILDING = 300.0  # metres from a pin within which a building is meant
NEAR_AREA = 1500.0
_CELL = 0.02  # degrees: cells of the pin index are wider than NEAR_AREA

_SUFFIX = regex(r"(?:小区|社区|街道|居委会|村委会)\Z")
_ORDER = ("网格", "院", "厂房", "车间", "库", "组", "楼")


@dataclass(frozen=True, slots=True)
class Place:
    """An area or building as its row says it; parents come before children."""

    id: int
    parent: int | None
    level: str
    name: str
    aliases: tuple[str, ...] = ()
    lat: float | None = None
    lon: float | None = None
    kind: str = "urban"


@dataclass(frozen=True, slots=True)
class Found:
    """The area that has to act (a grid where one is known) and the building; not `exact`: a guess to be confirmed."""

    area: int
    building: int | None
    exact: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    area: int
    building: int | None
    label: str


@dataclass(frozen=True, slots=True)
class Several:
    """More than one place fits: the first few, and how many there are."""

    candidates: tuple[Candidate, ...]
    total: int


class Places:
    """All areas of one installation, indexed by name, by number and by position; never changed once built."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._places: dict[int, Place] = {}
        self._above: dict[int, tuple[int, ...]] = {}  # itself first, then its ancestors upwards
        self._numbers: dict[tuple[int | None, Mark], tuple[int, ...]] = {}
        self._cells: dict[tuple[int, int], list[Place]] = defaultdict(list)
        names: dict[str, set[int]] = defaultdict(set)
        numbers: dict[tuple[int | None, Mark], list[int]] = defaultdict(list)
        for place in places:
            self._add(place, names, numbers)
        self._names = Names(names)
        self._numbers = {key: tuple(dict.fromkeys(ids)) for key, ids in numbers.items()}

    def _add(self, place: Place, names: dict[str, set[int]], numbers: dict[tuple[int | None, Mark], list[int]]) -> None:
        self._places[place.id] = place
        self._above[place.id] = (place.id, *self._above.get(place.parent or 0, ()))
        if place.lat is not None and place.lon is not None:
            self._cells[_cell(place.lat, place.lon)].append(place)
        for name in (place.name, *place.aliases):
            stem, mark = split_name(name)
            short = _SUFFIX.sub("", stem)
            for said in {stem, short if len(short) > 2 else stem}:
                if len(said) > 1:
                    names[said].add(place.id)
            if mark:
                for scope in (None, *self._above[place.id]):
                    numbers[scope, mark].append(place.id)

    # -- questions ----------------------------------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, place: object) -> bool:
        return place in self._places

    def names(self) -> Iterable[str]:
        return self._names

    def place(self, place: int) -> Place:
        """The area or building with this id; KeyError if there is none."""
        return self._places[place]

    def inside(self, place: int, area: int) -> bool:
        """Whether a place lies in an area or is it."""
        return area in self._above.get(place, ())

    def above(self, place: int, level: str) -> int | None:
        """The area of a level that a place lies in, or is."""
        return next((i for i in self._above.get(place, ()) if self._places[i].level == level), None)

    def label(self, place: int) -> str:
        """What residents are shown: 幸福里小区3号楼."""
        one = self._places[place]
        if one.level != "building":
            community = self.above(place, "community")
            return one.name if community in (None, place) else f"{self._places[community or 0].name}{one.name}"
        stem, mark = split_name(one.name)
        if stem or mark is None or one.parent is None:
            return one.name
        grid = self._places[one.parent]
        return f"{grid.aliases[0] if grid.aliases else self.label(grid.id)}{one.name}"

    @lru_cache(maxsize=64)  # noqa: B019 - there is one at a time; a decision is taken up to three times
    def find(self, text: str, *, within: int | None = None, default: int | None = None) -> Found | Several | None:
        """The place a text names; None: it names none that is known.

        `within`: where it lies unless the text names a place elsewhere; `default`: the grid (or community) meant when
        several fit.
        """
        said = plain(text)
        names, rest = self._names.named(said)
        numbered, rest = marks(rest)
        if not numbered and (bare := alone(rest.strip("|"), named=bool(names))):
            numbered = [bare]
        stranger = None if names else strange(rest)
        pool: set[int] | None = None
        sure, counted = stranger is None, False
        if stranger:
            names, sure = self._names.alike(stranger), False
        for ids in names:
            pool, fits = self._narrow(pool, {i for i in ids if within is None or self.inside(i, within)} or set(ids))
            sure = sure and fits
        if stranger and pool is None and default is None:
            return None  # 锦绣家园3号楼 is nobody's 3号楼 here
        for kind in _ORDER:
            numbers = [mark for mark in numbered if mark.kind == kind]
            if numbers:
                pool, fits = self._count(pool, numbers, within, default)
                sure, counted = sure and fits, counted or fits
        return self._answer(pool, default, sure, counted) if pool else None

    def besides(self, text: str) -> str:
        """What a text says besides the places and numbers it names."""
        return marks(self._names.named(plain(text))[1])[1].replace("|", "")

    def nearest(self, lat: float, lon: float, *, within: int | None = None) -> Found | None:
        """The place at a pin: the nearest building within 300 m, else the nearest area within 1.5 km."""
        x, y = _cell(lat, lon)
        around = [p for i in (-1, 0, 1) for j in (-1, 0, 1) for p in self._cells.get((x + i, y + j), ())]
        near = sorted(
            (metres(lat, lon, p.lat, p.lon), p.id)
            for p in around
            if p.lat is not None and p.lon is not None and (within is None or self.inside(p.id, within))
        )
        for building, reach in ((True, NEAR_BUILDING), (False, NEAR_AREA)):
            for distance, place in near:
                if distance <= reach and (self._places[place].level == "building") is building:
                    return self._found(place, sure=building)
        return None

    # -- how ----------------------------------------------------------------------------------------------------------

    def _narrow(self, pool: set[int] | None, ids: set[int]) -> tuple[set[int] | None, bool]:
        """What both names allow; if they contradict each other, the first one counts."""
        if pool is None or not ids:
            return (ids or pool), bool(ids)
        both = {i for i in ids if not pool.isdisjoint(self._above[i])}
        both |= {i for i in pool if not ids.isdisjoint(self._above[i])}
        if len(both) < SCANNED:
            wider = {a for i in both for a in self._above[i][1:]}
            both -= wider
        return (both or pool), bool(both)

    def _count(
        self, pool: set[int] | None, numbers: Sequence[Mark], within: int | None, default: int | None
    ) -> tuple[set[int] | None, bool]:
        """The numbered places in the narrowest scope that has them."""
        for scope in self._scopes(pool, within, default):
            found = {i for area in scope for mark in numbers for i in self._numbers.get((area, mark), ())}
            if found:
                return found, True
        return pool, False

    def _scopes(self, pool: set[int] | None, within: int | None, default: int | None) -> list[Sequence[int | None]]:
        if pool:
            depth: dict[int, list[int | None]] = defaultdict(list)
            for i in pool:
                depth[len(self._above[i])].append(i)
            return [depth[d] for d in sorted(depth, reverse=True)]
        if default is None or default not in self._places:
            return [(within,)]
        ladder = self._above[default]
        top = self.above(default, "community") or default  # never another community's 3号楼
        return [(area,) for area in ladder[: ladder.index(top) + 1]]

    def _answer(self, pool: set[int], default: int | None, sure: bool, counted: bool) -> Found | Several:
        for near in (default, self.above(default, "community")) if default is not None else ():
            closer = {i for i in pool if near is not None and self.inside(i, near)}
            pool = closer or pool
        if len(pool) < SCANNED:  # a community and an estate of one name: the wider one
            pool = {i for i in pool if pool.isdisjoint(self._above[i][1:])}
        if len(pool) == 1:
            one = next(iter(pool))
            # There may be a 菜市场 in every community.
            elsewhere = default is not None and not counted and self.above(default, "community") not in self._above[one]
            return self._found(one, sure and not (elsewhere and self._places[one].level == "building"))
        grids = {self._found(i, sure).area for i in pool} if len(pool) < SCANNED else set()
        if len(grids) == 1 and not counted:
            return Found(grids.pop(), None, sure)
        chosen = heapq.nsmallest(SHOWN, pool)
        return Several(tuple(self._candidate(i) for i in chosen), len(pool))

    def _candidate(self, place: int) -> Candidate:
        found = self._found(place, True)
        return Candidate(found.area, found.building, self.label(place))

    def _found(self, place: int, sure: bool) -> Found:
        one = self._places[place]
        if one.level == "building" and one.parent is not None:
            return Found(one.parent, place, sure)
        return Found(place, None, sure)


def metres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """The distance between two points on the earth (haversine)."""
    a, b = math.radians(lat), math.radians(other_lat)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(other_lon - lon) / 2) ** 2
    return 2 * 6_371_000 * math.asin(min(1.0, math.sqrt(half)))


def _cell(lat: float, lon: float) -> tuple[int, int]:
    return math.floor(lat / _CELL), math.floor(lon / _CELL)
