"""Telegram: sends messages, edits and short answers, and fetches photos, with python-telegram-bot's client."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.error import BadRequest, TelegramError
from telegram.request import HTTPXRequest

from bot.channels.base import Abilities, Act, Choice, Outbound, SendError, Sent
from bot.channels.telegram_addressed import Me
from bot.channels.telegram_errors import no_text, send_error, unchanged
from bot.channels.telegram_parse import ALLOWED_UPDATES, COMMANDS, LARGEST_PHOTO, NAME
from bot.render import apart, utf16

API = "https://api.telegram.org"
LONGEST = 4096  # UTF-16 units a message
LONGEST_CAPTION = 1024
LONGEST_NOTICE = 200
LONGEST_TOAST = 60  # a longer notice is shown until it is closed
CONNECTIONS = 100  # that Telegram may knock with at once, the most it offers: what comes together shares a commit
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class _Bot(Bot):
    """The library's client, with updates as they came: made into its objects all at once, one of a shape it does not
    know would hold up the others."""

    async def raw_updates(self, offset: int, seconds: int) -> list[dict[str, Any]]:
        """What happened from this update on, waiting for it so long; raises TelegramError."""
        asked: dict[str, Any] = {"timeout": seconds, "allowed_updates": ALLOWED_UPDATES}
        if offset:
            asked["offset"] = offset
        found: Any = await self._post("getUpdates", asked, read_timeout=seconds + 10)
        return [update for update in found if isinstance(update, dict)] if isinstance(found, list) else []


class TelegramChannel:
    """The bot as a Channel. `base_url` is the root of a Bot API server; `files` where photos to send are kept.

    Texts go out plain: a bad entity would lose the whole message. Waiting and trying again is delivery's matter, so
    the library's rate limiter and retries are not used.
    """

    name = NAME
    abilities = Abilities(
        edits=True, buttons=True, longest=LONGEST, measure=utf16, apart=lambda out: apart(out, caption=LONGEST_CAPTION)
    )

    def __init__(
        self,
        token: str,
        *,
        base_url: str = API,
        bot_name: str = "",
        files: Path | None = None,
        read_timeout: float = 10,
    ) -> None:
        quiet_http()
        root = (base_url or API).rstrip("/")
        request = HTTPXRequest(
            connection_pool_size=64, connect_timeout=5, read_timeout=read_timeout, write_timeout=10, pool_timeout=5
        )
        polling = HTTPXRequest(connection_pool_size=2, connect_timeout=5, read_timeout=read_timeout)
        self.bot = _Bot(
            token,
            base_url=f"{root}/bot",
            base_file_url=f"{root}/file/bot",
            request=request,
            get_updates_request=polling,
        )
        head = token.partition(":")[0]
        self.me = Me(int(head) if head.isdecimal() else 0, bot_name.removeprefix("@"))
        self._files = files or Path()

    async def open(self) -> Me:
        """Ask who we are, and offer the commands; raises SendError when Telegram is away or refuses the token."""
        self.me = Me(0, "")
        await self.known()
        try:
            await self.bot.set_my_commands([(command.removeprefix("/"), says) for command, says in COMMANDS.items()])
        except TelegramError:
            logging.getLogger(__name__).warning("the menu of commands could not be set")  # works without
        return self.me

    async def known(self) -> Me:
        """Who we are, asked once: links and mentions go by the bot's name. Raises SendError."""
        if not self.me.name:
            try:
                await self.bot.initialize()
                self.me = Me(self.bot.id, self.bot.username)
            except TelegramError as error:
                raise send_error(error, "") from error
        return self.me

    async def close(self) -> None:
        """Give the connections back."""
        await self.bot.shutdown()

    async def set_webhook(self, url: str, secret: str) -> None:
        """Have updates sent to `url`; raises SendError."""
        try:
            await self.bot.set_webhook(
                url, secret_token=secret, allowed_updates=ALLOWED_UPDATES, max_connections=CONNECTIONS
            )
        except TelegramError as error:
            raise send_error(error, "") from error

    def link(self, code: str) -> str:
        """The address that opens a private chat with us and hands over the code."""
        return f"https://t.me/{self.me.name}?start={code}"

    async def send(self, out: Outbound) -> Sent:
        """Send one thing; raises SendError, nothing else."""
        await self.known()
        try:
            match out.act:
                case Act.SAY:
                    return await self._say(out)
                case Act.EDIT:
                    return await self._edit(out)
                case Act.NOTICE:
                    return await self._answer(out)
        except TelegramError as error:
            raise send_error(error, out.chat) from error
        except OSError as error:
            raise SendError(f"the photo cannot be read: {type(error).__name__}", transient=False) from error

    async def fetch(self, handle: str) -> bytes:
        """The bytes of a photo; raises SendError."""
        try:
            file = await self.bot.get_file(handle)
            if (file.file_size or 0) > LARGEST_PHOTO:
                raise SendError("the photo is too large", transient=False)
            found = bytes(await file.download_as_bytearray())
        except TelegramError as error:
            raise send_error(error, "") from error
        if len(found) > LARGEST_PHOTO:
            raise SendError("the photo is too large", transient=False)
        return found

    async def _say(self, out: Outbound) -> Sent:
        if out.photo is not None:
            return await self._show(out, self._files / out.photo)
        message = await self.bot.send_message(
            _address(out.chat),
            out.text,
            reply_markup=self._keyboard(out),
            reply_parameters=_reply(out),
            link_preview_options=NO_PREVIEW,
            disable_notification=out.silent,
        )
        return Sent(str(message.message_id))

    async def _show(self, out: Outbound, photo: Path) -> Sent:
        """A photo with its words as a caption."""
        message = await self.bot.send_photo(
            _address(out.chat),
            photo.read_bytes(),
            caption=out.text or None,
            reply_markup=self._keyboard(out),
            reply_parameters=_reply(out),
            disable_notification=out.silent,
        )
        return Sent(str(message.message_id))

    async def _edit(self, out: Outbound) -> Sent:
        chat, message = _address(out.chat), int(out.message or 0)
        keyboard = self._keyboard(out)
        try:
            await self.bot.edit_message_text(
                out.text, chat, message, reply_markup=keyboard, link_preview_options=NO_PREVIEW
            )
        except TelegramError as error:
            if no_text(error):
                await self.bot.edit_message_caption(chat, message, caption=out.text, reply_markup=keyboard)
            elif not unchanged(error):
                raise
        return Sent(out.message)

    async def _answer(self, out: Outbound) -> Sent:
        """The short answer to a press. One that comes too late is refused for good: nobody waits for it any more."""
        if out.callback is None:
            return Sent(None)
        text = out.text if len(out.text) <= LONGEST_NOTICE else f"{out.text[: LONGEST_NOTICE - 1]}…"
        try:
            await self.bot.answer_callback_query(out.callback, text or None, show_alert=len(text) > LONGEST_TOAST)
        except BadRequest:
            if text:
                raise
        return Sent(None)  # nothing was to be read: whether the button still waits is no matter

    def _keyboard(self, out: Outbound) -> InlineKeyboardMarkup | None:
        if not out.choices:
            return None
        return InlineKeyboardMarkup([[self._button(choice) for choice in row] for row in out.choices])

    def _button(self, choice: Choice) -> InlineKeyboardButton:
        if choice.link is not None:
            return InlineKeyboardButton(choice.label, url=self.link(choice.link))
        return InlineKeyboardButton(choice.label, callback_data=choice.token)


def quiet_http() -> None:
    """httpx logs whole addresses, and Telegram's hold the bot token; the library logs what it sends and gets."""
    for name in ("httpx", "httpcore", "telegram"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _address(chat: str) -> int | str:
    return int(chat) if chat.removeprefix("-").isdecimal() else chat


def _reply(out: Outbound) -> ReplyParameters | None:
    if out.reply_to is None or not out.reply_to.isdecimal():
        return None
    return ReplyParameters(int(out.reply_to), allow_sending_without_reply=True)
