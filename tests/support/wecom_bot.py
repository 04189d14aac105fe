"""People who speak to the intelligent bot: WeCom's side of its callbacks, with the rules of its documents."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

import httpx

from tests.support.hours import Hours
from tests.support.weixin_seal import TOKEN, seal, sign, unseal

TASK = re.compile(r"[A-Za-z0-9_@-]{1,128}")
ASKS = timedelta(minutes=6)  # from the message on the platform asks for the rest of a stream
SECOND, PATIENCE = 1.0, 5.0
MOST_AT_ONCE = 3  # messages of one person in work
BUTTON = {"text", "style", "key"}

Post = Callable[[str, str, str], Awaitable[httpx.Response]]
"""Path, body, and the sealed part of it that is signed."""


@dataclass
class BotPeople:
    """`seen`: (chat, what people see) as it stood last, in order; `cards`: by task, as they look now."""

    post: Post
    hours: Hours
    seen: list[list[str]] = field(default_factory=list)
    cards: dict[str, dict[str, Any]] = field(default_factory=dict)
    pictures: list[bytes] = field(default_factory=list)
    asked: int = 0  # how often for the rest
    every: float = SECOND  # ... and after how many seconds
    answers: list[Any] = field(default_factory=list)  # with the request, as they came
    _busy: dict[str, int] = field(default_factory=dict)
    _numbers: Any = field(default_factory=lambda: count(1))

    def saw(self, chat: str) -> list[str]:
        return [text for where, text in self.seen if where == chat]

    async def say(self, person: str, told: dict[str, Any], group: str = "") -> None:
        """A message, until its answer is whole or the platform gives up."""
        assert self._busy.get(person, 0) < MOST_AT_ONCE
        self._busy[person] = self._busy.get(person, 0) + 1
        began = self.hours.now
        try:
            answer = await self.tell({**self._from(person, group), **told})
            self.answers.append(answer)
            if answer is None:
                return
            line = ["", ""]
            self.seen.append(line)
            line[:] = group or person, self._shown(answer)
            while answer["msgtype"] == "stream" and not answer["stream"]["finish"]:
                await self.hours.sleep(self.every)
                if self.hours.now - began > ASKS:
                    return
                self.asked += 1
                name = answer["stream"]["id"]
                answer = await self.tell({**self._from(person, group), "msgtype": "stream", "stream": {"id": name}})
                assert answer is not None and answer["stream"]["id"] == name
                line[1] = self._shown(answer)
        finally:
            self._busy[person] -= 1

    async def press(self, person: str, task: str, label: str, group: str = "", **more: Any) -> None:
        """A button of a card the bot showed."""
        (key,) = (b["key"] for b in self.cards[task]["button_list"] if b["text"] == label)
        pressed = {"card_type": "button_interaction", "event_key": key, "task_id": task}
        event = {"eventtype": "template_card_event", "template_card_event": pressed}
        answer = await self.tell({**self._from(person, group), "msgtype": "event", "event": event, **more})
        if answer is not None:
            assert answer["response_type"] == "update_template_card" and answer["template_card"]["task_id"] == task
            self.cards[task] = answer["template_card"]

    def card(self, label: str) -> str:
        """The newest card with such a button."""
        tasks = [t for t, card in self.cards.items() if label in [b["text"] for b in card.get("button_list", ())]]
        assert tasks, f"no button {label}: {self.cards}"
        return tasks[-1]

    async def tell(self, told: dict[str, Any]) -> dict[str, Any] | None:
        """One callback; what our side answers, opened."""
        inside = seal(json.dumps({"msgid": f"b{next(self._numbers)}", "aibotid": "bot", **told}), "")
        began = self.hours.now
        answer = await self.post("/wecom/bot", json.dumps({"encrypt": inside}), inside)
        assert answer.status_code == 200 and (self.hours.now - began).total_seconds() <= PATIENCE
        if not answer.text:
            return None
        sealed = answer.json()
        text, owner = unseal(sealed["encrypt"])
        signed = sign(TOKEN, str(sealed["timestamp"]), sealed["nonce"], sealed["encrypt"])
        assert owner == "" and sealed["msgsignature"] == signed
        found: dict[str, Any] = json.loads(text)
        return found

    def show(self, card: dict[str, Any]) -> str:
        """A card that is new to the chat."""
        assert TASK.fullmatch(card["task_id"]) and card["task_id"] not in self.cards
        buttons = card["button_list"]
        assert card["card_type"] == "button_interaction" and 1 <= len(buttons) <= 6
        assert all(set(button) == BUTTON and len(button["key"]) <= 1024 for button in buttons)
        self.cards[card["task_id"]] = card
        return "\n".join(part for part in (card["main_title"]["title"], card["sub_title_text"]) if part)

    def _shown(self, answer: dict[str, Any]) -> str:
        if answer["msgtype"] == "template_card":
            return self.show(answer["template_card"])
        stream = answer["stream"]
        assert answer["msgtype"] == "stream" and len(stream["content"].encode()) <= 20480 and len(stream["id"]) <= 64
        items = stream.get("msg_item", ())
        assert stream["finish"] or not items
        for item in items:
            picture = base64.b64decode(item["image"]["base64"])
            assert item["image"]["md5"] == hashlib.md5(picture, usedforsecurity=False).hexdigest()
            self.pictures.append(picture)
        return str(stream["content"])

    def _from(self, person: str, group: str) -> dict[str, Any]:
        where = {"chattype": "group", "chatid": group} if group else {"chattype": "single"}
        return {"from": {"userid": person}, **where}


def later(code: str) -> str:
    """The address that comes with a message, by which it may be answered later."""
    return f"https://qyapi.weixin.qq.com/cgi-bin/aibot/response?response_code={code}"


async def said(people: BotPeople, person: str, words: str, group: str = "", **more: Any) -> None:
    """Words to the bot; in a group with its name before them."""
    content = f"@小邻 {words}" if group else words
    await people.say(person, {"msgtype": "text", "text": {"content": content}, **more}, group)
