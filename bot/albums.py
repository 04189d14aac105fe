"""Pictures sent together come as updates of their own, one after the other: they are one message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from storage import inbox

COMES = 0.8  # seconds in which the others of an album are here
NEAR = 20  # lines behind a picture among which the others of its album are


def slow(row: inbox.InboxRow) -> bool:
    """Whether it has its turn by itself, when the pictures that belong to it are there."""
    return bool(row.payload.get("photos") or row.payload.get("album"))


def whole(conn: Connection, row: inbox.InboxRow) -> inbox.InboxRow:
    """The row with the words and pictures of all of its album that is here; the others come along and have no turn."""
    mine = row.payload.get("album"), row.payload.get("sender")
    behind = inbox.behind(conn, row, NEAR)
    along = [(id, part) for id, part in behind if (part.get("album"), part.get("sender")) == mine]
    if not along:
        return row
    payload = together([row.payload, *(part for _, part in along)])
    return replace(row, payload=payload, along=tuple(id for id, _ in along))


def together(parts: list[Mapping[str, Any]]) -> dict[str, Any]:
    """One message of several, which are in order."""
    said = dict.fromkeys(part["text"] for part in parts if part.get("text"))
    photos = [handle for part in parts for handle in part.get("photos") or ()]
    addressed = any(part.get("addressed") for part in parts)
    return {**parts[0], "text": "\n".join(said), "photos": photos, "addressed": addressed}
