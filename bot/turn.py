"""One turn: understand first, then in one transaction claim, lock, load facts, decide, write, mark done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection

from bot import doubts, grouptalk, presses, privatetalk, typed
from bot.channels.base import Inbound, Kind
from bot.clock import ticks
from bot.effects import Here, Writer
from bot.world import World
from flows.assistant import texts
from flows.effects import Notice, Say
from flows.errors import NotAllowed, Suspicious
from flows.facts import Query
from nlu.script import script
from nlu.understanding import Understanding
from storage import audit, burden, cases, inbox, outbox, people, reach
from storage.database import Away
from storage.files import add as add_file

log = structlog.get_logger()
LEASE = timedelta(seconds=45)  # what people wait when a worker died over their message
Stored = tuple[dict[str, Any], ...]  # files already in the store: digest, kind, path, size


class Wanted(Exception):
    """A decision asks for something slow: the transaction is given up, the answer fetched, the turn taken again."""

    def __init__(self, query: Query) -> None:
        super().__init__(type(query).__name__)
        self.query = query


class Scene:
    """What one turn works with inside its transaction."""

    def __init__(self, conn: Connection, world: World, said: Inbound, row: inbox.InboxRow, now: datetime) -> None:
        self.conn, self.world, self.said, self.row, self.now = conn, world, said, row, now
        self.person = people.person_for(conn, said.channel, said.sender, now)
        kind = "private" if said.private else "group"
        self.chat = people.chat_for(conn, said.channel, said.chat, kind=kind, person_id=self.person.id)
        self.staff = people.staff_of(conn, self.person.id)
        self.answers: dict[Query, Any] = {}
        self.photos: tuple[int, ...] = ()
        self.recorded = False  # a voice message was kept
        self.here = Here(
            now=now,
            actor=f"person:{self.person.id}",
            chat=self.chat,
            person=self.person.id,
            staff=self.staff,
            cause=row.id,
            callback=said.callback or (said.message or row.key if said.kind is Kind.PRESS else None),
            sender=said.sender,
        )

    def writer(self) -> Writer:
        return Writer(self.conn, self.world, self.here)

    def as_staff(self) -> None:
        """What follows is done in the role of a member of staff."""
        assert self.staff
        self.here = replace(self.here, actor=f"staff:{self.staff.id}")


def take(world: World, row: inbox.InboxRow, stored: Stored, now: datetime) -> None:
    """Take one claimed inbox row; whatever happens, the row ends done, due again, or dead with its reason."""
    try:
        said = Inbound.from_json(dict(row.payload))
    except (KeyError, ValueError, TypeError) as error:  # no version of ours reads it: nobody else waits for it
        log.error("turn unreadable", inbox=row.id, channel=row.channel, error=type(error).__name__)
        with world.database.write() as conn:
            inbox.dead(conn, row.id, f"unreadable: {type(error).__name__}")
        return
    answers: dict[Query, Any] = {}
    began = ticks()
    try:
        understood = privatetalk.understand(world, said)
        understood_at = ticks()
        for _ in range(4):  # at most three look-ups a turn
            try:
                _attempt(world, row, said, understood, stored, now, answers)
                _log_line(row, said, understood, now, understood_at - began, ticks() - understood_at)
                return
            except Wanted as wanted:
                _meet(world, said, now)
                answers[wanted.query] = world.answer(wanted.query, now)
            except cases.Overtaken:
                continue
        raise RuntimeError("a decision asked too often")
    except NotAllowed as refusal:
        _answer(world, row, said, now, refusal)
    except Away:
        raise
    except Exception as error:
        log.exception("turn failed", inbox=row.id, channel=row.channel, kind=said.kind, error=type(error).__name__)
        _failed(world, row, said, now, error)


def _meet(world: World, said: Inbound, now: datetime) -> None:
    """Keep who speaks before the turn is taken again: on PostgreSQL a person seen first here would have another id each
    time, and what the decision asks about would never be what was answered."""
    with world.database.read() as conn:
        if people.known(conn, said.channel, said.sender):
            return
    with world.database.write() as conn:
        people.person_for(conn, said.channel, said.sender, now)


def _log_line(
    row: inbox.InboxRow, said: Inbound, understood: Understanding, now: datetime, understand: float, write: float
) -> None:
    """One line a turn: ids, and how long each stage took in milliseconds."""
    sure = {"confidence": round(understood.confidence, 2)} if said.kind is Kind.MESSAGE else {}
    log.info(
        "turn",
        inbox=row.id,
        channel=row.channel,
        kind=said.kind,
        tries=row.tries,
        wait_ms=round((now - row.received_at).total_seconds() * 1000),
        understand_ms=round(understand * 1000, 1),
        write_ms=round(write * 1000, 1),
        **sure,
    )


def _attempt(
    world: World,
    row: inbox.InboxRow,
    said: Inbound,
    understood: Understanding,
    stored: Stored,
    now: datetime,
    answers: dict[Query, Any],
) -> None:
    with world.database.write() as conn:
        world.database.lock(conn, said.conversation)
        if not inbox.held(conn, row.id, row.tries):  # its lease ran out, and somebody else has taken it meanwhile
            return
        scene = Scene(conn, world, said, row, now)
        scene.answers = answers
        _arrived(scene)
        kept = [(one["kind"], add_file(conn, now=now, person=scene.person.id, **one)) for one in stored]
        scene.photos = tuple(id for kind, id in kept if kind == "photo")
        scene.recorded = any(kind == "voice" for kind, _ in kept)
        DOORS[said.kind](scene, understood)
        if scene.staff and (scene.here.actor.startswith("staff:") or scene.chat.role == "staff"):
            burden.count(conn, scene.staff.id, now, tap=said.kind is Kind.PRESS)
        inbox.done(conn, row.id, now)


def _arrived(scene: Scene) -> None:
    """The chat is open, and what waited for it goes; the person is answered in the script they write."""
    said, chat = scene.said, scene.chat
    if said.kind in (Kind.LEAVE, Kind.BLOCK, Kind.MIGRATE):
        return
    to_us = said.private or said.addressed  # a group that speaks to us: some platforms let a bot answer only then
    if chat.heard_at is None or chat.state != "open" or to_us:
        people.heard(scene.conn, chat.id, scene.now)
    if to_us and (chat.heard_at is None or chat.state != "open" or outbox.any_waiting(scene.conn, chat.id)):
        outbox.release(scene.conn, chat.id, scene.now)
    if scene.row.payload.get("photo_refused") and said.private:
        refused = texts.VOICE_REFUSED if said.kind is Kind.VOICE else texts.PHOTO_REFUSED
        scene.writer().write([Say(refused)])
    if said.text and said.kind is Kind.MESSAGE:
        written = script(said.text, scene.person.script)
        if written != scene.person.script:
            people.write_script(scene.conn, scene.person.id, written)
            scene.person = replace(scene.person, script=written)


def _say_here(scene: Scene, text: str) -> None:
    scene.writer().write([Notice(text) if scene.said.kind is Kind.PRESS else Say(text)])


def _answer(world: World, row: inbox.InboxRow, said: Inbound, now: datetime, refusal: NotAllowed) -> None:
    """A rule forbade it: nothing was changed, and the person hears why."""
    with world.database.write() as conn:
        world.database.lock(conn, said.conversation)
        if not inbox.held(conn, row.id, row.tries):
            return
        scene = Scene(conn, world, said, row, now)
        if said.private or said.kind is Kind.PRESS or scene.chat.role != "residents":
            _say_here(scene, str(refusal))
        if isinstance(refusal, Suspicious):
            actor = f"staff:{scene.staff.id}" if scene.staff else scene.here.actor
            audit.record(conn, actor=actor, action=refusal.action, subject=refusal.subject, now=now)
        if said.kind is Kind.MESSAGE:
            privatetalk.give_up(scene)
        inbox.done(conn, row.id, now)


def _failed(world: World, row: inbox.InboxRow, said: Inbound, now: datetime, error: Exception) -> None:
    """A bug: the row is tried again, later each time; the first failure apologises, the last is a dead letter."""
    reason = f"{type(error).__name__}"
    with world.database.write() as conn:
        if not inbox.held(conn, row.id, row.tries):
            return
        if row.tries >= inbox.MAX_TRIES:
            inbox.dead(conn, row.id, reason)
            return
        if row.tries == 1 and (said.private or said.kind is Kind.PRESS):
            scene = Scene(conn, world, said, row, now)
            _say_here(scene, texts.SORRY)
        inbox.later(conn, row.id, not_before=now + timedelta(seconds=2**row.tries), error=reason)


def _message(scene: Scene, understood: Any) -> None:
    if scene.said.private:
        chosen = typed.token(scene, understood)
        if chosen:
            scene.said = replace(scene.said, choice=chosen)
            presses.press(scene, understood)
        else:
            doubts.note(scene, understood)
            privatetalk.message(scene, understood)
    else:
        grouptalk.message(scene, understood)


def _left(scene: Scene, _understood: Any) -> None:
    state = "left" if scene.said.kind is Kind.LEAVE else "blocked"
    reach.close(scene.conn, scene.chat.id, state=state, reason=scene.said.kind)


def _moved(scene: Scene, _understood: Any) -> None:
    if scene.said.new_chat:
        reach.move(scene.conn, scene.chat.id, scene.said.new_chat)


def _joined(scene: Scene, _understood: Any) -> None:
    if not scene.said.private and scene.chat.role == "residents":
        scene.writer().write([Say(texts.GROUP_HELLO, key=f"hello.{scene.chat.id}")])


DOORS: dict[Kind, Callable[[Scene, Any], None]] = {
    Kind.MESSAGE: _message,
    Kind.VOICE: _message,
    Kind.START: privatetalk.start,
    Kind.PRESS: presses.press,
    Kind.JOIN: _joined,
    Kind.LEAVE: _left,
    Kind.BLOCK: _left,
    Kind.MIGRATE: _moved,
}
