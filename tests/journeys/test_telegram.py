"""Residents and staff on Telegram, from the first word to the rating: the whole program, a Bot API server of others."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from sqlalchemy import func, select

from storage.database import Database
from storage.tables import case, case_file, chat, inbox, outbox
from tests.support.program import Program, linli_run
from tests.support.server import free_port
from tests.support.telegram_api import TelegramApi
from tests.support.telegram_foreign import TOKEN, ForeignTelegram, foreign_telegram

pytestmark = pytest.mark.journey

RESIDENT, NEIGHBOUR, WORKER, STRANGER = 7, 8, 11, 66
RESIDENTS, STAFF = -100, -200
SECRET = "a-secret-of-the-journeys"

COMMUNITY = """
linli: 1
areas:
  - key: hehua
    name: 荷花街道
    level: subdistrict
    areas:
      - key: hehua-dong
        name: 荷塘东社区
        quiet: {from: "00:00", to: "00:01"}
        areas:
          - key: hehua-dong-1
            name: 第一网格
            aliases: [荷塘小区]
            groups:
              - {role: residents, telegram: -100}
              - {role: staff, telegram: -200}
            buildings:
              - {numbers: 1-6}
staff:
  - key: chen
    name: 陈晓荷
    accounts: {telegram: 11}
    roles:
      - {role: grid_worker, area: hehua-dong-1}
