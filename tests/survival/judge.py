"""What must be true when a run has come to rest."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, func, select

from bot.letters import TWICE
from storage.database import Database
from storage.tables import case, chat, chat_pulse, due, inbox, ledger_account, outbox, redemption, sign_up, transfer
from storage.verify import verify
from tests.support.telegram_api import TelegramApi
from tests.survival.crowd import PATIENCE
from tests.survival.town import OPENING, PRICE, kind, lines, talk


def missing(database: Database, acknowledged: list[str]) -> list[str]:
    """Of what was acknowledged, what the inbox has not."""
    with database.read() as conn:
        there = {str(key).rpartition(":")[2] for key in conn.execute(select(inbox.c.key)).scalars()}
    return [key for key in acknowledged if key not in there]


def pause_told(database: Database) -> set[str]:
    """The chats that are known to be left alone for a while."""
    paused = select(chat.c.address).join(chat_pulse, chat_pulse.c.chat_id == chat.c.id)
    paused = paused.where(chat_pulse.c.retry_at.is_not(None))
    with database.read() as conn:
        return set(conn.execute(paused).scalars())


def waiting(conn: Connection) -> int:
    return conn.execute(select(func.count()).where(inbox.c.state == "new")).scalar_one()


def queued(database: Database) -> int:
    """Messages that wait for their turn."""
    with database.read() as conn:
        return waiting(conn)


def fullest(database: Database) -> int:
    """How many messages wait in the conversation in which most do."""
    with database.read() as conn:
        each = select(func.count()).where(inbox.c.state == "new").group_by(inbox.c.conversation)
        return max(conn.execute(each).scalars(), default=0)


def until_quiet(database: Database) -> list[str]:
    until = time.monotonic() + PATIENCE
    left = 1
    while left and time.monotonic() < until:
        time.sleep(1)
        with database.read() as conn:
            unsaid = select(func.count()).join(chat, chat.c.id == outbox.c.chat_id)
            unsaid = unsaid.where(outbox.c.state == "new", chat.c.kind == "private", chat.c.heard_at.is_not(None))
            left = waiting(conn) + conn.execute(unsaid).scalar_one()
            late = select(func.count()).where(due.c.kind == "shift.remind", due.c.state == "pending")
            left += conn.execute(late.where(due.c.tries > 0)).scalar_one()
    return [f"{left} rows never came to rest"] if left else []


def judge(database: Database, acknowledged: list[str], telegram: TelegramApi, people: int) -> list[str]:
    """Everything that is wrong; prints what was counted."""
    told = [n for n in range(1, people + 1) if lines(n, len(acknowledged), people) >= len(talk(n))]
    with database.read() as conn:
        wrong = [*verify(conn), *_books(conn, told)]
        states = dict(conn.execute(select(inbox.c.state, func.count()).group_by(inbox.c.state)).all())
        if states != {"done": len(acknowledged)}:
            wrong.append(f"{len(acknowledged)} messages, and the inbox has {states}")
        wrong += [*_effects(conn, told), *_answers(conn, len(acknowledged)), *_reminders(conn, telegram)]
        wrong += _shown(conn, telegram)
    return wrong


def _effects(conn: Connection, told: Sequence[int]) -> Iterator[str]:
    """Each one who said all they came for has it, once; who had no lines left for it (few messages) has nothing."""
    wanted = Counter(kind(n) for n in told)
    places = select(func.count(), func.count(sign_up.c.person_id.distinct())).select_from(sign_up)
    reserved = select(func.count(), func.count(redemption.c.household_id.distinct())).select_from(redemption)
    cases = select(func.count(), func.count(case.c.person_id.distinct())).select_from(case)
    for name, query in (("case", cases), ("shift", places), ("points", reserved)):
        found = tuple(conn.execute(query).one())
        if found != (wanted[name], wanted[name]):
            yield f"{wanted[name]} people came for {name}: there are {found[0]} of {found[1]}"
    print(f"  effects, each once: {dict(wanted)}")


def _books(conn: Connection, told: Sequence[int]) -> Iterator[str]:
    total = conn.execute(select(func.sum(ledger_account.c.balance))).scalar_one()
    if total:
        yield f"the ledger adds up to {total}"
    homes = select(ledger_account.c.key, ledger_account.c.balance)
    homes = homes.where(ledger_account.c.key.like("household:torture-%"))
    for key, balance in conn.execute(homes):
        left = OPENING - PRICE * (int(key.rpartition("-")[2]) in told)
        if balance != left:
            yield f"{key} has {balance}, not {left}"
    count = conn.execute(select(func.count()).select_from(transfer)).scalar_one()
    print(f"  the ledger adds up to {total} after {count} transfers")


def _answers(conn: Connection, messages: int) -> Iterator[str]:
    answers = select(outbox.c.cause, func.count()).join(chat, chat.c.id == outbox.c.chat_id)
    answers = answers.where(chat.c.kind == "private", outbox.c.kind == "say", outbox.c.cause.is_not(None))
    heard = Counter(count for _, count in conn.execute(answers.group_by(outbox.c.cause)))
    gone = conn.execute(select(func.count()).where(inbox.c.error == "too many at once")).scalar_one()
    silent = messages - sum(heard.values())
    print(f"  answers a message: {dict(heard)}, none: {silent}, let go as a flood: {gone}")
    if silent:
        yield f"{silent} messages have no answer"
    if set(heard) - {1, 2}:
        yield f"answers a message: {dict(heard)}"


def _reminders(conn: Connection, telegram: TelegramApi) -> Iterator[str]:
    """Written once each, and shown at most once: rather not at all than twice."""
    rows = conn.execute(
        select(chat.c.channel, chat.c.address, outbox.c.payload, outbox.c.state)
        .join(chat, chat.c.id == outbox.c.chat_id)
        .where(outbox.c.cause.is_(None), chat.c.kind == "private")
    ).all()
    once = [row for row in rows if row.payload.get("once")]
    written = Counter((row.address, row.payload["text"]) for row in once if row.channel == "telegram")
    seen = Counter((str(where), body.get("text")) for (where, _), body in telegram.shown.items())
    for (address, text), count in written.items():
        if seen[address, text] > count:
            yield f"a reminder was shown {seen[address, text]} times to {address}, {count} at most"
    done = select(func.count()).where(due.c.kind == "shift.remind", due.c.state == "done")
    fired = conn.execute(done).scalar_one()
    if fired != len(once):
        yield f"{fired} reminders were due and {len(once)} written"
    states = Counter(row.state for row in once)
    print(f"  {fired} reminders were due: {dict(states)}, none shown twice" if fired else "  no reminder was due")


def _shown(conn: Connection, telegram: TelegramApi) -> Iterator[str]:
    """In order in each chat; what was shown twice is on record as perhaps twice."""
    columns = (chat.c.address, outbox.c.lane, outbox.c.message, outbox.c.reason)
    query = select(*columns).join(chat, chat.c.id == outbox.c.chat_id)
    query = query.where(chat.c.channel == "telegram", outbox.c.kind == "say")
    rows = conn.execute(query.where(outbox.c.state == "sent").order_by(outbox.c.id)).all()
    last: dict[tuple[str, int], int] = {}
    for row in rows:
        if int(row.message) < last.get((row.address, row.lane), 0):
            yield f"out of order in chat {row.address}"
        last[row.address, row.lane] = int(row.message)
    perhaps = conn.execute(query.where(outbox.c.reason.startswith(TWICE))).all()
    twice = len(telegram.shown) - len(rows)
    print(f"  {len(rows)} sent over Telegram, {twice} shown twice, {len(perhaps)} on record as perhaps so")
    if twice > len(perhaps) or twice < -len(perhaps):
        yield f"{twice} were shown twice, {len(perhaps)} are on record"
