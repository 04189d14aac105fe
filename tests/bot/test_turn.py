"""A turn has its effect once, whoever takes it and however often."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import privatetalk, taking, turn
from bot.channels.base import Inbound, Kind
from bot.intake import keep
from storage import inbox
from storage.tables import inbox as rows
from storage.tables import outbox
from tests.support.stage import Stage


def said(text: str, key: str = "k1") -> Inbound:
    return Inbound("play", key, Kind.MESSAGE, "u1", True, "u1", text=text, message=key, addressed=True)


def claimed(stage: Stage, after: timedelta = timedelta()) -> inbox.InboxRow:
    now = stage.player.channel.now + after
    with stage.world.database.write() as conn:
        return inbox.claim(conn, now, lease=turn.LEASE, limit=1)[0]


def told(stage: Stage) -> list[str]:
    with stage.world.database.read() as conn:
        return [payload["text"] for payload in conn.execute(select(outbox.c.payload).order_by(outbox.c.id)).scalars()]


def test_a_row_whose_lease_ran_out_is_taken_by_one_worker_only(stage: Stage) -> None:
    now = stage.player.channel.now
    keep(stage.world.database, said("人工"), now)
    slow = claimed(stage)
    quick = claimed(stage, turn.LEASE)  # the first worker was too slow: another has the row now
    taking.take(stage.world, slow, (), now)
    assert told(stage) == []
    taking.take(stage.world, quick, (), now)
    once = told(stage)
    taking.take(stage.world, quick, (), now)
    assert once and told(stage) == once


def test_a_row_two_have_looked_at_is_taken_by_one_only(stage: Stage) -> None:
    now = stage.player.channel.now
    keep(stage.world.database, said("人工"), now)
    with stage.world.database.look() as conn:
        [row] = inbox.look(conn, now, limit=1, after=0) or []
    taking.take(stage.world, row, (), now)
    once = told(stage)
    taking.take(stage.world, row, (), now)
    assert once and told(stage) == once


def test_a_row_that_was_claimed_meanwhile_is_whose_claim_it_was(stage: Stage) -> None:
    now = stage.player.channel.now
    keep(stage.world.database, said("人工"), now)
    with stage.world.database.look() as conn:
        [row] = inbox.look(conn, now, limit=1, after=0) or []
    other = claimed(stage)
    taking.take(stage.world, row, (), now)
    assert told(stage) == []
    taking.take(stage.world, other, (), now)
    assert told(stage)


def test_what_fails_after_another_had_the_row_changes_nothing(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    now = stage.player.channel.now
    keep(stage.world.database, said("人工"), now)
    slow = claimed(stage)
    taking.take(stage.world, claimed(stage, turn.LEASE), (), now)
    once = told(stage)

    def fails(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(privatetalk, "understand", fails)
    taking.take(stage.world, slow, (), now)
    assert once and told(stage) == once
    with stage.world.database.read() as conn:
        assert conn.execute(select(rows.c.state, rows.c.error)).one() == ("done", None)


def test_a_refusal_is_said_once(stage: Stage) -> None:
    now = stage.player.channel.now
    stage.report()
    stage.say("u1", "帮我催一下")
    keep(stage.world.database, said("再帮我催一下"), now)
    slow = claimed(stage)
    quick = claimed(stage, turn.LEASE)
    taking.take(stage.world, quick, (), now)
    taking.take(stage.world, slow, (), now)
    assert [text for text in told(stage) if "明天再催" in text] == told(stage)[-1:]


def test_a_row_nobody_can_read_is_a_dead_letter_and_stops_nobody(stage: Stage) -> None:
    now = stage.player.channel.now
    with stage.world.database.write() as conn:
        bad = {"kind": "from another age", "channel": "play"}
        inbox.accept(conn, channel="play", key="odd", conversation="play:u9", payload=bad, now=now)
    assert stage.say("u9", "你好")
    with stage.world.database.read() as conn:
        assert [letter.error for letter in inbox.dead_letters(conn, 5)] == ["unreadable: ValueError"]
