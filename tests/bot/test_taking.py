"""Turns of several conversations share a commit; one that fails is undone alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from bot import taking, turn
from bot.channels.base import Inbound, Kind
from bot.intake import keep
from storage import failpoints, inbox
from storage.database import Undone
from storage.tables import chat, outbox
from storage.tables import inbox as rows
from tests.support.stage import Stage, on_stage


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setattr(taking, "LONGEST", 600.0)  # however busy the machine is
    with on_stage() as found:
        yield found


def said(who: str, text: str) -> Inbound:
    return Inbound("play", f"{who}.{text}", Kind.MESSAGE, who, True, who, text=text, message=who, addressed=True)


def claimed(stage: Stage, *lines: Inbound) -> list[tuple[inbox.InboxRow, turn.Stored]]:
    now = stage.player.channel.now
    for line in lines:
        keep(stage.world.database, line, now)
    found: list[inbox.InboxRow] = []
    with stage.world.database.write() as conn:
        while more := inbox.claim(conn, now, lease=turn.LEASE, limit=32):  # newcomers are few at a time
            found += more
    return [(row, ()) for row in found]


def told(stage: Stage) -> dict[str, list[str]]:
    query = select(chat.c.address, outbox.c.payload).join(chat, chat.c.id == outbox.c.chat_id).order_by(outbox.c.id)
    found: dict[str, list[str]] = {}
    with stage.world.database.read() as conn:
        for address, payload in conn.execute(query):
            found.setdefault(address, []).append(payload["text"])
    return found


def states(stage: Stage) -> dict[str, tuple[str, int, str | None]]:
    with stage.world.database.read() as conn:
        found = conn.execute(select(rows.c.conversation, rows.c.state, rows.c.tries, rows.c.error))
        return {row.conversation: (row.state, row.tries, row.error) for row in found}


def commits(monkey: list[str]) -> None:
    failpoints.watch(lambda place: monkey.append(place) if place == "committed" else None)


def test_turns_that_are_ready_share_a_commit(stage: Stage) -> None:
    ready = claimed(stage, *(said(f"u{n}", "帮助") for n in range(4)))
    seen: list[str] = []
    commits(seen)
    try:
        taking.take_all(stage.world, ready, stage.player.channel.now)
    finally:
        failpoints.watch(None)
    assert len(ready) == 4 and seen == ["committed"]
    assert all(len(lines) == 1 for lines in told(stage).values()) and len(told(stage)) == 4
    assert all(state == "done" for state, _, _ in states(stage).values())


def test_a_turn_that_fails_is_undone_alone(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def after_its_rows(scene: turn.Scene, understood: object) -> None:
        working(scene, understood)
        if scene.said.sender == "u1":
            raise RuntimeError("a bug")

    working = turn.DOORS[Kind.MESSAGE]
    monkeypatch.setitem(turn.DOORS, Kind.MESSAGE, after_its_rows)
    taking.take_all(stage.world, claimed(stage, *(said(f"u{n}", "帮助") for n in range(3))), stage.player.channel.now)
    heard = told(stage)
    assert heard["u0"] == heard["u2"] != heard["u1"] and len(heard["u1"]) == 1  # the apology, nothing of the turn
    found = states(stage)
    assert found["play:u0"][0] == found["play:u2"][0] == "done"
    assert found["play:u1"] == ("new", 1, "RuntimeError")


def test_a_turn_that_was_undone_for_anothers_sake_is_tried_again_at_once(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def once(scene: turn.Scene, understood: object) -> None:
        working(scene, understood)
        if not tried:
            tried.append(1)
            raise Undone("DeadlockDetected")

    working, tried = turn.DOORS[Kind.MESSAGE], list[int]()
    monkeypatch.setitem(turn.DOORS, Kind.MESSAGE, once)
    for row, stored in claimed(stage, *(said(f"u{n}", "帮助") for n in range(2))):
        taking.take(stage.world, row, stored, stage.player.channel.now)
    assert [len(lines) for lines in told(stage).values()] == [1, 1]
    assert all(state == ("done", 1, None) for state in states(stage).values())


def test_a_crash_before_the_shared_commit_leaves_nothing_of_any(stage: Stage) -> None:
    class Crash(BaseException):
        """kill -9."""

    def die(place: str) -> None:
        if place == "commit":
            raise Crash

    ready = claimed(stage, said("u0", "帮助"), said("u1", "帮助"))
    failpoints.watch(die)
    try:
        with pytest.raises(Crash):
            taking.take_all(stage.world, ready, stage.player.channel.now)
    finally:
        failpoints.watch(None)
    assert told(stage) == {} and all(state == "new" for state, _, _ in states(stage).values())
    taking.take_all(stage.world, ready, stage.player.channel.now)
    assert sorted(told(stage)) == ["u0", "u1"]


def taken(stage: Stage, text: str) -> int:
    """Three say it at once, and each is answered: in how many commits."""
    seen: list[str] = []
    ready = claimed(stage, *(said(f"u{n}", text) for n in range(3)))
    commits(seen)
    try:
        taking.take_all(stage.world, ready, stage.player.channel.now)
    finally:
        failpoints.watch(None)
    assert sorted(told(stage)) == ["u0", "u1", "u2"]
    assert all(state == "done" for state, _, _ in states(stage).values())
    return len(seen)


def test_what_is_slow_is_looked_up_outside_and_the_turn_comes_again(stage: Stage) -> None:
    assert taken(stage, "老板拖欠工资三个月了，法律上怎么规定的") == 2


def test_what_the_rows_tell_is_looked_up_in_the_turn_itself(stage: Stage) -> None:
    assert taken(stage, "幸福里小区3号楼楼道灯坏了三天了") == 1
