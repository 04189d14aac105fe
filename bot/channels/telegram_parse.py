"""Turns a Telegram update into what every channel speaks; pure, and total: whatever comes, it never raises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from telegram import (
    CallbackQuery,
    Chat,
    ChatMember,
    ChatMemberUpdated,
    Message,
    MessageOriginChannel,
    PhotoSize,
    Update,
    User,
)

from bot.channels.base import MAX_TEXT, Inbound, Kind
from bot.channels.telegram_addressed import Me, addressed, without_me
from bot.channels.telegram_shapes import bare
from bot.logs import Log
from nlu.late import regex
from storage.types import storable

NAME = "telegram"
ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
LARGEST_PHOTO = 10_000_000  # bytes

# What a command of the menu says; any other line that begins with a slash is plain text.
COMMANDS = {
    "/help": "帮助",
    "/menu": "菜单",
    "/cancel": "取消",
    "/back": "返回",
    "/human": "人工",
    "/mine": "我的诉求",
}

_UNSTORABLE = regex("[\0\ud800-\udfff]")

_log = Log()


def parse(data: Mapping[str, Any], me: Me) -> Inbound | None:
    """The update as an Inbound; None for what does not concern us (channel posts, unknown kinds, nonsense)."""
    try:
        said = plain(data)
        return said if said is not None else _read(data, me)
    except Exception as error:
        # Somebody else's format: a shape nobody foresaw must not block the queue of the chat it came from.
        number = data.get("update_id") if isinstance(data, Mapping) else None
        _log.warning(
            "telegram.unreadable", update=number if isinstance(number, int) else None, error=type(error).__name__
        )
        return None


def _read(data: Mapping[str, Any], me: Me) -> Inbound | None:
    try:
        return _update(Update.de_json(dict(data), None), me)
    except Exception:
        return _update(Update.de_json(bare(data), None), me)


PLAIN = frozenset({"message_id", "date", "chat", "from", "text"})
KINDS = {"private": True, "group": False, "supergroup": False}


def plain(data: Mapping[str, Any]) -> Inbound | None:
    """A line of text and nothing else, which most updates are: read without the library's types, which take a quarter
    of a millisecond. None: anything more, or anything odd."""
    message = data.get("message")
    if len(data) != 2 or not isinstance(message, dict) or message.keys() != PLAIN:
        return None
    chat, sender, text = message["chat"], message["from"], message["text"]
    if not (isinstance(chat, dict) and isinstance(sender, dict) and isinstance(text, str)):
        return None
    first, last = sender.get("first_name"), sender.get("last_name", "")
    numbers = (data.get("update_id"), message["message_id"], chat.get("id"), sender.get("id"), message["date"])
    private = KINDS.get(str(chat.get("type")))
    if private is None or {*map(type, numbers)} != {int} or sender.get("is_bot") is not False:
        return None
    key, id, place, who = map(str, numbers[:4])
    words = tidy(text.strip())
    if not (isinstance(first, str) and isinstance(last, str)) or not first or not words or words.startswith("/"):
        return None
    return Inbound(
        channel=NAME,
        key=key,
        kind=Kind.MESSAGE,
        chat=place,
        private=private,
        sender=who,
        sender_name=tidy(f"{first} {last}" if last else first)[:64],
        text=words,
        message=id,
        addressed=private,
    )


def _update(update: Update, me: Me) -> Inbound | None:
    if not isinstance(update.update_id, int):
        return None
    key = str(update.update_id)
    if update.message is not None:
        return _message(update.message, key, me)
    if update.edited_message is not None:
        return _edited(update.edited_message, key, me)
    if update.callback_query is not None:
        return _press(update.callback_query, key)
    if update.my_chat_member is not None:
        return _membership(update.my_chat_member, key)
    return None


def _inbound(kind: Kind, key: str, chat: Chat, sender: User) -> Inbound:
    private = chat.type == Chat.PRIVATE
    return Inbound(
        channel=NAME,
        key=key,
        kind=kind,
        chat=str(chat.id),
        private=private,
        sender=str(sender.id),
        sender_name=tidy(sender.full_name)[:64],
        addressed=private,
    )


# -- messages ---------------------------------------------------------------------------------------------------------


def _message(message: Message, key: str, me: Me) -> Inbound | None:
    if message.chat.type not in (Chat.PRIVATE, Chat.GROUP, Chat.SUPERGROUP):
        return None
    moved = _migration(message, key)
    if moved is not None:
        return moved
    sender = message.from_user
    if sender is None or sender.is_bot or message.sender_chat is not None:
        return None  # other bots, channels linked to the group, anonymous administrators: nobody one could answer
    said = _inbound(Kind.MESSAGE, key, message.chat, sender)._replace(
        message=str(message.message_id), topical=bool(message.is_topic_message), album=message.media_group_id
    )
    if message.voice or message.video_note or message.audio:
        return addressed(said._replace(kind=Kind.VOICE, photos=_voice(message)), message, me)
    return _said(said, message, me)


def _edited(message: Message, key: str, me: Me) -> Inbound | None:
    """Other words in private; a place that moves is told as an edit too, and in groups what was said stands."""
    said = _message(message, key, me) if message.chat.type == Chat.PRIVATE and message.location is None else None
    return said._replace(edited=True) if said and said.text and said.kind is Kind.MESSAGE else None


def _migration(message: Message, key: str) -> Inbound | None:
    """A group became a supergroup: told once in the old chat and once in the new one."""
    old, new = message.migrate_from_chat_id, message.migrate_to_chat_id
    if not old and not new:
        return None
    here = str(message.chat.id)
    return Inbound(
        channel=NAME,
        key=key,
        kind=Kind.MIGRATE,
        chat=str(old) if old else here,
        private=False,
        sender="",
        new_chat=str(new) if new else here,
        renumbered=True,
    )


def _said(said: Inbound, message: Message, me: Me) -> Inbound | None:
    if message.text is None and message.effective_attachment is None:
        return None  # a service message: somebody joined, the title changed ...
    if isinstance(message.forward_origin, MessageOriginChannel) and not said.private:
        return None  # news that was passed on: nobody here says it
    said = addressed(said, message, me)
    place = message.venue.location if message.venue else message.location
    said = said._replace(
        text=tidy(_words(message, me)),
        photos=_photos(message),
        location=(place.latitude, place.longitude) if place else None,
        pinned=tidy(f"{message.venue.title} {message.venue.address}")[:100] if message.venue else "",
    )
    if said.text.startswith("/"):
        said = _command(said, me)
    worth = said.text or said.photos or said.location or said.kind is not Kind.MESSAGE
    return said if said.addressed or worth else None


def _words(message: Message, me: Me) -> str:
    """What was written, without the mention of the bot; of one's own contact the number."""
    text = message.text or message.caption
    if text is not None:
        return without_me(text, message, me)
    if message.contact and message.from_user and message.contact.user_id == message.from_user.id:
        return message.contact.phone_number
    return ""


