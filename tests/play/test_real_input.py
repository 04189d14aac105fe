"""What people really write, line by line through the whole assistant: nothing fails, and groups are left alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from storage import conversations, inbox
from storage.tables import account, chat
from storage.tables import inbox as inbox_table
from tests.support.shared import folder, rows
from tests.support.stage import Stage, on_stage

PRIVATE = ("private", "danger", "legal", "law", "law_not_in_library", "oos_requests", "venting")


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    folder()
    with on_stage(None) as found:
        yield found


def flow_of(stage: Stage, who: str) -> str:
    with stage.world.database.read() as conn:
        person = conn.execute(select(account.c.person_id).where(account.c.address == who)).scalar_one()
        place = conn.execute(select(chat.c.id).where(chat.c.address == who, chat.c.kind == "private")).scalar_one()
        return str(conversations.load(conn, place, person).get("flow", ""))


def nothing_failed(stage: Stage) -> None:
    assert not [line for line in stage.lines if line["type"] == "error"]
    with stage.world.database.read() as conn:
        undone = select(func.count()).select_from(inbox_table).where(inbox_table.c.state != "done")
        assert conn.execute(undone).scalar_one() == 0, inbox.dead_letters(conn, 5)


def test_at_least_four_in_five_complaints_are_taken_as_such(stage: Stage) -> None:
    texts = [row["short"] for name in ("complaints", "complaints_fine") for row in rows(name) if row.get("short")]
    taken = 0
    for n, text in enumerate(texts):
        assert stage.say(f"c{n}", text), text
        taken += flow_of(stage, f"c{n}") == "complaint"
    nothing_failed(stage)
    assert taken / len(texts) >= 0.8


def test_ordinary_talk_in_a_group_is_left_alone(stage: Stage) -> None:
    lines = [row["text"] for row in rows("chatter")]
    lines += [turn for row in rows("chat_threads") for turn in row["turns"]]
    spoken = 0
    for n, text in enumerate(lines):
        out = stage.say(f"g{n % 50}", text, f"group:talk{n % 40}")
        spoken += any(line["type"] == "say" for line in out)
    nothing_failed(stage)
    assert spoken / len(lines) <= 0.02


@pytest.mark.parametrize("name", PRIVATE)
def test_every_private_line_is_answered(stage: Stage, name: str) -> None:
    for n, row in enumerate(rows(name)):
        out = stage.say(f"{name}{n}", row["text"])
        assert any(line["type"] == "say" for line in out), row["text"]
    nothing_failed(stage)


def test_group_logs_pass_without_a_fault(stage: Stage) -> None:
    for row in rows("groups"):
        stage.say(f"{row['group']}{row['from']}", row["text"], f"group:{row['group']}", addressed=row["addressed"])
    nothing_failed(stage)
