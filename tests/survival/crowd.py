"""People who write, each in order, and say it again until they hear that it is kept; and a platform with bad days."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx

from tests.support.telegram_api import Refused, TelegramApi
from tests.survival.town import REST, talk

HOOK_SECRET = "a-secret-of-the-torture"
PATIENCE = 600


def line(number: int, step: int) -> str:
    said = talk(number)
    return said[step] if step < len(said) else REST[step % 2]


@dataclass
class Crowd:
    """Everybody's verbs, and the keys of what was acknowledged."""

    base: str
    dice: random.Random
    telegram: TelegramApi
    acknowledged: list[str] = field(default_factory=list)
    again: int = 0
    may: threading.Event = field(default_factory=threading.Event)  # not while too much waits for its turn
    _doors: dict[int, httpx.Client] = field(default_factory=dict)  # each with its own cookies; 0: Telegram's own

    def web(self, number: int, step: int) -> None:
        if number not in self._doors:
            self._until_ok(number, "GET", "/chat")
        key = f"w{number:04d}-{step:04d}"
        body = {"id": key, "chat": "private", "text": line(number, step)}
        for _ in range(1 + (self.dice.random() < 0.03)):
            self._until_ok(number, "POST", "/chat/send", json=body)
        self.acknowledged.append(key)

    def webhook(self, number: int, step: int) -> None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": HOOK_SECRET}
        update = self._says(number, step)
        del self.telegram.pending[update["update_id"]]
        for _ in range(1 + (self.dice.random() < 0.03)):
            self._until_ok(0, "POST", "/telegram/webhook", json=update, headers=headers)
        self.acknowledged.append(str(update["update_id"]))

    def polled(self, number: int, step: int) -> None:
        key = self._says(number, step)["update_id"]
        self._wait(lambda: key not in self.telegram.pending)
        self.acknowledged.append(str(key))

    def _says(self, number: int, step: int) -> dict[str, Any]:
        if self.dice.random() < 0.01:  # the numbers jump
            self.telegram._update += self.dice.choice((7, 900, 90_000))
        return self.telegram.says(number, line(number, step))

    def speak(self, mine: list[int], over: Callable[[int, int], None], each: Callable[[int], int]) -> None:
        """One line of everybody, then the next; `each` says how many lines somebody has."""
        for step in count():
            left = [number for number in mine if step < each(number)]
            if not left:
                return
            for number in left:
                self._wait(self.may.is_set)
                (over if number % 2 else self.web)(number, step)

    def _wait(self, done: Callable[[], bool]) -> None:
        until = time.monotonic() + PATIENCE
        while not done():
            if time.monotonic() > until:
                raise AssertionError("nobody goes on any more")
            time.sleep(0.05)

    def _until_ok(self, number: int, method: str, path: str, **more: Any) -> httpx.Response:
        door = self._doors.setdefault(number, httpx.Client(timeout=60, verify=False))
        until = time.monotonic() + PATIENCE
        last = ""
        headers = {"x-linli": "1"} | more.pop("headers", {})
        while time.monotonic() < until:
            try:
                answer = door.request(method, self.base + path, headers=headers, **more)
                if answer.is_success:
                    return answer
                if answer.status_code < 500 and answer.status_code != 429:
                    raise AssertionError(f"{path}: {answer.status_code} {answer.text[:200]}")
                last = f"{answer.status_code} {answer.text[:100]}"
            except httpx.TransportError as error:
                last = type(error).__name__
            self.again += 1
            time.sleep(0.2)
        raise AssertionError(f"{path} is not answered any more: {last}")


class BadDays:
    """What Telegram does to one call in a hundred, and to a tenth of the chats every now and then."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.limited: dict[int, float] = {}
        self.told: dict[int, float] = {}
        self.inside = 0

    def forget(self, kept: set[str]) -> None:
        """The bot died: of the waits it was told it knows those it wrote down."""
        self.told = {where: until for where, until in self.told.items() if str(where) in kept}

    def __call__(self, method: str, given: dict[str, Any]) -> Any:
        if method not in ("sendMessage", "editMessageText"):
            return None
        where, now, luck = int(given["chat_id"]), time.monotonic(), self.dice.random()
        if self.told.get(where, 0) > now + 0.3:
            self.inside += 1
        if self.limited.get(where, 0) > now:
            wait = int(self.limited[where] - now) + 1
            self.told[where] = now + wait
            return Refused(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        if luck < 0.002:
            self.limited |= dict.fromkeys(range(1, 10000, 10), now + 5)
        if luck < 0.01:
            return Refused(500, "Internal Server Error")
        return None
