"""Turns what WeCom tells the app, in XML, into what every channel speaks; pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.base import Inbound, Kind
from bot.channels.wecom.address import NAME
from bot.channels.weixin.strictxml import Refused


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button of a card: who pressed what on which card, and the code to change it with."""

    said: Inbound
    task: str
    code: str


def read(fields: Mapping[str, str], corp_id: str, agent_id: int) -> Inbound | Pressed | None:
    """A message or event of the app; None for what does not concern us. Raises Refused for what WeCom never says."""
    kind, person = fields.get("MsgType", "").lower(), fields.get("FromUserName", "")
    if fields.get("ToUserName") != corp_id or not kind or not fields.get("CreateTime", "").isdecimal():
        raise Refused("for another corporation, or a field is missing")
    if fields.get("AgentID", str(agent_id)) != str(agent_id):
        raise Refused("for another app")
    if not person:
        raise Refused("nobody said it")
    return _event(fields, person) if kind == "event" else _message(fields, kind, person)


def _inbound(kind: Kind, key: str, person: str) -> Inbound:
    return Inbound(channel=NAME, key=key, kind=kind, chat=person, private=True, sender=person, addressed=True)


def _message(fields: Mapping[str, str], kind: str, person: str) -> Inbound:
    """By the library's message classes, behind a guard: it raises what it likes on fields of another form."""
    from wechatpy.work.messages import MESSAGE_TYPES

    try:
        made: Any = MESSAGE_TYPES[kind](dict(fields))
        if not int(made.id):
            raise Refused("a message without a number")
        said = _inbound(Kind.MESSAGE, f"m{made.id}", person)._replace(message=str(made.id))
        match kind:
            case "text":
                return said._replace(text=made.content or "")
            case "image":
                return said._replace(photos=(made.media_id,))
            case "voice":
                return said._replace(kind=Kind.VOICE, photos=(made.media_id,))
            case "location":
                where = (float(made.location_x), float(made.location_y))
                return said._replace(pinned=(made.label or "")[:100], location=where)
            case "link":
                return said._replace(text="\n".join(part for part in (made.title, made.url) if part))
        return said
    except Refused:
        raise
    except Exception:
        raise Refused("a field of another form") from None


def _event(fields: Mapping[str, str], person: str) -> Inbound | Pressed | None:
    name, key = fields.get("Event", "").lower(), fields.get("EventKey", "")
    task, code = fields.get("TaskId", ""), fields.get("ResponseCode", "")
    parts = "\0".join((person, fields["CreateTime"], name, key, task, code))
    digest = f"e{hashlib.sha256(parts.encode()).hexdigest()[:40]}"
    match name:
        case "template_card_event" if task and key:
            said = _inbound(Kind.PRESS, digest, person)._replace(message=task, choice=key)
            return Pressed(said, task, code)
        case "subscribe":
            return _inbound(Kind.START, digest, person)
        case "unsubscribe":
            return _inbound(Kind.BLOCK, digest, person)
        case "click":
            return _inbound(Kind.MESSAGE, digest, person)._replace(text=key)
    return None  # enter_agent comes with every opening of the app: nobody wants to be greeted each time
