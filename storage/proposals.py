"""Proposals of points, and what has to be known to decide on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, false, func, insert, or_, select, update

from flows.domain.proposal import ENDED, Kind, Proposal, State
from flows.errors import NotAllowed
from storage.households import Household
from storage.tables import area, household, ledger_account, proposal, proposal_file, redemption, rule, transfer

_PROPOSALS = (
    select(
        proposal,
        household.c.key.label("household_key"),
        household.c.name.label("household_name"),
        household.c.area_id,
        rule.c.title,
        rule.c.category,
        rule.c.number,
        rule.c.key.label("rule_key"),
        transfer.c.key.label("transfer_key"),
        transfer.c.memo,
    )
    .join(household, household.c.id == proposal.c.household_id)
    .join(rule, rule.c.id == proposal.c.rule_id, isouter=True)
    .join(transfer, transfer.c.id == proposal.c.transfer_id, isouter=True)
)


def load(conn: Connection, id: int) -> Proposal:
    """A proposal as it stands. Raises NotAllowed when there is none."""
    row = conn.execute(_PROPOSALS.where(proposal.c.id == id)).first()
    if row is None:
        raise NotAllowed("没有这一条积分申报。")
    return _proposal(conn, row)


def _proposal(conn: Connection, row: Any) -> Proposal:
    photos = conn.execute(
        select(proposal_file.c.file_id).where(proposal_file.c.proposal_id == row.id).order_by(proposal_file.c.id)
    )
    return Proposal(
        id=row.id,
        kind=Kind(row.kind),
        state=State(row.state),
        version=row.version,
        household=row.household_id,
        account=f"household:{row.household_key}",
        name=row.household_name,
        area=row.area_id,
        rule=row.rule_id,
        title=row.title or row.memo or "",
        category=row.category or "",
        number=row.number or "",
        points=row.points,
        note=row.note,
        appeal=row.appeal,
        proposer=row.proposer,
        proposer_person=row.proposer_person_id,
        approver=row.approver_id,
        transfer=row.transfer_id,
        transfer_key=row.transfer_key or "",
        at=row.at,
        appeal_until=row.appeal_until,
        photos=tuple(photos.scalars()),
    )


def add(
    conn: Connection,
    *,
    kind: Kind,
    household_id: int,
    rule_id: int | None,
    transfer_id: int | None,
    points: int,
    note: str,
    photos: Sequence[int],
    proposer: str,
    person_id: int | None,
    now: datetime,
) -> Proposal:
    """Keep a new proposal with its evidence."""
    row = {
        "kind": kind.value,
        "state": State.PROPOSED.value,
        "household_id": household_id,
        "rule_id": rule_id,
        "transfer_id": transfer_id,
        "points": points,
        "note": note,
        "proposer": proposer,
        "proposer_person_id": person_id,
        "at": now,
    }
    id = int(conn.execute(insert(proposal).values(row).returning(proposal.c.id)).scalar_one())
    if photos:
        conn.execute(insert(proposal_file), [{"proposal_id": id, "file_id": photo} for photo in photos])
    return load(conn, id)


def change(
    conn: Connection,
    id: int,
    version: int,
    state: State,
    *,
    staff: int | None,
    note: str,
    appeal_until: datetime | None,
    now: datetime,
) -> None:
    """Move a proposal on. Raises NotAllowed when somebody was faster."""
    values: dict[str, Any] = {"state": state.value, "version": version + 1}
    if state is State.APPEALED:
        values["appeal"] = note
    elif note:
        values["reason"] = note
    if state is State.ANNOUNCED:
        values["appeal_until"] = appeal_until
    if state in ENDED:
        values["ended_at"] = now
    if staff is not None:  # the first to decide approved it, the second heard the appeal
        values["decider_id"] = case((proposal.c.approver_id.is_(None), None), else_=staff)
        values["approver_id"] = func.coalesce(proposal.c.approver_id, staff)
    moved = update(proposal).where(proposal.c.id == id, proposal.c.version == version)
    if conn.execute(moved.values(values)).rowcount != 1:
        raise NotAllowed("别人刚办过这一条，请看最新的情况。")


def earned(conn: Connection, account: str, rule_id: int, since: datetime) -> int:
    """The points an account got by a rule, in whatever version, since then; what was taken back is not counted."""
    wanted = select(rule.c.area_id, rule.c.key).where(rule.c.id == rule_id).subquery()
    own = select(ledger_account.c.id).where(ledger_account.c.key == account).scalar_subquery()
    signed = case((transfer.c.target_id == own, transfer.c.points), else_=-transfer.c.points)
    query = (
        select(func.sum(signed))
        .join(rule, rule.c.id == transfer.c.rule_id)
        .join(wanted, (wanted.c.area_id == rule.c.area_id) & (wanted.c.key == rule.c.key))
        .where(or_(transfer.c.target_id == own, transfer.c.source_id == own), transfer.c.at >= since)
    )
    return int(conn.execute(query).scalar() or 0)


def held(conn: Connection, household_id: int) -> int:
    """The points a household has set aside for goods it has not collected."""
    live = (redemption.c.household_id == household_id, redemption.c.state == "reserved")
    return int(conn.execute(select(func.coalesce(func.sum(redemption.c.points), 0)).where(*live)).scalar_one())


def set_aside(conn: Connection, redemption_id: int) -> int:
    """The points that were set aside for a redemption."""
    return int(conn.execute(select(redemption.c.points).where(redemption.c.id == redemption_id)).scalar_one())


def short(conn: Connection, redemption_id: int) -> list[tuple[int, int]]:
    """(proposal, points missing) of the deductions that fell due while the points of this redemption were set aside.
    One that was corrected since is none."""
    back = transfer.alias("back")
    due = (
        select(proposal.c.id, proposal.c.points)
        .join(redemption, redemption.c.household_id == proposal.c.household_id)
        .where(redemption.c.id == redemption_id, proposal.c.ended_at >= redemption.c.at)
        .where(proposal.c.kind == Kind.DEDUCTION.value, proposal.c.state == State.POSTED.value)
        .order_by(proposal.c.id)
    )
    found = []
    for id, points in conn.execute(due).all():
        own = or_(transfer.c.key == f"deduction:{id}", transfer.c.key.startswith(f"deduction:{id}:"))
        took = select(transfer.c.points, back.c.id).join(back, back.c.reverses == transfer.c.id, isouter=True)
        taken = conn.execute(took.where(own)).all()
        missing = points - sum(row.points for row in taken)
        if missing > 0 and all(row.id is None for row in taken):
            found.append((int(id), int(missing)))
    return found


def waiting_of(conn: Connection, household_id: int) -> int:
    """How many proposals of a household nobody has decided on yet."""
    query = select(func.count()).where(
        proposal.c.household_id == household_id, proposal.c.state == State.PROPOSED.value
    )
    return int(conn.execute(query).scalar_one())


def announced(conn: Connection, household_id: int) -> tuple[int, ...]:
    """The deductions a household may still appeal against, the oldest first."""
    query = select(proposal.c.id).where(
        proposal.c.household_id == household_id, proposal.c.state == State.ANNOUNCED.value
    )
    return tuple(conn.execute(query.order_by(proposal.c.id)).scalars())


def undecided(conn: Connection, areas: Sequence[int], states: Sequence[State], limit: int = 50) -> list[Proposal]:
    """What waits for somebody in these areas or below them, the oldest first."""
    paths = conn.execute(select(area.c.path).where(area.c.id.in_(areas))).scalars().all()
    if not paths:
        return []
    query = (
        _PROPOSALS.join(area, area.c.id == household.c.area_id)
        .where(or_(*(area.c.path.startswith(path) for path in paths)))
        .where(proposal.c.state.in_([state.value for state in states]))
        .order_by(proposal.c.id)
        .limit(limit)
    )
    return [_proposal(conn, row) for row in conn.execute(query).all()]


def rule_of(conn: Connection, id: int) -> Any:
    """A rule's row, in force or not; None when there is none."""
    return conn.execute(select(rule).where(rule.c.id == id)).first()


