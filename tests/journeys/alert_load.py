"""An alert for the largest city known, and how long its approval takes: `python -m tests.journeys.alert_load`."""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, insert, select

from bot.app import build_world
from bot.community.load import Defaults, check_text
from bot.effects import Here, Writer
from bot.playing import SECRET
from flows.effects import ActOnAlert
from storage import alerts, people
from storage.community_file import write
from storage.database import Database
from storage.tables import account, alert_post, area, button, chat, person, staff, staff_role
from tests.support.city import BIG, MIDDLE, SMALL, WORKERS, city_yaml
from tests.support.understanding import Keywords

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
RESIDENTS = 8636 - SMALL  # ten-home and residents' groups besides the grids' staff groups


@dataclass(frozen=True, slots=True)
class Told:
    """What an approval wrote, and in what time."""

    posts: int
    buttons: int
    seconds: float
    worked: float  # seconds of a processor


def city(database: Database, *, groups: int = RESIDENTS, **size: int) -> int:
    """The city with its grids' staff groups and so many residents' groups; its area id."""
    size = {"big": BIG, "middle": MIDDLE, "small": SMALL, "workers": WORKERS, **size}
    checked = check_text(city_yaml(run=1, **size).encode(), NOW, Defaults({}))
    assert checked.file is not None
    with database.write() as conn:
        write(conn, checked.file, NOW)
        grids = list(conn.execute(select(area.c.id).where(area.c.level == "grid").order_by(area.c.id)).scalars())
        rows = [
            {"channel": "telegram", "address": str(-9_000_000 - n), "kind": "group", "role": "residents"}
            | {"area_id": grids[n % len(grids)]}
            for n in range(groups)
        ]
        if rows:
            conn.execute(insert(chat), rows)
        top = int(conn.execute(select(area.c.id).where(area.c.level == "city")).scalar_one())
        for key in ("drafter", "approver"):
            who = conn.execute(insert(person).values(created_at=NOW).returning(person.c.id)).scalar_one()
            made = conn.execute(
                insert(staff).values(key=key, name=key, person_id=who).returning(staff.c.id)
            ).scalar_one()
            conn.execute(insert(account).values(person_id=who, channel="telegram", address=key))
            conn.execute(insert(staff_role).values(staff_id=made, role="duty_leader", area_id=top))
    return top


def approved(database: Database, top: int, folder: Path) -> Told:
    """Drafted by one, approved by another: the approval in one transaction, timed with its commit."""
    world = build_world(database, Keywords(), SECRET, folder, meaning=False)
    with database.write() as conn:
        drafter, approver = people.staff_by_id(
            conn, [people.staff_by_key(conn, key) or 0 for key in ("drafter", "approver")]
        )
        made = alerts.draft(
            conn,
            number=f"Y{top}",
            area_id=top,
            staff_id=drafter.id,
            now=NOW,
            kind="storm",
            danger=True,
            text="今晚有八级大风，请把阳台的花盆收进屋，车别停在树下。",
            expires_at=NOW + timedelta(hours=6),
        )
    with database.read() as conn:
        world.known(conn)
    here = Here(now=NOW, actor=f"staff:{approver.id}", person=approver.person, staff=approver)
    started, worked = time.perf_counter(), time.process_time()
    with database.write() as conn:
        Writer(conn, world, here).write([ActOnAlert(made.id, "approve")])
    seconds, worked = time.perf_counter() - started, time.process_time() - worked
    with database.read() as conn:
        posts, kept = (
            int(conn.execute(select(func.count()).select_from(table)).scalar_one()) for table in (alert_post, button)
        )
    return Told(posts, kept, seconds, worked)


def main() -> None:
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("database", nargs="?", help="the address of an empty database; default: a temporary SQLite file")
    named = args.parse_args().database
    with tempfile.TemporaryDirectory() as folder:
        database = Database.open(named or f"sqlite:///{folder}/city.db", secret=SECRET)
        database.upgrade()
        told = approved(database, city(database), Path(folder))
        took = f"{told.seconds:.2f} s ({told.worked:.2f} s of a processor)"
        print(f"{told.posts} messages with {told.buttons} buttons queued in {took}")
        database.close()


if __name__ == "__main__":
    main()
