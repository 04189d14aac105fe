"""Turns what a WeChat official account is told into what every channel speaks; pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from bot.channels.base import Inbound, Kind
from bot.channels.weixin.strictxml import Refused
from nlu.late import regex

NAME = "wechat"
# Customer-service messages allowed after each thing a person does (official account documents, since June 2023).
AFTER_MESSAGE = (5, 48 * 3600)
AFTER_EVENT = (3, 60)
LONGEST_SCENE = 64
UNSUPPORTED = regex(  # what stands in the place of a sticker, in the language of the phone
    r"【收到不支持的消息类型，暂无法显示】|【收到不支援的訊息類型，無法顯示】|\[unsupported message\]", re.IGNORECASE
)

# What the menu's entries say for the person; a key that is none of these is said as it stands.
MENU_WORDS = {
    "complaint": "登记诉求",
    "legal": "法律咨询",
    "volunteer": "志愿活动",
    "points": "道德银行",
    "mine": "我的诉求",
    "human": "人工",
}


def read(fields: Mapping[str, str], account: str) -> Inbound | None:
    """The message or event; None for what does not concern us. Raises Refused for what WeChat would never say.

    `account`: the original id (gh_…) or "" when it is not known: a callback for another account is refused.
    """
    from wechatpy.events import EVENT_TYPES
    from wechatpy.messages import MESSAGE_TYPES

    kind = fields.get("MsgType", "").lower()
    if not kind or not fields.get("FromUserName") or not fields.get("CreateTime", "").isdecimal():
        raise Refused("a field is missing")
    if account and fields.get("ToUserName") != account:
        raise Refused("for another account")
    try:
        if kind == "event":
            known = EVENT_TYPES.get(fields.get("Event", "").lower())
            return _event(known(dict(fields)) if known else None, fields)
        made = MESSAGE_TYPES.get(kind)
        return _message(made(dict(fields)), kind, fields) if made else None
    except Refused:
        raise
    except Exception:  # the library raises what it likes on fields of another form
        raise Refused("a field of another form") from None


def _inbound(kind: Kind, key: str, fields: Mapping[str, str], window: tuple[int, int]) -> Inbound:
    person = fields["FromUserName"]
    return Inbound(
        channel=NAME, key=key, kind=kind, chat=person, private=True, sender=person, addressed=True, window=window
    )


def _message(message: Any, kind: str, fields: Mapping[str, str]) -> Inbound | None:
    if not int(message.id):
        raise Refused("a message without a number")
    said = _inbound(Kind.MESSAGE, f"m{message.id}", fields, AFTER_MESSAGE)._replace(message=str(message.id))
    match kind:
        case "text":
            words = message.content or ""
            return said if UNSUPPORTED.fullmatch(words.strip()) else said._replace(text=words)
        case "image":
            return said._replace(photos=(message.media_id,))
        case "voice" if heard := (message.recognition or "").strip():  # the platform wrote down what was said
            return said._replace(text=heard)
        case "voice":
            return said._replace(kind=Kind.VOICE, photos=(message.media_id,))
        case "location":
            return said._replace(
                pinned=(message.label or "")[:100], location=(float(message.location_x), float(message.location_y))
            )
        case "link":
            return said._replace(text="\n".join(part for part in (message.title, message.url) if part))
    return said  # video and the like: said without words, and answered as such


def _event(event: Any, fields: Mapping[str, str]) -> Inbound | None:
    name, key = fields.get("Event", "").lower(), fields.get("EventKey", "")
    # An event has no number of its own: who, when, what and which make it.
    parts = "\0".join((fields["FromUserName"], fields["CreateTime"], name, key))
    digest = f"e{hashlib.sha256(parts.encode()).hexdigest()[:40]}"
    if event is None:
        return None
    said = _inbound(Kind.START, digest, fields, AFTER_EVENT)
    match name:
        case "subscribe":
            return said._replace(token=_scene(key.removeprefix("qrscene_")))
        case "scan":
            return said._replace(token=_scene(key))
        case "unsubscribe":
            return said._replace(kind=Kind.BLOCK, window=None)
        case "click":
            return said._replace(kind=Kind.MESSAGE, text=MENU_WORDS.get(key, key))
    return None


def _scene(key: str) -> str | None:
    return key[:LONGEST_SCENE] or None
