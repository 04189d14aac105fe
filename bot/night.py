"""At night: what work brings to staff and is not urgent waits for the morning, in one bundle under one line."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from bot import discreet
from bot.quiet import quiet_at
from bot.world import World
from flows import effects as fx
from flows.complaint import texts
from storage import cases, outbox, people, threads

SILENT = frozenset({"web"})  # a page wakes nobody

if TYPE_CHECKING:
    from bot.effects import Here


def held_until(
    conn: Connection, world: World, here: Here, effect: fx.Say, chat: people.Chat, shown: int | None
) -> datetime | None:
    """The morning for which a message about a case or a legal question waits; None: it goes at once.

    What is red goes at once, and takes with it the card that waits; an edit rings with nobody, and whoever works at
    night hears the answer where they work.
    """
    if effect.lane is not fx.Lane.PUSH or (here.chat and here.chat.id == chat.id) or chat.channel in SILENT:
        return None
    area = _ordinary(conn, effect, chat)
    if area is None:
        if shown:
            outbox.hasten(conn, shown, here.now)
        return None
    morning = quiet_at(conn, world, area, here.now)
    if morning is None or shown:
        return None
    _begin(conn, here, chat, morning)
    return morning


def _ordinary(conn: Connection, effect: fx.Say, chat: people.Chat) -> int | None:
    """Where staff of this chat are told of what is not urgent; None: residents hear it, or it can't wait."""
    if chat.role == "residents" and chat.kind == "group":
        return None
    if chat.kind == "private" and (chat.person is None or people.staff_of(conn, chat.person) is None):
        return None
    key = effect.card or effect.about
    if key and key.kind == "thread":
        thread = threads.find(conn, key.subject)
        return thread.area if thread and thread.kind == "legal" else None
    about = discreet.subject(effect) if key and key.kind == "case" else None
    area, colour = cases.stands(conn, about) if about else (None, "")
    return area if colour != "red" else None


def _begin(conn: Connection, here: Here, chat: people.Chat, morning: datetime) -> None:
    """The one line of a chat's morning; the cards come below it, without a sound."""
    outbox.put(
        conn,
        chat_id=chat.id,
        kind="say",
        lane=fx.Lane.PUSH,
        payload={"text": texts.NIGHT, "choices": []},
        now=here.now,
        not_before=morning,
        key=f"night.{morning:%y%m%d%H%M}@{chat.id}",
    )
