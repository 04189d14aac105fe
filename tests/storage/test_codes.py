"""One-time codes: whoever is first, once, in time; the plain code is nowhere."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, insert, select

from storage import codes
from storage.database import Database
from storage.tables import code as table
from storage.tables import person

HOUR = timedelta(hours=1)


def issue(database: Database, now: datetime, kind: str = "staff", digits: int | None = 6) -> str:
    with database.write() as conn:
        return codes.issue(conn, kind=kind, subject={"staff": 7}, now=now, lifetime=HOUR, digits=digits)


def find(database: Database, now: datetime, plain: str, kind: str = "staff") -> codes.CodeRow | None:
    with database.read() as conn:
        return codes.find(conn, plain, kind=kind, now=now)


def use(database: Database, now: datetime, id: int) -> bool:
    with database.write() as conn:
        return codes.use(conn, id, now)


def test_a_code_is_found_and_used_once(database: Database, now: datetime) -> None:
    with database.write() as conn:
        who = conn.execute(insert(person).returning(person.c.id), {"created_at": now}).scalar_one()
        plain = codes.issue(conn, kind="link", subject={"to": "chat"}, now=now, lifetime=HOUR, person_id=who)
    assert len(plain) == 22
    row = find(database, now, plain, "link")
    assert row is not None
    assert (row.kind, row.subject, row.person_id, row.expires_at) == ("link", {"to": "chat"}, who, now + HOUR)
    assert use(database, now, row.id)
    assert not use(database, now, row.id)
    assert find(database, now, plain, "link") is None


@pytest.mark.parametrize("wrong", ["", "000000x", "\ud800", "\x00", "１２３", "9" * 10_000])
def test_a_wrong_code_is_no_code(database: Database, now: datetime, wrong: str) -> None:
    issue(database, now)
    assert find(database, now, wrong) is None


def test_a_code_of_another_kind_is_no_code(database: Database, now: datetime) -> None:
    plain = issue(database, now)
    assert find(database, now, plain, "household") is None


def test_a_code_runs_out(database: Database, now: datetime) -> None:
    plain = issue(database, now)
    row = find(database, now + HOUR - timedelta(seconds=1), plain)
    assert row is not None
    assert find(database, now + HOUR, plain) is None
    assert not use(database, now + HOUR, row.id)


def test_the_plain_code_is_nowhere(database: Database, now: datetime) -> None:
    plain = issue(database, now, digits=None)
    with database.read() as conn:
        row = conn.execute(select(table)).one()
    assert plain not in repr(row)


def test_another_secret_finds_nothing(database: Database, now: datetime) -> None:
    plain = issue(database, now)
    other = Database.open(database.engine.url.render_as_string(hide_password=False), secret="another")
    assert find(other, now, plain) is None
    other.close()


def test_without_a_secret_there_are_no_codes(database: Database, now: datetime) -> None:
    other = Database.open(database.engine.url.render_as_string(hide_password=False))
    with pytest.raises(LookupError, match="secret"):
        issue(other, now)
    other.close()


def test_short_codes_come_round_again_but_never_two_alive(database: Database, now: datetime) -> None:
    live = {issue(database, now, digits=1) for _ in range(5)}
    assert len(live) == 5
    again = {issue(database, now + HOUR, digits=1) for _ in range(5)}
    assert len(again) == 5
    with database.read() as conn:
        count = conn.execute(select(func.count()).select_from(table)).scalar_one()
    assert count <= 10


def test_when_every_code_is_taken_it_says_so(database: Database, now: datetime) -> None:
    with pytest.raises(RuntimeError, match="no free code"):
        for _ in range(11):
            issue(database, now, digits=1)


def test_eight_at_once_and_one_wins(database: Database, now: datetime) -> None:
    for _ in range(5):
        row = find(database, now, issue(database, now))
        assert row is not None
        with ThreadPoolExecutor(8) as pool:
            won = list(pool.map(lambda _, id=row.id: use(database, now, id), range(8)))
        assert won.count(True) == 1
