"""Cards after a group is closed to us or moved: whoever stands in its place can go on with them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, insert, select, update

from bot.channels.base import Inbound, Kind
from bot.effects import Here, Writer
from bot.intake import keep
from flows.effects import ShowCase
from storage import reach
from storage.tables import card, chat, outbox
from tests.support.stage import Stage, on_stage


@pytest.fixture
def stage() -> Iterator[Stage]:
    with on_stage() as found:
        found.report()
        yield found


def shown_in(conn: Connection) -> tuple[int, int]:
    """(the group, its area) that shows the case."""
    row = conn.execute(
        select(chat.c.id, chat.c.area_id)
        .join(card, card.c.chat_id == chat.c.id)
        .where(card.c.kind == "case", chat.c.address == "group:staff-xfl-1")
    ).one()
    return row.id, row.area_id


def new_group(conn: Connection, area: int | None) -> int:
    row = {"channel": "play", "address": "group:new", "kind": "group", "role": "staff", "area_id": area}
    id: int = conn.execute(insert(chat).values(**row).returning(chat.c.id)).scalar_one()
    return id


def test_the_group_in_place_of_a_closed_one_gets_the_buttons(stage: Stage) -> None:
    with stage.world.database.write() as conn:
        old, area = shown_in(conn)
        reach.close(conn, old, state="left", reason="kicked")
        new = new_group(conn, area)
        Writer(conn, stage.world, Here(now=stage.player.channel.now, actor="clock")).write(
            [ShowCase(conn.execute(select(card.c.subject_id)).scalars().first() or 0)]
        )
        said = conn.execute(select(outbox.c.kind, outbox.c.payload).where(outbox.c.chat_id == new)).one()
        gone = conn.execute(select(outbox.c.id).where(outbox.c.chat_id == old, outbox.c.state == "new")).all()
    labels = [choice["label"] for row in said.payload["choices"] for choice in row]
    assert said.kind == "say" and "接单" in labels and gone == []


def test_a_card_that_was_not_sent_yet_moves_with_its_group(stage: Stage) -> None:
    with stage.world.database.write() as conn:
        old, _ = shown_in(conn)
        row = conn.execute(select(card.c.outbox_id).where(card.c.chat_id == old)).scalar_one()
        conn.execute(update(outbox).where(outbox.c.id == row).values(state="new"))
        new = new_group(conn, None)
        reach.move(conn, old, "group:new")
        assert conn.execute(select(card.c.chat_id).where(card.c.outbox_id == row)).scalar_one() == new


@pytest.mark.parametrize("renumbered", [True, False])
def test_after_a_move_that_gives_messages_new_numbers_none_is_edited_by_its_old_one(
    stage: Stage, *, renumbered: bool
) -> None:
    group = "group:staff-xfl-1"
    moved = Inbound("play", "move", Kind.MIGRATE, group, False, "", new_chat="group:new", renumbered=renumbered)
    keep(stage.world.database, moved, stage.player.channel.now)
    told = [line for line in stage.say("u1", "催办") if line.get("chat") == "group:new"]
    assert [line["type"] for line in told] == ["say" if renumbered else "edit", "say"]
    assert told[0]["choices"] and told[1]["reply_to"] == told[0]["id"]
