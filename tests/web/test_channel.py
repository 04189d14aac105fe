"""The web chat as a platform: each outbox row shown once, edits in place, notices to one person, bells."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.channels.base import Act, Channel, Choice, Outbound, SendError
from bot.channels.web import Bells, WebChannel, clean, is_addressed
from storage import web_lines
from storage.database import Database
from storage.web_lines import WebLine
from tests.support.databases import database  # noqa: F401
from tests.web.house import MORNING, StoppedClock


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def channel(database: Database, tmp_path: Path, clock: StoppedClock) -> WebChannel:  # noqa: F811
    return WebChannel(database, uploads=tmp_path / "web", store=tmp_path, clock=clock)


def send(channel: Channel, out: Outbound) -> str | None:
    return asyncio.run(channel.send(out)).message


def shown(channel: WebChannel, chat: str, changed: int = 0) -> list[WebLine]:
    with channel.database.read() as conn:
        return web_lines.since(conn, chat, changed, MORNING)


def test_the_same_outbox_row_is_shown_once(channel: WebChannel) -> None:
    out = Outbound(Act.SAY, "v.0", "已登记", choices=((Choice("t1", "我的诉求"),),), outbox=7)
    first, again = send(channel, out), send(channel, out)
    assert first == again
    (line,) = shown(channel, "v.0")
    assert line.body == {"text": "已登记", "choices": [[{"token": "t1", "label": "我的诉求"}]]}
    assert line.author == ""


def test_an_edit_changes_the_line_and_comes_after_everything_before(channel: WebChannel) -> None:
    card = send(channel, Outbound(Act.SAY, "g", "等待接单", outbox=1))
    send(channel, Outbound(Act.SAY, "g", "别的话", outbox=2))
    send(channel, Outbound(Act.EDIT, "g", "正在办理", message=card, outbox=3))
    assert [(line.body["text"], line.version, line.changed) for line in shown(channel, "g")] == [
        ("别的话", 1, 2),
        ("正在办理", 2, 3),
    ]


def test_the_same_edit_again_changes_nothing(channel: WebChannel) -> None:
    card = send(channel, Outbound(Act.SAY, "g", "等待接单", outbox=1))
    edit = Outbound(Act.EDIT, "g", "正在办理", message=card, outbox=3)
    send(channel, edit)
    send(channel, edit)
    assert [line.version for line in shown(channel, "g")] == [2]


def test_an_edit_of_what_is_not_there_fails_for_good(channel: WebChannel) -> None:
    for message in (None, "0", "99", "x", "٣"):
        with pytest.raises(SendError) as error:
            send(channel, Outbound(Act.EDIT, "g", "x", message=message, outbox=1))
        assert not error.value.transient


def test_one_chat_cannot_be_edited_through_another(channel: WebChannel) -> None:
    card = send(channel, Outbound(Act.SAY, "g", "一", outbox=1))
    with pytest.raises(SendError):
        send(channel, Outbound(Act.EDIT, "h", "二", message=card, outbox=2))


def test_a_notice_goes_to_the_person_and_does_not_stay(channel: WebChannel, clock: StoppedClock) -> None:
    notice = Outbound(Act.NOTICE, "g", "已经有同事接了。", callback="press-1", to="v.0", outbox=9)
    assert send(channel, notice) is None
    send(channel, notice)
    assert [(line.author, line.body["callback"]) for line in shown(channel, "v.0")] == [("!", "press-1")]
    assert not shown(channel, "g")
    with channel.database.read() as conn:
        assert web_lines.latest(conn, "v.0") == ([], 1)
    clock.forward(minutes=3)
    with channel.database.read() as conn:
        assert not web_lines.since(conn, "v.0", 0, clock())


def test_forgotten_notices_leave_the_count_alone(channel: WebChannel, clock: StoppedClock) -> None:
    for n in (1, 2):
        send(channel, Outbound(Act.NOTICE, "v.0", "好", callback=f"c{n}", to="v.0", outbox=n))
        clock.forward(minutes=5)
    send(channel, Outbound(Act.SAY, "v.0", "在", outbox=3))
    assert [(line.author, line.changed) for line in shown(channel, "v.0")] == [("!", 2), ("", 3)]


def test_a_photo_of_the_store_is_shown_by_a_handle(channel: WebChannel, tmp_path: Path) -> None:
    (tmp_path / "ab.jpg").write_bytes(b"pixels")
    send(channel, Outbound(Act.SAY, "v.0", "修好了", photo="ab.jpg", outbox=1))
    (handle,) = shown(channel, "v.0")[0].body["photos"]
    assert asyncio.run(channel.fetch(handle)) == b"pixels"


def test_a_photo_that_is_gone_fails_for_good(channel: WebChannel) -> None:
    with pytest.raises(SendError) as error:
        send(channel, Outbound(Act.SAY, "v.0", "修好了", photo="none.jpg", outbox=1))
    assert not error.value.transient


def test_what_is_no_handle_gives_no_file(channel: WebChannel) -> None:
    for handle in ("", "x", "../../linli.db", "0" * 32, "０" * 32):
        with pytest.raises(SendError):
            asyncio.run(channel.fetch(handle))


def test_a_bell_wakes_those_who_listen() -> None:
    async def listen() -> tuple[bool, bool]:
        bells = Bells()
        with bells.listen(("a", "b")) as bell, bells.listen(("c",)) as other:
            bells.ring("b")
            await asyncio.wait_for(bell.wait(), 1)
            return bell.is_set(), other.is_set()

    assert asyncio.run(listen()) == (True, False)


@pytest.mark.parametrize(
    ("written", "kept"),
    [("灯坏了", "灯坏了"), ("a\0b", "ab"), ("\ud83d", "?"), ("燈壞了", "燈壞了"), ("x" * 30_000, "x" * 20_000)],
)
def test_what_is_written_is_kept_as_written(written: str, kept: str) -> None:
    assert clean(written) == kept


@pytest.mark.parametrize(
    ("text", "addressed"),
    [("@小邻 灯坏了", True), ("小邻，灯坏了", True), ("叫小邻来", False), ("灯坏了", False), ("那个@小邻你看", True)],
)
def test_who_speaks_to_the_assistant(text: str, addressed: bool) -> None:
    assert is_addressed(text, None) is addressed
