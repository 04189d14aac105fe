"""The web chat of staff goes with the member of staff, whichever account they are bound by later."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert

from storage import desk, desk_talk, people, points, tables
from storage.database import Database


def test_who_is_bound_by_a_code_after_opening_the_web_chat_goes_on_there(database: Database, now: datetime) -> None:
    with database.write() as conn:
        grid = {"key": "g", "level": "grid", "name": "g", "path": "/1/"}
        area = conn.execute(insert(tables.area).values(grid).returning(tables.area.c.id)).scalar_one()
        id = conn.execute(
            insert(tables.staff).values(key="w9", name="新网格员").returning(tables.staff.c.id)
        ).scalar_one()
        conn.execute(insert(tables.staff_role).values(staff_id=id, role="grid_worker", area_id=area))
    for bound in (None, "777", "888"):
        with database.write() as conn:
            if bound:
                points.bind_staff(conn, id, people.person_for(conn, "telegram", bound, now).id)
            who = desk.member(conn, id)
            assert who is not None
            address = desk_talk.open_web_account(conn, who, now)
            assert desk_talk.web_account(conn, id) == address == f"staff{id}"
            person = people.person_for(conn, "web", address, now)
            works = people.staff_of(conn, person.id)
            assert works is not None and works.id == id
            people.chat_for(conn, "web", address, kind="private", person_id=person.id)
    with database.write() as conn:
        again = people.person_for(conn, "telegram", "999", now).id
        points.bind_staff(conn, id, again)
        who = desk.member(conn, id)
        assert who is not None
        desk_talk.open_web_account(conn, who, now)
        reached = people.private_chat(conn, again)
        assert reached is not None and (reached.channel, reached.address) == ("web", f"staff{id}")
