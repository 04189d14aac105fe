"""Households and who belongs to them: binding, leaving, moving to another community, finding one by its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, exists, func, insert, or_, select, update

from flows.errors import NotAllowed
from flows.facts import HouseholdLine
from nlu.late import regex
from storage import ledger, totals
from storage.sequence import daily, next_number
from storage.tables import area, household, household_member

CODES_A_DAY = 5  # for one household
_SAID, _NAME = 60, 16  # characters of what was said that are looked at, and of a name
_KEY = regex(r"[A-Za-z0-9][A-Za-z0-9_./-]*")
_LIVE = household_member.c.until.is_(None)


@dataclass(frozen=True, slots=True)
class Household:
    """A household as a row; `account` is the one in the ledger."""

    id: int
    key: str
    name: str
    area: int
    ranked: bool

    @property
    def account(self) -> str:
        return f"household:{self.key}"


_HOUSEHOLDS = select(household.c.id, household.c.key, household.c.name, household.c.area_id, household.c.ranked)


def get(conn: Connection, id: int) -> Household:
    """Raises LookupError when there is none."""
    row = conn.execute(_HOUSEHOLDS.where(household.c.id == id)).first()
    if row is None:
        raise LookupError(f"no household {id}")
    return Household(*row)


def by_account(conn: Connection, account: str) -> Household | None:
    """The household of a ledger account; None for an account of another kind."""
    kind, _, key = account.partition(":")
    row = conn.execute(_HOUSEHOLDS.where(household.c.key == key)).first() if kind == "household" else None
    return Household(*row) if row else None


_OF_PERSON = _HOUSEHOLDS.join(household_member, household_member.c.household_id == household.c.id).where(
    household_member.c.person_id == bindparam("person"), _LIVE
)


def of_person(conn: Connection, person_id: int) -> Household | None:
    """The household a person is bound to."""
    row = conn.execute(_OF_PERSON, {"person": person_id}).first()
    return Household(*row) if row else None


def join(conn: Connection, household_id: int, person_id: int, now: datetime) -> None:
    """Bind a person to a household; an earlier binding ends."""
    leave(conn, person_id, now)
    conn.execute(insert(household_member).values(household_id=household_id, person_id=person_id, since=now))


def leave(conn: Connection, person_id: int, now: datetime) -> int | None:
    """End a person's binding; the household that was left."""
    ended = update(household_member).where(household_member.c.person_id == person_id, _LIVE).values(until=now)
    return conn.execute(ended.returning(household_member.c.household_id)).scalar()


def members(conn: Connection, household_id: int) -> tuple[int, ...]:
    """The persons bound to a household now."""
    query = select(household_member.c.person_id).where(household_member.c.household_id == household_id, _LIVE)
    return tuple(conn.execute(query.order_by(household_member.c.id)).scalars())


def together(conn: Connection, one: int, other: int) -> bool:
    """Whether two persons are bound to the same household."""
    first, second = household_member.alias(), household_member.alias()
    both = exists().where(
        first.c.household_id == second.c.household_id,
        first.c.person_id == one,
        second.c.person_id == other,
        first.c.until.is_(None),
        second.c.until.is_(None),
    )
    return bool(conn.execute(select(both)).scalar())


def named(conn: Connection, text: str, areas: Sequence[int], limit: int = 9) -> tuple[HouseholdLine, ...]:
    """The households named in a sentence, in these areas or below them, with the place they live at."""
    if not text or not areas:
        return ()
    paths = conn.execute(select(area.c.path).where(area.c.id.in_(areas))).scalars().all()
    rows = conn.execute(
        select(household.c.id, household.c.name, area.c.name.label("place"))
        .join(area, area.c.id == household.c.area_id)
        .where(or_(*(area.c.path.startswith(path) for path in paths)))
        .where(or_(household.c.name.in_(_pieces(text[:_SAID])), household.c.key.in_(_KEY.findall(text))))
        .order_by(func.length(household.c.name).desc(), household.c.id)
        .limit(limit)
    )
    return tuple(HouseholdLine(*row) for row in rows)


def _pieces(text: str) -> list[str]:
    """Everything in a text that could be a name: looked up by an index, however many households there are."""
    ends = range(1, len(text) + 1)
    return sorted({text[begin:end] for end in ends for begin in range(max(0, end - _NAME), end)})


def community_key(conn: Connection, area_id: int) -> str:
    """The key of the community an area lies in, else its own: whose points they are."""
    return str(conn.execute(select(area.c.key).where(area.c.id == totals.community_of(conn, area_id))).scalar_one())


def issuer(conn: Connection, area_id: int) -> str:
    """The account that gives points in an area."""
    return f"issuer:{community_key(conn, area_id)}"


def move(conn: Connection, household_id: int, to_area: int, *, by: str, now: datetime) -> int:
    """Move a household to another community: the old one takes the points back, the new one gives them; the balance.

    The account, with all its history, stays the household's. Raises NotAllowed when it lives there already.
    """
    ledger.hold(conn)
    home = get(conn, household_id)
    old, new = issuer(conn, home.area), issuer(conn, to_area)
    if old == new:
        raise NotAllowed("这一户本来就在那个社区，不用迁。")
    balance = ledger.balance(conn, home.account)
    if balance:
        key = f"move:{household_id}:{next_number(conn, f'move:{household_id}')}"
        ledger.post(
            conn, key=f"{key}:out", source=home.account, target=old, points=balance, by=by, now=now, memo="迁出结转"
        )
        ledger.post(
            conn, key=f"{key}:in", source=new, target=home.account, points=balance, by=by, now=now, memo="迁入结转"
        )
    conn.execute(update(household).where(household.c.id == household_id).values(area_id=to_area))
    totals.rank(conn, household_id)
    return balance


def may_have_code(conn: Connection, household_id: int, now: datetime) -> bool:
    """Count one more code for a household; False when it had enough of them today."""
    return next_number(conn, daily(f"household-code:{household_id}", now)) <= CODES_A_DAY
