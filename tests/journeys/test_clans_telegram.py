"""Two clans and an ancestral hall, on Telegram: reported, called out, assessed, met at the spot, settled, rated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from storage import mediations
from storage.database import Database
from storage.tables import case, mediation, outbox
from tests.journeys.test_telegram import Rows, settings
from tests.support.program import linli_run
from tests.support.telegram_foreign import ForeignTelegram, foreign_telegram

pytestmark = pytest.mark.journey

ELDER, OTHER, WORKER, MEDIATOR, DUTY, POLICE, LAND = 7, 8, 11, 12, 13, 14, 15
RESIDENTS, GRID, VILLAGE = -100, -200, -300
TOWN = """
linli: 1
areas:
  - key: shiqiao
    name: 石桥镇
    level: subdistrict
    departments:
      - {name: 石桥派出所, covers: [公安派出所]}
      - {name: 石桥自然资源所}
    areas:
      - key: citang
        name: 祠前村
        kind: rural
        quiet: {from: "00:00", to: "00:01"}
        groups:
          - {role: staff, telegram: -300}
        areas:
          - key: citang-1
            name: 上屋网格
            kind: rural
            groups:
              - {role: residents, telegram: -100}
              - {role: staff, telegram: -200}
            buildings:
              - {name: 三组, aliases: [祠堂坎]}
staff:
  - {key: chen, name: 陈春燕, accounts: {telegram: 11}, roles: [{role: grid_worker, area: citang-1}]}
  - {key: hua, name: 华秀英, accounts: {telegram: 12}, roles: [{role: mediator, area: citang}]}
  - {key: zhang, name: 章主任, accounts: {telegram: 13}, roles: [{role: duty_leader, area: shiqiao}]}
  - key: yu
    name: 喻警官
    accounts: {telegram: 14}
    roles: [{role: department, area: shiqiao, department: 石桥派出所}]
  - key: luo
    name: 罗所长
    accounts: {telegram: 15}
    roles: [{role: department, area: shiqiao, department: 石桥自然资源所}]
