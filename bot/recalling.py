"""What is remembered of a group's talk for half an hour, read for a turn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from flows.group_memory import Memory, whole
from storage import conversations


def recall(conn: Connection, chat: int, now: datetime) -> Memory:
    """What is remembered of the group; what an older version wrote is let go."""
    kept = conversations.memory(conn, chat, now)
    try:
        return Memory.from_json(dict(kept)) if kept else Memory()
    except (KeyError, ValueError, TypeError):
        return Memory()


def told(conn: Connection, args: Mapping[str, Any], person: int, now: datetime) -> Mapping[str, Any]:
    """What waits behind a link that was offered in a group, with what the person has told there since."""
    if not args.get("group"):
        return args
    return {**args, "text": whole(recall(conn, int(args["group"]), now), str(person), str(args["text"]))}
