"""What is for somebody without a chat goes to the member of staff who filed it, to be passed on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from flows.complaint import texts
from flows.effects import Privately, Say
from storage import behalf

if TYPE_CHECKING:
    from bot.effects import Here


def through(conn: Connection, here: Here, effect: Say) -> Say | None:
    """What is for somebody without a chat goes to who filed it, to be passed on; None: there is nobody to tell.

    The buttons stay away: nobody rates, withdraws or takes up again what another person reported.
    """
    if not isinstance(effect.to, Privately) or (here.speaks and here.speaks.id == effect.to.person):
        return effect
    filer = behalf.filer(conn, effect.to.person)
    if filer is None:
        return effect
    if filer.person is None:
        return None
    return replace(
        effect, to=Privately(filer.person), text=texts.RELAYED.format(text=effect.text), options=(), neutral=None
    )
