"""What follows when somebody does something with a hand-over or an alarm: claiming, words both ways, the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from flows import refusals
from flows.assistant import texts
from flows.domain.thread import LEGAL, Thread, claim, close, pass_on
from flows.effects import (
    AddLine,
    CardKey,
    ChangeThread,
    Effect,
    Lane,
    Notice,
    OnDuty,
    Option,
    Privately,
    Say,
    Schedule,
    Shown,
    Unschedule,
)
from flows.errors import NotAllowed

AGAIN = timedelta(minutes=2)  # an alarm nobody has taken
UP = timedelta(hours=4)  # a call for a person nobody has taken: the leader on duty hears of it too; then it rests
ROLES = {
    "alarm": ("duty_leader", "community_staff", "grid_leader", "grid_worker"),
}
CALLED = ("community_staff", "grid_worker", "grid_leader", "duty_leader", "administrator")
STAND_INS = ("duty_leader", "community_staff", "administrator")  # who hears it where nobody of the role is to be had


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds a thread: who acts (a staff id and person, or nobody), what was found, when."""

    staff: int | None
    person: int | None  # of the acting member of staff
    owner_person: int | None
    subject: Mapping[str, Any]
    now: datetime
    lines: tuple[str, ...] = ()  # what the resident has said meanwhile
    photos: tuple[int, ...] = ()  # and shown
    owner_gone: bool = False  # the owner is no member of staff any more


def takers(thread: Thread) -> tuple[str, ...]:
    """The roles that may take it: whoever may come to hear of it."""
    if thread.kind == "legal":  # its content is for who advises only
        return LEGAL
    return tuple(dict.fromkeys((thread.role, *ROLES.get(thread.kind, CALLED), *STAND_INS)))


def opened(thread: Thread, subject: Mapping[str, Any], now: datetime) -> tuple[Effect, ...]:
    """Tell those who can take it, and set the clock for when nobody does."""
    return _told(thread, card_of(thread, subject), now)


def _told(thread: Thread, shown: Say, now: datetime) -> tuple[Effect, ...]:
    urgent = thread.kind == "alarm"
    wait = AGAIN if urgent else UP
    due = Schedule("thread.waiting", f"thread.{thread.id}.waiting", now + wait, {"thread": thread.id, "times": 1})
    if thread.area is None:
        return (due,)
    return (replace(shown, to=OnDuty(thread.area, thread.role)), due)


def card_of(thread: Thread, subject: Mapping[str, Any]) -> Say:
    question = str(subject.get("question", ""))
    if thread.kind == "alarm":
        text = texts.ALARM_CARD.format(kind=subject.get("kind", "紧急"), number=thread.number, question=question)
    else:
        text = texts.HAND_OVER_CARD.format(number=thread.number, question=question)
    roles = takers(thread)
    args = {"thread": thread.id}
    row = (Option("接下", "thread.claim", args, roles=roles, area=thread.area),)
    lane = Lane.DANGER if thread.kind == "alarm" else Lane.PUSH
    return Say(text, options=(row,), card=CardKey("thread", thread.id), lane=lane)


def with_lines(subject: Mapping[str, Any], lines: tuple[str, ...]) -> Mapping[str, Any]:
    """The subject, with what was said since in its words: whoever sees it now reads all of it."""
    told = "\n".join(dict.fromkeys((str(subject.get("question", "")), *lines)))
    return {**subject, "question": told} if lines else subject


def act(thread: Thread, action: str, data: Mapping[str, Any], around: Around) -> tuple[Effect, ...]:
    """Everything that follows; raises NotAllowed and changes nothing."""
    match action:
        case "claim":
            return _claim(thread, around)
        case "pass":
            return _pass(thread, around)
        case "say":
            photos = tuple(int(p) for p in data.get("photos") or ())
            text = str(data.get("text", "")).strip() or (texts.A_PHOTO if photos else "")
            more = tuple(AddLine(thread.id, "asker", texts.A_PHOTO, photo) for photo in photos[1:])
            first = photos[0] if photos else None
            if thread.kind == "alarm" and around.owner_person is None and not around.owner_gone:
                return (*_more(thread, text, around, first, data.get("area")), *more)
            return (*_say(thread, text, around, first), *more, *_shown(thread, photos, around))
        case "reply":
            return _reply(thread, str(data.get("text", "")), around)
        case "close":
            return _close(thread, around, bool(data.get("quietly")))
        case "rate":
            return _rate(thread, data)
        case _:
            raise NotAllowed(refusals.NO_STEP)