def correctable(conn: Connection, home: Household, limit: int = 8) -> list[Any]:
    """The newest entries made by a rule that nobody has taken back: rows of id, key, points (with a sign), memo, at."""
    own = select(ledger_account.c.id).where(ledger_account.c.key == home.account).scalar_subquery()
    back = transfer.alias("back")
    signed = case((transfer.c.target_id == own, transfer.c.points), else_=-transfer.c.points)
    query = (
        select(transfer.c.id, transfer.c.key, signed.label("points"), transfer.c.memo, transfer.c.at)
        .where(or_(transfer.c.target_id == own, transfer.c.source_id == own))
        .where(transfer.c.rule_id.is_not(None), transfer.c.reverses.is_(None))
        .where(~select(back.c.id).where(back.c.reverses == transfer.c.id).exists())
        .order_by(transfer.c.id.desc())
        .limit(limit)
    )
    return list(conn.execute(query).all())


def entry(conn: Connection, transfer_id: int, home: Household) -> Any:
    """One of those; None when it is none of this household's."""
    return next((row for row in correctable(conn, home, 200) if row.id == transfer_id), None)


def within(conn: Connection, id: int, areas: Sequence[int]) -> bool:
    """Whether a proposal is about a household in these areas or below them."""
    paths = conn.execute(select(area.c.path).where(area.c.id.in_(areas))).scalars().all()
    query = (
        select(proposal.c.id)
        .join(household, household.c.id == proposal.c.household_id)
        .join(area, area.c.id == household.c.area_id)
        .where(proposal.c.id == id, or_(false(), *(area.c.path.startswith(path) for path in paths)))
    )
    return conn.execute(query).first() is not None


def of_file(conn: Connection, file_id: int) -> int | None:
    """The proposal a photo is evidence of."""
    return conn.execute(select(proposal_file.c.proposal_id).where(proposal_file.c.file_id == file_id)).scalar()
