"""What is told by the clock: no digest on a day off, duty handed over, figures of a month to those they are for."""

from __future__ import annotations

from tests.support.stage import Stage, texts


def lamp(stage: Stage, who: str = "u1") -> None:
    stage.report(who)


def test_no_digest_at_the_weekend_unless_something_is_late(stage: Stage) -> None:
    stage.tick("2026-01-09T16:30:00+08:00")
    lamp(stage)  # on Friday afternoon: its clock runs into the next week
    assert "早上好" not in texts(stage.tick("2026-01-10T09:00:00+08:00"), "group:staff-xfl-1")
    assert "早上好" in texts(stage.tick("2026-01-12T09:00:00+08:00"), "group:staff-xfl-1")
    assert "已超时" in texts(stage.tick("2026-01-17T09:00:00+08:00"), "group:staff-xfl-1")


def test_a_case_nobody_took_in_time_is_late_in_the_digest(stage: Stage) -> None:
    lamp(stage)
    out = stage.tick("2026-01-05T20:01:00+08:00")
    assert "超时1件" in texts(out, "private:d2") and "已超时，还没有人接" in texts(out, "private:d2")
    assert "超时1件" in texts(stage.tick("2026-01-06T08:31:00+08:00"), "group:staff-xfl-1")
    assert "已超时，还没有人接" in texts(stage.say("w1", "待办", "group:staff-xfl-1"), "group:staff-xfl-1")


def test_who_comes_on_duty_hears_what_is_open_and_nobody_else(stage: Stage) -> None:
    lamp(stage)
    out = stage.tick("2026-01-05T20:01:00+08:00")  # d2 follows d1
    assert "交接班" in texts(out, "private:d2") and "在办1件" in texts(out, "private:d2")
    assert "交接班" not in texts(out, "private:d1")
    out = stage.tick("2026-01-06T08:01:00+08:00")
    assert "交接班" in texts(out, "private:d1")


def test_the_month_is_told_to_leaders_and_each_community_hears_its_own(stage: Stage) -> None:
    lamp(stage)
    stage.press("w1", "接单", "group:staff-xfl-1")
    stage.press("w1", "办结", "group:staff-xfl-1")
    stage.press("w1", "已办结", "group:staff-xfl-1")
    stage.say("w1", "换了灯泡", "group:staff-xfl-1")
    stage.press("u1", "满意")
    out = stage.tick("2026-02-01T09:05:00+08:00")
    leaders = texts(out, "group:leaders-liuxi")
    assert "柳溪街道 2026年1月诉求情况" in leaders and "居民确认解决1件（100%）" in leaders
    assert "幸福里社区 2026年1月" in texts(out, "group:staff-xfl")
    assert "王晓敏" not in leaders
    for chat in ("group:g1", "group:staff-xfl-1"):
        assert "2026年1月" not in texts(out, chat)
    out = stage.tick("2026-04-01T09:05:00+08:00")
    assert "第一季度" in texts(out, "group:leaders-liuxi")
