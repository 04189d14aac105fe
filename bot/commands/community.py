"""`linli community …`: check and import community files, print their schema and an example."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import clock, holidays

if TYPE_CHECKING:
    from storage.database import Database

app = typer.Typer(help="The community file: import, check, schema, example.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(metavar="FILE", help="A community file (YAML); see `linli community example`.")]


@app.callback()
def community() -> None:
    """Describe your community in one YAML file: areas, groups, staff, services, activities, points."""


@app.command("import")
def import_(
    file: File,
    database: Annotated[
        str | None, typer.Option("--database", metavar="URL", help="Another database than the settings name.")
    ] = None,
) -> None:
    """Write FILE into the database; importing again updates. Nothing is changed if anything is wrong (exit 2)."""
    from bot.community.load import Broken, import_text
    from storage.database import Away

    text = _text(file)
    try:
        written, warnings = import_text(_open(database), text, str(file), clock.now())
    except Broken as error:
        typer.echo(f"{error}\nNothing was changed.", err=True)
        raise typer.Exit(2) from error
    except Away as error:
        typer.echo(f"The database is away ({error}); nothing was changed. Try again.", err=True)
        raise typer.Exit(1) from error
    for line in warnings:
        typer.echo(line, err=True)
    for kind, (new, changed, closed) in written.counts.items():
        typer.echo(f"{kind:<12}{new:>7} new {changed:>7} changed {closed:>7} closed")


@app.command()
def check(file: File) -> None:
    """Say everything that is wrong with FILE, with line numbers; changes nothing. Exit 2 if anything is."""
    from bot.community.load import check_text

    checked = check_text(_text(file), clock.now())
    for line in checked.lines(str(file)):
        typer.echo(line, err=checked.file is None)
    if checked.file is None:
        raise typer.Exit(2)
    said = checked.file
    if unknown := holidays.unknown(clock.now()):
        typer.echo(f"warning: {unknown}")
    typer.echo(f"{file}: fine. {len(said.areas)} areas, {len(said.staff)} staff, {len(said.groups)} groups")


@app.command()
def schema() -> None:
    """Print the JSON Schema of a community file; editors complete and check with it."""
    from bot.community.schema import CommunityForm

    typer.echo(json.dumps(CommunityForm.model_json_schema(), ensure_ascii=False, indent=2))


@app.command()
def example() -> None:
    """Print a small valid community file to start from."""
    typer.echo((files("bot.community") / "example.yml").read_text("utf-8"), nl=False)


def _text(file: Path) -> bytes:
    from bot.community.reading import MAX_BYTES

    try:
        with file.open("rb") as opened:
            return opened.read(MAX_BYTES + 1)
    except OSError as error:
        typer.echo(f"{file}: can't be read: {error.strerror or error}. Give the path of a community file.", err=True)
        raise typer.Exit(2) from error


def _open(url: str | None) -> Database:
    """The database the settings name, brought to the newest shape."""
    from bot import settings
    from bot.app import open_database

    found = settings.load()
    return open_database(found, settings.secret_of(found), url)
