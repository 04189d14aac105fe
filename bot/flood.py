"""Somebody writes faster than anybody reads: every line is kept, first and last are read, the rest is let go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.channels.base import Kind
from flows.assistant.texts import TOO_MANY
from flows.effects import Lane
from nlu.danger import danger
from storage import inbox, outbox, people
from storage.database import Database
from storage.inbox_waiting import CROWD

MOST = 40  # lines of one chat that wait: so many nobody types while we are at work
MOST_IN_GROUP = 300
AT_ONCE = 2_000  # looked at in one go
EACH = 3  # first, last and dangerous lines of one person that are read all the same
LAST = 30  # lines of a group
MOST_KNOWN = 1_000  # chats
BURST, RATE = 12.0, 1 / inbox.ALONE.total_seconds()  # lines of a private chat at once, and a second: more wait
MOST_COUNTED = 10_000  # chats
Lines = Sequence[tuple[int, Mapping[str, Any]]]


def too_many(row: inbox.InboxRow) -> bool:
    """Whether so much of the chat of a claimed row waits that not all of it is read."""
    return row.waits > 1 + (MOST if row.payload.get("private") else MOST_IN_GROUP)


class Crowds:
    """What one process knows of the chats in which much waits: how far each was looked through for cries for help, and
    which rows are some. What comes before a cry is not slowed down: it is heard as soon as it can be."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[set[int], set[int]]] = {}

    def ease(self, database: Database, row: inbox.InboxRow, now: datetime) -> int:
        """Let go of what is too much of the chat of a claimed row; says how many lines. Raises Away."""
        if row.waits <= CROWD:
            return 0
        much, (seen, heard) = too_many(row), self._known.get(row.conversation, (set[int](), set[int]()))
        with database.read() as conn:
            waiting = inbox.behind(conn, row, AT_ONCE, after=0 if much else max(seen, default=0))
        cries = {id for id in heard if id > row.id} | _cries([one for one in waiting if one[0] not in seen])
        if len(self._known) > MOST_KNOWN:
            self._known.clear()
        self._known[row.conversation] = {id for id, _ in waiting} | (set() if much else seen), cries
        gone = list(_unread(waiting, cries)) if much else []
        if not gone and not cries:
            return 0
        with database.write() as conn:
            if not inbox.held(conn, row.id, row.tries, row.conversation):
                return 0
            count = inbox.let_go(conn, gone, now)
            inbox.pace(conn, row, now, hurry=bool(cries))  # what was to come next may be gone
            if much and row.payload.get("private"):
                _notice(conn, row, now)
        return count


class Budgets:
    """What one way in knows of who writes how fast: a private chat may send BURST lines at once and RATE a second. What
    is more waits a moment, so that it piles up where it is let go of, instead of taking turns that others wait for."""

    def __init__(self) -> None:
        self._left: dict[str, tuple[float, datetime]] = {}

    def spent(self, conversation: str, now: datetime) -> bool:
        """Count one more line of a chat; whether it is more than the chat may send."""
        left, at = self._left.get(conversation, (BURST, now))
        left = min(BURST, left + max(0.0, (now - at).total_seconds()) * RATE) - 1
        if len(self._left) > MOST_COUNTED:
            self._left.clear()
        self._left[conversation] = (max(left, -1.0), now)
        return left < 0


def _cries(waiting: Lines) -> set[int]:
    judged: dict[str, bool] = {}  # who floods says the same again and again
    for _, said in waiting:
        text = str(said.get("text", ""))
        if text not in judged:
            judged[text] = said.get("kind") in (Kind.MESSAGE, Kind.START) and danger(text[:500])[0] is not None
    return {id for id, said in waiting if judged[str(said.get("text", ""))]}


def _unread(waiting: Lines, cries: Collection[int]) -> Iterator[int]:
    """The rows that nobody will read: of each person neither first nor last, nor in danger, nor anything but words."""
    first, last, dangerous, pressed = Counter[str](), Counter[str](), Counter[str](), set[tuple[str, str]]()
    late = set[int]()
    for n, (id, said) in enumerate(reversed(waiting)):
        last[sender := str(said.get("sender"))] += 1
        if last[sender] <= EACH and (said.get("private") or said.get("addressed") or n < LAST):
            late.add(id)
    for id, said in waiting:
        sender, kind = str(said.get("sender")), said.get("kind")
        if kind == Kind.PRESS:
            button = (sender, str(said.get("choice")))
            if button in pressed:
                yield id
            pressed.add(button)
            continue
        if kind not in (Kind.MESSAGE, Kind.START):
            continue
        first[sender] += 1
        alarm = dangerous[sender] < EACH and id in cries
        dangerous[sender] += alarm
        if first[sender] > EACH and id not in late and not alarm:
            yield id


def _notice(conn: Connection, row: inbox.InboxRow, now: datetime) -> None:
    """Once a minute they are told so."""
    sender = str(row.payload.get("sender"))
    if not people.known(conn, row.channel, sender):
        return
    person = people.person_for(conn, row.channel, sender, now).id
    chat = people.chat_for(conn, row.channel, str(row.payload["chat"]), kind="private", person_id=person)
    key = f"flood.{chat.id}.{now:%Y%m%d%H%M}"
    outbox.put(conn, chat_id=chat.id, kind="say", lane=Lane.REPLY, payload={"text": TOO_MANY}, now=now, key=key)
