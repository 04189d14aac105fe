"""The chat page in two windows at once: what both said is kept, and news on the screen are no news any more."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.web import PATIENCE, Program, Resident

pytestmark = pytest.mark.journey


def opened(beside: Resident, program: Program) -> Page:
    """One more window of the same browser."""
    page = beside.page.context.new_page()
    page.goto(f"{program.url}/chat")
    page.wait_for_selector("body[data-ready=yes]")
    return page


def say(page: Page, text: str) -> None:
    page.fill("#text", text)
    page.click("#send")


def test_what_two_windows_said_without_a_network_is_sent_at_the_next_visit(browser: Browser, program: Program) -> None:
    one = Resident(browser, program.url)
    two, context = opened(one, program), one.page.context
    context.route("**/chat/send", lambda route: route.abort())
    one.say("楼道灯坏了，我在第一个窗口说的")
    say(two, "垃圾没人收，我在第二个窗口说的")
    expect(two.locator(".line.waiting")).to_have_count(1)
    one.page.close()
    two.close()
    context.unroute("**/chat/send")
    again = context.new_page()
    again.goto(f"{program.url}/chat")
    for window in ("第一个窗口", "第二个窗口"):
        mine = again.locator(".line.me:not(.waiting)").filter(has_text=window)
        expect(mine).to_have_count(1, timeout=PATIENCE * 1000)
    context.close()


def test_news_are_no_news_any_more_once_they_are_on_the_screen(browser: Browser, program: Program) -> None:
    one = Resident(browser, program.url)
    two = opened(one, program)
    for _ in range(3):
        say(two, "帮助")
    helped = one.lines("bot").filter(has_text="我是小邻，一个程序")
    expect(helped).to_have_count(3, timeout=PATIENCE * 1000)
    one.page.locator("#panel-private .lines").evaluate("list => { list.scrollTop = 0; }")
    say(two, "我的诉求")
    expect(one.page.locator("#newest")).to_be_visible(timeout=PATIENCE * 1000)
    one.say("谢谢")
    expect(one.page.locator("#newest")).to_be_hidden()
    one.leave()
