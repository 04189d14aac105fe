"""What the web journeys share: the running program, and people in front of a real browser."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright, expect, sync_playwright

ROOT = Path(__file__).parents[2]
PATIENCE = 60  # seconds a start or an answer may take on a busy machine
COMPLAINT = {
    "请确认": "确认",
    "手机号": "不留",
    "照片": "没有照片",
    "哪一类": "楼道照明",
    "哪一处": "",
}  # a lamp's questions
START = "from bot.cli import main; main()"


class Program:
    """`linli run` on a data directory of its own; stopped and started again, it keeps its port."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = "0"
        self.url = ""
        self.sign_in = ""

    def start(self) -> None:
        rest = {name: value for name, value in os.environ.items() if not name.startswith("LINLI_")}
        settings = {"LINLI_DATA_DIR": str(self._folder), "LINLI_PORT": self._port, "PYTHONUNBUFFERED": "1"}
        self._log = (self._folder.parent / "linli.log").open("a")
        self._process = subprocess.Popen(
            [sys.executable, "-c", START, "run"],
            cwd=ROOT,
            env=rest | settings,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        assert self._process.stdout
        for line in self._process.stdout:
            found = re.search(r"(http://[\d.:]+)(/chat|/staff/signin\S*)", line)
            if found:
                self.url = found[1]
                self.sign_in = found[0] if "signin" in line else self.sign_in
            if line.startswith("Stop with"):
                break
        assert self.sign_in, (self._folder.parent / "linli.log").read_text("utf-8")[-2000:]
        self._port = self.url.rpartition(":")[2]
        httpx.get(f"{self.url}/healthz", timeout=PATIENCE).raise_for_status()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self._process.poll() is None:
            self._process.send_signal(how)
        self._process.wait(PATIENCE)
        self._log.close()

    def link_for(self, key: str) -> str:
        """A sign-in link for a member of staff of the demo community."""
        env = {name: value for name, value in os.environ.items() if not name.startswith("LINLI_")}
        env |= {"LINLI_DATA_DIR": str(self._folder), "LINLI_PORT": self._port}
        run = subprocess.run(
            [sys.executable, "-c", START, "staff", "link", key], cwd=ROOT, env=env, capture_output=True, text=True
        )
        assert run.returncode == 0, run.stderr
        return run.stdout.strip()


@contextmanager
def running(folder: Path) -> Iterator[Program]:
    """The program, until the block ends."""
    data = folder / "data"
    data.mkdir()
    program = Program(data)
    program.start()
    try:
        yield program
    finally:
        program.stop()


@contextmanager
def browsing() -> Iterator[Browser]:
    """Headless Chromium; skips the test, loudly, where there is none."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("SKIPPED LOUDLY: no Chromium here (apt-get install chromium)")
    with sync_playwright() as play:
        browser = _launch(play, chromium)
        yield browser
        browser.close()


def _launch(play: Playwright, chromium: str) -> Browser:
    return play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])


def new_context(browser: Browser, *, wide: bool = False) -> BrowserContext:
    """A browser of somebody's own: a phone, or a wide screen."""
    size = {"width": 1280, "height": 800} if wide else {"width": 390, "height": 844}
    context = browser.new_context(viewport=size, timezone_id="Asia/Shanghai", locale="zh-CN")
    context.set_default_timeout(PATIENCE * 1000)
    return context


class Resident:
    """Somebody at the chat page, who fails the test when the page complains on its console."""

    def __init__(self, browser: Browser, url: str, *, wide: bool = False, who: str | None = None) -> None:
        self.page: Page = new_context(browser, wide=wide).new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self._arrive(url)
        self._ready()
        if who:
            with self.page.expect_navigation():
                self.page.select_option("#me", label=who)
            self._ready()

    def _arrive(self, url: str) -> None:
        self.page.goto(f"{url}/chat")

    def _ready(self) -> None:
        self.page.wait_for_selector("body[data-ready=yes]")
        expect(self.lines("bot").first).to_contain_text("小邻", timeout=PATIENCE * 1000)

    def lines(self, by: str) -> Locator:
        return self.page.locator(f".panel:not([hidden]) .line.{by}")

    def say(self, text: str) -> None:
        self.page.fill("#text", text)
        self.page.click("#send")

    def press(self, label: str) -> None:
        """The newest button of that label."""
        buttons = self.page.locator(".panel:not([hidden]) .choices :is(button, a)")
        named = buttons.filter(has_text=re.compile(rf"^\s*(?:✓\s*)?{re.escape(label)}"))  # 满意 is not 不满意
        named.last.click()

    def hears(self, text: str, *, patience: float = PATIENCE) -> Locator:
        """Waits for a line of the assistant with these words; the newest of them."""
        line = self.lines("bot").filter(has_text=text).last
        expect(line).to_be_visible(timeout=patience * 1000)
        return line

    def answer(self, answers: Mapping[str, str], goal: str) -> Locator:
        """Presses what answers each question as it comes, in whatever order, until the assistant says `goal`."""
        for _ in range(8):
            asked = "|".join(map(re.escape, [*answers, goal]))
            line = self.lines("bot").filter(has_text=re.compile(asked)).last
            expect(line).to_be_visible(timeout=PATIENCE * 1000)
            said = line.inner_text()
            if goal in said:
                return line
            label = next(label for question, label in answers.items() if question in said)
            count = self.lines("bot").count()
            button = line.get_by_role("button", name=label) if label else line.locator("button").first
            button.first.click()
            expect(self.lines("bot")).not_to_have_count(count, timeout=PATIENCE * 1000)
        raise AssertionError(f"the assistant never said {goal}")

    def go(self, tab: int) -> None:
        """To the private chat (0) or a group (1)."""
        self.page.locator("[role=tab]").nth(tab).click()

    def leave(self) -> None:
        assert not self.complaints
        self.page.context.close()


class Colleague(Resident):
    """A member of staff at the chat page of staff; comes by a sign-in link."""

    def _arrive(self, url: str) -> None:
        self.page.goto(url)
        self.page.get_by_role("button", name="登录").click()
        self.page.get_by_role("link", name="工作群").click()


class Clerk:
    """Somebody signed in at the staff pages."""

    def __init__(self, browser: Browser, link: str, *, wide: bool = True) -> None:
        self.page = new_context(browser, wide=wide).new_page()
        self.url = link.partition("/staff")[0]
        self.page.goto(link)
        self.page.get_by_role("button", name="登录").click()
        self.page.wait_for_url(re.compile(r"/staff(?!/signin)"))  # where their work begins

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)

    def reads(self, text: str) -> None:
        expect(self.page.locator("main")).to_contain_text(text, timeout=PATIENCE * 1000)

    def leave(self) -> None:
        self.page.context.close()
