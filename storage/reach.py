"""Where a chat is and whether it takes messages: what delivery learns about it from the platform."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, exists, select, text, update

from storage.conflict import insert
from storage.tables import card, chat, chat_pulse, file, outbox, person

_pause = insert(chat_pulse)
_PAUSE = _pause.on_conflict_do_update(
    index_elements=["chat_id"],
    set_={"retry_at": _pause.excluded.retry_at, "retry_told": _pause.excluded.retry_told},
)

MOVED = "moved to "  # reason of the row that stands where a group was before the platform gave it another address


def close(conn: Connection, chat_id: int, *, state: str, reason: str) -> int:
    """The chat is closed to us. What was to go to a person who blocked us waits until they come back ("blocked");
    what was to go to a group that we are out of has failed ("left"). Says how many rows."""
    conn.execute(update(chat).where(chat.c.id == chat_id).values(state=state, reason=reason[:255]))
    result = conn.execute(
        update(outbox)
        .where(outbox.c.chat_id == chat_id, text("state = 'new'"))
        .values(state="waiting" if state == "blocked" else "failed", lease_until=None, reason=reason[:255])
    )
    return result.rowcount


def pause(conn: Connection, chat_id: int, until: datetime, now: datetime) -> None:
    """The platform wants to be sent nothing for this chat before `until`, whichever process sends."""
    conn.execute(_PAUSE, {"chat_id": chat_id, "retry_at": until, "retry_told": now})


def move(conn: Connection, chat_id: int, address: str, *, renumbered: bool = False) -> int:
    """The chat has a new address; says the id it goes by. Where a chat of that address was heard of already, it takes
    over the old one's place and messages. At the old address a row says where it went: files still name that one.
    `renumbered`: the platform numbers messages anew there, and what was said before is said once more when it changes:
    its old number is that of another message by now."""
    columns = (chat.c.channel, chat.c.address, chat.c.kind, chat.c.role, chat.c.area_id)
    old = conn.execute(select(*columns).where(chat.c.id == chat_id)).one()
    if renumbered and old.address != address:
        conn.execute(update(outbox).where(outbox.c.chat_id == chat_id).values(message=None))
    gone = {"role": "residents", "area_id": None, "state": "left", "reason": f"{MOVED}{address}"}
    there = select(chat.c.id).where(chat.c.channel == old.channel, chat.c.address == address, chat.c.id != chat_id)
    new_id: int | None = conn.execute(there).scalar_one_or_none()
    if new_id is None:
        conn.execute(update(chat).where(chat.c.id == chat_id).values(address=address, state="open", reason=None))
        if old.address != address:
            conn.execute(insert(chat).values(channel=old.channel, address=old.address, kind=old.kind, **gone))
        return chat_id
    taken = {"role": old.role, "area_id": old.area_id, "state": "open", "reason": None}
    conn.execute(update(chat).where(chat.c.id == new_id, chat.c.area_id.is_(None)).values(taken))
    conn.execute(
        update(outbox)
        .where(outbox.c.chat_id == chat_id, outbox.c.state.in_(("new", "waiting")))
        .values(chat_id=new_id, lease_until=None)
    )
    _bring_cards(conn, chat_id, new_id)
    conn.execute(update(person).where(person.c.group_id == chat_id).values(group_id=new_id))
    conn.execute(update(chat).where(chat.c.id == chat_id).values(gone))
    return new_id


def _bring_cards(conn: Connection, old: int, new: int) -> None:
    """The cards whose message went along, and is still to be sent there, are the new chat's."""
    there = card.alias("there")
    same = (there.c.kind == card.c.kind, there.c.subject_id == card.c.subject_id, there.c.chat_id == new)
    along = select(outbox.c.id).where(outbox.c.chat_id == new)
    mine = (card.c.chat_id == old, card.c.outbox_id.in_(along), ~exists().where(*same))
    conn.execute(update(card).where(*mine).values(chat_id=new))


def replace(conn: Connection, outbox_id: int, message: str) -> None:
    """What was said is now shown by another message: later edits and replies go to that one."""
    conn.execute(update(outbox).where(outbox.c.id == outbox_id).values(message=message))


def paths(conn: Connection, files: Iterable[int]) -> dict[int, str]:
    """Where files lie in the store, by row."""
    found = conn.execute(select(file.c.id, file.c.path).where(file.c.id.in_(list(files))))
    return {row.id: row.path for row in found}
