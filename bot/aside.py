"""What a group hears when something for one person can't go to them alone: one neutral line with a link."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from flows.assistant import texts
from flows.domain.scrub import exposes
from flows.effects import Lane, Option, Privately, Say
from storage import codes, outbox, people

if TYPE_CHECKING:
    from bot.turn import Scene

LINK_LIVES = timedelta(days=7)  # as long as a result waits for its rating


def waits(conn: Connection, chat_id: int, now: datetime) -> None:
    """What was for a private chat has to wait: their group is told that there is something, once a day a person."""
    chat = people.chat_by_id(conn, chat_id)
    group = outbox.waits_beside(conn, chat_id)
    room = people.chat_by_id(conn, group) if group else None
    if chat is None or chat.person is None or room is None or room.state != "open":
        return
    key = f"aside.{chat.person}.{now:%Y%m%d}"
    if outbox.known(conn, key):
        return
    link = codes.issue(
        conn, kind="link", subject={"action": "begin", "args": {}}, now=now, lifetime=LINK_LIVES, person_id=chat.person
    )
    payload = {"text": texts.LINE_PRIVATE, "choices": [[{"token": "", "label": texts.LINK, "link": link}]]}
    outbox.put(conn, chat_id=room.id, kind="say", lane=Lane.REPLY, payload=payload, now=now, key=key)


def exposed(scene: Scene) -> None:
    """Somebody has shown an ID number, a phone or a card to the whole group: they are told how to take it back."""
    if not exposes(scene.said.text):
        return
    key = f"exposed.{scene.person.id}.{scene.now:%Y%m%d}"
    if scene.private():
        scene.writer().write([Say(texts.EXPOSED, to=Privately(scene.person.id), key=key)])
        return
    link = Option(texts.LINK, "begin", {"told": "exposed"}, person=scene.person.id, private=True)
    scene.writer().write([Say(texts.LINE_EXPOSED, options=((link,),), key=key)])
