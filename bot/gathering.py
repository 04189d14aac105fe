"""What falls due for one chat at the same moment is one message: a line for each, and the button that leads on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from bot import elsewhere, letterbox
from bot.world import World
from flows import effects as fx
from flows.complaint.texts import GATHERED
from storage import outbox
from storage.people import Chat

if TYPE_CHECKING:
    from bot.effects import Here

MOST = 6  # of one message: as many buttons as the smallest card has (bot/channels/wecom/cards.py)


def say(conn: Connection, world: World, here: Here, gathered: Iterable[tuple[Chat, fx.Say]]) -> None:
    """Write what was gathered: alone what is alone in its chat, the rest in messages of several."""
    by_chat: dict[int, tuple[Chat, list[fx.Say]]] = {}
    for chat, effect in gathered:
        by_chat.setdefault(chat.id, (chat, []))[1].append(effect)
    for chat, effects in by_chat.values():
        fresh = _fresh(conn, chat, effects)
        for at in range(0, len(fresh), MOST):
            several = fresh[at : at + MOST]
            said = several[0] if len(several) == 1 else _together(conn, here, chat, several)
            letterbox.put(conn, world, here, said, chat, {})
            elsewhere.hint(conn, here, said, chat)


def _fresh(conn: Connection, chat: Chat, effects: Sequence[fx.Say]) -> list[fx.Say]:
    """Those that this chat was not told before."""
    once = {effect.key or str(at): effect for at, effect in enumerate(effects)}
    return [one for one in once.values() if not one.key or not outbox.known(conn, f"{one.key}@{chat.id}")]


def _together(conn: Connection, here: Here, chat: Chat, several: Sequence[fx.Say]) -> fx.Say:
    """One message of several; that each was told is kept under its own key."""
    lines, rows = [GATHERED.format(count=len(several))], []
    for number, one in enumerate(several, 1):
        assert one.brief
        lines.append(f"{number}. {one.brief.line}")
        rows.append((replace(one.brief.option, label=f"{one.brief.option.label} {number}"),))
        if one.key:
            _told(conn, here, chat, one)
    return fx.Say("\n".join(lines), to=several[0].to, options=tuple(rows), lane=several[0].lane)


def _told(conn: Connection, here: Here, chat: Chat, one: fx.Say) -> None:
    """A row that is never sent by itself, for its key: written twice, said once."""
    assert one.brief
    outbox.put(
        conn,
        chat_id=chat.id,
        kind="line",
        lane=one.lane,
        payload={"text": one.brief.line},
        now=here.now,
        key=f"{one.key}@{chat.id}",
        state="sent",
    )
