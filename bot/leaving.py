"""A person's own data: what is held, a copy of it, and its deletion, with which what was under way for them ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from flows import effects as fx
from flows.domain.case import ALIVE
from flows.facts import Held
from flows.flow import Turn
from flows.mine import copying, texts
from flows.mine import flow as mine
from storage import bookings, cases, erasure, files, mediations, people, person_copy, threads, volunteers

if TYPE_CHECKING:
    from bot.effects import Here
    from bot.world import World

CUT_AFTER = timedelta(hours=1)  # so long the farewell may take to arrive


def held(conn: Connection, person: int, now: datetime) -> Held:
    """What is held of a person, as they are shown it."""
    copy = person_copy.everything(conn, person)
    alive = [(id, cases.load(conn, id)) for id in cases.mine(conn, person, 1000)]
    open_ = [(id, case.number) for id, case in alive if case.status in ALIVE]
    shared = {id for id, _ in open_ if len(cases.parties(conn, id)) > 1}
    live = {c["purpose"]: c["at"][:10] for c in copy["consents"] if c["withdrawn_at"] is None}
    return Held(
        fields=copy["personal"],
        consents=tuple(live.items()),
        cases=len(copy["cases"]),
        threads=len(copy["threads"]),
        sign_ups=len(copy["sign_ups"]),
        alone=tuple(number for id, number in open_ if id not in shared),
        shared=tuple(number for id, number in open_ if id in shared),
        upcoming=len(_upcoming(conn, person, now)),
        bookings=tuple(number for _, number in bookings.live(conn, person)),
        mediations=tuple(number for _, number in mediations.live(conn, person)),
        works=people.staff_of(conn, person) is not None,
        accounts=len(copy["accounts"]),
        household=any(h["until"] is None for h in copy["households"]),
    )


def pressed(conn: Connection, turn: Turn, step: str, args: Mapping[str, Any]) -> tuple[fx.Effect, ...]:
    """What follows from a button under 我的信息. Raises NotAllowed."""
    match step:
        case "copy":
            copy = person_copy.everything(conn, turn.person)
            day = f"{turn.now.astimezone(turn.zone):%Y-%m-%d}"
            return tuple(fx.Say(text) for text in copying.messages(copy, day))
        case "withdraw":
            return mine.withdraw(turn, str(args.get("purpose", "")))
        case "erase":
            return mine.erase_asked(turn)
        case "erase_now":
            return mine.erased(turn)
        case "guardian":
            return mine.guarded(turn)
        case "phone" | "name":
            return (fx.Say(texts.GUARDIAN_FIRST),)
        case _:
            return (fx.Say(texts.KEPT),)


def _upcoming(conn: Connection, person: int, now: datetime) -> list[int]:
    return [
        s.id
        for s in volunteers.of_person(conn, person, now)
        if s.starts_at > now and s.mine in ("confirmed", "waiting")
    ]


def erase(conn: Connection, here: Here, person: int) -> list[fx.Effect]:
    """Empty every table of the person's words; what follows: cases withdrawn, places given back, files removed."""
    now = here.now
    open_ = [id for id in cases.mine(conn, person, 1000) if cases.load(conn, id).status in ALIVE]
    alone = [id for id in open_ if len(cases.parties(conn, id)) == 1]
    told = [fx.Unschedule(f"thread.{t.id}.*") for t in threads.mine(conn, person)]
    owners = [_owner_told(conn, t) for t in threads.mine(conn, person)]
    shifts = _upcoming(conn, person, now)
    visits, sides = bookings.live(conn, person), mediations.live(conn, person)
    paths = erasure.forget(conn, person, now)
    return [
        *told,
        *(say for say in owners if say),
        *(fx.ActOnCase(id, "withdraw", {}) for id in alone),
        *(fx.CancelSignUp(shift, person) for shift in shifts),
        *(fx.ActOnBooking(id, "cancel") for id, _ in visits),
        *(fx.ActOnMediation(id, "withdraw") for id, _ in sides),
        *_removal(person, paths, now),
        fx.Schedule("person.cut", f"person.{person}.cut", now + CUT_AFTER, {"gone": person}),
        fx.Audit(here.actor, "erase", {"person": person}),
    ]


def cut(conn: Connection, _world: World, here: Here, subject: Mapping[str, Any]) -> list[fx.Effect]:
    """The farewell has had its time: the accounts are forgotten too."""
    person = int(subject["gone"])
    return _removal(person, erasure.cut(conn, person), here.now)


def remove_files(conn: Connection, world: World, _here: Here, subject: Mapping[str, Any]) -> list[fx.Effect]:
    """Delete files that no row names any more."""
    for path in files.unnamed(conn, [str(path) for path in subject["paths"]]):
        (world.data_dir / path).unlink(missing_ok=True)
    return []


def _removal(person: int, paths: list[str], now: datetime) -> list[fx.Effect]:
    if not paths:
        return []
    return [fx.Schedule("files.remove", f"files.{person}.{now:%Y%m%d%H%M%S}", now, {"paths": sorted(set(paths))})]


def _owner_told(conn: Connection, thread: Any) -> fx.Effect | None:
    owner = people.staff_by_id(conn, [thread.owner]) if thread.owner else []
    if not owner or owner[0].person is None:
        return None
    return fx.Say(texts.OWNER_TOLD.format(number=thread.number), to=fx.Privately(owner[0].person), lane=fx.Lane.PUSH)
