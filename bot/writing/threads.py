"""Rows of the effects on conversations with a person, and the guides that come of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_never

from sqlalchemy import Connection

from bot import casework, guidework, legalwork, letterbox, offduty, recipients
from bot.world import World
from flows import effects as fx
from storage import threads

if TYPE_CHECKING:
    from bot.effects import Here

NUMBERS = {"legal": "F", "handover": "R", "alarm": "J"}  # what a conversation's number begins with


def write(conn: Connection, world: World, here: Here, effect: fx.ThreadEffect) -> list[fx.Effect]:
    """Write one effect; what follows from it. Raises NotAllowed."""
    match effect:
        case fx.OpenThread():
            return opened(conn, world, here, effect)
        case fx.ActOnThread(thread, action, data):
            return casework.on_thread(conn, world, here, thread, action, data)
        case fx.ChangeThread(thread, version, state, owner, role, area, rating, aside):
            values: dict[str, Any] = {"state": state, "owner_id": owner, "role": role, "area_id": area}
            values |= {"rating": rating} if rating else {}
            values |= {"aside": list(aside)} if aside is not None else {}
            threads.change(conn, thread, version, here.now, **values)
        case fx.AddLine(thread, author, text, photo):
            threads.add_line(conn, thread, author, text, here.now, photo)
        case fx.Strike(thread, answer):
            threads.strike(conn, thread, answer)
        case fx.DraftGuide():
            return guidework.draft(conn, here, effect)
        case fx.ActOnGuide():
            return guidework.act(conn, world, here, effect)
        case fx.ChangeGuide():
            guidework.change(conn, here, effect)
        case fx.TakeLeave():
            return offduty.write(conn, here, effect)
        case _:
            assert_never(effect)
    return []


def opened(conn: Connection, world: World, here: Here, effect: fx.OpenThread) -> list[fx.Effect]:
    """A conversation begins: the asker hears its number, whoever is to answer is told."""
    chat = recipients.private_chat(conn, here, effect.person)
    area = effect.area or world.known(conn).top
    legal = effect.kind == "legal"
    thread = threads.open_thread(
        conn,
        kind=effect.kind,
        number=letterbox.number(conn, world, here, NUMBERS[effect.kind]),
        person_id=effect.person,
        chat_id=chat.id,
        area_id=area,
        role=legalwork.first_role(conn, here, area, effect.person) if legal else effect.role,
        subject=effect.subject,
        now=here.now,
    )
    told = [fx.Say(effect.receipt.replace("{number}", thread.number), to=fx.Privately(effect.person))]
    return [*(told if effect.receipt else []), *casework.thread_opened(conn, world, here, thread, effect.subject)]
