"""Messages to others that repeat what was known of a person: a phone wherever it stands, a name only beside theirs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Select, Text, cast, or_, select

from storage import personal
from storage.tables import (
    activity,
    booking,
    button,
    case,
    case_party,
    chat,
    household,
    household_member,
    mediation,
    mediation_party,
    outbox,
    shift,
    sign_up,
    thread,
)

UNIQUE = frozenset(("phone", "guardian_phone"))  # nobody else has it
LONG = 10  # characters of an address that nobody else has; a date of birth has as many
DATED = "birth"


def quoting(conn: Connection, person_id: int) -> Iterator[int]:
    """What repeats a phone, name or room of theirs, whoever it went to: there are other 王芳, and other rooms 201."""
    marks: re.Pattern[str] | None = None
    pressed = set(conn.execute(_buttons(person_id)).scalars())
    for field, value in personal.read(conn, person_id).items():
        if len(value) < 2:
            continue
        told = cast(outbox.c.payload, Text).contains(value, autoescape=True)
        sure = field in UNIQUE or (len(value) >= LONG and field != DATED)
        marks = marks or _marks(conn, person_id)
        for row in conn.execute(select(outbox.c.id, outbox.c.payload).where(told)):
            if sure or row.id in pressed or marks.search(str(row.payload)):
                yield row.id


def mediators(conn: Connection, person_id: int) -> Iterator[int]:
    """What others than the sides were told of a mediation of theirs: wherever words of it stand, its number does."""
    sides = mediation_party.alias("sides")
    where = (sides.c.mediation_id == mediation.c.id, sides.c.person_id == person_id)
    for id, number in conn.execute(select(mediation.c.id, mediation.c.number).join(sides).where(*where)).all():
        told = select(chat.c.id).join(mediation_party, mediation_party.c.person_id == chat.c.person_id)
        others = outbox.c.chat_id.not_in(told.where(mediation_party.c.mediation_id == id))
        named = cast(outbox.c.payload, Text).contains(number, autoescape=True)
        for row in conn.execute(select(outbox.c.id, outbox.c.payload).where(others, named)):
            if re.search(rf"{re.escape(number)}(?!\d)", str(row.payload)):
                yield row.id


def _buttons(person_id: int) -> Select[Any]:
    """The messages with a button for them, or about them."""
    theirs = or_(button.c.person_id == person_id, button.c.args["person"].as_integer() == person_id)
    return select(button.c.outbox_id).where(theirs, button.c.outbox_id.is_not(None))


def _marks(conn: Connection, person_id: int) -> re.Pattern[str]:
    """What a message about a matter of theirs names: its number, the activity, the household."""
    parties = select(case_party.c.case_id).where(case_party.c.person_id == person_id)
    sides = select(mediation_party.c.mediation_id).where(mediation_party.c.person_id == person_id)
    homes = select(household_member.c.household_id).where(household_member.c.person_id == person_id)
    went = select(shift.c.activity_id).join(sign_up, sign_up.c.shift_id == shift.c.id)
    named = (
        select(case.c.number).where(or_(case.c.person_id == person_id, case.c.id.in_(parties))),
        *(select(one.c.number).where(one.c.person_id == person_id) for one in (thread, booking)),
        select(mediation.c.number).where(mediation.c.id.in_(sides)),
        select(activity.c.title).where(activity.c.id.in_(went.where(sign_up.c.person_id == person_id))),
        select(household.c.name).where(household.c.id.in_(homes)),
    )
    found = {str(name) for query in named for name in conn.execute(query).scalars() if name}
    return re.compile("|".join(rf"{re.escape(name)}(?!\d)" for name in sorted(found)) or r"(?!)")
