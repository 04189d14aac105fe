"""What no single line shows about the Moral Bank: areas, duplicates, shops, dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.community.build import HOME, time_zones, times
from bot.community.reading import Where
from bot.community.schema import CommunityForm, Goods, Household, Rule, Session
from bot.community.tree import Placed
from flows.domain.community import Role

if TYPE_CHECKING:
    from bot.community.check import Report


def points(
    form: CommunityForm, areas: Mapping[str, Placed], placed: list[Placed], now: datetime, wrong: Report
) -> None:
    """Report what is wrong with rules, goods, sessions and households."""
    from bot.community.check import duplicates

    kept: dict[str, Sequence[Rule | Goods | Session | Household]] = {
        "rules": form.rules,
        "goods": form.goods,
        "sessions": form.sessions,
        "households": form.households,
    }
    for what, entries in kept.items():
        for index, entry in enumerate(entries):
            if entry.area not in areas:
                told = f"unknown area {entry.area!r}; write the key of an area of this file"
                wrong((what, index, "area"), told, entry.area)
    duplicates(((f"{r.area}/{r.key}", ("rules", i, "key")) for i, r in enumerate(form.rules)), "the rule", wrong)
    duplicates(((g.key, ("goods", i, "key")) for i, g in enumerate(form.goods)), "the goods key", wrong)
    duplicates(((s.key, ("sessions", i, "key")) for i, s in enumerate(form.sessions)), "the session key", wrong)
    duplicates(((h.key, ("households", i, "key")) for i, h in enumerate(form.households)), "the household key", wrong)
    codes = ((h.code.upper(), ("households", i, "code")) for i, h in enumerate(form.households) if h.code)
    duplicates(codes, "the code", wrong)
    _rules(form, wrong)
    _shops(form, placed, now, wrong)


def _rules(form: CommunityForm, wrong: Report) -> None:
    for index, rule in enumerate(form.rules):
        if rule.since and rule.until and rule.until < rule.since:
            wrong(("rules", index, "until"), "ends before it begins; write a later date")
        if rule.per == "hour" and rule.points < 0:
            wrong(("rules", index, "per"), "an hour of volunteering takes no points; leave `per` out")


def _shops(form: CommunityForm, placed: list[Placed], now: datetime, wrong: Report) -> None:
    """A shop is there when it has goods."""
    shops = {goods.shop for goods in form.goods}
    zones = time_zones(placed) if form.sessions else {}
    for i, staff in enumerate(form.staff):
        for j, role in enumerate(staff.roles):
            if role.role is Role.SHOPKEEPER and role.shop and role.shop not in shops:
                wrong(("staff", i, "roles", j, "shop"), _no_shop(role.shop))
    for index, session in enumerate(form.sessions):
        where: Where = ("sessions", index)
        if session.shop not in shops:
            wrong((*where, "shop"), _no_shop(session.shop))
        try:
            start, end = times(session.start, session.end, now, zones.get(session.area, ZoneInfo(HOME)))
        except ValueError as error:
            wrong((*where, "start"), str(error))
            continue
        if end <= start:
            wrong((*where, "end"), "ends before it begins; write a later time of the same day")


def _no_shop(name: str) -> str:
    return f"unknown shop {name!r}; write the `shop:` of some goods"
