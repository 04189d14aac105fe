"""What is said to the driver at once finds, changes and fails as it does through SQLAlchemy, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, bindparam, event, func, insert, select, update
from sqlalchemy.exc import IntegrityError, MultipleResultsFound, NoResultFound

from storage import quick
from storage.database import Database
from storage.tables import allowance

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
PUT = insert(allowance).values(name=bindparam("name_"), tokens=bindparam("tokens_"), at=bindparam("at_"))
ONE = select(allowance.c.name, allowance.c.tokens, allowance.c.at, allowance.c.closed_until).where(
    allowance.c.name == bindparam("name_")
)
SOME = select(allowance.c.name, allowance.c.at).where(allowance.c.name.in_(bindparam("names", expanding=True)))
SOME = SOME.order_by(allowance.c.name)
LATER = update(allowance).where(allowance.c.tokens < bindparam("most")).values(closed_until=bindparam("until"))
COUNT = select(func.count()).select_from(allowance)


def put(conn: Connection, *names: str) -> None:
    for n, name in enumerate(names):
        conn.execute(PUT, {"name_": name, "tokens_": n / 2, "at_": NOW + timedelta(hours=n)})


@pytest.fixture
def plans(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that were said at once."""
    said: list[str] = []
    plain = quick.QuickConnection._say

    def say(self: Any, plan: Any, given: Any) -> Any:
        said.append(plan.text)
        return plain(self, plan, given)

    monkeypatch.setattr(quick.QuickConnection, "_say", say)
    return said


def test_the_second_time_finds_what_the_first_did(database: Database, plans: list[str]) -> None:
    with database.write() as conn:
        put(conn, "a", "b", "c")
        slow = [conn.execute(select(*ONE.selected_columns).where(allowance.c.name == n)).one() for n in "abc"]
        for _ in range(2):
            found = [conn.execute(ONE, {"name_": name}).one() for name in "abc"]
            assert [tuple(row) for row in found] == [tuple(row) for row in slow]
            assert [row._asdict() for row in found] == [row._asdict() for row in slow]
            assert found[1].at == NOW + timedelta(hours=1) and found[1].closed_until is None
        assert [t for t in plans if "SELECT" in t], "nothing was said at once: the test shows nothing"


def test_lists_of_every_length(database: Database) -> None:
    with database.write() as conn:
        put(conn, *(f"n{i:02}" for i in range(20)))
        for names in ([], ["n00"], ["n01", "n00"], ["n00", "none"], [f"n{i:02}" for i in range(20)], ["n03", "n01"]):
            for _ in range(2):
                there = [row.name for row in conn.execute(SOME, {"names": names})]
                assert there == sorted(n for n in names if n != "none")


def test_changes_are_counted_and_few_rows_at_once_are_all_written(database: Database) -> None:
    with database.write() as conn:
        put(conn, "a", "b", "c")
        for most, changed in ((0.6, 2), (0.6, 2), (9.0, 3), (0.0, 0)):
            assert conn.execute(LATER, {"most": most, "until": NOW}).rowcount == changed
        rows = [{"name_": name, "tokens_": 1.0, "at_": NOW} for name in "xyz"]
        assert conn.execute(PUT, rows).rowcount in (3, -1)
        assert conn.execute(COUNT).scalar_one() == 6


def test_it_fails_as_sqlalchemy_does(database: Database, plans: list[str]) -> None:
    with pytest.raises(IntegrityError), database.write() as conn:
        put(conn, "a", "b", "a")
    assert plans, "it failed before anything was said at once"
    with database.write() as conn:
        assert conn.execute(COUNT).scalar_one() == 0, "nothing is left of what failed"
        put(conn, "a")
        for _ in range(2):
            with pytest.raises(NoResultFound):
                conn.execute(ONE, {"name_": "nobody"}).one()
        put(conn, "b")
        for _ in range(2):
            with pytest.raises(MultipleResultsFound):
                conn.execute(SOME, {"names": ["a", "b"]}).one()


def test_it_steps_back_while_somebody_listens(database: Database, plans: list[str]) -> None:
    heard: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda _c, _u, text, *_more: heard.append(text))
    with database.write() as conn:
        put(conn, "a", "b", "c")
    assert sum("INSERT" in text for text in heard) == 3 and plans == []


def test_rows_said_together_are_kept_as_if_one_by_one(database: Database) -> None:
    rows = [{"name_": f"n{i}", "tokens_": i / 2, "at_": NOW + timedelta(hours=i)} for i in range(5)]
    with database.write() as conn:
        put(conn, "a")  # said once, so the next time goes quickly
        assert conn.execute(PUT, rows[:3]).rowcount == 3
        assert conn.execute(PUT, rows[3:]).rowcount == 2
        found = conn.execute(select(*ONE.selected_columns).where(allowance.c.name != "a").order_by(allowance.c.name))
        assert [row.at for row in found.all()] == [row["at_"] for row in rows]
        with pytest.raises(IntegrityError):
            conn.execute(PUT, [rows[0], rows[1]])
