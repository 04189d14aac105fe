"""An update without what we do not read, so that a part in a shape the library does not know costs nobody their words:
servers of one's own may be older than the library, and Telegram's newer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PRESENT = ("member", "administrator", "creator")
QUOTED = frozenset({"message_id", "date", "chat", "from", "forum_topic_created", "is_topic_message"})
READ = QUOTED | {
    *("text", "entities", "caption", "caption_entities", "photo", "document", "voice", "audio", "video_note", "video"),
    *("location", "venue", "contact", "sender_chat", "media_group_id", "migrate_to_chat_id", "migrate_from_chat_id"),
}
PRESSED = frozenset({"id", "from", "data", "chat_instance"})
CHANGED = frozenset({"chat", "from", "date"})


def bare(update: Mapping[str, Any]) -> dict[str, Any]:
    """The update with only those parts of it that are read."""
    found = _only(update, frozenset({"update_id"}))
    query, change = (update.get(kind) for kind in ("callback_query", "my_chat_member"))
    kind = "message" if "message" in update else "edited_message"
    said = update.get(kind)
    if isinstance(said, dict):
        answered = said.get("reply_to_message")
        quoted = {"reply_to_message": _only(answered, QUOTED)} if isinstance(answered, dict) else {}
        found[kind] = _only(said, READ) | quoted
    elif isinstance(query, dict) and isinstance(query.get("message"), dict):
        found["callback_query"] = _only(query, PRESSED) | {"message": _only(query["message"], QUOTED)}
    elif isinstance(change, dict):
        members = {side: _member(change[side]) for side in ("old_chat_member", "new_chat_member")}
        found["my_chat_member"] = _only(change, CHANGED) | members
    return found


def _only(part: Mapping[str, Any], names: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in part.items() if name in names}


def _member(member: Mapping[str, Any]) -> dict[str, Any]:
    """Whether somebody is there; what they may do is nothing to us."""
    there = member.get("status") in PRESENT or (member.get("status") == "restricted" and member.get("is_member"))
    return {"user": member.get("user"), "status": "member" if there else "left"}
