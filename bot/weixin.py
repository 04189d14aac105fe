"""Puts WeChat and WeCom together from the settings: their channels, the addresses they call, their limits."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from bot import clock
from bot.channels.base import SendError
from bot.channels.weixin.api import Api, ApiError
from bot.channels.weixin.replies import Replies
from bot.errors import Wrong
from bot.logs import Log

if TYPE_CHECKING:
    from starlette.routing import Route

    from bot.channels.base import Accept
    from bot.channels.wechat.channel import WeChatChannel
    from bot.channels.wecom.channel import WeComChannel
    from bot.settings import Settings
    from storage.database import Database

# Two rows of the official account's menu; what each entry says stands in bot/channels/wechat/parse.py.
MENU = (("办事", ("complaint", "mine", "human")), ("服务", ("legal", "volunteer", "points")))
BRIEF = 600  # seconds a code of a place is good at the account; the number in it counts for less
MONTH = 30 * 86_400  # the longest a code that ends may live; those without an end are 100,000 an account, for posters

log = Log()


def link_of(settings: Settings) -> Callable[[str], str]:
    """Where a code's link leads: the page of the residents' chat, which every phone opens."""
    return lambda code: f"{settings.public_url}/chat?start={code}"


def page_of(settings: Settings) -> str:
    """The staff page, where cards without buttons lead."""
    return f"{settings.public_url}/staff"


def wechat_api(settings: Settings, database: Database) -> Api:
    """The official account's server."""
    from bot.channels.wechat.channel import account

    secret = settings.wechat_secret.get_secret_value()
    return Api(account(settings.wechat_app_id, secret, settings.wechat_base_url), database, clock.now)


def wechat(settings: Settings, database: Database, *, answers: bool) -> WeChatChannel:
    """The official account's channel. `answers`: this process sends as well, so a request may wait for its answer."""
    from bot.channels.wechat.channel import WeChatChannel
    from bot.channels.wechat.receive import PATIENCE

    return WeChatChannel(
        wechat_api(settings, database),
        Replies(PATIENCE if answers else 0),
        database,
        clock.now,
        files=settings.data_dir,
        link=link_of(settings),
        template=json.loads(settings.wechat_template or "null"),
        subscription=json.loads(settings.wechat_subscription or "null"),
    )


async def set_menu(api: Api) -> None:
    """Offer the menu of the official account; it works without one, so a refusal is only noted."""
    from bot.channels.wechat.parse import MENU_WORDS

    rows = [
        {"name": name, "sub_button": [{"type": "click", "name": MENU_WORDS[key], "key": key} for key in keys]}
        for name, keys in MENU
    ]
    try:
        await api.post("/cgi-bin/menu/create", {"button": rows})
    except (ApiError, SendError) as error:
        log.warning("wechat.menu_not_set", reason=str(error))


async def scene(api: Api, code: str, seconds: int | None = None) -> str:
    """What a QR code says that opens the official account with this code; for so long, None: for ever. Raises ApiError,
    SendError."""
    body: dict[str, object] = {"action_info": {"scene": {"scene_str": code}}}
    body |= {"action_name": "QR_LIMIT_STR_SCENE"} if seconds is None else {"action_name": "QR_STR_SCENE"}
    body |= {} if seconds is None else {"expire_seconds": seconds}
    return str((await api.post("/cgi-bin/qrcode/create", body))["url"])


def brief_scenes(api: Api, seconds: int = BRIEF) -> Callable[[str], Awaitable[str | None]]:
    """Makes codes for a few minutes, such as those that check in at a place; None where the account gives none now."""

    async def make(code: str) -> str | None:
        try:
            return await scene(api, code, seconds)
        except (ApiError, SendError, KeyError) as error:
            log.warning("wechat.no_scene", reason=str(error))
            return None

    return make