def _photos(message: Message) -> tuple[str, ...]:
    if message.photo:
        return (max(message.photo, key=_size).file_id,)
    document = message.document
    if document and (document.mime_type or "").startswith("image/") and (document.file_size or 0) <= LARGEST_PHOTO:
        return (document.file_id,)
    return ()


def _voice(message: Message) -> tuple[str, ...]:
    """The recording; a video note is none."""
    sound = message.voice or message.audio
    return (sound.file_id,) if sound and (sound.file_size or 0) <= LARGEST_PHOTO else ()


def _size(photo: PhotoSize) -> int:
    return photo.width * photo.height if (photo.file_size or 0) <= LARGEST_PHOTO else 0


def _command(said: Inbound, me: Me) -> Inbound:
    word, _, rest = said.text.partition(" ")
    command, _, bot = word.lower().partition("@")
    if bot and bot != me.name.lower():
        return said._replace(addressed=False, mentions_other=True)
    if bot:
        said = said._replace(addressed=True)
    if command == "/start":
        return _start(said, rest.strip())
    if command in COMMANDS and (said.private or bot or said.addressed):
        return said._replace(text=f"{COMMANDS[command]} {rest}".strip())
    return said._replace(text=f"{command} {rest}".strip()) if bot else said


def _start(said: Inbound, token: str) -> Inbound:
    if not said.private:
        return said._replace(text=COMMANDS["/help"])
    return said._replace(kind=Kind.START, text="", token=token[:64] or None)


def tidy(text: str) -> str:
    """What can be stored anywhere: no NUL, no half surrogate pairs, not without end."""
    text = text[:MAX_TEXT]
    return text if storable(text) is text else _UNSTORABLE.sub("", text)


# -- presses and membership -------------------------------------------------------------------------------------------


def _press(query: CallbackQuery, key: str) -> Inbound | None:
    message = query.message
    if message is None or not query.data:
        return None
    return _inbound(Kind.PRESS, key, message.chat, query.from_user)._replace(
        message=str(message.message_id),
        topical=isinstance(message, Message) and bool(message.is_topic_message),
        addressed=True,
        choice=tidy(query.data)[:64],
        callback=query.id,
        pending=True,
    )


def _present(member: ChatMember) -> bool:
    if member.status == ChatMember.RESTRICTED:
        return bool(getattr(member, "is_member", False))
    return member.status in (ChatMember.MEMBER, ChatMember.ADMINISTRATOR, ChatMember.OWNER)


def _membership(change: ChatMemberUpdated, key: str) -> Inbound | None:
    was, now = _present(change.old_chat_member), _present(change.new_chat_member)
    if was == now or change.chat.type == Chat.CHANNEL:
        return None
    if change.chat.type == Chat.PRIVATE:
        return None if now else _inbound(Kind.BLOCK, key, change.chat, change.from_user)
    return _inbound(Kind.JOIN if now else Kind.LEAVE, key, change.chat, change.from_user)
