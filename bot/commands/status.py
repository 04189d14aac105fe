"""`linli status`: what waits, what is due, what failed."""

from __future__ import annotations

from bot import clock, holidays, settings
from bot.app import open_database
from storage import overview


def show() -> None:
    """Print the state of the queues, readable at one look."""
    from rich.console import Console
    from rich.table import Table

    found = settings.load()
    database = open_database(found, settings.secret_of(found))
    with database.read() as conn:
        rows = overview.rows(conn, clock.now())
    table = Table(title="Linli", show_header=False)
    for name, value in rows:
        table.add_row(name, value)
    if (room := database.room()) is not None:
        table.add_row("room on the disk", f"{room / 2**30:.1f} GB")
    table.add_row("holidays", holidays.unknown(clock.now()) or f"known until {holidays.known_until()}")
    Console().print(table)
