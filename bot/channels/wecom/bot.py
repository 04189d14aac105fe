"""What the intelligent bot answers: with the request, in the stream the platform asks for the rest of, or by a code."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from bot.channels.base import Outbound, SendError, Sent
from bot.channels.wecom import answers, cards
from bot.channels.wecom.cards import task_of
from bot.channels.weixin.api import Api, ApiError
from bot.channels.weixin.replies import Replies, Sleep
from bot.logs import Log
from storage import bot_answers

LOOK_SECONDS, LOOKS = 0.5, 10  # the platform asks for the rest about once a second

log = Log()


class Bot:
    """Answers whoever spoke to the bot; it cannot begin to speak by itself. `photo` reads a picture of the store."""

    def __init__(
        self,
        api: Api,
        replies: Replies,
        rows: Callable[..., Awaitable[Any]],
        clock: Callable[[], datetime],
        sleep: Sleep,
        photo: Callable[[str], Awaitable[bytes]],
        link: Callable[[str], str],
    ) -> None:
        self._api = api
        self._replies = replies
        self._rows = rows
        self._clock = clock
        self._sleep = sleep
        self._photo = photo
        self._link = link

    async def answer(self, out: Outbound, *, alone: bool = False) -> Sent | None:
        """Answer in a chat, or (`alone`) somebody who speaks to the bot in private, where the app writes too: only what
        they said to it is answered there. None when no way is open; raises SendError."""
        picture = await self._photo(out.photo) if out.photo is not None else None
        card = cards.for_bot(out, alone=alone)
        text = answers.plain(cards.numbered(out, self._link) if alone else cards.plain(out))
        if await self._replies.give(out.chat, text, picture, card):
            return Sent(task_of(out))
        if alone and out.cause is None:
            return None
        if await self._by_stream(out, text, alone):
            return Sent(task_of(out))
        text = text if picture is None else f"{text}\n{answers.NO_PICTURE}".strip()
        said = answers.markdown(text) if card is None else answers.card(card)
        return Sent(task_of(out)) if await self._by_code(out, said, alone) else None

    async def _by_stream(self, out: Outbound, text: str, alone: bool) -> bool:
        """Put it where the platform asks for the rest of the answer; taken back when it does not."""
        now = self._clock()
        row = await self._rows(bot_answers.offer, out.chat, text, out.photo, now, out.cause, only=alone)
        if row is None:
            return False
        for _ in range(LOOKS):
            if await self._rows(bot_answers.fetched, row):
                return True
            await self._sleep(LOOK_SECONDS)
        return not await self._rows(bot_answers.withdraw, row)

    async def _by_code(self, out: Outbound, said: dict[str, Any], alone: bool) -> bool:
        """Say it by a code that came with a message (document 101138: once each, within an hour)."""
        while (found := await self._rows(bot_answers.take, out.chat, self._clock(), out.cause, only=alone)) is not None:
            row, code = found
            try:
                await self._api.plain("/cgi-bin/aibot/response", said, response_code=code)
                return True
            except ApiError as error:
                log.info("wecom.answer_refused", code=error.code)  # used up, or too late: perhaps there is another
            except SendError as error:
                if not error.uncertain:
                    await self._rows(bot_answers.give_back, row)
                raise
        return False
