"""Hours of volunteering become points of the household, and go back when the hours are corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection

from bot.bank import new_year, zone_of
from bot.world import World
from flows import effects as fx
from flows.domain.proposal import within_cap
from flows.points import panel_texts as words
from storage import community, households, ledger, points, proposals, volunteers_hours
from storage.households import Household

if TYPE_CHECKING:
    from bot.effects import Here


def credit(conn: Connection, world: World, here: Here, done: fx.CreditHours) -> list[fx.Effect]:
    """Hours as points of the household, whole hours only, up to the yearly cap; nothing for who has no household.

    What is still credited for the same work, because its points were spent when the hours were corrected, counts.
    """
    home = households.of_person(conn, done.person)
    if home is None or done.minutes < 60:
        return []
    ledger.hold(conn)
    zone = zone_of(conn, world, home.area)
    in_force = points.rules(conn, community.above(conn, home.area), here.now.astimezone(zone).date())
    rule = next((r for r in in_force if r.per == "hour"), None)
    if rule is None or ledger.entry_of(conn, f"hours:{done.key}") is not None:
        return []
    hours = done.minutes // 60
    earned = proposals.earned(conn, home.account, rule.id, new_year(here.now, zone)) if rule.yearly_cap else 0
    before = sum(entry.transfer.points for entry in _credited(conn, done.key))
    amount = within_cap(rule.points * hours - before, rule.yearly_cap, earned)
    if amount <= 0:
        return []
    issuer, title = households.issuer(conn, home.area), done.memo[:60]
    post = fx.PostTransfer(f"hours:{done.key}", issuer, home.account, amount, here.actor, title, rule.id)
    text = words.HOURS.format(
        points=amount,
        memo=title,
        hours=hours,
        title=rule.title,
        number=words.number(rule.number),
        balance=ledger.balance(conn, home.account) + amount,
    )
    if before:
        text += words.HOURS_BEFORE.format(points=before)
    return [post, *tell(conn, home, text)]


def tell(conn: Connection, home: Household, text: str) -> list[fx.Effect]:
    return [fx.Say(text, fx.Privately(p), lane=fx.Lane.PUSH) for p in households.members(conn, home.id)]


def _credited(conn: Connection, key: str) -> list[ledger.Entry]:
    """What was credited for the same work and is still there, under whichever of its keys."""
    return ledger.standing(conn, [f"hours:{one}" for one in volunteers_hours.keys_alike(conn, key)])


def _spent(home: Household, points: int, memo: str, left: int) -> fx.Effect:
    """Whoever looks after the points reads what could not go back, and what can be done now."""
    text = words.HOURS_SPENT.format(name=home.name, points=points, memo=memo, left=max(left, 0))
    return fx.Say(text, to=fx.OnDuty(home.area, "community_staff"), lane=fx.Lane.PUSH)


def uncredit(conn: Connection, here: Here, key: str) -> list[fx.Effect]:
    """The points of corrected hours go back; spent ones stay, and a person of staff has to look at it."""
    ledger.hold(conn)
    effects: list[fx.Effect] = []
    gone: dict[str, int] = {}  # by account, what goes back with the others here
    for entry in _credited(conn, key):
        moved = entry.transfer
        home = households.by_account(conn, moved.target)
        balance = ledger.balance(conn, moved.target) - gone.get(moved.target, 0) - moved.points
        if balance < 0 or home is None:
            effects.append(fx.Audit(here.actor, "points.hours_spent", {"transfer": entry.id}))
            if home is not None:
                effects.append(_spent(home, moved.points, moved.memo, moved.points + min(balance, 0)))
            continue
        gone[moved.target] = gone.get(moved.target, 0) + moved.points
        text = words.HOURS_BACK.format(points=moved.points, memo=moved.memo, balance=balance)
        back = fx.TakeBack(moved.key, f"{moved.key}:back", here.actor, f"更正 {moved.memo}"[:255])
        effects += [back, *tell(conn, home, text)]
    return effects
