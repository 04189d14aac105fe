"""`linli person …`: what is held of a person, and its deletion, by staff on the person's wish; each leaves a trace."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import Wrong

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.world import World
    from storage.database import Database

app = typer.Typer(help="A person's own data: export it, erase it, bind an account (audited).", no_args_is_help=True)

Who = Annotated[str, typer.Argument(metavar="WHO", help="The number of a case or thread of theirs, or their phone.")]
By = Annotated[str, typer.Option("--by", metavar="KEY", help="The member of staff who does it, by their key.")]


@app.callback()
def person() -> None:
    """When somebody asks at the counter for a copy of their data, or to have it deleted."""


@app.command()
def export(
    who: Who,
    by: By,
    to: Annotated[Path | None, typer.Option(metavar="FILE", help="Write there; default: the terminal.")] = None,
) -> None:
    """Write everything that is held of a person as JSON."""
    from bot import clock
    from storage import audit, person_copy

    with _opened() as (database, _), database.write() as conn:
        id, staff = _found(conn, who), _staff(conn, by)
        text = json.dumps(person_copy.everything(conn, id), ensure_ascii=False, indent=2)
        audit.record(conn, actor=f"staff:{staff}", action="person_export", subject={"person": id}, now=clock.now())
        if to is None:
            typer.echo(text)
            return
        try:
            to.touch(mode=0o600, exist_ok=False)
            to.write_text(text + "\n", "utf-8")
        except FileExistsError:
            raise Wrong(f"{to} is there already; give a name that is free") from None
        except OSError as error:
            raise Wrong(f"{to}: can't be written: {error.strerror}") from None
        typer.echo(f"{to}: everything held of person {id}; hand it over and delete it.")


@app.command()
def erase(who: Who, by: By, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Delete everything a person said or left: open cases are withdrawn, the history keeps ids and dates only."""
    from bot import clock
    from bot.effects import Here, Writer
    from flows.effects import ErasePersonal, Privately, Say
    from flows.mine import texts
    from storage import audit

    with _opened() as (database, world):
        with database.read() as conn:
            id = _found(conn, who)
        if not yes and not typer.confirm(f"Erase everything of person {id} for good?"):
            raise typer.Exit(1)
        with database.write() as conn:
            staff, now = _staff(conn, by), clock.now()
            audit.record(conn, actor=f"staff:{staff}", action="person_erase", subject={"person": id}, now=now)
            here = Here(now=now, actor=f"person:{id}", person=id)
            Writer(conn, world, here).write([ErasePersonal(id), Say(texts.ERASED, to=Privately(id))])
        typer.echo(f"Person {id} is erased; photos go within a second, the account within an hour of a running Linli.")


@app.command()
def code(who: Who, by: By) -> None:
    """Give somebody who can't open their old account a code that makes a new one theirs; look at their ID first."""
    from bot import clock, linking
    from storage import audit

    with _opened() as (database, _), database.write() as conn:
        id, staff, now = _found(conn, who), _staff(conn, by), clock.now()
        plain = linking.issue(conn, id, now, linking.AT_THE_COUNTER)
        audit.record(conn, actor=f"staff:{staff}", action="person_code", subject={"person": id}, now=now)
        typer.echo(f"{plain}: for one hour and once; to be sent to Linli from the new account as 绑定码 {plain}.")


def _found(conn: Connection, who: str) -> int:
    """The person meant. Raises Wrong when nobody is, or several are."""
    from storage import person_copy, personal

    ids = sorted({*person_copy.by_number(conn, who.strip()), *personal.find(conn, "phone", who.strip())})
    if not ids:
        raise Wrong(f"nobody has a case, a thread or a phone {who!r}; look at the receipt the person was sent")
    if len(ids) > 1:
        raise Wrong(f"{len(ids)} people left {who!r}; give the number of a case")
    return ids[0]


def _staff(conn: Connection, key: str) -> int:
    from storage import people

    found = people.staff_by_key(conn, key)
    if found is None:
        raise Wrong(f"--by: no active member of staff {key!r}; look under `staff:` in your community file")
    return found


@contextmanager
def _opened() -> Iterator[tuple[Database, World]]:
    from bot import settings
    from bot.app import build_world, open_database
    from nlu.understanding import Understanding

    class Deaf:
        """Nothing is said here that would have to be understood."""

        def understand(self, text: str, *, local_services: object = ()) -> Understanding:
            return Understanding(text, None, "chatter", 0.0)

    found = settings.load()
    secret = settings.secret_of(found)
    database = open_database(found, secret)
    try:
        yield database, build_world(database, Deaf(), secret, found.data_dir, meaning=False)
    finally:
        database.close()
