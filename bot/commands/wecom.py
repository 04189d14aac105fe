"""`linli wecom …`: the groups the app makes for the staff of a grid."""

from __future__ import annotations

import typer

app = typer.Typer(help="WeCom: make the staff groups of the community file.", no_args_is_help=True)


@app.callback()
def wecom() -> None:
    """What has to be done once on WeCom."""


@app.command()
def groups() -> None:
    """Make each group with an address like `appchat:xfl1` in the community file, with the staff of its area in it."""
    import asyncio

    from bot import settings
    from bot.app import open_database
    from bot.errors import Wrong
    from bot.weixin import make_groups

    found = settings.load()
    if not found.wecom_corp_id:
        raise Wrong("LINLI_WECOM_CORP_ID is needed: see docs/running.md")
    database = open_database(found, settings.secret_of(found))
    for line in asyncio.run(make_groups(found, database)):
        typer.echo(line)
