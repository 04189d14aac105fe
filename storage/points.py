"""What a conversation about points needs: a household with its points, the rules in force, a code's subject."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, and_, bindparam, case, func, or_, select, update

from flows.facts import HouseholdView, RedemptionView, RuleView, StatementLine
from storage import codes, households, ledger, proposals
from storage.shop import REDEMPTIONS
from storage.tables import code as codes_table
from storage.tables import household, redemption, rule, staff, transfer

_LIVE = REDEMPTIONS.where(
    redemption.c.household_id == bindparam("household"), redemption.c.state == "reserved"
).order_by(redemption.c.id)
_own = bindparam("own", type_=transfer.c.target_id.type)
_BY_CATEGORY = (
    select(rule.c.category, func.sum(case((transfer.c.target_id == _own, transfer.c.points), else_=-transfer.c.points)))
    .join(rule, rule.c.id == transfer.c.rule_id)
    .where(or_(transfer.c.target_id == _own, transfer.c.source_id == _own))
    .group_by(rule.c.category)
)


def household_of(conn: Connection, person_id: int) -> HouseholdView | None:
    """The household a person is bound to, with balance, categories, the last eleven entries and live redemptions."""
    home = households.of_person(conn, person_id)
    if home is None:
        return None
    account = home.account
    return HouseholdView(
        id=home.id,
        key=home.key,
        name=home.name,
        area=home.area,
        balance=ledger.balance(conn, account),
        by_category=_by_category(conn, account),
        statement=tuple(_line(x) for x in ledger.statement(conn, account, 11)),
        redemptions=tuple(RedemptionView(*each) for each in conn.execute(_LIVE, {"household": home.id})),
        ranked=home.ranked,
        announced=proposals.announced(conn, home.id),
    )


def _line(entry: ledger.Line) -> StatementLine:
    return StatementLine(entry.at, entry.points, entry.memo, entry.id)


def statement(conn: Connection, account: str, before: int) -> tuple[StatementLine, ...]:
    """The ten entries before one, and the one that says whether there are more."""
    return tuple(_line(x) for x in ledger.statement(conn, account, 11, before))


def _by_category(conn: Connection, account: str) -> dict[str, int]:
    """What each category gave, less what was taken back or deducted."""
    own = ledger.account_id(conn, account)
    return {category: int(points) for category, points in conn.execute(_BY_CATEGORY, {"own": own})}


def in_force(today: date | BindParameter[Any]) -> ColumnElement[bool]:
    """Active, and within its dates; a parameter is given the day's ISO form."""
    day = today.isoformat() if isinstance(today, date) else today
    return and_(
        rule.c.active,
        or_(rule.c.since.is_(None), rule.c.since <= day),
        or_(rule.c.until.is_(None), rule.c.until >= day),
    )


_columns = (rule.c.number, rule.c.category, rule.c.title, rule.c.points, rule.c.evidence, rule.c.yearly_cap)
_RULES = (
    select(rule.c.id, *_columns, rule.c.per)
    .where(rule.c.area_id.in_(bindparam("areas", expanding=True)), in_force(bindparam("today")))
    .order_by(rule.c.id)
)


def rules(conn: Connection, area_ids: Sequence[int], today: date) -> list[RuleView]:
    """The rules in force in these areas (a community and those above it) on a local day."""
    return [RuleView(*row) for row in conn.execute(_RULES, {"areas": area_ids, "today": today.isoformat()})]


def code_by_id(conn: Connection, id: int) -> codes.CodeRow | None:
    columns = (
        codes_table.c.id,
        codes_table.c.kind,
        codes_table.c.subject,
        codes_table.c.person_id,
        codes_table.c.expires_at,
    )
    row = conn.execute(select(*columns).where(codes_table.c.id == id)).first()
    return codes.CodeRow(*row) if row else None


def household_name(conn: Connection, id: int) -> str | None:
    return conn.execute(select(household.c.name).where(household.c.id == id)).scalar()


def bind_staff(conn: Connection, staff_id: int, person_id: int) -> None:
    """A chat account is a member of staff's from now on."""
    conn.execute(update(staff).where(staff.c.id == staff_id).values(person_id=person_id))
