"""What happens to a group comes from nobody: lines without `from` are played like any other."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from bot.app import DEMO
from bot.channels.base import Inbound, Kind
from bot.player import Player
from bot.playing import stage

LINES: tuple[dict[str, Any], ...] = (
    {"type": "migrate", "chat": "group:g1", "to": "group:g9"},
    {"type": "leave", "chat": "group:g9"},
    {"type": "leave"},
    {"type": "message", "from": "u1", "text": "帮助"},
)


def test_the_run_goes_on() -> None:
    said: list[dict[str, Any]] = []
    with stage(DEMO, None, meaning=False) as world:
        asyncio.run(Player(world, said.append).play([json.dumps(line).encode() for line in LINES]))
    assert [line["event"] for line in said if line["type"] == "done"] == [1, 2, 3, 4]
    assert [line["chat"] for line in said if line["type"] == "say" and line["event"] == 4] == ["private:u1"]


@pytest.mark.parametrize("sender", ["", "u1"])
def test_an_update_stays_what_it_is_in_the_inbox(sender: str) -> None:
    said = Inbound("play", "k", Kind.LEAVE, "group:g1", private=False, sender=sender)
    assert Inbound.from_json(json.loads(json.dumps(said.to_json()))) == said
