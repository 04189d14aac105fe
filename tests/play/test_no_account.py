"""Somebody on duty has no account any more: an import gave it to a colleague. Who needs them is helped all the same."""

from __future__ import annotations

from sqlalchemy import select, update

from storage.tables import account, chat, inbox, staff, staff_role
from tests.play.test_case_life import taken
from tests.support.stage import Stage, texts

FIRE = "幸福里3号楼着火了，有人受伤"


def accounts_go(stage: Stage, *, role: str, to: str) -> None:
    """What an import does when the file has the accounts of a role at a colleague."""
    with stage.world.database.write() as conn:
        holders = select(staff_role.c.staff_id).where(staff_role.c.role == role)
        new = select(staff.c.person_id).where(staff.c.key == to).scalar_subquery()
        gone = list(conn.execute(select(staff.c.person_id).where(staff.c.id.in_(holders))).scalars())
        for table in (account, chat):
            conn.execute(update(table).where(table.c.person_id.in_(gone)).values(person_id=new))


def failed(stage: Stage) -> list[str]:
    with stage.world.database.read() as conn:
        return [error for error in conn.execute(select(inbox.c.error)).scalars() if error]


def test_a_cry_for_help_is_answered_and_heard_by_who_stands_in(stage: Stage) -> None:
    accounts_go(stage, role="duty_leader", to="w2")
    out = stage.say("u1", FIRE)
    assert "119" in texts(out, "private:u1")
    assert failed(stage) == []
    assert any("求助" in line["text"] or "着火" in line["text"] for line in out if line["chat"] != "private:u1")


def test_a_resident_files_and_asks_while_the_owner_has_no_chat(stage: Stage) -> None:
    taken(stage)
    accounts_go(stage, role="grid_worker", to="d1")
    assert texts(stage.say("u1", "催办"), "private:u1")
    stage.say("u1", "补充：二楼也不亮")
    assert failed(stage) == []
