"""One person on several channels: a code of one account, used in another; and letting one go."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from flows import effects as fx
from flows.effects import Effect, Option, Say
from flows.errors import NotAllowed
from flows.mine import link_texts as texts
from flows.mine import words
from flows.mine.flow import CHILD, GUARDIAN, moving
from flows.mine.texts import GUARDIAN_FIRST
from flows.words import word as global_word
from nlu.late import regex
from nlu.normalize import normalize
from storage import accounts, aliases, codes, guesses, merging, people, personal, points, volunteers
from storage.sequence import daily, next_number

if TYPE_CHECKING:
    from bot.effects import Here
    from bot.turn import Scene

KIND = "account"
LIVES = timedelta(minutes=10)
AT_THE_COUNTER = timedelta(hours=1)
A_DAY = 5  # codes for one person
TYPED = regex(r"绑定码?[是为:\s]*(\d(?:\s?\d){7})")


def said(scene: Scene) -> list[Effect] | None:
    """What is said about a person's accounts; None: it is about something else, or said to somebody else."""
    if scene.said.reply_to:
        return None
    word = global_word(scene.said.text)
    if words.moved(word):
        return [moving()]
    if words.binding(word):
        return _offer(scene)
    if word in texts.UNBIND:
        return _listed(scene)
    typed = TYPED.fullmatch(normalize(scene.said.text).strip())
    return _typed(scene, re.sub(r"\s", "", typed[1])) if typed else None


def pressed(scene: Scene, step: str, args: Mapping[str, Any]) -> list[Effect]:
    """A button of these messages. Raises NotAllowed."""
    match step:
        case "code":
            return _offer(scene)
        case "join":
            return [fx.LinkAccounts(int(str(args["code"])), scene.person.id)]
        case "drop":
            return [fx.UnlinkAccount(int(str(args["account"])), scene.person.id)]
        case "list":
            return _listed(scene)
        case _:
            return [Say(texts.NOT_LINKED)]


def _offer(scene: Scene) -> list[Effect]:
    if personal.has(scene.conn, scene.person.id, CHILD) and not people.agrees(scene.conn, scene.person.id, GUARDIAN):
        return [Say(GUARDIAN_FIRST)]
    return [fx.OfferLink(scene.person.id, texts.CODE)]


def _listed(scene: Scene) -> list[Effect]:
    found = accounts.of_person(scene.conn, scene.person.id)
    if len(found) < 2:
        return [Say(texts.ONLY_ONE)]
    called = [(a, _called(a, scene.chat.id, found)) for a in found]
    lines = "、".join(name + (texts.HERE if a.chat == scene.chat.id else "") for a, name in called)
    rows = tuple((Option(_drop(a, name, scene.chat.id), "account.drop", {"account": a.id}),) for a, name in called)
    return [Say(texts.ACCOUNTS.format(accounts=lines), options=rows)]


def _called(one: accounts.Account, here: int, found: list[accounts.Account]) -> str:
    """A channel's name; another account on the channel one speaks on is called so."""
    name = texts.CHANNELS.get(one.channel, one.channel)
    others = [a for a in found if a.channel == one.channel and a.chat != here]
    if one.chat == here or len(others) == len([a for a in found if a.channel == one.channel]) == 1:
        return name
    return f"{texts.OTHER}{name}" + (str(others.index(one) + 1) if len(others) > 1 else "")


def _drop(one: accounts.Account, name: str, here: int) -> str:
    return texts.DROP_HERE if one.chat == here else texts.DROP.format(where=name)


def _typed(scene: Scene, code: str) -> list[Effect] | None:
    if not guesses.allowed(scene.conn, scene.person.id, scene.now):
        return [Say(texts.TOO_MANY)]
    row = codes.find(scene.conn, code, kind=KIND, now=scene.now)
    if row is not None:
        return asked(scene, row)
    if other := _of_another_kind(scene, code):
        return other
    if codes.find(scene.conn, code, kind="household", now=scene.now):
        return None  # the conversation goes on with it
    guesses.missed(scene.conn, scene.person.id, scene.now)
    return [Say(texts.WRONG)]


def _of_another_kind(scene: Scene, code: str) -> list[Effect] | None:
    """「绑定 12345678」 was said of a staff code or a case's, too, before there were these."""
    from bot import keys

    row = keys.bindable(scene, code)
    return keys.bind(scene, row) if row else None


