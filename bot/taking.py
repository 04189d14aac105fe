"""Takes turns to their end: understood before the transaction, tried in it, and what follows when a try fails."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot import grouptalk, privatetalk
from bot.channels.base import Inbound, Kind
from bot.clock import ticks
from bot.deciding import Wanted
from bot.logs import Log
from bot.turn import Ready, Stored, attempt, enter, say_here
from bot.world import World
from flows.assistant import texts
from flows.errors import NotAllowed, Suspicious
from storage import audit, cases, inbox
from storage.database import Away, Undone, is_away

log = Log()
TOGETHER = 16  # turns a commit
LONGEST = 0.02  # seconds of understanding, and then of writing, before a commit
MOST_TRIES = 4  # at most three look-ups a turn


def take(world: World, row: inbox.InboxRow, stored: Stored, now: datetime) -> None:
    """Take one claimed inbox row; whatever happens, the row ends done, due again, or dead with its reason."""
    take_all(world, [(row, stored)], now)


def take_all(world: World, rows: Sequence[tuple[inbox.InboxRow, Stored]], now: datetime) -> None:
    """The same with rows of several conversations. On SQLite those that are ready share a commit, each in a part of
    its own: one that fails is undone alone, and what is not committed has not happened for any."""
    together = TOGETHER if world.database.dialect == "sqlite" else 1
    left, began, found = deque(rows), ticks(), list[Ready]()
    while left or found:
        while left and len(found) < together and (not found or ticks() - began < LONGEST):
            ready = _ready(world, *left.popleft(), now)
            found += [ready] if ready else []
        found = _round(world, found, now) if found else []
        began = ticks()


def _ready(world: World, row: inbox.InboxRow, stored: Stored, now: datetime) -> Ready | None:
    """None: nobody can read it, or understanding it failed."""
    try:
        said = Inbound.from_json(dict(row.payload))
    except (KeyError, ValueError, TypeError) as error:  # no version of ours reads it: nobody else waits for it
        log.error("turn unreadable", inbox=row.id, channel=row.channel, error=type(error).__name__)
        with world.database.write() as conn:
            if inbox.mine(conn, row):
                inbox.dead(conn, row.id, f"unreadable: {type(error).__name__}", row.conversation)
        return None
    began = ticks()
    try:
        return Ready(row, said, stored, privatetalk.understand(world, said, row), ticks() - began)
    except Away:
        raise
    except Exception as error:
        _bug(world, row, said, now, error)
        return None


def _round(world: World, found: list[Ready], now: datetime) -> list[Ready]:
    """Try these in one commit; those that have to be tried again, or were not tried yet, are returned."""
    tried: list[tuple[Ready, Exception | None]] = []
    try:
        with world.database.write() as conn:
            began = ticks()
            for one in found:
                if tried and ticks() - began > LONGEST:  # nobody waits for the file for longer
                    break
                tried.append((one, _tried(conn, world, one, now, alone=len(found) == 1)))
    except (Wanted, NotAllowed, cases.Overtaken, Undone) as error:
        tried = [(found[0], error)]
    except Away:
        raise
    except Exception as error:
        if len(found) > 1:
            raise
        tried = [(found[0], error)]
    again = [one for one, error in tried if not _settled(world, one, error, now)]
    return again + found[len(tried) :]


def _tried(conn: Connection, world: World, one: Ready, now: datetime, *, alone: bool) -> Exception | None:
    began = ticks()
    one.tries += 1
    try:
        if alone:
            attempt(conn, world, one, now)
            return None
        with world.database.part(conn):
            attempt(conn, world, one, now)
    except Exception as error:
        if alone or is_away(error):
            raise
        return error
    finally:
        one.write = ticks() - began
    return None


def _settled(world: World, one: Ready, error: Exception | None, now: datetime) -> bool:
    """What follows from a try, now that it is committed or undone; False: it is to be tried again."""
    if isinstance(error, Wanted | cases.Overtaken | Undone) and one.tries == MOST_TRIES:
        error = RuntimeError("a decision asked too often")
    match error:
        case None:
            _log_line(one, now)
        case Wanted():
            return not _looked_up(world, one, error, now)
        case cases.Overtaken() | Undone():
            return False
        case NotAllowed():
            _answer(world, one.row, one.said, now, error)
        case _:
            _bug(world, one.row, one.said, now, error)
    return True


def _looked_up(world: World, one: Ready, wanted: Wanted, now: datetime) -> bool:
    try:
        one.answers[wanted.query] = world.answer(wanted.query)
    except Away:
        raise
    except Exception as error:
        _bug(world, one.row, one.said, now, error)
        return False
    return True


def _bug(world: World, row: inbox.InboxRow, said: Inbound, now: datetime, error: Exception) -> None:
    log.error(
        "turn failed", inbox=row.id, channel=row.channel, kind=said.kind, error=type(error).__name__, exc_info=error
    )
    _failed(world, row, said, now, error)


def _log_line(one: Ready, now: datetime) -> None:
    """One line a turn: ids, and how long each stage took in milliseconds."""
    sure = {"confidence": round(one.understood.confidence, 2)} if one.said.kind is Kind.MESSAGE else {}
    log.info(
        "turn",
        inbox=one.row.id,
        channel=one.row.channel,
        kind=one.said.kind,
        tries=one.row.tries,
        wait_ms=round((now - one.row.received_at).total_seconds() * 1000),
        understand_ms=_tenths(one.understand),
        write_ms=_tenths(one.write),
        **sure,
    )


def _tenths(seconds: float) -> float:
    """Milliseconds, to a tenth; `round(…, 1)` goes by way of text and takes ten times as long."""
    return round(seconds * 10_000) / 10


def _answer(world: World, row: inbox.InboxRow, said: Inbound, now: datetime, refusal: NotAllowed) -> None:
    """A rule forbade it: nothing was changed, and the person hears why."""
    with world.database.write() as conn:
        scene = enter(conn, world, row, said, now)
        if scene is None:
            return
        if said.private or said.kind is Kind.PRESS or scene.chat.role != "residents":
            say_here(scene, str(refusal))
        else:
            grouptalk.refused(scene, str(refusal))
        if isinstance(refusal, Suspicious):
            actor = f"staff:{scene.staff.id}" if scene.staff else scene.here.actor
            audit.record(conn, actor=actor, action=refusal.action, subject=refusal.subject, now=now)
        if said.kind is Kind.MESSAGE:
            privatetalk.give_up(scene)
        inbox.ended(conn, row, now)


def _failed(world: World, tried: inbox.InboxRow, said: Inbound, now: datetime, error: Exception) -> None:
    """A bug: the row is tried again, later each time; the first failure apologises, the last is a dead letter."""
    reason = f"{type(error).__name__}"
    with world.database.write() as conn:
        row = inbox.mine(conn, tried)
        if row is None:
            return
        if row.tries >= inbox.MAX_TRIES:
            inbox.dead(conn, row.id, reason, row.conversation)
            return
        if row.tries == 1 and (said.private or said.kind is Kind.PRESS):
            scene = enter(conn, world, row, said, now)
            assert scene
            say_here(scene, texts.SORRY)
        inbox.later(conn, row.id, not_before=now + timedelta(seconds=2**row.tries), error=reason, of=row.conversation)
