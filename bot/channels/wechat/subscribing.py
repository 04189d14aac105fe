"""What people say to notices (订阅通知), as WeChat tells us of it (订阅通知的事件推送); pure but for the row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from bot.channels.weixin.strictxml import Refused
from storage import subscriptions
from storage.subscriptions import State

# The change is told inside either name: their document writes one, their servers were seen to write the other.
INSIDE = ("SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent", "SubscribeMsgSentEvent")
ANSWERS, SENT = frozenset({"subscribe_msg_popup_event", "subscribe_msg_change_event"}), "subscribe_msg_sent_event"
LONGEST_TEMPLATE = 64


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody agreed to a notice or did not (`state`), or one came to something (`result`)."""

    address: str
    template: str
    at: datetime
    state: State | None = None
    result: str = ""


def read(fields: Mapping[str, str], account: str) -> Told | None:
    """What an event says of notices; None where it says nothing. Raises Refused. `account`: its original id or ""."""
    event = fields.get("Event", "").lower() if fields.get("MsgType", "").lower() == "event" else ""
    if event not in ANSWERS and event != SENT:
        return None
    if account and fields.get("ToUserName") != account:
        raise Refused("for another account")
    person, at, template = fields.get("FromUserName"), fields.get("CreateTime", ""), _inside(fields, "TemplateId")
    if not person or not at.isdecimal() or len(at) > 11 or not template or len(template) > LONGEST_TEMPLATE:
        raise Refused("a field is missing")
    when = datetime.fromtimestamp(int(at), UTC)
    if event == SENT:
        result = f"{_inside(fields, 'ErrorCode')} {_inside(fields, 'ErrorStatus')}".strip()
        return Told(person, template, when, result=result)
    said = _inside(fields, "SubscribeStatusString")
    if said not in ("accept", "reject"):
        raise Refused("neither yes nor no")
    return Told(person, template, when, State(said))


def keep(conn: Connection, told: Told) -> None:
    """Remember it."""
    if told.state is not None:
        subscriptions.keep(conn, told.address, told.template, told.state, told.at)
    else:
        subscriptions.came_to(conn, told.address, told.template, told.result)


def _inside(fields: Mapping[str, str], name: str) -> str:
    return next((said for part in INSIDE if (said := fields.get(f"{part}.List.{name}"))), "")
