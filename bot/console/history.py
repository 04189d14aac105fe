"""The steps of a case as one member of staff reads them: what happened when, by whom, in which words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from flows.domain.case import Action, Case, Event
from flows.domain.scrub import scrubbed
from storage import desk


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a case's history, as staff read it."""

    step: str
    at: datetime
    who: str
    note: str
    tell: int = 0  # the seq of a note the residents have not read


def told(conn: Connection, events: list[Event], reader: int, case: Case, may_tell: bool) -> list[Told]:
    """The steps as `reader` reads them; `may_tell`: whether a note may be sent on to the residents."""
    acted = [int(e.actor[6:]) for e in events if e.actor.startswith("staff:")]
    owners = [int(e.data[key]) for e in events for key in ("owner", "helper") if e.data.get(key)]
    names = desk.names(conn, acted + owners)
    untold = {e.seq for e in events if may_tell and e.kind == Action.NOTE and e.seq not in case.told}
    return [
        Told(e.kind, e.at, _who(e.actor, names), _read(e, names, reader, case.owner), e.seq * (e.seq in untold))
        for e in events
    ]


def _read(event: Event, names: Mapping[int, str], reader: int, owner: int | None) -> str:
    """A step's words: scrubbed, but to who wrote them, and to the owner who asked for them."""
    said = _note(event, names)
    asked = event.kind == Action.ADD and event.data.get("asked") and reader == owner
    return said if asked or event.actor == f"staff:{reader}" else scrubbed(said)


def _who(actor: str, names: Mapping[int, str]) -> str:
    kind, _, number = actor.partition(":")
    return {"person": "居民", "clock": "系统"}.get(kind) or names.get(int(number), "工作人员")


def _note(event: Event, names: Mapping[int, str]) -> str:
    if event.kind == Action.OPEN:
        return ""
    parts = [str(event.data.get("note") or "")]
    if event.data.get("owner"):
        parts.insert(0, f"给{names.get(int(event.data['owner']), '同事')}")
    if event.data.get("helper"):
        parts.insert(0, names.get(int(event.data["helper"]), "同事"))
    if event.data.get("departments"):
        parts.insert(0, "、".join(event.data["departments"]))
    if event.data.get("rating"):
        parts.append(f"{event.data['rating']}分")
    return "，".join(part for part in parts if part)