def asked(scene: Scene, row: codes.CodeRow) -> list[Effect]:
    """Somebody has a right code: what it means, and whether both accounts are theirs. Raises NotAllowed."""
    other = aliases.current(scene.conn, int(row.subject["person"]))
    if other == scene.person.id:
        return [Say(texts.SAME)]
    if scene.staff is not None:
        return [Say(texts.STAFF_FIRST)]
    merging.refuse(scene.conn, scene.person.id, other)
    where = _where(accounts.of_person(scene.conn, other))
    row_ = (Option(texts.YES, "account.join", {"code": row.id}), Option(texts.NO, "account.keep"))
    return [Say(texts.ASK.format(where=where), options=(row_,))]


def _where(found: list[accounts.Account]) -> str:
    return "、".join(texts.CHANNELS.get(c, c) for c in accounts.channels(found)) or "社区窗口"


# -- effects -> rows --------------------------------------------------------------------------------------------------


def offered(conn: Connection, here: Here, effect: fx.OfferLink) -> list[Effect]:
    """A code, or the word that there were enough today."""
    if next_number(conn, daily(f"link:{effect.person}", here.now)) > A_DAY:
        return [Say(texts.ENOUGH)]
    return [Say(effect.text.format(code=issue(conn, effect.person, here.now)))]


def issue(conn: Connection, person: int, now: datetime, lives: timedelta = LIVES) -> str:
    """A one-time code that makes the account it is typed in this person's."""
    return codes.issue(conn, kind=KIND, subject={"person": person}, now=now, lifetime=lives, digits=8)


def linked(conn: Connection, here: Here, effect: fx.LinkAccounts) -> list[Effect]:
    """Two are one. Raises NotAllowed, and then nothing is changed, the code neither."""
    row = points.code_by_id(conn, effect.code)
    if row is None or row.kind != KIND:
        raise NotAllowed(texts.WRONG)
    into, old = aliases.current(conn, int(row.subject["person"])), aliases.current(conn, effect.person)
    if into == old:
        raise NotAllowed(texts.SAME)
    if here.staff is not None:
        raise NotAllowed(texts.STAFF_FIRST)
    merging.hold(conn, old, into)
    merging.refuse(conn, old, into)
    twice = {s.id for s in volunteers.of_person(conn, into, here.now) if s.starts_at > here.now}
    twice &= {s.id for s in volunteers.of_person(conn, old, here.now)}
    if twice:  # one place is given back first, so that who waits for it is asked
        return [*(fx.CancelSignUp(shift, old) for shift in sorted(twice)), effect]
    if not codes.use(conn, row.id, here.now):
        raise NotAllowed(texts.WRONG)
    before, new = accounts.of_person(conn, into), accounts.of_person(conn, old)
    merging.merge(conn, old, into, here.now)
    told = Say(texts.LINKED.format(channels=_where([*before, *new])))
    trace = fx.Audit(f"person:{into}", "account.link", {"person": into, "was": old})
    return [trace, *_warned(before, new, here), told]


def _warned(before: list[accounts.Account], new: list[accounts.Account], here: Here) -> list[Effect]:
    """The accounts there were hear of it, with the way to undo it."""
    found: list[Effect] = []
    mine = next((a for a in new if here.chat and a.chat == here.chat.id), None)
    for one in before:
        if mine is None or one.chat is None:
            continue
        where = texts.CHANNELS.get(mine.channel, mine.channel)
        undo = ((Option(texts.DROP.format(where=where), "account.drop", {"account": mine.id}),),)
        found.append(Say(texts.LINKED_THERE.format(where=where), to=fx.Room(one.chat), options=undo))
    return found


def unlinked(conn: Connection, here: Here, effect: fx.UnlinkAccount) -> list[Effect]:
    """One account goes; both sides hear it. Raises NotAllowed when it is not theirs, or the only one."""
    found = accounts.of_person(conn, effect.person)
    gone = next((a for a in found if a.id == effect.account), None)
    if gone is None:
        raise NotAllowed(texts.NOT_YOURS)
    if len(found) < 2:
        raise NotAllowed(texts.ONLY_ONE)
    fresh = accounts.detach(conn, gone, here.now)
    trace = fx.Audit(f"person:{effect.person}", "account.unlink", {"person": effect.person, "now": fresh})
    bye = [Say(texts.DROPPED_THERE, to=fx.Room(gone.chat))] if gone.chat is not None else []
    said = texts.DROPPED.format(where=texts.CHANNELS.get(gone.channel, gone.channel))
    left = people.private_chat(conn, effect.person)  # not where this is said: that may be the account that goes
    told = [Say(said, to=fx.Room(left.id))] if left is not None else []
    return [trace, *bye, *told]
