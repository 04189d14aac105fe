"""Puts WeChat and WeCom together from the settings: their channels, the addresses they call, their limits."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bot import clock
from bot.channels.weixin.api import Api
from bot.channels.weixin.replies import Replies

if TYPE_CHECKING:
    from starlette.routing import Route

    from bot.channels.base import Accept
    from bot.channels.wechat.channel import WeChatChannel
    from bot.channels.wecom.channel import WeComChannel
    from bot.settings import Settings
    from storage.database import Database


def link_of(settings: Settings) -> Callable[[str], str]:
    """Where a code's link leads: the page of the residents' chat, which every phone opens."""
    return lambda code: f"{settings.public_url}/chat?start={code}"


def wechat_api(settings: Settings, database: Database) -> Api:
    """The official account's server."""
    from bot.channels.wechat.channel import account

    secret = settings.wechat_secret.get_secret_value()
    return Api(account(settings.wechat_app_id, secret, settings.wechat_base_url), database, clock.now)


def wechat(settings: Settings, database: Database, *, answers: bool) -> WeChatChannel:
    """The official account's channel. `answers`: this process sends as well, so a request may wait for its answer."""
    from bot.channels.wechat.channel import WeChatChannel
    from bot.channels.wechat.receive import PATIENCE

    template: dict[str, Any] | None = json.loads(settings.wechat_template) if settings.wechat_template else None
    return WeChatChannel(
        wechat_api(settings, database),
        Replies(PATIENCE if answers else 0),
        database,
        clock.now,
        files=settings.data_dir,
        link=link_of(settings),
        template=template,
    )


def wechat_routes(settings: Settings, channel: WeChatChannel, database: Database, accept: Accept) -> list[Route]:
    """The address WeChat calls."""
    from bot.channels.wechat.receive import WeChatDoor
    from bot.channels.weixin.callback import Door
    from bot.channels.weixin.envelope import Envelope

    token, key = settings.wechat_token.get_secret_value(), settings.wechat_aes_key.get_secret_value()
    envelope = Envelope(token, key, settings.wechat_app_id) if key else None
    door = Door("wechat", token, envelope, database, clock.now, signs_plainly=True)
    return WeChatDoor(door, channel.replies, accept, clock.now, account=settings.wechat_account).routes()


def wecom(settings: Settings, database: Database, *, answers: bool) -> WeComChannel:
    """The channel of the corporation's app, its robots and its bot."""
    from bot.channels.wechat.receive import PATIENCE
    from bot.channels.wecom.channel import WeComChannel, account

    secret = settings.wecom_secret.get_secret_value()
    ours = account(settings.wecom_corp_id, settings.wecom_agent_id, secret, settings.wecom_base_url)
    return WeComChannel(
        Api(ours, database, clock.now),
        settings.wecom_agent_id,
        Replies(PATIENCE if answers else 0),
        database,
        clock.now,
        files=settings.data_dir,
        link=link_of(settings),
        robots=json.loads(settings.wecom_robots.get_secret_value() or "{}"),
    )


def wecom_routes(settings: Settings, channel: WeComChannel, database: Database, accept: Accept) -> list[Route]:
    """The addresses WeCom calls, for the app and for the bot."""
    from bot.channels.wecom.receive import BotDoor, WeComDoor
    from bot.channels.weixin.callback import Door
    from bot.channels.weixin.envelope import Envelope

    corp, agent = settings.wecom_corp_id, settings.wecom_agent_id
    token, key = settings.wecom_token.get_secret_value(), settings.wecom_aes_key.get_secret_value()
    door = Door("wecom", token, Envelope(token, key, corp), database, clock.now)
    routes = WeComDoor(door, accept, database, clock.now, corp, agent).routes()
    token, key = settings.wecom_bot_token.get_secret_value(), settings.wecom_bot_aes_key.get_secret_value()
    if token:
        bot = Door("wecom-bot", token, Envelope(token, key, ""), database, clock.now)
        routes += BotDoor(bot, channel.replies, accept, clock.now).routes()
    return routes
