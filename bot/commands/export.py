"""`linli export …`: tables for staff, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import sys
from typing import Annotated, Any

import typer

app = typer.Typer(help="Export tables as CSV.", no_args_is_help=True)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@app.callback()
def export() -> None:
    """Write tables to standard output as CSV (UTF-8 with a byte-order mark, as spreadsheets expect)."""


@app.command()
def cases(
    status: Annotated[str | None, typer.Option(help="Only cases in this status.")] = None,
) -> None:
    """Every case without personal fields: number, service, place at building level, status, clocks."""
    from bot import settings
    from bot.app import open_database
    from storage import caselists

    found = settings.load()
    with open_database(found, settings.secret_of(found)).read() as conn:
        header, rows = caselists.table(conn, status)
        write = csv.writer(sys.stdout)
        sys.stdout.write("\ufeff")
        write.writerow(header)
        for row in rows:
            write.writerow([harmless(value) for value in row])


def harmless(value: Any) -> str:
    """A cell that a spreadsheet shows and never runs."""
    text = "" if value is None else str(value)
    text = "".join(c if c >= " " or c == "\n" else " " for c in text)
    return f"'{text}" if text.startswith(FORMULA) else text
