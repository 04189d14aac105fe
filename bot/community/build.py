"""A checked form turned into the frozen values that storage writes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.community.moments import is_relative, moment
from bot.community.schema import Activity, CommunityForm, Rule, Session, Shift
from bot.community.tree import Placed
from flows.domain.community import (
    ActivityEntry,
    CommunityFile,
    DutyEntry,
    GoodsEntry,
    GroupEntry,
    HouseholdEntry,
    NeedEntry,
    RoleEntry,
    RuleEntry,
    ServiceEntry,
    SessionEntry,
    ShiftEntry,
    StaffEntry,
    TeamEntry,
)
from flows.domain.volunteering import SKILLS

HOME = "Asia/Shanghai"


def build(form: CommunityForm, placed: list[Placed], services: dict[str, str], now: datetime) -> CommunityFile:
    """The file's values. `services` are the default ones, key to name; relative dates count from `now`."""
    zones, leaders = time_zones(placed), {t.key: t.leader for t in form.teams}
    return CommunityFile(
        areas=tuple(p.entry for p in placed),
        groups=tuple(_groups(placed)),
        services=tuple(_services(placed, services)),
        staff=tuple(_staff(form)),
        duty=tuple(DutyEntry(d.area, d.role, d.staff, d.days, d.start, d.end) for d in form.duty),
        needs=tuple(NeedEntry(n.key, n.area, n.kind, n.title, n.about) for n in form.needs),
        teams=tuple(TeamEntry(t.key, t.area, t.name, t.leader, t.about) for t in form.teams),
        activities=tuple(_activity(a, leaders, now, zones.get(a.area, ZoneInfo(HOME))) for a in form.activities),
        rules=tuple(_rule(r) for r in form.rules),
        goods=tuple(GoodsEntry(g.key, g.area, g.shop, g.title, g.price, g.stock, g.monthly_limit) for g in form.goods),
        sessions=tuple(_session(s, now, zones.get(s.area, ZoneInfo(HOME))) for s in form.sessions),
        households=tuple(
            HouseholdEntry(h.key, h.area, h.name, h.code and h.code.upper(), h.opening) for h in form.households
        ),
    )


def _rule(r: Rule) -> RuleEntry:
    said = (r.category, r.title, r.points, r.evidence, r.yearly_cap, r.number or r.key, r.per, r.since, r.until)
    return RuleEntry(r.area, r.key, *said)


def _session(s: Session, now: datetime, zone: ZoneInfo) -> SessionEntry:
    starts_at, ends_at = times(s.start, s.end, now, zone)
    return SessionEntry(s.key, s.area, s.shop, s.title, s.place, starts_at, ends_at)


def time_zones(placed: list[Placed]) -> dict[str, ZoneInfo]:
    """The time zone of every area: its own, or the one of the area around it."""
    zones: dict[str, ZoneInfo] = {}
    for one in placed:
        own = one.entry.options.get("timezone")
        around = zones.get(one.entry.parent or "", ZoneInfo(HOME))
        zones[one.entry.key] = ZoneInfo(own) if own else around
    return zones


def shift_key(activity: Activity, shift: Shift, starts_at: datetime) -> str:
    """What makes a shift the same one at the next import: its key, else its activity and start."""
    return f"{activity.key}/{shift.key or starts_at.strftime('%Y-%m-%dT%H:%M')}"


def shift_times(shift: Shift, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When a shift starts and ends; raises ValueError on what is no date."""
    return times(shift.start, shift.end, now, zone)


def times(start: str, end: str, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """A start such as "下周六 09:00" and an end of the same day; raises ValueError on what is no date."""
    starts_at = moment(start, now.astimezone(zone).date(), zone)
    hour, minute = end.split(":")
    return starts_at, starts_at.replace(hour=int(hour), minute=int(minute))


def relative_with_key(shift: Shift) -> bool:
    """A key would move the same shift, and those signed up for it, at every import."""
    return shift.key is not None and is_relative(shift.start)


def _groups(placed: list[Placed]) -> Iterator[GroupEntry]:
    for one in placed:
        for group in one.form.groups if one.form else ():
            for channel, address in group.addresses():
                yield GroupEntry(one.entry.key, group.role, channel, address)


def _services(placed: list[Placed], services: dict[str, str]) -> Iterator[ServiceEntry]:
    for one in placed:
        for s in one.form.services if one.form else ():
            yield ServiceEntry(
                area=one.entry.key,
                key=s.key,
                name=s.name or services.get(s.key, s.key),
                like=s.like or s.key,
                phrases=tuple(s.phrases),
                department=s.department,
                acknowledge_minutes=s.acknowledge_minutes,
                resolve_hours=s.resolve_hours,
                follow_up_days=s.follow_up_days,
            )


def _staff(form: CommunityForm) -> Iterator[StaffEntry]:
    for one in form.staff:
        roles = dict.fromkeys(
            RoleEntry(r.role, area, r.department or r.shop or r.field)
            for r in one.roles
            for area in ([r.area] if r.area else []) + r.areas
        )
        yield StaffEntry(one.key, one.name, tuple(roles), tuple(one.accounts.items()))


def _activity(form: Activity, leaders: dict[str, str], now: datetime, zone: ZoneInfo) -> ActivityEntry:
    shifts = []
    for shift in form.shifts:
        starts_at, ends_at = shift_times(shift, now, zone)
        shifts.append(ShiftEntry(shift_key(form, shift, starts_at), starts_at, ends_at, shift.capacity))
    known = {label: key for key, (label, _) in SKILLS.items()}
    return ActivityEntry(
        form.key,
        form.area,
        form.title,
        form.place,
        form.about,
        form.organiser or leaders.get(form.team or ""),
        tuple(shifts),
        form.project,
        tuple(known[label] for label in form.skills),
        form.min_age,
        form.risk,
        form.deadline_hours,
        form.cancel_hours,
        form.team,
    )
