"""A platform like WeChat's fits the contract: the answer goes back with the request, later ones through its window."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from bot.channels.base import Inbound
from bot.delivery import Delivery
from storage import inbox, outbox
from storage.database import Database
from storage.tables import chat
from tests.support.databases import SECRET
from tests.support.platforms import MessageKeeper, said

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database.open(f"sqlite:///{tmp_path / 'linli.db'}", durable=False, secret=SECRET)
    opened.upgrade()
    yield opened
    opened.close()


class Assistant:
    """Commits what comes in, and answers each message with three."""

    def __init__(self, database: Database, keeper: MessageKeeper) -> None:
        self.database = database
        self.delivery = Delivery(database, {"wechat": keeper}, threads=False)
        with database.write() as conn:
            row = {"channel": "wechat", "address": "u1", "kind": "private"}
            self.chat = int(conn.execute(insert(chat).returning(chat.c.id), row).scalar_one())

    def accept(self, inbound: Inbound) -> None:
        with self.database.write() as conn:
            row = {"channel": "wechat", "key": inbound.key, "conversation": inbound.conversation}
            if inbox.accept(conn, **row, payload=inbound.to_json(), now=NOW) is None:
                return  # the platform asks three times
            conn.execute(update(chat).where(chat.c.id == self.chat).values(heard_at=NOW))
            for text in ("收到", "请留电话", "谢谢"):
                outbox.put(conn, chat_id=self.chat, kind="say", lane=1, payload={"text": text}, now=NOW)


def test_the_first_answer_goes_back_with_the_request_the_others_are_pushed(database: Database) -> None:
    keeper = MessageKeeper()
    assistant = Assistant(database, keeper)

    async def run() -> str:
        posted = asyncio.create_task(keeper.post(said("u1", "灯坏了"), assistant.accept, NOW))
        await asyncio.sleep(0)
        await assistant.delivery.run_once(NOW)
        return await posted

    assert asyncio.run(run()) == "收到"
    assert keeper.log == [("passive", "u1", "收到"), ("pushed", "u1", "请留电话"), ("pushed", "u1", "谢谢")]


def test_an_answer_that_takes_too_long_is_pushed_and_asking_again_changes_nothing(database: Database) -> None:
    keeper = MessageKeeper()
    assistant = Assistant(database, keeper)

    async def run() -> list[str]:
        replies = [await keeper.post(said("u1", "灯坏了"), assistant.accept, NOW, patience=0.01) for _ in range(3)]
        await assistant.delivery.run_once(NOW + timedelta(seconds=20))
        return replies

    assert asyncio.run(run()) == ["", "", ""]
    assert [how for how, _, _ in keeper.log] == ["pushed"] * 3
