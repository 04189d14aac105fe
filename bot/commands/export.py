"""`linli export …`: tables for staff, safe to open in a spreadsheet, and posters for the stairs."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(help="Export tables as CSV, posters as PDF.", no_args_is_help=True)
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
    from bot.errors import Wrong
    from flows.domain.case import Status
    from storage import caselists

    if status not in (None, *Status):
        raise Wrong(f"--status: {status!r} is none of {', '.join(Status)}")
    found = settings.load()
    with open_database(found, settings.secret_of(found)).read() as conn:
        header, rows = caselists.table(conn, status)
        write = csv.writer(sys.stdout)
        sys.stdout.write("\ufeff")
        write.writerow(header)
        for row in rows:
            write.writerow([harmless(value) for value in row])


@app.command("figures")
def figures_of(
    month: Annotated[str, typer.Option(help="A month like 2026-03; left out: the one before this.")] = "",
    quarter: Annotated[str, typer.Option(help="A quarter like 2026Q1 instead.")] = "",
) -> None:
    """How many cases came and ended, by area and category, and how many the residents confirmed as solved."""
    from bot import clock, settings
    from bot.app import ROOT, open_database
    from bot.errors import Wrong
    from flows.catalogue import load_catalogue
    from flows.complaint.figures import by, categories, ended, read_period
    from storage import community, figures

    try:
        period = read_period(month, quarter) or ended(clock.now().astimezone(clock.HOME).date())[0]
    except ValueError:
        raise Wrong("--month is written like 2026-03, --quarter like 2026Q1") from None
    known = categories(load_catalogue((ROOT / "flows" / "catalogue.yml").read_text("utf-8")))
    found = settings.load()
    with open_database(found, settings.secret_of(found)).read() as conn:
        write = csv.writer(sys.stdout)
        sys.stdout.write("\ufeff")
        write.writerow(("period", "community", "area", "category", "opened", "closed", "confirmed", "unhappy"))
        for one in community.communities(conn):
            rows = figures.counted(conn, one.id, *period.instants(community.time_zone(conn, one.id)), known)
            for (area, category), some in by(rows, lambda case: (case.area, case.category)).items():
                names = [harmless(name) for name in (period.name, one.name, area, category)]
                write.writerow((*names, some.opened, some.closed, some.confirmed, some.unhappy))


@app.command("posters")
def posters_of(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The PDF to write.")],
    area: Annotated[str, typer.Option(help="Only the buildings of this area, by its key.")] = "",
) -> None:
    """A poster for each building: its QR code opens the official account (else the chat page) and says where one is."""
    from bot import clock, settings
    from bot.app import open_database
    from bot.posters import draw, posters
    from bot.weixin import poster_addresses

    found = settings.load()
    secret = settings.secret_of(found)
    database = open_database(found, secret)
    wanted = posters(database, secret, clock.now(), area)
    addresses = poster_addresses(found, database, [poster.code for poster in wanted])
    file.write_bytes(draw(wanted, lambda poster: addresses[poster.code]))
    typer.echo(f"{len(wanted)} posters: {file}")


def harmless(value: Any) -> str:
    """A cell that a spreadsheet shows and never runs."""
    text = "" if value is None else str(value)
    text = "".join(c if c >= " " or c == "\n" else " " for c in text)
    return f"'{text}" if text.startswith(FORMULA) else text
