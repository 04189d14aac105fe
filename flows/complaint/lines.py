"""Lines about a case to staff: to its group, to whoever has it, to whoever answers for a level."""

from __future__ import annotations

from flows.complaint.around import Around
from flows.complaint.card import approving, asking, granting
from flows.complaint.clocks import LADDER
from flows.domain.case import Case, Event
from flows.effects import CardKey, Lane, OnDuty, Privately, Say, StaffRoom


def room(text: str, case: Case, around: Around) -> tuple[Say, ...]:
    """A new message that asks somebody of the staff group to act, replying to the card."""
    if case.area is None:
        return ()
    return (Say(text, to=StaffRoom(around.room(case)), about=CardKey("case", case.id), lane=Lane.PUSH),)


def owner(line: str, case: Case, around: Around) -> tuple[Say, ...]:
    """A line to whoever has the case, in private, with the card."""
    person = around.owner_person(case)
    return (asking(line, case, around, Privately(person)),) if person and case.area else ()


def duty(line: str, case: Case, around: Around, level: str) -> tuple[Say, ...]:
    """A line to whoever answers for a level, in private, with the card."""
    area = around.above.get(level) or case.area
    return (asking(line, case, around, OnDuty(area, LADDER[level])),) if area else ()


def up(line: str, case: Case, around: Around) -> Say:
    level = next((one for one in ("subdistrict", "city") if one in around.above), case.level)
    area = around.above.get(level) or around.room(case)
    return granting(line, case, around, OnDuty(area, LADDER[level]))


def granter(line: str, case: Case, around: Around) -> Say:
    """A line to whoever decides about an extension: the level above, else the case's own."""
    level = around.next_level(case) or case.level
    area = around.above.get(level) or around.room(case)
    return approving(line, case, around, OnDuty(area, LADDER[level]))


def note(event: Event) -> str:
    return str(event.data.get("note") or "")
