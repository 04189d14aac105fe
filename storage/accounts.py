"""The accounts a person has on the channels: which there are, where else they read, and letting one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, or_, select, text, update

from storage import bot_answers
from storage.tables import account, button, chat, chat_pulse, conversation, inbox, outbox, person, web_line


@dataclass(frozen=True, slots=True)
class Account:
    """`chat`: its private chat, once there was one; `heard_at`: when the person last wrote there."""

    id: int
    channel: str
    address: str
    person: int
    chat: int | None
    heard_at: datetime | None
    open: bool


_ACCOUNTS = select(
    account.c.id,
    account.c.channel,
    account.c.address,
    account.c.person_id,
    chat.c.id.label("chat"),
    func.coalesce(chat_pulse.c.heard_at, chat.c.heard_at),
    chat.c.state,
)
_ACCOUNTS = _ACCOUNTS.outerjoin_from(
    account,
    chat,
    (chat.c.channel == account.c.channel) & (chat.c.address == account.c.address) & (chat.c.kind == "private"),
).outerjoin(chat_pulse, chat_pulse.c.chat_id == chat.c.id)


def of_person(conn: Connection, person_id: int) -> list[Account]:
    """A person's accounts, the oldest first."""
    rows = conn.execute(_ACCOUNTS.where(account.c.person_id == person_id).order_by(account.c.id))
    return [Account(*row[:6], open=row.state == "open") for row in rows]


def elsewhere(conn: Connection, person_id: int, chat_id: int, since: datetime) -> list[Account]:
    """The other private chats a person has written in since then and can be reached in."""
    found = of_person(conn, person_id)
    return [a for a in found if a.chat not in (None, chat_id) and a.open and a.heard_at and a.heard_at >= since]


def detach(conn: Connection, found: Account, now: datetime) -> int:
    """The account is somebody's of whom nothing is known, and what waited for it does not arrive; who that is.

    Everything else stays with the person. What was said and answered there is emptied, for nobody finds it by that
    account again; what the web chat still shows goes, what lies on a phone stays.
    """
    _empty(conn, found)
    fresh = int(conn.execute(insert(person).values(created_at=now).returning(person.c.id)).scalar_one())
    conn.execute(update(account).where(account.c.id == found.id).values(person_id=fresh))
    if found.chat is not None:
        conn.execute(delete(conversation).where(conversation.c.chat_id == found.chat))
        conn.execute(delete(button).where(button.c.chat_id == found.chat))
        unsent = (outbox.c.chat_id == found.chat, text("state IN ('new', 'waiting')"))
        conn.execute(update(outbox).where(*unsent).values(state="failed", lease_until=None, reason="unbound"))
        conn.execute(update(outbox).where(outbox.c.chat_id == found.chat).values(payload={}))
        conn.execute(update(chat).where(chat.c.id == found.chat).values(person_id=fresh))
    if found.channel == "web":
        conn.execute(
            update(web_line).where(web_line.c.chat == found.address).values(body={"text": "（已解绑）"}, name="")
        )
    return fresh


def _empty(conn: Connection, found: Account) -> None:
    """Leave of what was said by the account whose it was, and which photos of the web chat are to go with the rest."""
    where = f"{found.channel}:{found.address}"
    mine = or_(inbox.c.conversation == where, inbox.c.payload["sender"].as_string() == found.address)
    said = select(inbox.c.id, inbox.c.payload["photos"].label("photos"))
    rows = conn.execute(said.where(inbox.c.channel == found.channel, mine, text("state <> 'new'"))).all()
    for row in rows:
        photos = {"photos": row.photos} if row.photos and found.channel == "web" else {}
        left = {"gone": found.person, **photos}
        conn.execute(update(inbox).where(inbox.c.id == row.id).values(payload=left))
    if found.channel == "wecom":
        bot_answers.empty(conn, [found.address])


def channels(found: Sequence[Account]) -> list[str]:
    """Which channels these are on, each once."""
    return list(dict.fromkeys(a.channel for a in found))
