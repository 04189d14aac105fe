"""`linli db …`: upgrade, check, back up and verify the database, list and replay dead letters, forget what is old."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.errors import Wrong, out_of_reach

if TYPE_CHECKING:
    from storage.database import Database
    from storage.inbox import DeadLetter

app = typer.Typer(
    help="The database: upgrade, check, backup, verify, dead letters and their replay, forget, citus.",
    no_args_is_help=True,
)

Url = Annotated[
    str | None, typer.Option("--database", metavar="URL", help="Another database than the one the settings name.")
]


@app.callback()
def db() -> None:
    """Everything Linli remembers; safe to use while it runs."""


@app.command()
def upgrade(database: Url = None) -> None:
    """Bring the tables to the newest shape (`linli run` does it by itself)."""
    with opened(database, fresh=True) as found:
        found.upgrade()
        typer.echo("The tables are at the newest version.")


@app.command()
def check(database: Url = None) -> None:
    """Look whether the database answers and is sound; exits with 1 when something is wrong."""
    with opened(database) as found:
        _tell(found.check(), "The database is sound.")


@app.command()
def backup(
    path: Annotated[Path, typer.Argument(help="The new file, or a folder for a file named by the moment.")],
    database: Url = None,
) -> None:
    """Write a copy of everything but the photos into one SQLite file, while Linli runs.

    PostgreSQL's own tool does the same for PostgreSQL: pg_dump --format=custom --file=PATH URL.
    """
    from bot.clock import now
    from storage.backup import Older
    from storage.backup import backup as copy

    if path.is_dir():
        path /= f"linli-{now():%Y-%m-%dT%H%M%S}Z.db"
    with opened(database) as found:
        try:
            copy(found, path)
        except FileExistsError:
            raise Wrong(f"{path} is there already; give a name that is free") from None
        except Older:
            raise Wrong("the tables are of an older version: back up with the code before") from None
        except OSError as error:
            raise Wrong(f"{path}: can't be written: {error.strerror or error}") from None
        typer.echo(f"{path}: {path.stat().st_size} bytes. The photos lie in the data directory: copy that as well.")


@app.command()
def verify(database: Url = None) -> None:
    """Add the ledger up again, walk its chain, replay every case and look for its clocks; exits with 1 on a mistake."""
    from storage.verify import verify as prove

    with opened(database) as found, found.read() as conn:
        _tell(
            prove(conn), "The ledger adds up, its chain holds, every case is what its history tells, its clocks ring."
        )


@app.command()
def dead(
    limit: Annotated[int, typer.Option(min=1, help="How many of each at most.")] = 50, database: Url = None
) -> None:
    """List what failed for good: what came in (inbox), what could not be sent (outbox), what was due (due)."""
    from storage import due, inbox, outbox

    with opened(database) as found, found.read() as conn:
        _list("inbox", inbox.dead_letters(conn, limit))
        _list("outbox", outbox.dead_letters(conn, limit))
        _list("due", due.dead_letters(conn, limit))


@app.command()
def replay(
    box: Annotated[Literal["inbox", "outbox", "due"], typer.Argument(help="Which list.")],
    ids: Annotated[list[int] | None, typer.Argument(help="The numbers `linli db dead` shows.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All of that list.")] = False,
    database: Url = None,
) -> None:
    """Try dead letters again: the running assistant takes them within a second."""
    from bot.clock import now
    from storage import due, inbox, outbox

    if bool(ids) == everything:
        raise Wrong("give the numbers to replay, or --all")
    with opened(database) as found, found.write() as conn:
        source = {"inbox": inbox, "outbox": outbox, "due": due}[box]
        chosen = ids or [letter.id for letter in source.dead_letters(conn, 1_000_000)]
        count = sum(source.replay(conn, some, now()) for some in _slices(chosen))
    typer.echo(f"{count} of {len(chosen)} will be tried again.")


@app.command()
def citus() -> None:
    """Print what spreads the tables over the servers of a Citus: for psql, while Linli stands still."""
    from storage.citus import THERE, statements

    for statement in [THERE, *statements()]:
        typer.echo(f"{statement};")


@app.command()
def forget(database: Url = None) -> None:
    """Empty what residents said 30 days ago out of inbox and outbox, drop spent codes and buttons; the books stay."""
    from bot.clock import now
    from storage.retention import sweep

    with opened(database) as found:
        with found.write() as conn:
            counts = sweep(conn, now())
        typer.echo(", ".join(f"{name} {count}" for name, count in counts.items()))


@contextmanager
def opened(url: str | None, *, fresh: bool = False) -> Iterator[Database]:
    """The database the settings name, or another; a person at the command line can mend that it is away."""
    from bot import settings
    from storage import schema
    from storage.database import Away, Database

    known = settings.load()
    try:
        database = Database.open(url or known.database, secret=settings.secret_of(known))
    except ValueError as error:
        raise Wrong(f"--database: {error}") from None
    try:
        if not fresh:
            with database.read() as conn:
                if schema.version(conn) is None:
                    raise Wrong("there is no Linli database there yet; `linli run` or `linli db upgrade` makes one")
        yield database
    except Away as error:
        raise Wrong(out_of_reach(database.address, error)) from None
    finally:
        database.close()


def _tell(problems: list[str], sound: str) -> None:
    for problem in problems:
        typer.echo(problem)
    if problems:
        raise typer.Exit(1)
    typer.echo(sound)


def _list(box: str, letters: list[DeadLetter]) -> None:
    if not letters:
        typer.echo(f"{box}: none")
    for letter in letters:
        typer.echo(
            f"{box} {letter.id}  {letter.at:%Y-%m-%d %H:%M}Z  {letter.what}  tries {letter.tries}  {letter.error}"
        )


def _slices(ids: list[int], size: int = 1000) -> Iterator[list[int]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
