"""What no single line shows: references, duplicates and gaps across a whole community file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.community import check_places, check_platforms, check_points
from bot.community.build import HOME, relative_with_key, shift_key, shift_times, time_zones
from bot.community.reading import Where
from bot.community.schema import Activity, CommunityForm, Service, StaffRole
from bot.community.tree import Placed
from flows.domain.community import Role


class Report(Protocol):
    """Takes a problem; `refers`: the key that was referred to in vain."""

    def __call__(self, where: Where, message: str, refers: str = "") -> None: ...


@dataclass(frozen=True, slots=True)
class Defaults:
    """What the shipped catalogue offers: services (key → name) and departments; empty ones are not checked against."""

    services: Mapping[str, str]
    departments: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """Something wrong, by its place in the file."""

    where: Where
    message: str
    warning: bool = False


def check(
    form: CommunityForm, placed: list[Placed], defaults: Defaults, now: datetime, gone: Collection[str] = ()
) -> list[Found]:
    """All problems and warnings of a file whose form is right; `gone` are keys that stood in parts left out."""
    found: list[Found] = []

    def wrong(where: Where, message: str, refers: str = "") -> None:
        if refers not in gone and refers.partition("/")[0] not in gone:
            found.append(Found(where, message))

    def warn(where: Where, message: str, refers: str = "") -> None:
        found.append(Found(where, message, True))

    areas = {p.entry.key: p for p in placed}
    check_places.tree(placed, wrong)
    check_places.buildings(placed, warn)
    check_places.covers(placed, defaults.departments, warn)
    _groups(form, placed, wrong, warn)
    _services(placed, defaults, wrong)
    _staff(form, areas, placed, defaults, wrong)
    _duty(form, areas, wrong)
    _activities(form, areas, placed, now, wrong, warn)
    _needs(form, areas, wrong)
    _teams(form, areas, wrong)
    check_points.points(form, areas, placed, now, wrong)
    return found


def duplicates(keyed: Iterable[tuple[str, Where]], what: str, wrong: Report) -> None:
    """Report every key that stands a second time."""
    seen: set[str] = set()
    for key, where in keyed:
        if key in seen:
            wrong(where, f"{what} {key!r} is used twice; give one of them another")
        seen.add(key)


def _area_known(areas: Mapping[str, Placed], key: str, where: Where, wrong: Report) -> None:
    if key not in areas:
        wrong(where, f"unknown area {key!r}; write the key of an area of this file", key)


def _groups(form: CommunityForm, placed: list[Placed], wrong: Report, warn: Report) -> None:
    addresses: list[tuple[str, Where]] = []
    staffed = {key for s in form.staff for r in s.roles for key in (*r.areas, r.area)}
    parents = {p.entry.key: p.entry.parent for p in placed}
    covered: dict[str | None, bool] = {None: False}
    accounts = {f"{channel}: {address}" for s in form.staff for channel, address in s.accounts.items()}
    for one in placed:  # parents first
        key = one.entry.key
        covered[key] = key in staffed or covered.get(parents[key], False)
        for index, group in enumerate(one.form.groups if one.form else ()):
            where = (*one.where, "groups", index)
            if not group.addresses():
                wrong(where, "the group has no address; add one such as play: g1 or telegram: -100…")
            cannot, known = check_platforms.group(group)
            for message in cannot:
                wrong(where, message)
            for message in known:
                warn(where, message)
            addresses += [(f"{channel}: {address}", where) for channel, address in group.addresses()]
            taken = {f"{channel}: {address}" for channel, address in group.addresses()} & accounts
            if taken:
                wrong(where, f"{min(taken)!r} is a person's account already; give the group's own address")
            if one.entry.level == "grid" and key not in staffed:
                up = "its matters go to the area above" if covered[key] else "and nobody above it either"
                warn(where, f"a group for grid {key!r}, which has no staff: {up}; give somebody a role there")
    duplicates(addresses, "the address", wrong)


def _services(placed: list[Placed], defaults: Defaults, wrong: Report) -> None:
    names = check_places.all_departments(placed) | set(defaults.departments)
    for one in placed:
        if one.form is None:
            continue
        where = (*one.where, "services")
        duplicates(((s.key, (*where, i, "key")) for i, s in enumerate(one.form.services)), "the service key", wrong)
        for index, service in enumerate(one.form.services):
            _service(service, (*where, index), defaults, wrong)
            if service.department and defaults.departments and service.department not in names:
                wrong((*where, index, "department"), _no_department(service.department))


def _service(service: Service, where: Where, defaults: Defaults, wrong: Report) -> None:
    if not defaults.services or service.key in defaults.services:
        return
    if not service.like:
        wrong(where, f"service {service.key!r} is not a default one; say with `like:` which default service it is like")
    elif service.like not in defaults.services:
        wrong((*where, "like"), f"unknown service {service.like!r}; write the key of a default service")
    if not service.name:
        wrong(where, f"service {service.key!r} needs a name that residents read")


def _no_department(name: str) -> str:
    return f"unknown department {name!r}; list it under `departments:` of an area, or use a name of the catalogue"


def _staff(
    form: CommunityForm, areas: Mapping[str, Placed], placed: list[Placed], defaults: Defaults, wrong: Report
) -> None:
    duplicates(((s.key, ("staff", i, "key")) for i, s in enumerate(form.staff)), "the staff key", wrong)
    accounts = (
        (f"{c}: {a}", ("staff", i, "accounts", c)) for i, s in enumerate(form.staff) for c, a in s.accounts.items()
    )
    duplicates(accounts, "the account", wrong)
    known = check_places.all_departments(placed) | set(defaults.departments)
    for i, staff in enumerate(form.staff):
        for message in check_platforms.accounts(staff.accounts):
            wrong(("staff", i, "accounts"), message)
        for j, role in enumerate(staff.roles):
            _role(role, ("staff", i, "roles", j), areas, known, wrong)


def _role(role: StaffRole, where: Where, areas: Mapping[str, Placed], known: set[str], wrong: Report) -> None:
    keys: list[tuple[str, Where]] = [(key, (*where, "areas", index)) for index, key in enumerate(role.areas)]
    if role.area:
        keys.append((role.area, (*where, "area")))
    if not keys:
        wrong(where, f"role {role.role.value} needs an `area:` (or several `areas:`)")
    for key, at in keys:
        _area_known(areas, key, at, wrong)
    if (role.role is Role.DEPARTMENT) != (role.department is not None):
        wrong(where, "role department needs `department:` with its name, and no other role has one")
    if role.field and role.role is not Role.MEDIATOR:
        wrong((*where, "field"), "only role mediator has a `field:`")
    if role.shop and role.role is not Role.SHOPKEEPER:
        wrong((*where, "shop"), "only role shopkeeper has a `shop:`")
    elif role.department and role.department not in known:
        wrong((*where, "department"), _no_department(role.department))


def _duty(form: CommunityForm, areas: Mapping[str, Placed], wrong: Report) -> None:
    held = {s.key: {r.role for r in s.roles} for s in form.staff}
    for index, duty in enumerate(form.duty):
        where: Where = ("duty", index)
        _area_known(areas, duty.area, (*where, "area"), wrong)
        if duty.staff not in held:
            wrong(
                (*where, "staff"), f"unknown staff {duty.staff!r}; write the key of somebody under `staff:`", duty.staff
            )
        elif duty.role not in held[duty.staff]:
            wrong(
                (*where, "role"),
                f"{duty.staff!r} is on duty as {duty.role.value} without that role; add it to `roles:`",
            )


def _activities(
    form: CommunityForm, areas: Mapping[str, Placed], placed: list[Placed], now: datetime, wrong: Report, warn: Report
) -> None:
    zones = time_zones(placed) if form.activities else {}
    staff = {s.key for s in form.staff}
    keys = [(a.key, ("activities", i, "key")) for i, a in enumerate(form.activities)]
    duplicates(keys, "the activity key", wrong)
    for index, activity in enumerate(form.activities):
        where: Where = ("activities", index)
        _area_known(areas, activity.area, (*where, "area"), wrong)
        if activity.organiser and activity.organiser not in staff:
            told = f"unknown staff {activity.organiser!r}; write the key of somebody under `staff:`"
            wrong((*where, "organiser"), told, activity.organiser)
        _shifts(activity, where, zones.get(activity.area, ZoneInfo(HOME)), now, wrong, warn)


def _teams(form: CommunityForm, areas: Mapping[str, Placed], wrong: Report) -> None:
    """A team is led by somebody who may organise what it does; an activity's team is there."""
    duplicates([(t.key, ("teams", i, "key")) for i, t in enumerate(form.teams)], "the team", wrong)
    organisers = {s.key for s in form.staff for role in s.roles if role.role is Role.VOLUNTEER_ORGANISER}
    for index, team in enumerate(form.teams):
        _area_known(areas, team.area, ("teams", index, "area"), wrong)
        if team.leader not in organisers:
            told = f"{team.leader!r} can't lead a team; write the key of somebody with the role volunteer_organiser"
            wrong(("teams", index, "leader"), told, team.leader)
    known = {team.key for team in form.teams}
    for index, activity in enumerate(form.activities):
        if activity.team and activity.team not in known:
            told = f"unknown team {activity.team!r}; write the key of a team under `teams:`"
            wrong(("activities", index, "team"), told, activity.team)


def _needs(form: CommunityForm, areas: Mapping[str, Placed], wrong: Report) -> None:
    duplicates([(n.key, ("needs", i, "key")) for i, n in enumerate(form.needs)], "the need", wrong)
    for index, need in enumerate(form.needs):
        _area_known(areas, need.area, ("needs", index, "area"), wrong)


def _shifts(activity: Activity, where: Where, zone: ZoneInfo, now: datetime, wrong: Report, warn: Report) -> None:
    keys: list[tuple[str, Where]] = []
    for index, shift in enumerate(activity.shifts):
        at = (*where, "shifts", index)
        if relative_with_key(shift):
            wrong((*at, "key"), "a shift with a relative date has no key (it would move at every import); leave it out")
        try:
            starts_at, ends_at = shift_times(shift, now, zone)
        except ValueError as error:
            wrong((*at, "start"), str(error))
            continue
        keys.append((shift_key(activity, shift, starts_at), at))
        if ends_at <= starts_at:
            wrong((*at, "end"), f"ends at {shift.end}, not after its start; write a later time of the same day")
        elif ends_at <= now:
            warn((*at, "start"), "this shift is already over")
    duplicates(keys, "the shift", wrong)