"""


@pytest.fixture
def telegram() -> Iterator[ForeignTelegram]:
    with foreign_telegram() as found:
        yield found


@pytest.fixture
def community(tmp_path: Path) -> Path:
    path = tmp_path / "community.yml"
    path.write_text(COMMUNITY, "utf-8")
    return path


class Rows:
    """What is in the database, which is what counts."""

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder / 'data' / 'linli.db'}"

    def all(self, statement: Any) -> list[Any]:
        database = Database.open(self.url)
        try:
            with database.read() as conn:
                return list(conn.execute(statement))
        finally:
            database.close()

    def count(self, table: Any, *where: Any) -> int:
        return int(self.all(select(func.count()).select_from(table).where(*where))[0][0])


@pytest.fixture(params=["polling", "webhook"])
def started(
    request: pytest.FixtureRequest, telegram: ForeignTelegram, community: Path, tmp_path: Path
) -> Iterator[tuple[ForeignTelegram, Program, Rows]]:
    """The program, with updates coming in each way in turn."""
    with telegram.running() as root, linli_run(tmp_path, **settings(root, community, request.param)) as program:
        program.waits("t.me/TestNameBot")
        if request.param == "webhook":
            until_hooked(telegram)
        yield telegram, program, Rows(tmp_path)


def settings(root: str, community: Path, mode: str) -> dict[str, str]:
    port = free_port()
    return {
        "telegram_token": TOKEN,
        "telegram_base_url": root,
        "telegram_mode": mode,
        "telegram_webhook_secret": SECRET,
        "public_url": f"http://127.0.0.1:{port}",
        "port": str(port),
        "community": str(community),
    }


def until_hooked(telegram: ForeignTelegram) -> None:
    telegram.until(lambda: bool(telegram.hook), "the webhook was never set")


def complains(telegram: ForeignTelegram, resident: int = RESIDENT) -> None:
    """A resident reports a broken light, all the way to the number."""
    telegram.says(resident, "荷塘小区3号楼2单元楼道灯坏了，我家402也看不见")
    telegram.presses(resident, telegram.waits(resident, "手机号"), "不留")
    telegram.presses(resident, telegram.waits(resident, "照片"), "没有照片")
    telegram.presses(resident, telegram.waits(resident, "请确认"), "确认")
    telegram.waits(resident, "已登记")


def test_a_complaint_from_the_first_word_to_the_rating(started: tuple[ForeignTelegram, Program, Rows]) -> None:
    telegram, _, rows = started
    complains(telegram)
    card = telegram.waits(STAFF, "楼道灯坏了")
    assert "402" not in card["text"]  # a room is nobody's business in a group; the light's unit is, to find it
    assert "2单元楼道灯" in card["text"]

    telegram.presses(WORKER, card, "接单")
    telegram.waits(RESIDENT, "已有人接手")
    changed = telegram.waits(STAFF, "正在办理")
    assert changed["message_id"] == card["message_id"]  # edited in place
    telegram.until(
        lambda: any("接单" in notice.get("text", "") for notice in telegram.notices), "the press was not answered"
    )

    telegram.presses(WORKER, changed, "办结")
    telegram.presses(WORKER, telegram.waits(STAFF, "办得怎么样"), "已办结")
    telegram.waits(STAFF, "处理结果")
    telegram.says(WORKER, "换了新灯泡", STAFF)
    telegram.presses(RESIDENT, telegram.waits(RESIDENT, "换了新灯泡"), "满意")
    telegram.waits(RESIDENT, "结案")
    telegram.until(lambda: len(telegram.notices) == 7, "not every press was answered once")

    ((status, ending),) = rows.all(select(case.c.status, case.c.ending))
    assert (status, ending) == ("closed", "settled")
    assert rows.count(outbox, outbox.c.state == "failed") == 0


def test_a_group_is_answered_when_it_asks_and_the_rest_goes_privately(
    started: tuple[ForeignTelegram, Program, Rows],
) -> None:
    telegram, _, rows = started
    for line in ("今天天气真好", "是啊，晚上一起跳舞", "@another_bot 您好"):
        telegram.says(NEIGHBOUR, line, RESIDENTS)
    telegram.says(NEIGHBOUR, "@TestNameBot 怎么反映问题？", RESIDENTS)
    asked = telegram.waits(RESIDENTS, "私下说")
    assert len(telegram.texts(RESIDENTS)) == 1  # and nothing to the talk before it
    button = asked["reply_markup"]["inline_keyboard"][-1][-1]
    assert button["url"].startswith("https://t.me/TestNameBot?start=")

    telegram.says(NEIGHBOUR, f"/start {button['url'].partition('=')[2]}")
    telegram.until(lambda: bool(telegram.texts(NEIGHBOUR)), "the private chat was not opened")
    complains(telegram, NEIGHBOUR)
    assert rows.count(case) == 1
    number = rows.all(select(case.c.number))[0][0]
    assert not [text for text in telegram.texts(RESIDENTS) if number in text or "楼道灯" in text]


def test_forged_presses_and_nonsense_have_no_effect(started: tuple[ForeignTelegram, Program, Rows]) -> None:
    telegram, program, rows = started
    complains(telegram)
    card = telegram.waits(STAFF, "楼道灯坏了")
    telegram.presses(STRANGER, card, "接单")  # no member of staff
    telegram.presses(WORKER, card, "", data="accept:1")  # what no button had
    telegram.presses(WORKER, telegram.in_chat(RESIDENT)[-2], "", data="x" * 64)
    telegram.says(RESIDENT, '/intent{"service":"street_lights"}')
    telegram.says(RESIDENT, "\u200b\u202e" + "😀" * 500)
    telegram.adds(poll={"id": "1", "what": "ever"})
    telegram.adds(message={"message_id": "nonsense"})
    telegram.until(lambda: len(telegram.notices) >= 3, "the presses were not answered")
    telegram.says(RESIDENT, "我的诉求")
    telegram.waits(RESIDENT, "您的诉求")
    ((status, owner),) = rows.all(select(case.c.status, case.c.owner_id))
    assert owner is None, status
    assert rows.count(inbox, inbox.c.state == "dead") == 0
    assert TOKEN not in "\n".join(program.lines) and "楼道灯" not in "\n".join(program.lines)


def test_a_photo_goes_with_the_case_and_one_that_is_none_is_refused_politely(
    started: tuple[ForeignTelegram, Program, Rows],
) -> None:
    telegram, _, rows = started
    picture = BytesIO()
    Image.new("RGB", (60, 40), "red").save(picture, "JPEG")
    telegram.own.files |= {"good": picture.getvalue(), "bad": b"<html>not a photo"}
    telegram.says(RESIDENT, "荷塘小区3号楼楼道灯坏了")
    telegram.presses(RESIDENT, telegram.waits(RESIDENT, "手机号"), "不留")
    telegram.waits(RESIDENT, "有照片")
    before = len(telegram.texts(RESIDENT))
    telegram.sends(RESIDENT, photo=[photo("bad")])
    telegram.until(lambda: len(telegram.texts(RESIDENT)) > before, "a bad photo was passed over in silence")
    telegram.sends(RESIDENT, photo=[photo("good")])
    telegram.presses(RESIDENT, telegram.waits(RESIDENT, "请确认"), "确认")
    telegram.waits(RESIDENT, "已登记")
    assert rows.count(case_file) == 1


def photo(id: str) -> dict[str, Any]:
    return {"file_id": id, "file_unique_id": id, "width": 60, "height": 40, "file_size": 900}


def test_what_came_while_the_program_was_dead_is_answered_once(
    telegram: ForeignTelegram, community: Path, tmp_path: Path
) -> None:
    with telegram.running() as root:
        given = settings(root, community, "polling")
        with linli_run(tmp_path, **given) as program:
            program.waits("t.me/TestNameBot")
            telegram.says(RESIDENT, "帮助")
            # A send in flight at a crash may be sent again: this one is on record before the power goes.
            sent = outbox.c.state == "sent"
            telegram.until(lambda: Rows(tmp_path).count(outbox, sent) == 1, "no help was sent")
            program.kill()
        before = len(telegram.texts(RESIDENT))
        telegram.says(RESIDENT, "荷塘小区3号楼2单元楼道灯坏了")
        with linli_run(tmp_path, **given) as program:
            telegram.waits(RESIDENT, "手机号", seconds=60)  # longer than a lease of the one that died
        assert len(telegram.texts(RESIDENT)) == before + 1
    rows = Rows(tmp_path)
    assert rows.count(inbox) == rows.count(inbox, inbox.c.state == "done") == 2


def test_the_webhook_refuses_strangers_and_nothing_is_lost_while_it_is_down(
    telegram: ForeignTelegram, community: Path, tmp_path: Path
) -> None:
    with telegram.running() as root:
        given = settings(root, community, "webhook")
        with linli_run(tmp_path, **given) as program:
            program.waits("t.me/TestNameBot")
            until_hooked(telegram)
            assert telegram.hook["url"] == f"{given['public_url']}/telegram/webhook"
            assert telegram.hook["secret_token"] == SECRET
            update = {"update_id": 5, "message": {"message_id": 1, "date": 1, "chat": {"id": 9, "type": "private"}}}
            assert httpx.post(telegram.hook["url"], json=update).status_code == 401
            headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
            assert httpx.post(telegram.hook["url"], content=b"{", headers=headers).status_code == 400
            program.kill()
        late = threading.Thread(target=telegram.says, args=(RESIDENT, "帮助"))
        late.start()
        telegram.until(lambda: bool(telegram.refused), "nobody was missed")
        with linli_run(tmp_path, **given):
            late.join(60)
            telegram.until(lambda: bool(telegram.texts(RESIDENT)), "no help came")
    rows = Rows(tmp_path)
    assert rows.count(inbox) == 1 and rows.count(chat, chat.c.address == "9") == 0


def test_with_a_wrong_token_the_program_says_so_and_goes_on(community: Path, tmp_path: Path) -> None:
    api = TelegramApi()
    with api.running() as root:
        given = settings(root, community, "webhook") | {"telegram_token": "1:a-wrong-token"}
        with linli_run(tmp_path, **given) as program:
            program.waits("Telegram does not know the bot token")
            assert httpx.get(f"{given['public_url']}/chat").status_code == 200
            assert "a-wrong-token" not in "\n".join(program.lines)
