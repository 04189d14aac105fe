"""Whoever files a case on WeChat is asked whether they want to be told there when something waits (订阅通知)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.world import World
from storage import subscriptions
from storage.people import Chat

PATH = "/wechat/subscribe"
OFFER = "\n想有进展时收到微信提醒，点这里开启：{link}"


def offer(conn: Connection, world: World, chat: Chat | None, now: datetime) -> str:
    """The line that asks; "" where there is no such notice, or they have said what they want."""
    if chat is None or chat.channel != "wechat" or chat.kind != "private" or not (world.reminder and world.public_url):
        return ""
    if not subscriptions.may_ask(conn, chat.address, world.reminder, now):
        return ""
    return OFFER.format(link=f"{world.public_url}{PATH}")
