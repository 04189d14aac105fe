"""A problem told in a group over several lines goes into the private chat whole, and to nobody else."""

from __future__ import annotations

from tests.support.stage import on_stage, texts


def test_what_was_told_before_and_after_the_offer_waits_behind_the_link() -> None:
    with on_stage() as stage:
        stage.say("u1", "就咱3号楼2单元门头那块水泥", "group:g1")
        stage.say("u1", "掉了一块下来，砸在台阶上，脸盆那么大", "group:g1", at="2026-01-05T09:00:15+08:00")
        stage.say("u9", "谁家的猫在楼顶叫", "group:g1", at="2026-01-05T09:00:20+08:00")
        stage.say("u1", "今早七点多的事，台阶也缺了个角", "group:g1", at="2026-01-05T09:00:40+08:00")
        told = texts(stage.follow("u1", "group:g1"), "private:u1")
        assert "3号楼2单元门头那块水泥，掉了一块下来" in told and "台阶也缺了个角" in told and "猫" not in told


def test_half_an_hour_later_what_was_offered_is_still_there() -> None:
    with on_stage() as stage:
        stage.say("u1", "3号楼门口的路灯坏了，晚上黑漆漆的", "group:g1")
        stage.tick("2026-01-05T11:00:00+08:00")
        assert "3号楼门口的路灯坏了" in texts(stage.follow("u1", "group:g1"), "private:u1")
