"""The program goes away and comes back while somebody writes: nothing is lost, nothing is there twice."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.web import PATIENCE, Resident, browsing, running

LEASE = 120  # seconds for which a killed program's half-done work stays reserved

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_what_is_written_while_the_server_is_away_arrives_once(tmp_path: Path, how: signal.Signals) -> None:
    with browsing() as browser, running(tmp_path) as program:
        resident = Resident(browser, program.url)
        resident.say("幸福里小区3号楼楼道灯坏了")
        resident.answer({"哪一类": "楼道照明"}, "手机号")
        program.stop(how)
        expect(resident.page.locator("#state")).to_contain_text("正在重新连接", timeout=PATIENCE * 1000)
        resident.say("不留")
        expect(resident.lines("waiting")).to_have_count(1)
        program.start()
        resident.hears("照片", patience=PATIENCE + LEASE)
        expect(resident.page.locator("#state")).to_be_hidden(timeout=PATIENCE * 1000)
        expect(resident.lines("waiting")).to_have_count(0)
        expect(resident.lines("me").filter(has_text="不留")).to_have_count(1)
        before = resident.page.locator("#panel-private .line").all_inner_texts()
        resident.page.reload()
        resident.page.wait_for_selector("body[data-ready=yes]")
        after = resident.page.locator("#panel-private .line").all_inner_texts()
        assert [text.split("\n")[0] for text in after] == [text.split("\n")[0] for text in before]
        assert len(after) == len(before)
        resident.leave()
