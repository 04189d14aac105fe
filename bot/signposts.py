"""The way from a residents' group that only hears to a chat of one's own: a link, and a QR code once a week."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from storage import allowance, areas, codes
from storage.database import secret_of

LIFETIME = timedelta(days=3650)  # paper hangs long, and groups scroll back
WEEK = timedelta(days=7)  # between two pictures of the code
GREETED = {"flow": "assistant", "intent": "greet", "text": "你好"}
HERE = "有事私下说，点这里找小邻：{link}"
DO = "{label}：点这里跟小邻说 {link}"
CAPTION = ("微信扫一扫，找小邻", "报修、投诉、问法律、做志愿、查积分")


@dataclass(frozen=True, slots=True)
class Signpost:
    """What a group of residents is shown: codes by what is to be said there ("" for a greeting)."""

    codes: dict[str, str]
    due: bool  # whether the picture is to be shown again


def code_of(secret: bytes, key: str, says: str = "") -> str:
    """The code of a place; the same whenever it is made."""
    said = f"poster\0{key}" if not says else f"poster\0{key}\0{says}"
    return base64.urlsafe_b64encode(hmac.new(secret, said.encode(), hashlib.sha256).digest())[:22].decode()


def place(id: int, level: str, says: str = "") -> dict[str, object]:
    """What the code of an area stands for; that of a building is what hangs on its stairs."""
    args: dict[str, object] = {"area": id}
    args |= {"text": says} if says else {"at": id} if level == "building" else GREETED
    return {"action": "begin", "args": args}


def at(conn: Connection, channel: str, address: str, labels: Iterable[str], now: datetime) -> Signpost | None:
    """What goes with a message to a group; None where it is none of residents with a place of their own."""
    row = areas.of_residents(conn, channel, address)
    if row is None:
        return None
    made = {label: code_of(secret_of(conn), row.key, label) for label in ("", *labels)}
    given = {code: place(row.id, row.level, says) for says, code in made.items()}
    codes.keep(conn, kind="place", given=given, now=now, lifetime=LIFETIME)
    return Signpost(made, allowance.closed(conn, _name(channel, address), now) is None)


def shown(conn: Connection, channel: str, address: str, now: datetime) -> None:
    """The picture went out: not again for a week."""
    allowance.close(conn, _name(channel, address), now + WEEK, now)


def _name(channel: str, address: str) -> str:
    return f"{channel}:sign:{address}"
