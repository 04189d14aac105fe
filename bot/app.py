"""The composition root: the only file that knows the concrete classes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
from collections.abc import Callable, Coroutine, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import clock, digests, starting
from bot.errors import NotNow, Wrong, out_of_reach
from bot.law import LazyLaw
from bot.leads import Leads
from bot.listening import listening
from bot.serving import listen, serve
from bot.world import World
from flows.catalogue import load_catalogue
from nlu.persons import Persons
from nlu.understanding import Engine
from storage.database import Away, Database

if TYPE_CHECKING:
    from bot.channels.base import Channel
    from bot.doors import Door
    from bot.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
DEMO = Path(__file__).parent / "demo" / "community.yml"
SIGN_IN = timedelta(hours=12)


def embedded_engine(*, second: bool = True) -> Engine:
    """The understanding that ships with the project, with its second stage where sentence vectors are installed."""
    from nlu.embedded import EmbeddedEngine

    catalogue = load_catalogue((ROOT / "flows" / "catalogue.yml").read_text("utf-8"))
    return EmbeddedEngine.load(ROOT / "nlu" / "weights", catalogue.labels(), second=second)


def build_world(database: Database, engine: Engine, secret: bytes, data_dir: Path, *, meaning: bool = True) -> World:
    """Everything a turn may consult, on this database."""
    catalogue = load_catalogue((ROOT / "flows" / "catalogue.yml").read_text("utf-8"))
    world = World(database, engine, catalogue, LazyLaw(database, meaning=meaning), secret, data_dir)
    world.persons = Persons() if meaning else None
    return world


def open_database(settings: Settings, secret: bytes, url: str | None = None) -> Database:
    """The database the settings name, or one named by `--database`, at its newest shape. Raises Wrong when it cannot
    be had."""
    named = "--database" if url else "LINLI_DATABASE_URL"
    try:
        database = Database.open(url or settings.database, secret=secret)
    except ValueError as error:
        raise Wrong(f"{named}: {error}") from None
    try:
        database.upgrade()
    except Away as error:
        raise NotNow(f"{named}: {out_of_reach(database.address, error)}") from None
    return database


def load_community(database: Database, settings: Settings) -> str | None:
    """At the first start, the community file of the settings or the demo community; says what was loaded."""
    from bot.community.load import Broken, import_text
    from storage import kept

    with database.read() as conn:
        if kept.version(conn):
            return None
    path = settings.community or DEMO
    try:
        import_text(database, path.read_bytes(), str(path), clock.now())
    except Broken as error:
        raise Wrong(str(error)) from None
    return str(path) if settings.community else "the demo community"


def engine_for(settings: Settings) -> Engine:
    """The understanding engine the settings ask for."""
    if settings.nlu == "embedded":
        return embedded_engine()
    from nlu.rasa_http import Chain, RasaEngine

    fallback = embedded_engine()
    rasa = RasaEngine(settings.rasa_url, fallback)
    return Chain(rasa, fallback) if settings.nlu == "chain" else rasa


ROLES = ("web", "worker", "delivery", "clock")


class App:
    """The running assistant: web server and Telegram's updates, worker, delivery and clock, all in one process or each
    in as many as one likes on one PostgreSQL (`roles`)."""

    def __init__(
        self, settings: Settings, secret: bytes, database: Database, engine: Engine, roles: Sequence[str] = ROLES
    ) -> None:
        from bot.delivery import Delivery
        from bot.intake import Intake
        from bot.limits import TELEGRAM, Limits
        from bot.presses import Desk
        from bot.worker import Worker

        self.settings = settings
        self.roles = frozenset(roles)
        self.leads = Leads(database, clock.now)
        self.secret = secret
        self.world = build_world(database, engine, secret, settings.data_dir)
        self.world.public_url = settings.public_url or ""
        if settings.wechat_app_id and settings.wechat_subscription:
            self.world.reminder = str(json.loads(settings.wechat_subscription)["template_id"])
        self.channels: dict[str, Channel] = {}
        self.doors: list[Door] = []
        self.worker = Worker(self.world, self.channels, clock.now)
        self.intake = Intake(database, clock.now, self.worker.wake)
        self.desk = Desk(self.world)
        self.stop = asyncio.Event()
        self._add_channels()
        # A platform's limits are for the bot as a whole: one process at a time counts them.
        limits = {"telegram": TELEGRAM}
        counted = {*limits, "wecom"}
        serves = lambda channel: channel not in counted or self.leads.holds(f"send:{channel}")  # noqa: E731
        self.delivery = Delivery(database, self.channels, Limits(limits), serves=serves)

    def _add_channels(self) -> None:
        from bot.channels.web import WebChannel

        self.web = WebChannel(
            self.world.database, uploads=self.settings.data_dir / "uploads", store=self.settings.data_dir
        )
        self.channels["web"] = self.web
        token = self.settings.telegram_token.get_secret_value()
        self.telegram = None
        if token:
            from bot.channels.telegram import TelegramChannel

            self.telegram = TelegramChannel(
                token, base_url=self.settings.telegram_base_url, files=self.settings.data_dir
            )
            self.channels["telegram"] = self.telegram
        self.wechat = None
        if self.settings.wechat_app_id:
            from bot import weixin

            self.wechat = weixin.wechat(self.settings, self.world.database, answers="delivery" in self.roles)
            self.channels["wechat"] = self.wechat
        self.wecom = None
        if self.settings.wecom_corp_id:
            from bot import weixin

            self.wecom = weixin.wecom(self.settings, self.world.database, answers="delivery" in self.roles)
            self.channels["wecom"] = self.wecom

    def asgi(self) -> Any:
        """The web application with the webhook of Telegram, where that is how updates come in."""
        from bot.casework import staff_roles
        from bot.console.app import build_web
        from bot.console.speakers import NEIGHBOURS

        routes, scene = list[Any](), None
        if self.wechat or self.wecom:
            from bot import weixin

            routes = weixin.routes(self.settings, self.wechat, self.wecom, self.world.database, self.intake)
            scene = weixin.brief_scenes(self.wechat.api) if self.wechat else None
        pages = build_web(
            self.web,
            self.intake,
            self.desk,
            roles=lambda conn, staff, case: staff_roles(conn, self.world, staff, case),
            secret=self.secret.decode(),
            files=self.settings.data_dir,
            public_url=self.settings.public_url,
            neighbours=NEIGHBOURS if self.settings.community is None else (),  # invented people are for the demo
            routes=routes,
            scene=scene,
        )
        if not self.telegram or self.settings.telegram_mode != "webhook":
            return pages
        from bot.channels.telegram_receive import before, door, webhook

        secret = self.settings.telegram_webhook_secret.get_secret_value()
        self.doors = [door(self.telegram, self.intake.put, secret)]
        return before(webhook(self.telegram, self.intake, secret), pages)

    async def run(self, said: Callable[[str], None]) -> None:
        """Run until a signal; `said` is called with each line a person at the terminal should read."""
        from bot.console.health import health_only

        web, health = "web" in self.roles, self.settings.health_port
        listener = listen(self.settings.host, self.settings.port if web else health) if web or health else None
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, self.stop.set)
        digests.keep_digests(self.world, clock.now())
        starting.stands()
        async with asyncio.TaskGroup() as tasks:
            for work in self._work(said):
                tasks.create_task(work)
            if listener is not None:
                asgi = self.asgi() if web else health_only(self.world.database, clock.now)
                tasks.create_task(serve(asgi, listener, self.stop, self.doors))
            if listener is not None and web:
                self._greet(listener.getsockname()[1], said)
            else:
                said(f"Working as {', '.join(sorted(self.roles))}. Stop with Ctrl-C.")

    def _work(self, said: Callable[[str], None]) -> Iterator[Coroutine[Any, Any, None]]:
        yield listening(self.world.database, self._heard, self.stop)
        yield self.leads.keep(self.stop)
        if "worker" in self.roles:
            yield self.worker.run(self.stop, self.delivery.wake)
            yield starting.rest(self.world, self.stop, clock.now, self.worker.taken)
        if "delivery" in self.roles:
            self.leads.want(*(f"send:{name}" for name in self.channels))
            yield self.delivery.run(self.stop)
        if "clock" in self.roles:
            yield self._tick()
        if self.wechat and "web" in self.roles:
            from bot import weixin

            yield weixin.set_menu(self.wechat.api)
        if self.telegram and self.roles & {"web", "delivery"}:
            yield self._telegram(said)

    def _heard(self, table: str, chat: str) -> None:
        """Another process did something."""
        if table == "inbox":
            self.worker.wake()
        elif table == "outbox":
            self.delivery.wake()
        else:
            self.web.bells.ring(chat)

    def _greet(self, port: int, said: Callable[[str], None]) -> None:
        base = self.settings.public_url or f"http://{self.settings.host}:{port}"
        said(f"Residents' chat  {base}/chat")
        link = sign_in_link(self.world, base)
        said(f"Staff page       {link or starting.NOBODY}")
        said("Stop with Ctrl-C.")

    async def _tick(self) -> None:
        if not await starting.over(self.stop, starting.TICKS_AFTER):
            from bot.schedule import ticking

            await ticking(self.world, self.stop, self.delivery.wake)

    async def _telegram(self, said: Callable[[str], None]) -> None:
        """Connect, trying again while Telegram is away; then poll, or leave it to the webhook."""
        from bot.channels.base import SendError
        from bot.channels.telegram_receive import poll

        assert self.telegram
        for wait in (1, 2, 5, 10, 30, *[60] * 100_000):
            try:
                me = await self.telegram.open()
                await self._hook()
                break
            except SendError as error:
                said(f"Telegram: {error.reason}; trying again in {wait} s" if error.transient else _refused(error))
                if not error.transient:
                    return
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.stop.wait(), wait)
                if self.stop.is_set():
                    return
        said(f"Telegram         https://t.me/{me.name}")
        if self.settings.telegram_mode == "polling" and "web" in self.roles:
            self.leads.want("poll:telegram")
            await poll(self.telegram, self.intake, self.stop, lambda: self.leads.holds("poll:telegram"))

    async def _hook(self) -> None:
        """Say where updates are to be sent, where that is how they come in; raises SendError."""
        if self.telegram and self.settings.telegram_mode == "webhook" and "web" in self.roles:
            url = f"{self.settings.public_url}/telegram/webhook"
            await self.telegram.set_webhook(url, self.settings.telegram_webhook_secret.get_secret_value())


def _refused(error: Any) -> str:
    return f"Telegram: {error.reason}. Check LINLI_TELEGRAM_TOKEN; the rest of Linli goes on without Telegram."


def sign_in_link(world: World, base: str) -> str | None:
    """A one-time link for the first administrator."""
    from storage import codes, people

    with world.database.write() as conn:
        staff = people.first_with_role(conn, "administrator")
        if staff is None:
            return None
        code = codes.issue(conn, kind="signin", subject={"staff": staff}, now=clock.now(), lifetime=SIGN_IN)
    return f"{base}/staff/signin?code={code}"
