"""Sign-ups, waiting lists and hours on both databases: what holds whatever people do, and however many at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import DBAPIError

from flows.effects.volunteers import RecordHours
from flows.errors import NotAllowed
from storage import volunteers, volunteers_hours
from storage.database import Database
from storage.tables import activity, area, person, service_hours, shift, sign_up

NOW = datetime(2026, 3, 2, tzinfo=UTC)
PLACES, PEOPLE = 2, 4


def settle(conn: Connection, capacity: int = PLACES, people: int = PEOPLE) -> tuple[int, list[int]]:
    """A shift tomorrow, and people who may want to come."""
    here = {"key": "a", "level": "community", "kind": "urban", "name": "槐荫", "path": "/1/"}
    home = conn.execute(insert(area).values(here).returning(area.c.id)).scalar_one()
    values = {"key": "k", "area_id": home, "title": "拔草", "place": "东门", "active": True}
    what = conn.execute(insert(activity).values(**values).returning(activity.c.id)).scalar_one()
    start = NOW + timedelta(days=1)
    made = volunteers.add_shift(conn, "k", int(what), start, start + timedelta(hours=2), capacity)
    ids = [
        int(conn.execute(insert(person).values(created_at=NOW).returning(person.c.id)).scalar_one())
        for _ in range(people)
    ]
    assert made
    return made, ids


STEPS = st.lists(
    st.tuples(st.integers(0, PEOPLE - 1), st.sampled_from(["join", "wait", "leave", "move up", "take", "come", "go"])),
    max_size=25,
)


@contextmanager
def rolled_back(database: Database) -> Iterator[Connection]:
    """A transaction of which nothing stays."""

    class Enough(Exception):
        pass

    try:
        with database.write() as conn:
            yield conn
            raise Enough
    except Enough:
        pass


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_no_more_places_are_held_than_there_are_and_the_line_is_kept(
    database: Database, steps: list[tuple[int, str]]
) -> None:
    with rolled_back(database) as conn:
        id, people = settle(conn)
        line: list[int] = []  # who waits, in order
        for tick, (who, what) in enumerate(steps):
            one, now = people[who], NOW + timedelta(minutes=tick)
            before = {x.person: x.state for x in volunteers.roster(conn, id)}
            done = _step(conn, id, one, what, now)
            line = _expected(line, one, what, done, before)
            held = [x for x in volunteers.roster(conn, id) if x.state in volunteers.HELD]
            assert len(held) <= PLACES
            waiting = [x.person for x in volunteers.roster(conn, id) if x.state == "waiting"]
            assert waiting == line
            assert all(x.came_at <= x.left_at for x in held if x.came_at and x.left_at)


def _step(conn: Connection, id: int, one: int, what: str, now: datetime) -> int | bool:
    """Do it; False when it was refused, else who it was done to."""
    try:
        match what:
            case "join":
                volunteers.sign_up_for(conn, id, one, "confirmed", now)
            case "wait":
                volunteers.sign_up_for(conn, id, one, "waiting", now)
            case "leave":
                volunteers.cancel(conn, id, one)
            case "move up":
                first = volunteers.next_waiting(conn, id)
                if first is None:
                    return False
                volunteers.sign_up_for(conn, id, first, "offered", now)
                return first
            case "take":
                view = volunteers.get(conn, id, one)
                if view is None or view.mine != "offered":
                    return False
                volunteers.sign_up_for(conn, id, one, "confirmed", now)
            case "come":
                volunteers.came(conn, id, one, now)
            case "go":
                volunteers.left(conn, id, one, now)
    except NotAllowed:
        return False
    return one


def _expected(line: list[int], one: int, what: str, done: int | bool, before: dict[int, str]) -> list[int]:
    if done is False or what in ("come", "go", "take"):
        return line
    rest = [p for p in line if p != done]
    return [*rest, one] if what == "wait" else rest


def test_the_last_place_goes_to_one_of_many_who_press_at_once(database: Database) -> None:
    with database.write() as conn:
        id, people = settle(conn, capacity=1, people=6)
    refused: list[int] = []
    start = threading.Barrier(len(people))

    def press(one: int) -> None:
        start.wait()
        try:
            with database.write() as conn:
                volunteers.sign_up_for(conn, id, one, "confirmed", NOW)
        except NotAllowed:
            refused.append(one)

    threads = [threading.Thread(target=press, args=(one,)) for one in people]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    with database.read() as conn:
        states = conn.execute(select(sign_up.c.state)).scalars().all()
    assert states == ["confirmed"] and len(refused) == 5


def test_a_shift_that_has_begun_or_was_called_off_or_overlaps_takes_nobody(database: Database) -> None:
    with database.write() as conn:
        id, people = settle(conn)
        with pytest.raises(NotAllowed, match="已经开始"):
            volunteers.sign_up_for(conn, id, people[0], "confirmed", NOW + timedelta(days=1))
        what = conn.execute(select(activity.c.id)).scalar_one()
        begins = NOW + timedelta(days=1, hours=1)
        other = volunteers.add_shift(conn, "k2", what, begins, begins + timedelta(hours=2), 5)
        assert other
        volunteers.sign_up_for(conn, id, people[0], "confirmed", NOW)
        with pytest.raises(NotAllowed, match="撞上"):
            volunteers.sign_up_for(conn, other, people[0], "confirmed", NOW)
        volunteers.call_off(conn, id)
        volunteers.sign_up_for(conn, other, people[0], "confirmed", NOW)  # what was called off is in nobody's way
        with pytest.raises(NotAllowed, match="取消"):
            volunteers.sign_up_for(conn, id, people[1], "confirmed", NOW)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(corrections=st.lists(st.integers(0, 600), max_size=6))
def test_hours_come_to_what_was_said_last_and_nothing_is_lost(database: Database, corrections: list[int]) -> None:
    from flows.volunteer import roll

    with rolled_back(database) as conn:
        id, people = settle(conn)
        view = volunteers.get(conn, id)
        assert view
        said = 0
        for minutes in corrections:
            live = volunteers_hours.live(conn, id, people[0])
            standing = RecordHours("", people[0], view.area, live.minutes, live.on, live.by) if live else None
            count = volunteers_hours.count(conn, id, people[0])
            before = conn.execute(select(service_hours.c.id)).all()
            try:
                rows = roll.corrected(view, people[0], standing, live.id if live else None, minutes, "staff:1", count)
            except NotAllowed:
                assert minutes == said
                continue
            for row in rows:
                assert volunteers_hours.record(conn, row, NOW) is not None
                assert volunteers_hours.record(conn, row, NOW) is None  # the same key again adds nothing
            said = minutes
            assert volunteers_hours.total(conn, people[0]) == said
            assert set(before) <= set(conn.execute(select(service_hours.c.id)).all())


def test_one_row_is_reversed_once(database: Database) -> None:
    with database.write() as conn:
        id, people = settle(conn)
        view = volunteers.get(conn, id)
        assert view
        entry: dict[str, Any] = {"person": people[0], "area": view.area, "on": NOW, "by": "x", "shift": id}
        first = volunteers_hours.record(conn, RecordHours("a", minutes=60, **entry), NOW)
        assert volunteers_hours.record(conn, RecordHours("b", minutes=-60, reverses=first, **entry), NOW)
        assert volunteers_hours.record(conn, RecordHours("c", minutes=-60, reverses=first, **entry), NOW) is None
        assert volunteers_hours.total(conn, people[0]) == 0
    with pytest.raises(DBAPIError), database.write() as conn:
        volunteers_hours.record(conn, RecordHours("d", minutes=-5, **entry), NOW)


def test_shifts_are_found_by_title_near_by_only(database: Database) -> None:
    with database.write() as conn:
        settle(conn)
        here = conn.execute(select(area.c.id)).scalar_one()
        assert volunteers.titles(conn, NOW, here) == ["拔草"]
        assert volunteers.titles(conn, NOW + timedelta(days=2), here) == []
        assert conn.execute(select(shift.c.id)).scalar_one()