def _change(before: Thread, after: Thread, rating: int | None = None) -> ChangeThread:
    return ChangeThread(before.id, before.version, after.state, after.owner, after.role, after.area, rating)


def _claim(thread: Thread, around: Around) -> tuple[Effect, ...]:
    after = claim(thread, _staff(around))
    told = texts.ALARM_CLAIMED if thread.kind == "alarm" else texts.HAND_OVER_CLAIMED
    said = Say(told, to=Privately(thread.person), lane=Lane.PUSH)
    gone = Unschedule(f"thread.{thread.id}.waiting")
    return (_change(thread, after), gone, Notice("已接下，居民会收到通知。"), *_hint(thread, around), said)


def _staff(around: Around) -> int:
    """Who acts, as a member of staff; nobody answers a question of their own."""
    if around.staff is None:
        raise NotAllowed("这是您自己的事，请同事来接。")
    return around.staff


def _hint(thread: Thread, around: Around) -> tuple[Say, ...]:
    """How to go on, for who has taken it; nothing for those who have no chat and go on on the staff page."""
    if around.person is None:
        return ()
    end = (Option("结束", "thread.close", {"thread": thread.id}, person=around.person),)
    meanwhile = "".join(f"\n{texts.STAFF_LINE.format(number=thread.number, text=line)}" for line in around.lines)
    text = texts.STAFF_HINT + meanwhile
    hint = Say(text, to=Privately(around.person), options=(end,), about=CardKey("thread", thread.id))
    return (hint, *_photos(thread, around.photos, around.person))


def _pass(thread: Thread, around: Around) -> tuple[Effect, ...]:
    after = pass_on(thread, _staff(around))
    anew = replace(card_of(after, around.subject), card=None, about=CardKey("thread", thread.id))
    return (_change(thread, after), Notice("已转出。"), *_told(after, anew, around.now))


def _say(thread: Thread, text: str, around: Around, photo: int | None) -> tuple[Effect, ...]:
    """The resident's words go to the owner; while there is none they are kept for whoever takes it."""
    if thread.state == "closed":
        raise NotAllowed("这件事已经结束了。")
    kept = AddLine(thread.id, "asker", text, photo)
    if around.owner_gone:  # nobody would read it: those on duty hear of it again
        after = replace(thread, state="open", owner=None)
        anew = replace(card_of(after, around.subject), card=None, about=CardKey("thread", thread.id))
        open_again = texts.HAND_OVER_OPEN.format(number=thread.number)
        told = texts.ALARM_MORE if thread.kind == "alarm" else open_again
        waits = Say(told, to=Privately(thread.person))
        return (kept, _change(thread, after), *_told(after, anew, around.now), waits)
    if thread.owner is not None and around.owner_person is None:  # the owner reads it on the staff page
        return (kept, Say(texts.RELAYED, to=Privately(thread.person)))
    if around.owner_person is None:
        told = texts.HAND_OVER_NOTED.format(number=thread.number)
        return (kept, Say(told, to=Privately(thread.person)))
    said = texts.STAFF_LINE.format(number=thread.number, text=text)
    return (kept, Say(said, to=Privately(around.owner_person), about=CardKey("thread", thread.id)))


def _more(thread: Thread, text: str, around: Around, photo: int | None, area: int | None) -> tuple[Effect, ...]:
    """More of an alarm nobody has taken: those who were called read it at once; where it is, is where it goes on."""
    if thread.state == "closed":
        raise NotAllowed("这件事已经结束了。")
    kept, key = AddLine(thread.id, "asker", text, photo), CardKey("thread", thread.id)
    if thread.owner is not None or thread.area is None:
        return (kept,)
    after = replace(thread, area=area or thread.area)
    card = replace(card_of(after, with_lines(around.subject, (*around.lines, text))), to=Shown(key, thread.area))
    line = texts.STAFF_LINE.format(number=thread.number, text=text)
    told = Say(line, to=Shown(key, thread.area), about=key, lane=Lane.DANGER)
    if after.area == thread.area:
        return (kept, card, told)
    assert after.area is not None
    near = replace(card, to=OnDuty(after.area, "community_staff"))
    return (kept, _change(thread, after), card, told, near)


