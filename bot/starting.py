"""A start: what is loaded stays and need not be looked through, and what few sentences need comes late."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from typing import TYPE_CHECKING

from bot.logs import Log

if TYPE_CHECKING:
    from bot.world import World

log = Log()
MODELS_AFTER = 3.0  # seconds: loaded beside the first turn, they made it a quarter of a second later


def stands() -> None:
    """What is there by now is left out of every collection, and these go on where a start had stopped them."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


async def models(world: World, stop: asyncio.Event) -> None:
    """Load the optional models, when whoever waited for the start has had their first replies."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), MODELS_AFTER)
    if not stop.is_set():
        try:
            await asyncio.to_thread(world.warm_models)
        except Exception as error:  # the first sentence that needs them will tell
            log.warning("models.cold", error=type(error).__name__)
