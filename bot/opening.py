"""A new case becomes rows: its reporter, whom it is kept from, the code for who has no chat, and its first card."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from bot import casework, reminders
from bot.world import World
from flows import effects as fx
from flows.complaint.rules import colour
from flows.domain.case import Action
from flows.errors import NotAllowed
from storage import bars, behalf, cases, codes, files, people

if TYPE_CHECKING:
    from bot.effects import Here

CODE_LIVES = timedelta(days=30)
RECENT = timedelta(hours=2)  # what was said aloud so long before belongs to the case


def open_case(conn: Connection, world: World, here: Here, effect: fx.OpenCase, number: str) -> list[fx.Effect]:
    """Write it; what follows is the receipt and the card, or the merge with the neighbours' case."""
    person = _reporter(conn, here, effect)
    chat = here.chat.id if here.chat else None
    case = cases.open_case(
        conn,
        number=number,
        person_id=person,
        origin_chat_id=chat,
        data=_data(conn, world, effect),
        now=here.now,
        actor=here.actor if effect.behalf else None,
    )
    voice = files.loose_voice(conn, effect.person, here.now - RECENT)
    cases.attach(conn, case.id, (*effect.photos, *voice), "report")
    if (shade := colour(case, here.now)) != cases.PLAIN:
        cases.paint(conn, case.id, shade)
    if effect.area:
        people.settle(conn, person, effect.building or effect.area)
    staff = sorted({id for unit in effect.about for id in unit.staff})
    bars.bar(conn, case.id, staff, [d for unit in effect.about for d in unit.departments], "about", here.now)
    earlier = cases.by_number(conn, effect.earlier) if effect.earlier else None
    if earlier is not None:  # 回访「又坏了」: who was complained about then may not have it now
        bars.follow(conn, earlier, case.id)
    told = effect.receipt.replace("{number}", number)
    if effect.behalf == "code":
        told = told.replace("{code}", _code(conn, here, case.id, person))
    if not effect.behalf:
        told += reminders.offer(conn, world, here.chat, here.now)
    receipt: fx.Effect = fx.Say(told, to=fx.Privately(effect.person), neutral=None if effect.behalf else "")
    if effect.behalf and here.chat is None:  # at the counter: shown on the page, sent nowhere
        receipt = fx.Notice(told)
    if effect.joins:
        return [receipt, fx.ActOnCase(case.id, Action.MERGE, {"into": effect.joins, "opening": True})]
    return [receipt, *casework.opened(conn, world, here, case, photos=bool(effect.photos))]


def _reporter(conn: Connection, here: Here, effect: fx.OpenCase) -> int:
    """Who speaks, or the somebody without a chat a member of staff speaks for. Raises NotAllowed."""
    if not effect.behalf:
        return effect.person
    if here.staff is None:
        raise NotAllowed("替居民登记要由工作人员来做。")
    return behalf.make(conn, here.staff.id, here.now)


def _code(conn: Connection, here: Here, case_id: int, person: int) -> str:
    subject = {"case": case_id, "person": person}
    return codes.issue(conn, kind="case", subject=subject, now=here.now, lifetime=CODE_LIVES, digits=8)


def _data(conn: Connection, world: World, effect: fx.OpenCase) -> dict[str, Any]:
    names = ("service", "act", "description", "place", "area", "building", "department", "acknowledge_due")
    data = {name: getattr(effect, name) for name in (*names, "resolve_due")}
    data = {**data, "hazard": effect.hazard or "", "reachable": effect.reachable}
    data |= {name: value for name in ("when", "happened", "happened_at") if (value := getattr(effect, name))}
    return {**data, "earlier": effect.earlier or "", "level": casework.level_of(conn, world, effect.area)}