def _shown(thread: Thread, photos: tuple[int, ...], around: Around) -> tuple[Say, ...]:
    """The resident's photos go to whoever has the conversation in a chat."""
    if around.owner_person is None or around.owner_gone:
        return ()
    return _photos(thread, photos, around.owner_person)


def _photos(thread: Thread, photos: tuple[int, ...], person: int) -> tuple[Say, ...]:
    said, about = texts.STAFF_LINE.format(number=thread.number, text=texts.A_PHOTO), CardKey("thread", thread.id)
    return tuple(Say(said, to=Privately(person), photo=photo, about=about) for photo in photos)


def _reply(thread: Thread, text: str, around: Around) -> tuple[Effect, ...]:
    """A member of staff's words go to the resident; replying to an unclaimed thread claims it."""
    if not text.strip():
        raise NotAllowed("这条没有文字，居民看不到，请打字回复。")
    first: tuple[Effect, ...] = ()
    staff = _staff(around)
    if thread.owner is None:
        after = claim(thread, staff)
        first = (_change(thread, after), Unschedule(f"thread.{thread.id}.waiting"))
    elif thread.state == "closed" or thread.owner != staff:
        raise NotAllowed("这件事已经结束了。" if thread.state == "closed" else "已经有同事接了，由他来回复。")
    said = texts.ASKER_LINE.format(who="工作人员", text=text)
    to_asker = Say(said, to=Privately(thread.person), lane=Lane.PUSH)
    return (*first, AddLine(thread.id, "staff", text), to_asker, Notice(f"已转给居民（{thread.number}）。"))


def _let_go(thread: Thread, around: Around) -> tuple[Effect, ...]:
    """The resident waits no more for somebody to come: whoever was called sees it, and is not waited for."""
    alarm, key = thread.kind == "alarm", CardKey("thread", thread.id)
    told = Say(texts.ALARM_LET_GO if alarm else texts.HAND_OVER_LET_GO, to=Privately(thread.person))
    if thread.area is None:
        return (told,)
    question = with_lines(around.subject, around.lines).get("question", "")
    lane, shown = (Lane.DANGER if alarm else Lane.PUSH), Shown(key, thread.area)
    gone = texts.LET_GO_CARD.format(number=thread.number, question=question)
    line = Say(texts.LET_GO, to=shown, about=key, lane=lane)
    return (told, Say(gone, to=shown, card=key, lane=lane), *((line,) if alarm else ()))


def _close(thread: Thread, around: Around, quietly: bool = False) -> tuple[Effect, ...]:
    after = close(thread, around.staff)
    ended = (_change(thread, after), Unschedule(f"thread.{thread.id}.*"))
    if around.staff is None and thread.owner is None:
        return (*ended, *_let_go(thread, around)[quietly:])
    said = texts.ALARM_CLOSED if thread.kind == "alarm" else texts.HAND_OVER_CLOSED
    args = {"thread": thread.id}
    rows = (
        (
            Option("有帮助", "thread.rate", {**args, "rating": 5}),
            Option("没帮上", "thread.rate", {**args, "rating": 1}),
        ),
    )
    asked = Say(said, to=Privately(thread.person), options=rows if thread.kind != "alarm" else (), lane=Lane.PUSH)
    told: tuple[Effect, ...] = ()
    if around.staff is None and around.owner_person is not None:
        told = (Say(f"{thread.number}：居民说可以了，已结束。", to=Privately(around.owner_person), lane=Lane.PUSH),)
    ack = (Notice("已结束。"),) if around.staff is not None else ()
    return (*ended, asked, *told, *ack)


def _rate(thread: Thread, data: Mapping[str, Any]) -> tuple[Effect, ...]:
    if thread.state != "closed":
        raise NotAllowed("结束以后再评价就行。")
    if thread.rating is not None:
        return (Notice("已经收到过您的评价了，谢谢。"),)
    return (_change(thread, thread, int(data["rating"])), Say("谢谢，收到您的评价了。"))
