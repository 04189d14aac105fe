"""A start: what is loaded stays and need not be looked through, and what few sentences need comes late."""

from __future__ import annotations

import asyncio
import gc
from typing import TYPE_CHECKING

from bot.clock import Clock
from bot.logs import Log
from bot.memory import give_back
from nlu.late import compile_next

if TYPE_CHECKING:
    from bot.world import World

log = Log()
# Seconds; loaded beside the first turn, the models made it a quarter of a second later, the clock's scheduler a tenth.
REST_AFTER, TICKS_AFTER = 3.0, 1.0
REPLIED = 0.2  # seconds in which the first reply is sent
BETWEEN = 0.002  # seconds between two patterns: some six hundred at once would hold up the second message
YOUNG = 10_000  # objects before the next look for cycles: those of a commit's updates are none, and go by themselves
NOBODY = "nobody is administrator yet: give somebody that role and import; `linli staff link KEY` signs others in"


def stands() -> None:
    """What is there by now is left out of every collection, and these go on where a start had stopped them."""
    if not gc.isenabled():
        gc.freeze()
        gc.set_threshold(YOUNG)
        gc.enable()


async def over(stop: asyncio.Event, seconds: float, *others: asyncio.Event) -> bool:
    """Wait so long, or until something of this happens; whether it is to stop."""
    waits = [asyncio.ensure_future(event.wait()) for event in (stop, *others)]
    _, left = await asyncio.wait(waits, timeout=max(0.0, seconds), return_when=asyncio.FIRST_COMPLETED)
    for one in left:
        one.cancel()
    return stop.is_set()


async def rest(
    world: World, stop: asyncio.Event, clock: Clock, taken: asyncio.Event, *, after: float = REST_AFTER
) -> None:
    """Load what few sentences need, so that none of these waits: patterns as soon as the first turn was `taken`, then
    the law and the optional models."""
    began = asyncio.get_running_loop().time()
    if not await over(stop, after, taken):
        try:
            await over(stop, REPLIED)
            while not stop.is_set() and await asyncio.to_thread(compile_next):
                await asyncio.sleep(BETWEEN)
            if await over(stop, began + after - asyncio.get_running_loop().time()):
                return
            await asyncio.to_thread(world.warm_law, clock())
            await asyncio.to_thread(world.warm_models)
            give_back()
        except Exception as error:  # the first sentence that needs them will tell
            log.warning("rest.cold", error=type(error).__name__)
