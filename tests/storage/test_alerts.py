"""An alert for a whole city: thousands of messages in one transaction, and how far each branch was reached."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import String, cast, event, func, insert, literal, select, update

from flows.alert.cascade import cascade
from flows.domain.alert import State
from storage import alerts, broadcasts, buttons, retention
from storage import outbox as sends
from storage.cases import Overtaken
from storage.database import Database
from storage.tables import area, button, chat, outbox, staff
from tests.journeys import alert_load


def city(database: Database, *, grids: int, groups: int) -> int:
    """A city of one subdistrict and so many grids, each with a staff group and some of residents; its id."""
    with database.write() as conn:
        top = conn.execute(
            insert(area).values(key="c", level="city", name="云州", path="/1/").returning(area.c.id)
        ).scalar_one()
        conn.execute(update(area).values(path=f"/{top}/"))
        rows = [{"key": f"g{n}", "level": "grid", "name": f"{n}格", "parent_id": top, "path": ""} for n in range(grids)]
        made = list(conn.execute(insert(area).returning(area.c.id), rows).scalars())
        conn.execute(
            update(area)
            .where(area.c.level == "grid")
            .values(path=literal(f"/{top}/").concat(cast(area.c.id, String)).concat("/"))
        )
        conn.execute(
            insert(chat),
            [
                {"channel": "telegram", "address": f"{id}-{n}", "kind": "group", "area_id": id, "role": role}
                for id in made
                for n, role in enumerate(["staff", *["residents"] * groups])
            ],
        )
        conn.execute(insert(staff).values(key="s", name="甲"))
    return top


def told(database: Database, top: int, now: datetime) -> int:
    """An alert for the city, told at once; its id."""
    with database.write() as conn:
        found = alerts.draft(
            conn,
            number="Y1",
            area_id=top,
            staff_id=1,
            now=now,
            kind="storm",
            danger=True,
            text="大风，请把花盆收好。",
            expires_at=now + timedelta(hours=6),
        )
        rooms = alerts.rooms_below(conn, top)
        posts = cascade(found, rooms, [], "今天 20:00", lambda _: None)
        alerts.begin(conn, found.id, [room.id for room in rooms])
        for purpose in ("ask", "tell"):
            mine = [p for p in posts if p.purpose == purpose]
            rows = [{"chat_id": p.to.chat, "payload": {"text": p.text}, "not_before": now} for p in mine]
            common = {"lane": 3, "created_at": now, "not_after": found.expires_at}
            ids = broadcasts.put(conn, f"alert.1.{purpose}", rows, common)
            alerts.posted(conn, found.id, purpose, [(p.branches[0], ids[p.to.chat]) for p in mine])
    return found.id


def test_reach_of_each_branch_is_what_was_sent_there(database: Database, now: datetime) -> None:
    top = city(database, grids=3, groups=2)
    id = told(database, top, now)
    with database.write() as conn:
        first = select(chat.c.id).where(chat.c.area_id == top + 1)
        conn.execute(update(outbox).where(outbox.c.chat_id.in_(first)).values(state="sent", sent_at=now))
        gone = select(chat.c.id).where(chat.c.area_id == top + 2, chat.c.role == "residents")
        conn.execute(update(outbox).where(outbox.c.chat_id.in_(gone)).values(state="failed"))
        assert alerts.mark(conn, id, [top + 1], "passed", 1, now) == 1
        assert alerts.mark(conn, id, [top + 1], "passed", 1, now) == 0
        found = {b.area: b for b in alerts.branches(conn, id)}
    assert [found[top].groups, found[top + 1].groups] == [0, 3]
    assert (found[top + 1].sent, found[top + 1].heard, found[top + 1].received_at) == (3, 1, now)
    assert (found[top + 2].failed, found[top + 2].asking, found[top + 2].heard) == (2, 1, 0)


def test_what_is_called_off_is_not_sent(database: Database, now: datetime) -> None:
    top = city(database, grids=2, groups=1)
    id = told(database, top, now)
    with database.write() as conn:
        assert broadcasts.call_off(conn, id, "over", now) == 4
        assert set(conn.execute(select(outbox.c.state)).scalars()) == {"failed"}


def test_what_is_on_its_way_when_it_is_called_off_is_not_tried_again(database: Database, now: datetime) -> None:
    id = told(database, city(database, grids=2, groups=1), now)
    with database.write() as conn:
        flying, dropped = (sends.claim(conn, now, lease=timedelta(seconds=s), limit=2) for s in (30, 5))
        later = now + timedelta(seconds=10)
        assert broadcasts.call_off(conn, id, "over", later) == 2  # the sender of these two died
        for row in flying:
            sends.later(conn, row.id, not_before=later, reason="slow down", tries=row.tries)
        assert sends.claim(conn, later, lease=timedelta(seconds=30), limit=9) == []
        assert retention.sweep(conn, later)["outbox"] == 2
        states = dict(conn.execute(select(outbox.c.id, outbox.c.state)).all())
    assert len(flying) == len(dropped) == 2 and set(states.values()) == {"failed"}


def test_two_who_decide_at_once_do_not_both(database: Database, now: datetime) -> None:
    id = told(database, city(database, grids=1, groups=1), now)
    with database.write() as conn:
        alerts.change(conn, id, 1, State.RUNNING, 1, now)
    with pytest.raises(Overtaken), database.write() as conn:
        alerts.change(conn, id, 1, State.REFUSED, None, now)


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """What the database is asked meanwhile; many rows in one executemany are one statement."""
    said: list[str] = []

    def heard(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        said.append(statement)

    event.listen(database.engine, "before_cursor_execute", heard)
    try:
        yield said
    finally:
        event.remove(database.engine, "before_cursor_execute", heard)


def test_a_larger_city_takes_no_more_statements_and_no_more_buttons(database: Database, tmp_path: Path) -> None:
    top = alert_load.city(database, groups=120, big=2, middle=4, small=60, workers=3)
    asked: list[int] = []
    posts: list[int] = []
    with database.read() as conn:
        community = conn.execute(select(area.c.id).where(area.c.level == "community").limit(1)).scalar_one()
    for place in (community, top):
        with statements(database) as said:
            posts.append(alert_load.approved(database, place, tmp_path).posts)
        asked.append(len(said))
    assert posts[1] > 4 * posts[0] > 0
    assert asked[1] <= asked[0] + 4, asked  # one more level has one more text of its own
    with database.read() as conn:
        assert (
            conn.execute(select(func.count()).select_from(button).where(button.c.chat_id.is_(None))).scalar_one() < 24
        )


def test_a_shared_button_works_in_the_chat_it_was_sent_to_and_nowhere_else(database: Database, now: datetime) -> None:
    with database.write() as conn:
        ends = now + timedelta(hours=1)
        shared = buttons.share(conn, label="已收到", action="alert.receive", args={}, expires_at=ends, secret="s")
        found = buttons.find(conn, shared.token(5), chat_id=5, secret="s", now=now)
        assert isinstance(found, buttons.ButtonRow) and found.action == "alert.receive"
        assert buttons.find(conn, shared.token(5), chat_id=6, secret="s", now=now) == buttons.Stale("forged")
        assert buttons.find(conn, shared.token(5), chat_id=5, secret="s", now=ends) == buttons.Stale("expired")


def test_what_each_group_reads_is_what_a_plain_message_would_be(database: Database, now: datetime) -> None:
    top = city(database, grids=2, groups=0)
    with database.write() as conn:
        ends = now + timedelta(hours=1)
        shared = buttons.share(conn, label="已收到", action="alert.receive", args={}, expires_at=ends, secret="s")
        letter = broadcasts.Letter('大风"，\n收花盆', [("已收到", shared)])
        chats = list(conn.execute(select(chat.c.id)).scalars())
        rows = [{"chat_id": id, "payload": letter.to(id), "not_before": now} for id in chats]
        broadcasts.put(conn, "alert.9.ask", rows, {"lane": 3, "created_at": now, "not_after": ends})
        for id, payload in conn.execute(select(outbox.c.chat_id, outbox.c.payload)):
            choices = [[{"token": shared.token(id), "label": "已收到"}]]
            assert payload == {"text": '大风"，\n收花盆', "choices": choices}
    assert top
