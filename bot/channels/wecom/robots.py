"""What group robots say: words, pictures, and in residents' groups the way to a chat of one's own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from bot import pictures, signposts
from bot.channels.base import Outbound, SendError, Sent
from bot.channels.wecom import answers, cards
from bot.channels.wecom.address import NAME
from bot.channels.wecom.limits import Quotas
from bot.channels.weixin.api import Api, ApiError
from bot.logs import Log
from bot.render import utf8
from bot.signposts import Signpost

LARGEST_PICTURE = 2_000_000  # bytes (document 91770), before they are written as base64

Scene = Callable[[str], Awaitable[str | None]]
"""What a QR code says that opens the official account with this code; None: it gives none now."""

log = Log()


class Robots:
    """The robots of the settings: `keys` of their webhooks by name."""

    def __init__(
        self,
        api: Api,
        keys: Mapping[str, str],
        quotas: Quotas,
        rows: Callable[..., Awaitable[Any]],
        clock: Callable[[], datetime],
        link: Callable[[str], str],
        scene: Scene | None = None,
    ) -> None:
        self._api = api
        self._keys = keys
        self._quotas = quotas
        self._rows = rows
        self._clock = clock
        self._link = link
        self._scene = scene

    async def say(self, out: Outbound, name: str, picture: bytes | None) -> Sent:
        """Say one thing; raises SendError, ApiError."""
        key = self._keys.get(name)
        if key is None:
            raise SendError("LINLI_WECOM_ROBOTS knows no robot of this name", transient=False)
        sign: Signpost | None = None
        if picture is None:
            labels = [choice.label for row in out.choices for choice in row]
            sign = await self._rows(signposts.at, NAME, out.chat, labels, self._clock())
            message = {"msgtype": "text", "text": {"content": self._words(out, sign)}}
        elif len(picture) <= LARGEST_PICTURE:
            message = {"msgtype": "image", "image": answers.picture(picture)}
        else:
            message = {"msgtype": "text", "text": {"content": answers.NO_PICTURE}}
        await self._quotas.robot(name, self._clock())
        await self._api.plain("/cgi-bin/webhook/send", message, key=key)
        if sign is not None and sign.due:
            await self._show(sign, out.chat, name, key)
        return Sent(cards.task_of(out))

    def _words(self, out: Outbound, sign: Signpost | None) -> str:
        """The text; for residents with a link for each of its choices, or one for whatever they have to say."""
        if sign is None:
            return cards.plain(out)
        ways = [signposts.DO.format(label=s, link=self._link(code)) for s, code in sign.codes.items() if s]
        said = "\n".join([out.text, *(ways or [signposts.HERE.format(link=self._link(sign.codes[""]))])])
        return said if utf8(said) <= cards.LONGEST else out.text

    async def _show(self, sign: Signpost, chat: str, name: str, key: str) -> None:
        """The QR code, after the words and not instead of them: what keeps it back now is no fault of theirs."""
        try:
            says = await self._scene(sign.codes[""]) if self._scene else None
            shown = pictures.sign(says or self._link(sign.codes[""]), signposts.CAPTION)
            await self._quotas.robot(name, self._clock())
            message = {"msgtype": "image", "image": answers.picture(shown)}
            await self._api.plain("/cgi-bin/webhook/send", message, key=key)
            await self._rows(signposts.shown, NAME, chat, self._clock())
        except (ApiError, SendError) as error:
            log.info("wecom.no_code_shown", reason=str(error))
