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
QUESTION = "请问小区电梯广告的收益归谁，物业说归他们，法律怎么规定"
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

        for staff in (GUIDE, ADVISER):  # a bot writes to nobody first
            telegram.says(staff, "帮助")
            telegram.waits(staff, "我是小邻")

        # In the group only the way to the private chat, and nothing of the question.
        telegram.says(RESIDENT, f"@TestNameBot {QUESTION}", RESIDENTS)
        offer = telegram.waits(RESIDENTS, "法律问题请私聊")
        assert "电梯广告" not in offer["text"]
        link = offer["reply_markup"]["inline_keyboard"][-1][-1]["url"]
        telegram.says(RESIDENT, f"/start {link.partition('=')[2]}")

        # Articles; they do not help.
        answer = telegram.waits(RESIDENT, "法律信息，不是法律意见")
        assert "《民法典》" in answer["text"]
        telegram.presses(RESIDENT, answer, "找人")
        telegram.waits(RESIDENT, "已经转给荷塘东社区的法律明白人")

        # The guide hears the field first, then the question, and answers by replying.
        card = telegram.waits(GUIDE, "先看有没有利害关系")
        assert "电梯" not in card["text"] and "领域：物业" in card["text"]
        telegram.presses(GUIDE, card, TAKE)
        shown = telegram.waits(GUIDE, "电梯广告")
        replies(telegram, GUIDE, shown, "看民法典第9999条。")
        telegram.presses(GUIDE, telegram.waits(GUIDE, "仍要发送吗"), "我改一下")
        replies(telegram, GUIDE, shown, "扣除合理成本后归业主共有，《民法典》第二百八十二条。")
        telegram.waits(RESIDENT, "扣除合理成本后归业主共有")
        assert not any("9999" in text for text in telegram.texts(RESIDENT))

        # A further question stays in the thread; then the end and the rating.
        telegram.says(RESIDENT, "那怎么看账")
        replies(telegram, GUIDE, telegram.waits(GUIDE, "那怎么看账"), "业主有权查账，物业要定期公布。")
        telegram.presses(RESIDENT, telegram.waits(RESIDENT, "业主有权查账"), "解决了")
        telegram.presses(RESIDENT, telegram.waits(RESIDENT, "这次法律咨询结束了"), "有帮助")
        telegram.waits(RESIDENT, "收到您的评价")

        # The answer becomes a guide once somebody else has looked at it.
        telegram.presses(GUIDE, telegram.waits(GUIDE, "整理成一条通用的解答"), "整理成解答")
        telegram.presses(GUIDE, telegram.waits(GUIDE, "解答草稿"), "提交复核")
        telegram.presses(ADVISER, telegram.waits(ADVISER, "请复核一条解答"), "通过，公开")
        telegram.waits(GUIDE, "已经公开")
        telegram.says(NEIGHBOUR, "请问小区电梯广告的收益归谁，是不是归物业，法律怎么规定")
        given = telegram.waits(NEIGHBOUR, "扣除合理成本后归业主共有")
        assert "法律明白人的解答" in given["text"] and "何明理" not in given["text"]

    ((state, rating),) = rows.all(select(thread.c.state, thread.c.rating))
    assert (state, rating) == ("closed", 5)
    assert [row.state for row in rows.all(select(law_answer.c.state))] == ["published"]
    assert rows.count(outbox, outbox.c.state == "failed") == 0
    assert "电梯广告" not in "\n".join(program.lines)
