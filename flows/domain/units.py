"""The units and staff that residents may complain about, and which of them a text names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from flows.domain.places import Places

GRID_ROLES = ("grid_worker", "grid_leader")
OFFICES = (  # what people say, the roles meant, the level they are held at, what it is called here
    (r"网格员|网格长|网格工作人员", GRID_ROLES, "grid", "网格员"),
    (r"楼栋长|楼长|联户长|单元长", ("building_leader", "household_leader"), "grid", "楼栋长"),
    (
        r"居委会|村委会|社区(?:的?(?:干部|领导|主任|书记|工作人员|人)|办事|居委)|村(?:干部|主任|支书|书记)",
        ("community_staff",),
        "community",
        "社区居委会",
    ),
    (
        r"街道(?:办|的?(?:干部|领导|工作人员|主任|书记|人))|镇(?:政府|干部|领导)",
        ("duty_leader", "community_staff"),
        "subdistrict",
        "街道",
    ),
)
SHORT = {  # what a department is called, by a word in its name or in what it covers
    "城市管理": r"城管|执法队",
    "综合执法": r"城管|执法队",
    "公安": r"派出所|民警|警察|公安",
    "派出所": r"派出所|民警|警察|公安",
    "物业": r"物业(?!费|服务中心旁)",
    "市场监管": r"市监|市场监管|工商",
    "环卫": r"环卫",
    "市政": r"市政",
    "交警": r"交警",
    "供电": r"供电|电力公司",
    "自来水": r"自来水公司|水务公司|水厂",
    "燃气": r"燃气公司|煤气公司",
    "供热": r"供热|热力公司",
}
TITLES = r"主任|书记|队长|所长|站长|经理|警官|网格员|网格长|科长|局长|干部"


@dataclass(frozen=True, slots=True)
class Held:
    role: str
    area: int
    department: str | None = None


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff by name, with what they hold."""

    id: int
    name: str
    held: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """Who is complained about: a department by its name, or staff."""

    label: str
    departments: tuple[str, ...] = ()
    staff: tuple[int, ...] = ()


class Units:
    """All departments (name, what they cover, area) and staff of one installation; never changed once built."""

    def __init__(
        self,
        places: Places | None = None,
        departments: Iterable[tuple[str, tuple[str, ...], int]] = (),
        staff: Iterable[Colleague] = (),
    ) -> None:
        self._places = places or Places(())
        self._departments = tuple(departments)
        self._by_area: dict[int, list[Colleague]] = {}
        self._by_name: dict[str, list[Colleague]] = {}
        for one in staff:
            self._by_name.setdefault(one.name, []).append(one)
            for area in {h.area for h in one.held}:
                self._by_area.setdefault(area, []).append(one)
        self._once = lru_cache(maxsize=512)(self._find)  # one turn asks this many times over

    def named(self, text: str, area: int | None) -> tuple[Unit, ...]:
        """The units and staff around an area that a text names, each once."""
        return self._once(text, area)

    def _find(self, text: str, area: int | None) -> tuple[Unit, ...]:
        found = [*self._people(text, area), *self._works(text, area), *self._offices(text, area)]
        return tuple({unit.label: unit for unit in found}.values())

    def _near(self, area: int | None, at: int) -> bool:
        """Whether what is at one place concerns what happens at the other."""
        if area is None or area not in self._places:
            return True
        return self._places.inside(area, at) or self._places.inside(at, area)

    def _around(self, area: int | None) -> list[Colleague]:
        """Staff with a role in the community of an area, or above it."""
        if area is None or area not in self._places:
            return [one for ones in self._by_name.values() for one in ones]
        top = self._places.above(area, "community") or area
        held = [i for i in self._by_area if self._places.inside(i, top) or self._places.inside(top, i)]
        return list({one.id: one for i in held for one in self._by_area[i]}.values())

    def _people(self, text: str, area: int | None) -> list[Unit]:
        found = []
        for one in self._around(area):
            titled = re.search(rf"(?:姓)?{re.escape(one.name[0])}(?:的)?(?:{TITLES})", text) if _titled(one) else None
            if one.name in text or titled:
                found.append(Unit(one.name, (), (one.id,)))
        return found

    def _works(self, text: str, area: int | None) -> list[Unit]:
        found = []
        for name, covers, at in self._departments:
            words = [re.escape(name), *(p for key, p in SHORT.items() if key in name or any(key in c for c in covers))]
            if self._near(area, at) and re.search("|".join(words), text):
                found.append(Unit(name, (name,)))
        return found

    def _offices(self, text: str, area: int | None) -> list[Unit]:
        found = []
        for pattern, roles, level, label in OFFICES:
            at = self._places.above(area, level) if area in self._places and area is not None else None
            if at is None or not re.search(pattern, text):
                continue
            staff = [
                one.id
                for one in self._around(at)
                if any(h.role in roles and (h.area == at or self._places.inside(h.area, at)) for h in one.held)
            ]
            found.append(Unit(label, (label,), tuple(sorted(staff))))
        return found


def _titled(one: Colleague) -> bool:
    """Whether people may call somebody by surname and title."""
    return len(one.name) in (2, 3) and "一" <= one.name[0] <= "鿿"


NOBODY = Units()
