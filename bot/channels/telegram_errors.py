"""What Telegram's refusals mean for a message: try later, never, elsewhere, or perhaps it arrived all the same."""

from __future__ import annotations

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.channels.base import SendError

# What the Bot API says, in small letters, when a chat is closed to us. A person who comes back opens it again.
LEFT = (
    "bot was kicked",
    "bot is not a member",
    "chat was deleted",
    "chat was deactivated",
    "group is deactivated",
    "chat_write_forbidden",
)
NEVER_ARRIVED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
MAYBE_ARRIVED = (httpx.ReadTimeout, httpx.WriteTimeout, httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError)
UNAUTHORIZED_WAIT = 60.0  # seconds between tries with a token that Telegram does not know


def unchanged(error: TelegramError) -> bool:
    """An edit that changes nothing is refused, and is as good as done."""
    return isinstance(error, BadRequest) and "message is not modified" in error.message.lower()


def no_text(error: TelegramError) -> bool:
    """The message to edit is a photo: its words are a caption."""
    return isinstance(error, BadRequest) and "no text in the message to edit" in error.message.lower()


def send_error(error: TelegramError, chat: str) -> SendError:
    """The library's exception as one of ours. The reason never holds words of a message, nor the token."""
    match error:
        case RetryAfter():
            seconds = error._retry_after.total_seconds()  # the public property warns that its type is about to change
            return SendError("too many requests", transient=True, retry_after=seconds)
        case ChatMigrated():
            return SendError("the group has a new address", transient=True, moved_to=str(error.new_chat_id))
        case Forbidden():
            return SendError(error.message, transient=False, gone=_gone(error.message, chat))
        case InvalidToken():
            return SendError(
                "Telegram does not know the bot token", transient=True, retry_after=UNAUTHORIZED_WAIT, everywhere=True
            )
        case BadRequest():
            missing = "chat not found" in error.message.lower()
            return SendError(error.message, transient=False, gone=_gone(error.message, chat) if missing else None)
        case TimedOut() | NetworkError():
            return _network(error)
        case _:
            return SendError(error.message, transient=False)


def _gone(reason: str, chat: str) -> str:
    group = chat.startswith("-")
    return "left" if group or any(words in reason.lower() for words in LEFT) else "blocked"


def _network(error: NetworkError) -> SendError:
    cause = error.__cause__
    if isinstance(cause, NEVER_ARRIVED):
        return SendError(f"no connection: {type(cause).__name__}", transient=True, everywhere=True)
    if isinstance(cause, MAYBE_ARRIVED):
        return SendError(f"no answer: {type(cause).__name__}", transient=True, uncertain=True)
    if isinstance(cause, UnicodeError):
        return SendError("the text cannot be written in UTF-8", transient=False)
    # An answer of the server's own, such as 502: it says nothing of whether the message went through before.
    return SendError("the server failed", transient=True, uncertain="timeout" in error.message.lower())
