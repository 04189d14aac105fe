"""A start: what is loaded stays and need not be looked through, and what few sentences need comes late."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from typing import TYPE_CHECKING

from bot.clock import Clock
from bot.logs import Log
from bot.memory import give_back
from nlu.late import compile_rest

if TYPE_CHECKING:
    from bot.world import World

log = Log()
# Seconds; loaded beside the first turn, the models made it a quarter of a second later, the clock's scheduler a tenth.
REST_AFTER, TICKS_AFTER = 3.0, 1.0
YOUNG = 10_000  # objects before the next look for cycles: those of a commit's updates are none, and go by themselves
NOBODY = "nobody is administrator yet: give somebody that role and import; `linli staff link KEY` signs others in"


def stands() -> None:
    """What is there by now is left out of every collection, and these go on where a start had stopped them."""
    if not gc.isenabled():
        gc.freeze()
        gc.set_threshold(YOUNG)
        gc.enable()


async def over(stop: asyncio.Event, seconds: float) -> bool:
    """Let whoever waited for the start have their first replies; whether it is to stop already."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
    return stop.is_set()


async def rest(world: World, stop: asyncio.Event, clock: Clock, *, after: float = REST_AFTER) -> None:
    """Load what few sentences need, so that none of these waits: patterns, the law, the optional models."""
    if not await over(stop, after):
        try:
            await asyncio.to_thread(compile_rest)
            await asyncio.to_thread(world.warm_law, clock())
            await asyncio.to_thread(world.warm_models)
            give_back()
        except Exception as error:  # the first sentence that needs them will tell
            log.warning("rest.cold", error=type(error).__name__)
