"""What a conversation about points needs: a household with its points, the rules in force, a code's subject."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select, update

from flows.facts import HouseholdView, RedemptionView, RuleView, StatementLine
from storage import codes, households, ledger, proposals
from storage.shop import REDEMPTIONS
from storage.tables import code as codes_table
from storage.tables import household, redemption, rule, staff, transfer


def household_of(conn: Connection, person_id: int) -> HouseholdView | None:
    """The household a person is bound to, with balance, categories, the last eleven entries and live redemptions."""
    home = households.of_person(conn, person_id)
    if home is None:
        return None
    account = home.account
    live = REDEMPTIONS.where(redemption.c.household_id == home.id, redemption.c.state == "reserved")
    return HouseholdView(
        id=home.id,
        key=home.key,
        name=home.name,
        area=home.area,
        balance=ledger.balance(conn, account),
        by_category=_by_category(conn, account),
        statement=tuple(_line(x) for x in ledger.statement(conn, account, 11)),
        redemptions=tuple(RedemptionView(*each) for each in conn.execute(live.order_by(redemption.c.id))),
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
    signed = case((transfer.c.target_id == own, transfer.c.points), else_=-transfer.c.points)
    query = (
        select(rule.c.category, func.sum(signed))
        .join(rule, rule.c.id == transfer.c.rule_id)
        .where(or_(transfer.c.target_id == own, transfer.c.source_id == own))
        .group_by(rule.c.category)
    )
    return {category: int(points) for category, points in conn.execute(query)}


def rules(conn: Connection, area_ids: Sequence[int], today: date) -> list[RuleView]:
    """The rules in force in these areas (a community and those above it) on a local day."""
    columns = (rule.c.number, rule.c.category, rule.c.title, rule.c.points, rule.c.evidence, rule.c.yearly_cap)
    query = select(rule.c.id, *columns, rule.c.per).where(rule.c.area_id.in_(area_ids), in_force(today))
    return [RuleView(*row) for row in conn.execute(query.order_by(rule.c.id))]


def in_force(today: date) -> ColumnElement[bool]:
    """Active, and within its dates."""
    day = today.isoformat()
    return and_(
        rule.c.active,
        or_(rule.c.since.is_(None), rule.c.since <= day),
        or_(rule.c.until.is_(None), rule.c.until >= day),
    )


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
