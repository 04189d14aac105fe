"""What the life of a case has beside its straight way: told once, edited only for a change, taken up again."""

from __future__ import annotations

from sqlalchemy import insert, select, update

from bot.console.cases import colleagues
from storage import bars, cases, kept
from storage.tables import area, case, duty, staff, staff_role
from tests.play.test_case_life import events, resolved, row, taken
from tests.support.stage import LAMP, ROOM, Stage, texts


def test_who_holds_two_roles_on_the_way_up_is_told_once(stage: Stage) -> None:
    with stage.world.database.write() as conn:  # the grid leader is the whole staff of the community
        other = select(staff.c.id).where(staff.c.key == "l2").scalar_subquery()
        conn.execute(update(staff).where(staff.c.id == other).values(active=False))
    stage.report()
    for at in ("09:30", "10:30", "11:30", "13:30"):
        stage.tick(f"2026-01-05T{at}:00+08:00")
    assert sum("督办" in said for said in stage.shown("private:l1")) == 1
    for day in ("06", "07"):  # at the top it is told again and again
        stage.tick(f"2026-01-{day}T19:00:00+08:00")
    assert sum("督办" in said for said in stage.shown("private:d1")) > 1


def test_a_card_is_edited_only_for_a_change(stage: Stage) -> None:
    stage.report()
    stage.say("u2", LAMP)
    stage.say("u2", "好，一起吧")
    assert not [line for line in stage.since if line.get("chat") == ROOM]  # the same words, the same buttons
    assert [line["type"] for line in stage.press("w1", "接单", ROOM) if line.get("chat") == ROOM] == ["edit"]


def test_what_was_closed_lately_is_taken_up_again_as_the_same_matter(stage: Stage) -> None:
    taken(stage)
    resolved(stage)
    stage.press("u1", "满意")
    number = row(stage).number
    assert row(stage).status == "closed"
    stage.tick("2026-01-12T09:00:00+08:00")
    out = stage.say("u1", "幸福里小区3号楼楼道灯又坏了")
    assert f"您报过的 {number}" in texts(out, "private:u1")
    out = stage.say("u1", "没修好")
    assert "重新办理" in texts(out, "private:u1") and "要求重办" in texts(out, ROOM)
    found = row(stage)
    assert (found.number, found.status, found.closed_at) == (number, "accepted", None)
    assert events(stage)[-2:] == ["reopen", "add"]
    stage.press("w1", "接单", ROOM)
    resolved(stage, "换了新灯座")
    stage.press("u1", "满意")
    assert row(stage).status == "closed"


def test_the_staff_page_offers_nobody_a_case_is_kept_from(stage: Stage) -> None:
    taken(stage)
    with stage.world.database.write() as conn:
        id = conn.execute(select(case.c.id)).scalar_one()
        barred = conn.execute(select(staff.c.id).where(staff.c.key == "dep-property")).scalar_one()
        shown = dict(colleagues(conn, cases.load(conn, id)))
        assert "窦经理" in shown[barred] and not any("施晓岚" in name for name in shown.values())
        bars.bar(conn, id, [], ["安居物业"], "about", stage.player._now())
        assert barred not in dict(colleagues(conn, cases.load(conn, id)))
        assert conn.execute(select(staff_role.c.id).where(staff_role.c.staff_id == barred)).first()


def test_a_new_card_names_who_takes_it_first_by_the_roster(stage: Stage) -> None:
    with stage.world.database.write() as conn:
        grid = conn.execute(select(area.c.id).where(area.c.key == "xfl-1")).scalar_one()
        ids = {key: conn.execute(select(staff.c.id).where(staff.c.key == key)).scalar_one() for key in ("w1", "w2")}
        conn.execute(insert(staff_role).values(staff_id=ids["w2"], role="grid_worker", area_id=grid))
        turns = [{"staff_id": ids["w1"], "weekdays": "246"}, {"staff_id": ids["w2"], "weekdays": "1357"}]
        same = {"area_id": grid, "role": "grid_worker", "start": "00:00", "end": "23:59"}
        conn.execute(insert(duty), [{**same, **turn} for turn in turns])
        kept.changed(conn)
    stage.report()  # on a Monday
    card = stage.last(ROOM)["text"]
    assert "先请：李文涛" in card and "王晓敏" not in card and "可请专员：窦经理" in card
    assert "先请" not in stage.press("w1", "接单", ROOM)[0]["text"]
