"""Neighbours in the demo group, each with a browser, and what the assistant says there and what it does not."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.web import PATIENCE, Program, Resident

pytestmark = pytest.mark.journey


def test_neighbours_talk_and_the_matter_goes_on_in_private(browser: Browser, program: Program) -> None:
    wang = Resident(browser, program.url, who="王阿姨")
    zhou = Resident(browser, program.url, who="老周", wide=True)
    for one in (wang, zhou):
        one.go(1)
    zhou.say("今天的饺子真香")
    expect(wang.lines("other").last).to_contain_text("今天的饺子真香", timeout=PATIENCE * 1000)
    expect(wang.lines("other").last).to_contain_text("老周")
    wang.say("@小邻 3号楼电梯坏了两天，我住3号楼2单元501")
    said = wang.hears("私")
    assert "501" not in said.inner_text()
    expect(zhou.lines("bot").last).to_contain_text("私", timeout=PATIENCE * 1000)
    wang.go(0)
    wang.answer({"哪一类": "", "位置": ""}, "手机号")
    zhou.go(0)
    assert "电梯" not in zhou.page.locator("#panel-private").inner_text()
    wang.leave()
    zhou.leave()


def test_the_offer_opens_the_private_chat_of_who_spoke(browser: Browser, program: Program) -> None:
    chen = Resident(browser, program.url, who="小陈")
    chen.go(1)
    chen.say("我们3号楼楼道灯坏了一个星期了都没人修")
    chen.hears("登记")
    chen.press("私下说")
    chen.answer({"哪一类": "楼道照明"}, "手机号")
    expect(chen.page.locator("#tab-private")).to_have_attribute("aria-selected", "true")
    chen.leave()


def test_one_browser_may_be_several_neighbours(browser: Browser, program: Program) -> None:
    li = Resident(browser, program.url, who="李大爷")
    li.go(1)
    li.say("谁家有梯子借一下")
    expect(li.lines("me").last).to_contain_text("梯子")
    with li.page.expect_navigation():
        li.page.select_option("#me", label="赵姐")
    li.page.wait_for_selector("body[data-ready=yes]")
    li.go(1)
    expect(li.lines("other").filter(has_text="梯子")).to_contain_text("李大爷")
    li.leave()
