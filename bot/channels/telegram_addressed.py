"""Who is spoken to in a Telegram message: the assistant, or somebody else by name."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Message, MessageEntity

from bot.channels.base import Inbound


@dataclass(frozen=True, slots=True)
class Me:
    """The bot itself: what it is addressed by."""

    id: int
    name: str  # without the @


def _entities(message: Message) -> dict[MessageEntity, str]:
    """The entities with their texts; offsets count UTF-16 units, which the library takes care of."""
    try:
        if message.text is not None:
            return message.parse_entities()
        return message.parse_caption_entities() if message.caption is not None else {}
    except UnicodeError:  # half a surrogate pair: the words still count
        return {}


def _is_me(entity: MessageEntity, text: str, me: Me) -> bool:
    if entity.type == MessageEntity.TEXT_MENTION:
        return entity.user is not None and entity.user.id == me.id
    return entity.type == MessageEntity.MENTION and text.lower() == f"@{me.name.lower()}"


def addressed(said: Inbound, message: Message, me: Me) -> Inbound:
    """The message with whether the line is meant for the bot, or else for somebody by name."""
    mentions = {e: t for e, t in _entities(message).items() if e.type in (e.MENTION, e.TEXT_MENTION)}
    to_me = any(_is_me(entity, text, me) for entity, text in mentions.items())
    answered = message.reply_to_message
    if answered is not None and answered.forum_topic_created:
        answered = None  # in a forum, each line "replies" to the opening of its topic
    author = answered.from_user if answered is not None else None
    to_me = to_me or (author is not None and author.id == me.id)
    to_other = bool(mentions) or (author is not None and author.id != int(said.sender))
    return said._replace(
        addressed=said.private or to_me,
        mentions_other=to_other and not to_me and not said.private,
        reply_to=str(answered.message_id) if answered is not None else None,
    )


def without_me(text: str, message: Message, me: Me) -> str:
    """The text without the mentions of the bot, which would only disturb understanding."""
    units = text.encode("utf-16-le", "surrogatepass")
    spans = [(e.offset, e.offset + e.length) for e, t in _entities(message).items() if _is_me(e, t, me)]
    for start, end in sorted(spans, reverse=True):
        units = units[: start * 2] + units[end * 2 :]
    return units.decode("utf-16-le", "surrogatepass").strip()
