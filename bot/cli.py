"""The `linli` command: a tour of what the assistant can do; heavy imports wait until they are needed."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterable
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.errors import NotNow, Wrong

app = typer.Typer(
    name="linli",
    help="Linli (邻里), the neighbourhood assistant. Start with `linli run`, or watch a month of it with `linli demo`.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


class Role(StrEnum):
    """The parts of the assistant that may run apart."""

    WEB = "web"
    WORKER = "worker"
    DELIVERY = "delivery"
    CLOCK = "clock"
    ALL = "all"


@app.command()
def run(
    role: Annotated[
        list[Role] | None,
        typer.Option(help="do only this part (more than once: these parts); other processes do the rest"),
    ] = None,
) -> None:
    """Start the assistant: web chat and staff page, Telegram when a token is set, the clock and delivery.

    On PostgreSQL each part may run in any number of processes on any number of machines."""
    import asyncio

    from bot import settings
    from bot.app import ROLES, App, engine_for, load_community, open_database
    from bot.logs import configure_logs
    from storage import failpoints
    from storage.database import Away

    if "LINLI_FAILPOINTS" in os.environ:  # a test wants it to die here and there
        failpoints.watch(failpoints.dying(os.environ["LINLI_FAILPOINTS"]))
    found = settings.load()
    secret = settings.secret_of(found)
    configure_logs(found.log_level)
    database = open_database(found, secret)
    engine = engine_for(found)

    async def main() -> None:
        parts = ROLES if not role or "all" in role else [str(each) for each in role]
        await App(found, secret, database, engine, parts).run(lambda line: typer.echo(line))

    try:
        loaded = load_community(database, found)
        if loaded:
            typer.echo(f"Loaded {loaded}.")
        asyncio.run(main())
    except* (Wrong, ImportError) as group:
        raise group.exceptions[0] from None
    except* Away as gone:
        raise NotNow(f"the database went away at the start ({gone.exceptions[0]}): start again") from None
    finally:
        database.close()


@app.command()
def play(
    community_file: Annotated[
        Path | None, typer.Option("--community", metavar="FILE", help="A community file to load first.")
    ] = None,
    database: Annotated[
        str | None,
        typer.Option("--database", metavar="URL", help="Keep the rows there; default: a fresh temporary one."),
    ] = None,
) -> None:
    """Play JSON lines from standard input on a simulated clock; the README documents the form."""
    from bot.playing import play_lines

    play_lines(sys.stdin.buffer, community_file, database)


@app.command()
def demo(
    script: Annotated[Path | None, typer.Option(metavar="FILE", help="Another play file.")] = None,
    database: Annotated[str | None, typer.Option(metavar="URL", help="Keep the rows there.")] = None,
) -> None:
    """Watch a month of the demo community in the terminal, on a simulated clock."""
    from bot.telling import tell

    tell(script, database)


@app.command()
def status() -> None:
    """Queues, what is due, dead letters and what is wrong, at one look."""
    from bot.commands.status import show

    show()


STARTS = ("run", "play", "demo")  # they load nearly everything
OURS = ("linli", "bot", "flows", "nlu", "storage")  # what is missing of these is a bug, no forgotten setup
GROUPS = ("nlu", "law", "community", "staff", "person", "db", "export", "volunteers", "wecom")


def with_groups(names: Iterable[str] = GROUPS) -> typer.Typer:
    """The commands with these groups of more; each is imported for this."""
    there = {group.name for group in app.registered_groups}
    for name in names:
        if name not in there:
            app.add_typer(import_module(f"bot.commands.{name}").app, name=name)
    return app


def main() -> None:
    """Run a command; what a person can mend is said in plain words and ends with exit code 2."""
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    if word in STARTS:
        gc.disable()  # looking for cycles was a seventh of a start; `starting.stands` goes on with it
    alone = word in {command.callback.__name__ for command in app.registered_commands if command.callback}
    guarded(lambda: with_groups(() if alone else (word,) if word in GROUPS else GROUPS)())


def guarded(work: Callable[[], Any]) -> None:
    try:
        work()
    except Wrong as wrong:
        sys.stderr.write(f"linli: {wrong}\n")
        sys.exit(wrong.code)
    except ImportError as missing:
        if (package := (missing.name or "linli").partition(".")[0]) in OURS:
            raise
        sys.stderr.write(f"linli: {package} is not here as this release needs it: say `make setup`, then once more\n")
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
