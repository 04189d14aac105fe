"""Mediations, their append-only history, and the two sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, insert, or_, select, update

from flows.domain.mediation import ALIVE, SIDES, Event, Mediation, Step, apply, replay
from flows.domain.scrub import scrubbed
from flows.facts import MediationView
from storage.cases import Overtaken
from storage.tables import area, mediation, mediation_event, mediation_party

Party = tuple[int | None, str]  # person, words for the mediator
_EMPTY = {"intake": "", "place": "", "plan": "", "agreement": ""}


@dataclass(frozen=True, slots=True)
class Words:
    """What was written down: at the beginning by staff, where both meet, the plan, the agreement, by each side."""

    intake: str
    place: str
    plan: str
    agreement: str
    sides: Mapping[str, str]


def open_mediation(
    conn: Connection,
    *,
    data: Mapping[str, Any],
    parties: Mapping[str, Party],
    actor: str,
    now: datetime,
    intake: str = "",
) -> Mediation:
    """Begin one; `data` is what the history keeps of it."""
    event = Event(1, Step.OPEN, now, actor, data)
    made = apply(Mediation(), event)
    row = {"number": made.number, "kind": made.kind, "area_id": made.area, "case_id": made.case}
    row |= {"intake": intake, "state": made.state, "opened_at": now, "version": 1}
    id = conn.execute(insert(mediation).values(row).returning(mediation.c.id)).scalar_one()
    _append(conn, id, event)
    sides = {side: parties.get(side, (None, "")) for side in SIDES}
    conn.execute(
        insert(mediation_party),
        [{"mediation_id": id, "side": s, "person_id": person, "words": words} for s, (person, words) in sides.items()],
    )
    return load(conn, id)


def history(conn: Connection, id: int) -> list[Event]:
    columns = (mediation_event.c.seq, mediation_event.c.kind, mediation_event.c.at, mediation_event.c.actor)
    mine = select(*columns, mediation_event.c.data).where(mediation_event.c.mediation_id == id)
    return [Event(*row) for row in conn.execute(mine.order_by(mediation_event.c.seq))]


def load(conn: Connection, id: int) -> Mediation:
    """What the history gives. Raises LookupError when there is none."""
    events = history(conn, id)
    if not events:
        raise LookupError(f"mediation {id}")
    return replace(replay(events), id=id)


def append(conn: Connection, before: Mediation, event: Event, written: Mapping[str, str]) -> Mediation:
    """One more event, and what was written down with it. Raises Overtaken when somebody was faster."""
    after = apply(before, event)
    values: dict[str, Any] = {"state": after.state, "mediator_id": after.mediator, "version": after.version, **written}
    done = conn.execute(
        update(mediation).where(mediation.c.id == before.id, mediation.c.version == before.version).values(values)
    )
    if done.rowcount != 1:
        raise Overtaken(before.number)
    _append(conn, before.id, event)
    return after


def _append(conn: Connection, id: int, event: Event) -> None:
    row = {"mediation_id": id, "seq": event.seq, "kind": str(event.kind), "at": event.at, "actor": event.actor}
    conn.execute(insert(mediation_event).values(**row, data=dict(event.data)))


def parties(conn: Connection, id: int) -> dict[str, int | None]:
    """The person of each side, None while nobody has used the code."""
    rows = conn.execute(
        select(mediation_party.c.side, mediation_party.c.person_id).where(mediation_party.c.mediation_id == id)
    )
    return {row.side: row.person_id for row in rows}


def join(conn: Connection, id: int, side: str, person: int) -> bool:
    """The person becomes this side; False when somebody is already, or the person is the other side."""
    there = parties(conn, id)
    if there.get(side) == person:
        return True
    if there.get(side) is not None or person in there.values():
        return False
    mine = (mediation_party.c.mediation_id == id, mediation_party.c.side == side)
    return conn.execute(update(mediation_party).where(*mine).values(person_id=person)).rowcount == 1


def tell(conn: Connection, id: int, side: str, words: str) -> None:
    """What a side tells the mediator."""
    mine = (mediation_party.c.mediation_id == id, mediation_party.c.side == side)
    conn.execute(update(mediation_party).where(*mine).values(words=words))


def written(conn: Connection, id: int) -> Words:
    columns = (mediation.c.intake, mediation.c.place, mediation.c.plan, mediation.c.agreement)
    row = conn.execute(select(*columns).where(mediation.c.id == id)).one()
    sides = conn.execute(
        select(mediation_party.c.side, mediation_party.c.words).where(mediation_party.c.mediation_id == id)
    )
    return Words(*row, {r.side: r.words for r in sides})


def of_person(conn: Connection, person: int, limit: int = 3) -> tuple[MediationView, ...]:
    """The newest mediations in which somebody is a side."""
    query = select(mediation_party.c.mediation_id, mediation_party.c.side, mediation.c.place, mediation.c.agreement)
    query = query.join(mediation, mediation.c.id == mediation_party.c.mediation_id)
    query = query.where(mediation_party.c.person_id == person).order_by(mediation.c.id.desc()).limit(limit)
    return tuple(MediationView(load(conn, id), side, place, said) for id, side, place, said in conn.execute(query))


def live(conn: Connection, person_id: int) -> list[tuple[int, str]]:
    """Id and number of the mediations under way in which somebody is a side."""
    query = select(mediation.c.id, mediation.c.number).join(mediation_party)
    alive = (mediation_party.c.person_id == person_id, mediation.c.state.in_([str(state) for state in ALIVE]))
    return [(row.id, row.number) for row in conn.execute(query.where(*alive).order_by(mediation.c.id))]


def forget(conn: Connection, person_id: int) -> None:
    """Empty what a side said and what was written down; what both agreed on in the end is the other's as well, and
    stays without names, phones and rooms as long as there is another."""
    mine = select(mediation_party.c.mediation_id).where(mediation_party.c.person_id == person_id)
    other = mediation_party.alias("other")
    also = exists().where(other.c.mediation_id == mediation.c.id, other.c.person_id != person_id)
    shared = select(mediation.c.id, mediation.c.agreement).where(
        mediation.c.id.in_(mine), mediation.c.state == "settled"
    )
    kept = {row.id: scrubbed(row.agreement) for row in conn.execute(shared.where(also))}
    conn.execute(update(mediation).where(mediation.c.id.in_(mine)).values(_EMPTY))
    for id, agreement in kept.items():
        conn.execute(update(mediation).where(mediation.c.id == id).values(agreement=agreement))
    conn.execute(update(mediation_party).where(mediation_party.c.person_id == person_id).values(words=""))


def forget_old(conn: Connection, before: datetime) -> int:
    """Empty the words of mediations in which nothing happened since; their history stays. Says how many."""
    lately = exists().where(mediation_event.c.mediation_id == mediation.c.id, mediation_event.c.at >= before)
    said = exists().where(mediation_party.c.mediation_id == mediation.c.id, mediation_party.c.words != "")
    written = or_(said, *(mediation.c[name] != "" for name in _EMPTY))
    old = select(mediation.c.id).where(mediation.c.opened_at < before, ~lately, written).limit(500)
    ids = list(conn.execute(old).scalars())
    conn.execute(update(mediation).where(mediation.c.id.in_(ids)).values(_EMPTY))
    conn.execute(update(mediation_party).where(mediation_party.c.mediation_id.in_(ids)).values(words=""))
    return len(ids)


def path_of(conn: Connection, id: int) -> str:
    """Where the area of a mediation lies in the tree."""
    query = select(area.c.path).join(mediation, mediation.c.area_id == area.c.id).where(mediation.c.id == id)
    return str(conn.execute(query).scalar_one())


def seen_from(
    conn: Connection, paths: Sequence[str], staff_id: int, *, only: int | None = None, limit: int = 50
) -> list[tuple[int, str]]:
    """Ids of the newest mediations in these areas or taken by this member of staff, each with its area's name."""
    near = [area.c.path.startswith(path) for path in paths]
    query = select(mediation.c.id, area.c.name).join(area, area.c.id == mediation.c.area_id)
    query = query.where(or_(mediation.c.mediator_id == staff_id, *near)).order_by(mediation.c.id.desc()).limit(limit)
    if only is not None:
        query = query.where(mediation.c.id == only)
    return [(row.id, row.name) for row in conn.execute(query)]
