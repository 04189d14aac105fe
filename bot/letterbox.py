"""A thing to say -> outbox rows: which card it changes, which buttons it carries, in whose script."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot import discreet, elsewhere, gate, night, proxies, recipients, showing
from bot.clock import HOME
from bot.world import World
from flows import effects as fx
from flows.assistant import optional
from nlu.script import traditional, unmarked
from storage import (
    burden,
    buttons,
    cards,
    codes,
    outbox,
    outbox_shown,
    people,
    sequence,
)

if TYPE_CHECKING:
    from bot.effects import Here

BUTTONS_LIVE = timedelta(days=30)
LINK_LIVES = timedelta(days=2)


def say(conn: Connection, world: World, here: Here, effect: fx.Say) -> None:
    """Write what is to be said for everybody who is to hear it."""
    open_texts: dict[str, str] = {}  # what others read of it, the same in each of their chats
    for chat, said in heard(conn, world, here, effect):
        put(conn, world, here, said, chat, open_texts)
        elsewhere.hint(conn, here, said, chat)


def heard(conn: Connection, world: World, here: Here, effect: fx.Say) -> Iterator[tuple[people.Chat, fx.Say]]:
    """The chats that are to hear something, each with what it hears."""
    effect = elsewhere.now(conn, here, effect)
    match effect:
        case fx.Say(to=fx.Privately(person), lane=fx.Lane.BROADCAST) if people.agrees(conn, person, optional.PURPOSE):
            return  # they want no such news
    spoken_for = proxies.through(conn, here, effect)
    if spoken_for is None:
        return
    effect = spoken_for
    kept = discreet.kept_from(conn, effect)
    meant = recipients.of(conn, here, effect.to)
    for chat in discreet.chats(conn, world, here, effect, meant, kept) if kept else meant:
        yield chat, effect


def put(
    conn: Connection, world: World, here: Here, effect: fx.Say, chat: people.Chat, open_texts: dict[str, str]
) -> None:
    """Write what is to be said to one chat. `open_texts`: what others read of it, by what was said."""
    shown = cards.find(conn, effect.card, chat.id) if effect.card else None
    about = cards.find(conn, effect.about, chat.id) if effect.about else None
    text, wide = _in_script(conn, here, chat, effect.text)
    if gate.is_open_to_others(effect, chat):
        if text not in open_texts:
            open_texts[text] = gate.for_others(conn, world, text, effect.named, discreet.subject(effect))
        text = open_texts[text]
    choices, drafts = _choices(conn, world, here, effect, chat, wide)
    payload: dict[str, Any] = {"text": text, "choices": choices}
    if effect.photo:
        payload["photo"] = effect.photo
    if here.once:
        payload["once"] = True
    if effect.neutral is not None and chat.person is not None:
        payload["neutral"] = people.group_of(conn, chat.person)
    if here.answers and here.chat and here.chat.id == chat.id and not shown:
        payload["answers"] = here.answers
    if shown and outbox_shown.shows(conn, chat.id, shown, payload, since=here.now - BUTTONS_LIVE / 2):
        return  # an edit that changes nothing
    morning = night.held_until(conn, world, here, effect, chat, shown)
    if morning:
        payload["silent"] = True
    row = outbox.put(
        conn,
        chat_id=chat.id,
        kind="edit" if shown else "say",
        lane=effect.lane,
        payload=payload,
        now=here.now,
        not_before=morning or effect.not_before,
        key=f"{effect.key}@{chat.id}" if effect.key else None,
        target_id=shown or about,
        cause=here.cause,
    )
    if row is None:
        return
    if effect.lane is fx.Lane.PUSH and not shown:
        _unasked(conn, here, chat)
    buttons.keep(conn, drafts, shown or row)
    subject = effect.card or (effect.about if about is None else None)  # a reply to nothing stands for its subject
    if subject:
        cards.keep(conn, subject, chat.id, row)


def _unasked(conn: Connection, here: Here, chat: people.Chat) -> None:
    """What comes unasked to staff is counted, to see what the work costs them."""
    if chat.person is not None:
        burden.pushed(conn, here.now, person=chat.person)
    elif chat.role == "staff" and chat.area is not None:
        burden.pushed(conn, here.now, area=chat.area)


def notice(conn: Connection, here: Here, text: str) -> None:
    """The short answer to the press this turn is about."""
    assert here.chat
    payload = {"text": text, "callback": here.callback, "to": here.sender}
    outbox.put(
        conn, chat_id=here.chat.id, kind="notice", lane=fx.Lane.REPLY, payload=payload, now=here.now, cause=here.cause
    )


def _in_script(conn: Connection, here: Here, chat: people.Chat, text: str) -> tuple[str, bool]:
    """In private chats people are answered in the script they write."""
    if chat.person is None:
        return unmarked(text), False
    speaks = here.speaks if here.speaks and here.speaks.id == chat.person else None
    wide = (speaks.script if speaks else people.script_of(conn, chat.person)) == "hant"
    return (traditional(text) if wide else unmarked(text)), wide


def _choices(
    conn: Connection, world: World, here: Here, effect: fx.Say, chat: people.Chat, wide: bool
) -> tuple[list[list[dict[str, Any]]], list[buttons.Draft]]:
    rows: list[list[dict[str, Any]]] = []
    drafts: list[buttons.Draft] = []
    for options in showing.fitting(conn, world, chat, effect.options):
        row: list[dict[str, Any]] = []
        for option in options:
            label = traditional(option.label) if wide else option.label
            label = gate.for_others(conn, world, label) if chat.kind == "group" else label
            if option.private:
                row.append({"token": "", "label": label, "link": _link(conn, here, option)})
            else:
                drafts.append(_button(world, here, option, chat, label, effect.to))
                row.append({"token": drafts[-1].token, "label": label})
        rows.append(row)
    return rows, drafts


def _link(conn: Connection, here: Here, option: fx.Option) -> str:
    subject = {"action": option.action, "args": dict(option.args)}
    kind, person = ("place", None) if option.anybody else ("link", option.person or here.person)
    return codes.issue(conn, kind=kind, subject=subject, now=here.now, lifetime=LINK_LIVES, person_id=person)


def _button(
    world: World, here: Here, option: fx.Option, chat: people.Chat, label: str, to: fx.Recipient
) -> buttons.Draft:
    person = option.person
    if person is None and not option.roles:
        asked = not isinstance(to, fx.Room)  # what is said to a whole group anybody there may press
        person = chat.person if chat.kind == "private" else here.person if asked else None
    return buttons.draft(
        chat_id=chat.id,
        label=label,
        action=option.action,
        args=option.args,
        expires_at=here.now + BUTTONS_LIVE,
        person_id=person,
        role=",".join(option.roles) or None,
        area_id=option.area,
        secret=world.secret,
    )


def zone_of(conn: Connection, world: World, here: Here) -> ZoneInfo:
    found = world.community_of(conn, here.chat.area if here.chat else None)
    return found.zone if found else HOME


def number(conn: Connection, world: World, here: Here, prefix: str) -> str:
    """The next number of a kind on this day, where the person lives: F260302-1."""
    day = here.now.astimezone(zone_of(conn, world, here)).strftime("%y%m%d")
    return f"{prefix}{day}-{sequence.next_number(conn, f'{prefix}{day}')}"