"""
QUARREL = "三组祠堂门口，两个家族为翻修祠堂的地界吵起来了，怕打起来"
PLAN = "先停工，请两姓代表和自然资源所到祠堂现场量界。"
SECRET = "他们去年偷拆过我家的墙"
AGREED = "以老墙根为界，翻修费用两姓各半，正月十五前完工。"


@pytest.fixture
def telegram() -> Iterator[ForeignTelegram]:
    with foreign_telegram() as found:
        yield found


def press(telegram: ForeignTelegram, who: int, words: str, label: str, chat: int | None = None) -> None:
    """Press a button under the newest message with these words, once it is there with this button."""
    place = chat if chat is not None else who
    telegram.until(lambda: label in labels(telegram, place, words), f"no {label!r} under {words!r} in {place}")
    telegram.presses(who, telegram.waits(place, words), label)


def labels(telegram: ForeignTelegram, chat: int, words: str) -> list[str]:
    found = [message for message in telegram.in_chat(chat) if words in message["text"]]
    rows = found[-1].get("reply_markup", {}).get("inline_keyboard", ()) if found else ()
    return [button["text"] for row in rows for button in row]


def reported(telegram: ForeignTelegram) -> None:
    """The worker files it from a phone and calls the departments to the hall."""
    for staff in (MEDIATOR, DUTY, POLICE):  # a bot writes to nobody first; the land office has not opened its chat
        telegram.says(staff, "/start")
    telegram.says(WORKER, f"代报 {QUARREL}")
    press(telegram, WORKER, "绑定码", "不用，我来转告")
    press(telegram, WORKER, "请确认", "确认")
    press(telegram, WORKER, "祠堂", "接单", GRID)
    press(telegram, WORKER, "正在办理", "吹哨", GRID)
    telegram.waits(GRID, "请哪几个部门到场")
    telegram.says(WORKER, "派出所、自然资源所，请到祠堂现场，派出所牵头", GRID)
    press(telegram, DUTY, "吹哨", "同意吹哨")
    press(telegram, POLICE, "吹哨", "报到")
    telegram.waits(WORKER, "石桥派出所已经到场")


def both_agree(telegram: ForeignTelegram) -> None:
    """From the card of the case, with nothing typed twice; each side by a code of its own."""
    press(telegram, WORKER, "几个部门正在一起办", "请人调解", GRID)
    press(telegram, WORKER, "先选一下是哪一类", "土地草场边界", GRID)
    press(telegram, WORKER, "会给双方各一个邀请码", "确认", GRID)
    codes = re.findall(r"方：(\d{10})", telegram.waits(WORKER, "请把邀请码分别交给双方")["text"])
    telegram.says(ELDER, f"邀请码 {codes[0]}")
    press(telegram, ELDER, "完全自愿", "愿意调解")
    telegram.waits(ELDER, "等另一方也同意")
    telegram.says(OTHER, f"/start {codes[1]}")
    press(telegram, OTHER, "完全自愿", "愿意调解")
    press(telegram, MEDIATOR, "有没有亲属", "没有，我来调解")
    press(telegram, ELDER, "华秀英接下了", "写给调解员")
    telegram.waits(ELDER, "只有调解员看得到")
    telegram.says(ELDER, SECRET)
    telegram.waits(MEDIATOR, SECRET)


def settled(telegram: ForeignTelegram) -> None:
    """The town assesses, its plan comes back, both come to the hall, agree, and rate."""
    press(telegram, MEDIATOR, "已接下", "请街道研判")
    press(telegram, DUTY, "请研判", "写意见")
    telegram.waits(DUTY, "请写研判意见")
    telegram.says(DUTY, PLAN)
    for chat in (GRID, VILLAGE, MEDIATOR, WORKER):
        telegram.waits(chat, PLAN)
    press(telegram, MEDIATOR, "已接下", "约时间")
    telegram.waits(MEDIATOR, "约哪天几点")
    later = datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(days=2)  # after midnight 后天 might be asked about
    telegram.says(MEDIATOR, f"{later.month}月{later.day}日上午9点半")
    telegram.waits(MEDIATOR, "在哪里谈")
    telegram.says(MEDIATOR, "三组祠堂门口")
    for side in (ELDER, OTHER):
        press(telegram, side, "在三组祠堂门口", "可以")
    press(telegram, MEDIATOR, "双方都来", "达成约定")
    telegram.waits(MEDIATOR, "把双方的约定写下来")
    telegram.says(MEDIATOR, AGREED)
    for side in (ELDER, OTHER):
        press(telegram, side, "请看对不对", "没错，我同意")
    for side in (ELDER, OTHER):
        press(telegram, side, "调解成功", "满意")
        telegram.waits(side, "谢谢您的评价")


def test_two_clans_and_an_ancestral_hall(telegram: ForeignTelegram, tmp_path: Path) -> None:
    town = tmp_path / "town.yml"
    town.write_text(TOWN, "utf-8")
    rows = Rows(tmp_path)
    with telegram.running() as root, linli_run(tmp_path, **settings(root, town, "polling")) as program:
        program.waits("t.me/TestNameBot")
        reported(telegram)
        both_agree(telegram)
        settled(telegram)
        telegram.waits(GRID, "双方都确认了约定")
        assert telegram.texts(RESIDENTS) == []
        for chat in (OTHER, WORKER, DUTY, POLICE, LAND, GRID, VILLAGE):  # what a side wrote is the mediator's alone
            assert SECRET not in "\n".join(telegram.texts(chat)), chat
        assert PLAN not in "\n".join(telegram.texts(ELDER) + telegram.texts(OTHER))
        press(telegram, WORKER, "几个部门正在一起办", "办结", GRID)
        press(telegram, WORKER, "办得怎么样", "已办结", GRID)
        telegram.waits(GRID, "请写一句处理结果")
        telegram.says(WORKER, "两姓以老墙根为界，当场握手言和。", GRID)
        telegram.waits(WORKER, "当场握手言和")
    ((state, about),) = rows.all(select(mediation.c.state, mediation.c.case_id))
    ((id, status, ending),) = rows.all(select(case.c.id, case.c.status, case.c.ending))
    assert (state, about, status, ending) == ("settled", id, "resolved", "settled")
    assert rated(tmp_path) == {"a": 5, "b": 5}
    assert rows.count(outbox, outbox.c.state == "failed") == 0
    assert "祠堂" not in "\n".join(program.lines)


def rated(folder: Path) -> dict[str, int]:
    database = Database.open(f"sqlite:///{folder / 'data' / 'linli.db'}")
    try:
        with database.read() as conn:
            return dict(mediations.load(conn, 1).ratings)
    finally:
        database.close()
