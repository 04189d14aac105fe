"""A resident at the chat page and staff at theirs, through all four flows of the running program."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Route, expect

from tests.journeys.web import COMPLAINT, PATIENCE, Clerk, Colleague, Program, Resident, new_context

pytestmark = pytest.mark.journey


@pytest.fixture
def resident(browser: Browser, program: Program) -> Iterator[Resident]:
    made = Resident(browser, program.url)
    yield made
    made.leave()


def photo(folder: Path) -> Path:
    from PIL import Image

    path = folder / "lamp.png"
    Image.new("RGB", (900, 1200), "#4a4038").save(path)
    return path


def test_a_complaint_from_the_first_word_to_the_rating(
    browser: Browser, program: Program, resident: Resident, tmp_path: Path
) -> None:
    resident.say("幸福里小区3号楼2单元402门口楼道灯坏了三天")
    resident.answer(COMPLAINT, "有照片的话")
    resident.page.set_input_files("#file", photo(tmp_path))
    expect(resident.page.locator("#thumbs img")).to_have_count(1)
    resident.page.click("#send")
    receipt = resident.answer(COMPLAINT, "已登记，编号").inner_text()
    number = re.search(r"编号 ([\w-]+)", receipt)
    assert number

    worker = Clerk(browser, program.link_for("w1"))
    worker.page.click(f"text={number[1]}")
    worker.reads("楼道灯坏了三天")
    assert "402" not in worker.page.content()
    expect(worker.page.locator(".photos img")).to_have_count(1)
    worker.page.get_by_role("button", name="接单").click()
    worker.reads("办理中")
    resident.hears("已有人接手")
    worker.page.locator("summary", has_text="办结").click()
    worker.page.fill("details[open] textarea", "换了新灯泡，试过会亮")
    worker.page.click("details[open] button")
    worker.reads("待评价")
    resident.hears("换了新灯泡，试过会亮")
    resident.press("满意")
    resident.hears("谢谢您的评价")
    worker.page.reload()
    worker.reads("已结案")
    worker.leave()


def test_a_worker_acts_by_the_buttons_of_the_card(browser: Browser, program: Program, resident: Resident) -> None:
    worker = Colleague(browser, program.link_for("w1"))
    worker.go(1)
    resident.say("幸福里小区5号楼2单元楼道灯坏了")
    receipt = resident.answer(COMPLAINT, "已登记，编号").inner_text()
    number = re.search(r"编号 ([\w-]+)", receipt)
    assert number
    card = worker.hears(number[1])
    card.get_by_role("button", name="接单").click()
    resident.hears("已有人接手")
    expect(card).to_contain_text("正在办理")  # the same message, edited in place
    card.get_by_role("button", name="办结").click()
    worker.hears("办得怎么样").get_by_role("button", name="已办结").click()
    worker.hears("处理结果")
    worker.say("换好灯泡了")
    resident.hears("换好灯泡了")
    resident.press("没解决，重办")
    worker.hears("要求重办")
    expect(card).to_contain_text("接单")
    worker.leave()


def test_a_legal_question_that_a_person_answers(browser: Browser, program: Program, resident: Resident) -> None:
    resident.say("公司拖欠工资三个月了怎么办")
    resident.hears("劳动")
    resident.press("找人")
    resident.hears("哪个社区")
    resident.press("不清楚")
    resident.hears("看不到您是谁")

    adviser = Clerk(browser, program.link_for("adviser"))
    adviser.go("/staff/queue/legal")
    adviser.page.locator(".cases a", has_text="还没人接").first.click()
    assert "三个月" not in adviser.page.content(), "the question is shown to whoever has no interest in it"
    adviser.page.get_by_role("button", name="无利害关系，接").click()
    adviser.reads("拖欠工资三个月")
    adviser.page.fill("textarea", "先去劳动监察大队投诉，带上工资条和考勤。")
    adviser.page.get_by_role("button", name="发送回复").click()
    adviser.reads("已转给居民")
    resident.hears("先去劳动监察大队投诉")
    adviser.leave()


def test_a_volunteer_signs_up_and_steps_back(resident: Resident) -> None:
    resident.say("志愿活动")
    resident.hears("想去哪一场")
    resident.page.locator(".choices button").filter(has_text="差").first.click()
    resident.hears("给您报名吗")
    resident.press("确认")
    resident.hears("报好了")
    resident.say("取消报名")
    resident.hears("取消")


def test_a_household_is_bound_and_its_points_are_shown(resident: Resident) -> None:
    resident.say("我的积分")
    resident.hears("绑定码")
    resident.say("51830274")
    resident.hears("林家")
    resident.press("确认")
    resident.hears("积分")
    resident.say("我家还有多少积分")
    resident.hears("分")


def test_a_button_pressed_twice_is_told_so(resident: Resident) -> None:
    resident.say("幸福里小区3号楼楼道灯坏了")
    line = resident.answer({"哪一类": "楼道照明"}, "手机号")
    line.locator("button").first.click()
    resident.hears("照片")
    expect(line.locator("button").first).to_be_disabled()
    resident.page.reload()
    expect(resident.hears("手机号").locator("button").first).to_be_disabled()


def test_html_is_shown_as_it_was_written(resident: Resident) -> None:
    resident.say("<img src=x onerror=document.body.dataset.hacked=1><b>粗</b>")
    expect(resident.lines("me").last.locator(".said")).to_have_text(
        "<img src=x onerror=document.body.dataset.hacked=1><b>粗</b>"
    )
    assert resident.page.evaluate("document.body.dataset.hacked") is None


def test_only_our_own_link_to_a_certificate_can_be_opened(resident: Resident) -> None:
    path = f"/certificate/{'a' * 22}"
    links = """([by, texts]) => import('/static/chat/lines.js').then(lines => texts.map(text => {
      const made = lines.draw({ by, text, id: 'x1', at: Date.now() / 1000, choices: [] }, {});
      return [...made.querySelectorAll('.said a')].map(link => link.getAttribute('href'));
    }))"""
    own = resident.page.evaluate("location.origin") + path
    texts = [path, own, f"https://example.org{path}", f"//example.org{path}", "没有链接"]
    assert resident.page.evaluate(links, ["bot", texts]) == [[path], [own], [], [], []]
    assert resident.page.evaluate(links, ["me", texts]) == [[], [], [], [], []]


def test_a_leader_with_many_groups_on_a_phone_and_after_signing_out(browser: Browser, program: Program) -> None:
    leader = Colleague(browser, program.link_for("d1"))
    page = leader.page
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("[role=tab]:visible").count() == 1
    page.click("#all")
    page.get_by_role("tab", name="石磨村工作群").click()
    expect(page.locator("[role=tab]:visible")).to_contain_text("石磨村工作群")
    page.fill("#text", "写了一半")
    page.context.clear_cookies()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#over")).to_be_visible(timeout=PATIENCE * 1000)  # it tries twice, seconds apart
    expect(page.locator("#over")).to_contain_text("重新登录")
    expect(page.locator("#send")).to_be_disabled()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("dispatchEvent(new Event('online'))")
    page.evaluate("fetch('/healthz/live')")  # whatever the page asked before is told before this
    assert page.input_value("#text") == "写了一半" and not [url for url in asked if "/chat/" in url]
    leader.leave()


def test_a_browser_that_takes_no_cookies_is_told_so_and_does_not_reload_for_ever(
    browser: Browser, program: Program
) -> None:
    context = new_context(browser)
    asked: list[str] = []

    def without_cookie(route: Route) -> None:
        asked.append(route.request.url)
        answer = httpx.get(route.request.url)
        route.fulfill(status=answer.status_code, body=answer.content, headers={"content-type": "text/html"})

    context.route("**/chat", without_cookie)
    page = context.new_page()
    page.goto(f"{program.url}/chat")
    expect(page.locator("#over")).to_contain_text("没有收下本站的 cookie")
    expect(page.locator("#send")).to_be_disabled()
    assert len(asked) == 2
    page.wait_for_load_state("networkidle")
    assert len(asked) == 2
    context.unroute("**/chat")
    page.click("#over a")  # the cookie is taken now
    page.wait_for_selector("body[data-ready=yes]")
    context.close()


def test_a_browser_that_takes_neither_cookies_nor_storage_is_told_so(browser: Browser, program: Program) -> None:
    context = new_context(browser)
    denied = "Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('denied'); } })"
    context.add_init_script(denied)
    page = context.new_page()
    page.goto(f"{program.url}/chat")
    expect(page.locator("#over")).to_contain_text("没有收下本站的 cookie")
    context.close()
