"""What is remembered of a group's talk for half an hour: read for a turn, kept after it, gone on with in private."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from flows.group_memory import KEEP, Memory, Report, latest, whole
from flows.group_yes import accepts, means_there
from storage import conversations, people

if TYPE_CHECKING:
    from bot.turn import Scene


def recall(conn: Connection, chat: int, now: datetime) -> Memory:
    """What is remembered of the group; what an older version wrote is let go."""
    kept = conversations.memory(conn, chat, now)
    try:
        return Memory.from_json(dict(kept)) if kept else Memory()
    except (KeyError, ValueError, TypeError):
        return Memory()


def keep(conn: Connection, chat: int, memory: Memory, now: datetime) -> None:
    """What is to be remembered of the group from now on."""
    conversations.remember(conn, chat, memory.to_json(), now + KEEP)


def agreed(scene: Scene) -> Mapping[str, Any] | None:
    """In private, with nothing else open: the matter they were offered to register in their group, if they mean it."""
    text = scene.said.text
    if scene.talk().get("flow") or not (accepts(text, bare=False) or means_there(text)):
        return None
    group = people.group_of(scene.conn, scene.person.id)
    if group is None:
        return None
    report = latest(recall(scene.conn, group, scene.now), str(scene.person.id))
    if report is None or begun(scene.talk(), report):
        return None
    room = people.chat_by_id(scene.conn, group)
    return begins(report.text, room.area, report.at) if room else None


def begun(talk: Mapping[str, Any], report: Report) -> bool:
    """Whether the person is telling that matter in private already, or has registered it there."""
    open_one = talk.get("answers", {}).get("description", {}) if talk.get("flow") == "complaint" else {}
    told = (str(talk.get("last", {}).get("told", "")), str(open_one.get("text", "")))
    return any(one and (report.text[:60] in one or one.split("\n")[0][:60] in report.text) for one in told)


def begins(text: str, area: int | None, at: datetime | None = None) -> dict[str, Any]:
    """What a link or a yes begins with: what was told in the group, and when."""
    args = {"flow": "complaint", "text": text, "area": area, "intent": "report_problem"}
    return args | ({"said_at": at.isoformat()} if at else {})


def told(conn: Connection, args: Mapping[str, Any], person: int, now: datetime) -> Mapping[str, Any]:
    """What waits behind a link that was offered in a group, with what the person has told there since."""
    if not args.get("group"):
        return args
    return {**args, "text": whole(recall(conn, int(args["group"]), now), str(person), str(args["text"]))}
