"""`linli volunteers …`: shifts in and out, volunteers who signed on paper in, as tables, CSV or XLSX."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot import clock
from bot.errors import Wrong

app = typer.Typer(help="Volunteer shifts as a table: import, export.", no_args_is_help=True)


@app.callback()
def volunteers() -> None:
    """Shifts in the form of docs/volunteers-table.md."""


def _read(file: Path, needed: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """The rows of a table; whoever reads it is told what is wrong with it before anything is written."""
    from bot.volunteering import sheet

    try:
        return sheet.read(file.read_bytes(), file.name, needed)
    except (OSError, sheet.BadTable) as error:
        why = f"can't be read: {error.strerror or error}" if isinstance(error, OSError) else str(error)
        raise Wrong(f"{file}: {why}\nNothing was changed.") from error


@app.command("import")
def import_(file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV or XLSX table.")]) -> None:
    """Open a shift for every right row of FILE; the others are listed and left out wholly (exit 2 if there are any)."""
    from bot import settings
    from bot.app import open_database
    from bot.volunteering import sheet

    found = settings.load()
    rows = _read(file, sheet.NEEDED)
    with open_database(found, settings.secret_of(found)).write() as conn:
        made, failed = sheet.write(conn, rows, clock.now())
    typer.echo(f"shifts {made:>7} new {len(rows) - made - len(failed):>7} there already {len(failed):>7} not taken")
    for one in failed:
        typer.echo(f"{file}:{one.row}: {one.why}", err=True)
    if failed:
        raise typer.Exit(2)


@app.command()
def export(file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write; .csv or .xlsx.")]) -> None:
    """Write every shift to come and of the last month to FILE; no names in it."""
    from datetime import timedelta

    from bot import settings
    from bot.app import open_database
    from bot.volunteering import sheet
    from storage import volunteers as shifts

    found = settings.load()
    now = clock.now()
    with open_database(found, settings.secret_of(found)).read() as conn:
        header, rows = sheet.of_shifts(conn, shifts.everywhere(conn, now - timedelta(days=31)))
    try:
        file.write_bytes((sheet.xlsx if file.suffix == ".xlsx" else sheet.csv_bytes)(header, rows))
    except OSError as error:
        raise Wrong(f"{file}: can't be written: {error.strerror or error}") from error
    typer.echo(f"{file}: {len(rows)} shifts")


@app.command()
def enrol(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV or XLSX table of forms signed on paper.")],
    handed: Annotated[
        Path | None, typer.Option("--codes", metavar="CODES", help="Where to write the codes to hand out (CSV).")
    ] = None,
) -> None:
    """Keep a volunteer for every right row of FILE, each with a code that binds it to a chat (exit 2 if rows fail)."""
    from bot import settings
    from bot.app import open_database
    from bot.volunteering import enrol as forms
    from bot.volunteering import sheet

    found = settings.load()
    rows = _read(file, forms.NEEDED)
    with open_database(found, settings.secret_of(found)).write() as conn:
        made, failed = forms.write(conn, rows, clock.now())
    listed = [[one.name, one.place, f"登记码 {one.code}"] for one in made]
    if handed is not None:
        handed.write_bytes(sheet.csv_bytes(["称呼", "社区", "发给小邻"], listed))
    else:
        for line in listed:
            typer.echo("　".join(line))
    typer.echo(f"volunteers {len(made):>4} new {len(rows) - len(made) - len(failed):>7} there already", nl=False)
    typer.echo(f" {len(failed):>7} not taken")
    for one in failed:
        typer.echo(f"{file}:{one.row}: {one.why}", err=True)
    if failed:
        raise typer.Exit(2)
