"""退订: news nobody asked for stays away; what answers somebody, and danger, always comes."""

from __future__ import annotations

from bot.effects import Here, Writer
from flows.effects import Lane, Privately, Say
from storage import people
from tests.support.stage import Stage, on_stage


def told(stage: Stage, lane: Lane) -> bool:
    """Whether u1 is sent something on this lane."""
    with stage.world.database.write() as conn:
        person = people.person_for(conn, "play", "u1", stage.player.channel.now).id
        here = Here(now=stage.player.channel.now, actor="clock")
        Writer(conn, stage.world, here).write([Say(f"消息{lane}", to=Privately(person), lane=lane)])
    stage.tick(stage.player.channel.now.isoformat())
    return f"消息{lane}" in stage.shown("private:u1")[-1]


def test_news_stays_away_until_it_is_wanted_again() -> None:
    with on_stage() as stage:
        stage.say("u1", "你好")
        assert told(stage, Lane.BROADCAST)
        assert "退订" not in stage.say("u1", "退订")[0]["text"]
        assert not told(stage, Lane.BROADCAST)
        assert told(stage, Lane.PUSH) and told(stage, Lane.DANGER)
        stage.say("u1", "恢复推送")
        assert told(stage, Lane.BROADCAST)
