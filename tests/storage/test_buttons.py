"""Buttons: a press counts only with the token we gave, in the chat we gave it to, in time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, insert, update

from storage import buttons, outbox
from storage.buttons import ButtonRow, Stale
from storage.database import Database
from storage.tables import button, chat

SECRET = "a secret of the buttons"
HOUR = timedelta(hours=1)


@pytest.fixture
def chats(database: Database) -> list[int]:
    with database.write() as conn:
        rows = [{"channel": "test", "address": f"g{i}", "kind": "group"} for i in range(2)]
        return [conn.execute(insert(chat).returning(chat.c.id), row).scalar_one() for row in rows]


@pytest.fixture
def token(database: Database, now: datetime, chats: list[int]) -> str:
    with database.write() as conn:
        return buttons.make(
            conn,
            chat_id=chats[0],
            label="接单",
            action="case.take",
            args={"case": 7},
            expires_at=now + HOUR,
            role="grid_worker,grid_leader",
            secret=SECRET,
        )


def find_in(conn: Connection, token: str, chat_id: int, now: datetime) -> ButtonRow | Stale:
    return buttons.find(conn, token, chat_id=chat_id, secret=SECRET, now=now)


def find(database: Database, token: str, chat_id: int, now: datetime, secret: str = SECRET) -> ButtonRow | Stale:
    with database.read() as conn:
        return buttons.find(conn, token, chat_id=chat_id, secret=secret, now=now)


def test_a_press_finds_its_button(database: Database, now: datetime, chats: list[int], token: str) -> None:
    assert len(token.encode()) <= 40
    with database.write() as conn:
        message = outbox.put(conn, chat_id=chats[0], kind="say", lane=1, payload={}, now=now) or 0
        more = {"label": "转派", "args": {}, "chat_id": chats[0], "expires_at": now + HOUR, "secret": SECRET}
        drafts = [buttons.draft(action=action, **more) for action in ("case.assign", "case.call_out")]
        assert find_in(conn, drafts[0].token, chats[0], now) == Stale("unknown")
        buttons.keep(conn, drafts, message)
        buttons.keep(conn, [], message)
        assert sorted(row.action for row in buttons.of_message(conn, message)) == ["case.assign", "case.call_out"]
        assert isinstance(find_in(conn, drafts[0].token, chats[0], now), ButtonRow)
    row = find(database, token, chats[0], now)
    assert isinstance(row, ButtonRow)
    assert (row.label, row.action, row.args, row.chat_id, row.outbox_id) == (
        "接单",
        "case.take",
        {"case": 7},
        chats[0],
        None,
    )
    assert (row.roles, row.person_id, row.area_id) == (("grid_worker", "grid_leader"), None, None)


def test_in_another_chat_it_is_stale(database: Database, now: datetime, chats: list[int], token: str) -> None:
    assert find(database, token, chats[1], now) == Stale("elsewhere")


def test_after_its_time_it_is_stale(database: Database, now: datetime, chats: list[int], token: str) -> None:
    assert isinstance(find(database, token, chats[0], now + HOUR - timedelta(seconds=1)), ButtonRow)
    assert find(database, token, chats[0], now + HOUR) == Stale("expired")


@pytest.mark.parametrize("junk", ["", "x", "0" * 24, "\ud800" * 24, "接单" * 12, "\x00" * 24, "a" * 5000])
def test_junk_is_unknown(database: Database, now: datetime, chats: list[int], token: str, junk: str) -> None:
    assert find(database, junk, chats[0], now) == Stale("unknown")


def test_a_changed_mac_is_forged(database: Database, now: datetime, chats: list[int], token: str) -> None:
    for place in range(12, 24):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        assert find(database, changed, chats[0], now) == Stale("forged")
    assert find(database, token, chats[0], now, secret="another") == Stale("forged")


@pytest.mark.parametrize("column", ["chat_id", "action", "expires_at"])
def test_a_changed_row_is_forged(database: Database, now: datetime, chats: list[int], token: str, column: str) -> None:
    value = {"chat_id": chats[1], "action": "case.reject", "expires_at": now + 99 * HOUR}[column]
    with database.write() as conn:
        conn.execute(update(button).values({column: value}))
    assert find(database, token, chats[0], now) == Stale("forged")


def test_a_card_for_many_roles_works_on_every_database(database: Database, now: datetime, chats: list[int]) -> None:
    roles = "grid_worker,grid_leader,community_staff,duty_leader,department,supervisor,administrator"
    with database.write() as conn:
        more = {"label": "接单", "action": "case.take", "args": {}, "expires_at": now + HOUR, "secret": SECRET}
        token = buttons.make(conn, chat_id=chats[0], role=roles, **more)
        row = find_in(conn, token, chats[0], now)
    assert isinstance(row, ButtonRow)
    assert row.roles == tuple(roles.split(","))
