"""`linli staff …`: codes that bind a chat account to a member of staff, and sign-in links for the staff page."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from storage.database import Database

app = typer.Typer(help="Staff: binding codes and sign-in links.", no_args_is_help=True)

Key = Annotated[str, typer.Argument(metavar="KEY", help="The key of a member of staff in the community file.")]
BIND, SIGN_IN = timedelta(days=7), timedelta(hours=12)


@app.callback()
def staff() -> None:
    """Let staff in: a code for their chat account, a link for the staff page."""


@app.command()
def code(key: Key) -> None:
    """Print a one-time code; sent to the assistant in a private chat, it binds that account to the member of staff."""
    typer.echo(_issue(key, "staff", BIND, digits=8))


@app.command()
def link(key: Key) -> None:
    """Print a one-time sign-in link for the staff page."""
    from bot import settings

    found = settings.load()
    base = found.public_url or f"http://{found.host}:{found.port}"
    typer.echo(f"{base}/staff/signin?code={_issue(key, 'signin', SIGN_IN)}")


def _issue(key: str, kind: str, lifetime: timedelta, digits: int | None = None) -> str:
    from bot import clock
    from bot.errors import Wrong
    from storage import codes, people

    with _database().write() as conn:
        found = people.staff_by_key(conn, key)
        if found is None:
            raise Wrong(
                f"there is no active member of staff {key!r}; look for the keys under `staff:` in your community file"
            )
        return codes.issue(conn, kind=kind, subject={"staff": found}, now=clock.now(), lifetime=lifetime, digits=digits)


def _database() -> Database:
    from bot import settings
    from bot.app import open_database

    found = settings.load()
    return open_database(found, settings.secret_of(found))
