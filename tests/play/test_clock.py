"""The clock of a play: it stops at what is due, waits a while for what nobody takes, and then says so."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from storage import outbox, reach
from storage.tables import chat
from tests.support.stage import Stage, texts


def closed_until(stage: Stage, at: str, until: int) -> None:
    """Something is to be said at once to a chat that takes nothing for so many seconds from then on."""
    stage.tick(at)
    now = stage.player.channel.now
    with stage.world.database.write() as conn:
        id = conn.execute(select(chat.c.id).where(chat.c.address == "u1", chat.c.kind == "private")).scalar_one()
        reach.pause(conn, id, now.replace(minute=now.minute + until // 60), now)
        outbox.put(conn, chat_id=id, kind="say", lane=1, payload={"text": "来电了", "choices": []}, now=now)


def test_what_a_chat_takes_a_little_later_is_waited_for(stage: Stage) -> None:
    stage.say("u1", "你好")
    closed_until(stage, "2026-01-05T09:30:00+08:00", 120)
    (said,) = (line for line in stage.tick("2026-01-05T10:00:00+08:00") if "来电了" in texts([line], "private:u1"))
    assert said["at"] == "2026-01-05T09:32:00+08:00"


def test_a_clock_that_would_stand_still_for_ever_says_what_it_waits_for(stage: Stage) -> None:
    stage.say("u1", "你好")
    closed_until(stage, "2026-01-05T09:30:00+08:00", 1500)
    with pytest.raises(RuntimeError, match="taken by nobody"):
        stage.tick("2026-01-05T10:00:00+08:00")