def poster_addresses(settings: Settings, database: Database, scenes: Sequence[str]) -> dict[str, str]:
    """What the QR code of each scene says: the official account's where there is one, else the chat page's."""
    if not settings.wechat_app_id:
        if not settings.public_url:
            raise Wrong("LINLI_PUBLIC_URL or LINLI_WECHAT_APP_ID is needed: a QR code has to lead somewhere")
        return {each: link_of(settings)(each) for each in scenes}
    api = wechat_api(settings, database)

    async def ask() -> dict[str, str]:
        found = {each: await scene(api, each) for each in scenes}
        await api.close()
        return found

    try:
        return asyncio.run(ask())
    except (ApiError, SendError) as error:
        raise Wrong(f"WeChat gives no QR codes: {error}; check LINLI_WECHAT_APP_ID and LINLI_WECHAT_SECRET") from None


def wechat_routes(settings: Settings, channel: WeChatChannel, database: Database, accept: Accept) -> list[Route]:
    """The address WeChat calls."""
    from bot.channels.wechat.receive import WeChatDoor
    from bot.channels.weixin.callback import Door
    from bot.channels.weixin.envelope import Envelope

    token, key = settings.wechat_token.get_secret_value(), settings.wechat_aes_key.get_secret_value()
    envelope = Envelope(token, key, settings.wechat_app_id) if key else None
    door = Door("wechat", token, envelope, database, clock.now, signs_plainly=True)
    at = WeChatDoor(door, channel.replies, accept, database, clock.now, account=settings.wechat_account)
    return [*at.routes(), *reminder_routes(settings, channel.api, database)]


def reminder_routes(settings: Settings, api: Api, database: Database) -> list[Route]:
    """The page on which people agree to the notice of the settings; none where there is no such notice."""
    from bot.channels.wechat.channel import tickets
    from bot.console.reminders import ReminderPage

    if not (settings.wechat_subscription and settings.public_url):
        return []
    ours, template = settings.wechat_app_id, str(json.loads(settings.wechat_subscription)["template_id"])
    ticket = Api(tickets(api, ours), database, clock.now).token
    return ReminderPage(ticket, ours, template, settings.public_url, clock.now).routes()


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
        page=page_of(settings),
        robots=json.loads(settings.wecom_robots.get_secret_value() or "{}"),
        bot_key=settings.wecom_bot_aes_key.get_secret_value() if settings.wecom_bot_token.get_secret_value() else "",
        scene=brief_scenes(wechat_api(settings, database), MONTH) if settings.wechat_app_id else None,
    )


def wecom_routes(settings: Settings, channel: WeComChannel, database: Database, accept: Accept) -> list[Route]:
    """The addresses WeCom calls, for the app and for the bot."""
    from bot.channels.wecom.bot_door import BotDoor
    from bot.channels.wecom.receive import WeComDoor
    from bot.channels.weixin.callback import Door
    from bot.channels.weixin.envelope import Envelope

    corp, agent = settings.wecom_corp_id, settings.wecom_agent_id
    token, key = settings.wecom_token.get_secret_value(), settings.wecom_aes_key.get_secret_value()
    door = Door("wecom", token, Envelope(token, key, corp), database, clock.now)
    routes = WeComDoor(door, accept, database, clock.now, corp, agent).routes()
    token, key = settings.wecom_bot_token.get_secret_value(), settings.wecom_bot_aes_key.get_secret_value()
    if token:
        bot = Door("wecom-bot", token, Envelope(token, key, ""), database, clock.now)
        replies, files, page = channel.replies, settings.data_dir, page_of(settings)
        routes += BotDoor(bot, replies, accept, database, clock.now, files=files, page=page).routes()
    return routes


async def make_groups(settings: Settings, database: Database) -> list[str]:
    """Make the app's groups that the community file names and that are not there; what became of each, one a line."""
    from bot.channels.wecom.groups import create, wanted

    channel = wecom(settings, database, answers=False)
    with database.read() as conn:
        groups = wanted(conn)
    told = [await create(channel.api, group) for group in groups]
    await channel.api.close()
    return told or ["The community file names no group such as appchat:xfl1 on wecom."]


def routes(
    settings: Settings,
    of_wechat: WeChatChannel | None,
    of_wecom: WeComChannel | None,
    database: Database,
    accept: Accept,
) -> list[Route]:
    """The addresses that those of the two call which are there."""
    found = wechat_routes(settings, of_wechat, database, accept) if of_wechat else []
    return found + (wecom_routes(settings, of_wecom, database, accept) if of_wecom else [])
