"""Who is meant is who that is now; news goes to the channel used last, the others are told where, in fixed words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from flows import effects as fx
from flows.mine.link_texts import CHANNELS, ELSEWHERE
from storage import accounts, aliases, outbox, people

if TYPE_CHECKING:
    from bot.effects import Here

STILL_READ = timedelta(days=30)  # a chat nobody wrote in for so long is told nothing any more


def now(conn: Connection, here: Here, effect: fx.Say) -> fx.Say:
    """The same for whoever it is meant for now; whoever speaks is who they are."""
    if not isinstance(effect.to, fx.Privately) or (here.speaks and here.speaks.id == effect.to.person):
        return effect
    person = aliases.current(conn, effect.to.person)
    return effect if person == effect.to.person else replace(effect, to=fx.Privately(person))


def hint(conn: Connection, here: Here, effect: fx.Say, chat: people.Chat) -> None:
    """News came to one chat of a person: the others say where, once, until the person writes there again."""
    talking = here.chat is not None and here.chat.person == chat.person
    if talking or chat.person is None or not isinstance(effect.to, fx.Privately) or effect.lane is fx.Lane.BROADCAST:
        return
    for other in accounts.elsewhere(conn, chat.person, chat.id, here.now - STILL_READ):
        assert other.chat is not None and other.heard_at is not None
        outbox.put(
            conn,
            chat_id=other.chat,
            kind="say",
            lane=fx.Lane.PUSH,
            payload={
                "text": ELSEWHERE.format(where=CHANNELS.get(chat.channel, chat.channel)),
                "choices": [],
            },
            now=here.now,
            not_before=effect.not_before,
            key=f"elsewhere.{other.chat}.{other.heard_at.timestamp():.0f}",
        )
