"""A legal question on Telegram: from the group to an adviser's answer, to a guide that the next person gets."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from storage.tables import law_answer, outbox, thread
from tests.journeys.test_telegram import COMMUNITY, NEIGHBOUR, RESIDENT, RESIDENTS, Rows, settings
from tests.support.program import linli_run
from tests.support.telegram_foreign import ForeignTelegram, foreign_telegram

pytestmark = pytest.mark.journey

GUIDE, ADVISER = 12, 13
ADVISERS = """
  - key: he
    name: 何明理
    accounts: {telegram: 12}
    roles:
      - {role: legal_guide, area: hehua-dong}
  - key: jin
    name: 金律师
    accounts: {telegram: 13}
    roles:
      - {role: legal_adviser, area: hehua}
"""
QUESTION = "请问邻居家的公鸡每天凌晨打鸣，法律上怎么规定的"
TAKE = "无利害关系，接"


@pytest.fixture
def telegram() -> Iterator[ForeignTelegram]:
    with foreign_telegram() as found:
        yield found


def replies(telegram: ForeignTelegram, sender: int, to: dict[str, Any], text: str) -> None:
    message = {"message_id": to["message_id"], "date": int(time.time()), "chat": to["chat"], "text": to["text"]}
    telegram.says(sender, text, reply_to_message=message)


def test_from_the_group_to_a_guide_for_the_next_person(telegram: ForeignTelegram, tmp_path: Path) -> None:
    community = tmp_path / "community.yml"
    community.write_text(COMMUNITY + ADVISERS, "utf-8")
    rows = Rows(tmp_path)
    with telegram.running() as root, linli_run(tmp_path, **settings(root, community, "polling")) as program:
        program.waits("t.me/TestNameBot")

        # In the group only the way to the private chat, and nothing of the question.
        telegram.says(RESIDENT, f"@TestNameBot {QUESTION}", RESIDENTS)
        offer = telegram.waits(RESIDENTS, "法律问题请私聊")
        assert "公鸡" not in offer["text"]
        link = offer["reply_markup"]["inline_keyboard"][-1][-1]["url"]
        telegram.says(RESIDENT, f"/start {link.partition('=')[2]}")

        # Articles; they do not help.
        answer = telegram.waits(RESIDENT, "法律信息，不是法律意见")
        assert "《民法典》" in answer["text"]
        telegram.presses(RESIDENT, answer, "没解决，找人")
        telegram.waits(RESIDENT, "已经转给社区的法律明白人")

        # The guide hears the field first, then the question, and answers by replying.
        card = telegram.waits(GUIDE, "先看有没有利害关系")
        assert "公鸡" not in card["text"] and "邻里" in card["text"]
        telegram.presses(GUIDE, card, TAKE)
        shown = telegram.waits(GUIDE, "公鸡")
        replies(telegram, GUIDE, shown, "看民法典第9999条。")
        telegram.presses(GUIDE, telegram.waits(GUIDE, "仍要发送吗"), "我改一下")
        replies(telegram, GUIDE, shown, "先商量；不成请人民调解。《民法典》第二百八十八条要求相邻各方团结互助。")
        telegram.waits(RESIDENT, "先商量；不成请人民调解")
        assert not any("9999" in text for text in telegram.texts(RESIDENT))

        # A further question stays in the thread; then the end and the rating.
        telegram.says(RESIDENT, "调解要钱吗")
        replies(telegram, GUIDE, telegram.waits(GUIDE, "调解要钱吗"), "人民调解不收费。")
        telegram.presses(RESIDENT, telegram.waits(RESIDENT, "人民调解不收费"), "解决了")
        telegram.presses(RESIDENT, telegram.waits(RESIDENT, "这次法律咨询结束了"), "有帮助")
        telegram.waits(RESIDENT, "收到您的评价")

        # The answer becomes a guide once somebody else has looked at it.
        telegram.presses(GUIDE, telegram.waits(GUIDE, "整理成一条通用的解答"), "整理成解答")
        telegram.presses(GUIDE, telegram.waits(GUIDE, "解答草稿"), "提交复核")
        telegram.presses(ADVISER, telegram.waits(ADVISER, "请复核一条解答"), "通过，公开")
        telegram.waits(GUIDE, "已经公开")
        telegram.says(NEIGHBOUR, "请问邻居养的公鸡凌晨打鸣，法律上怎么规定的")
        given = telegram.waits(NEIGHBOUR, "先商量；不成请人民调解")
        assert "法律明白人的解答" in given["text"] and "何明理" not in given["text"]

    ((state, rating),) = rows.all(select(thread.c.state, thread.c.rating))
    assert (state, rating) == ("closed", 5)
    assert [row.state for row in rows.all(select(law_answer.c.state))] == ["published"]
    assert rows.count(outbox, outbox.c.state == "failed") == 0
    assert "公鸡" not in "\n".join(program.lines)
