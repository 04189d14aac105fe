"""Buttons of volunteering: a shift's card and list, a free place, needs, commendations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot import casework
from bot.volunteering import loading
from flows.effects import BeginFlow, Effect, Notice, Schedule, SignUp
from flows.effects.volunteers import ActOnNeed, ActOnShift, AskSwap, Commend, OpenNeed, Swap
from flows.errors import NotAllowed, Unclear
from flows.volunteer import moving, moving_texts, texts
from flows.volunteer import roll_texts as said
from flows.volunteer.moments import minutes
from flows.volunteer.rules import Hindrance, full, hindrance, reminders, unskilled
from storage import volunteers, volunteers_people

if TYPE_CHECKING:
    from bot.turn import Scene

ASKS = {
    "shift.call_off": "volunteer_off",
    "shift.fix": "volunteer_fix",
    "shift.move": "volunteer_move",
    "shift.tell": "volunteer_notice",
    "need.done": "volunteer_done",
    "shift.more": "volunteer_more",
}
OWN = ("take", "pass", "leave")


def begins(scene: Scene, action: str, args: Mapping[str, Any]) -> BeginFlow | None:
    """The flow that asks what a button needs to know beside; None: it needs nothing."""
    flow = ASKS.get(action)
    if flow == "volunteer_fix":
        names = volunteers_people.names(scene.conn, [int(args["person"])])
        return BeginFlow(flow, {**args, "name": names.get(int(args["person"]), said.NEIGHBOUR)})
    if flow == "volunteer_move":
        view = volunteers.lock(scene.conn, int(args["shift"]))
        return BeginFlow(flow, moving.known(view))
    return BeginFlow(flow, dict(args)) if flow else None


def effects(scene: Scene, action: str, args: Mapping[str, Any]) -> list[Effect]:
    """What a press comes to. Raises NotAllowed."""
    kind, _, step = action.partition(".")
    if action == "shift.join":
        return join(scene, int(args["shift"]))
    if action == "volunteer.commend":
        if scene.staff is None:
            raise NotAllowed(said.NOT_YOURS)
        return [Commend(int(args["person"]), int(args["hours"]), scene.staff.id)]
    if action in ("shift.swap", "shift.keep"):
        ask = AskSwap(**{name: int(args[name]) for name in ("code", "shift", "giver", "other", "person")})
        if scene.person.id != ask.giver:
            raise NotAllowed(said.NOT_YOURS)
        return [Swap(ask, agreed=step == "swap")]
    if kind == "need":
        return [ActOnNeed(int(args["need"]), step, int(args.get("minutes", 0)))]
    person = scene.person.id if step in OWN else int(args["person"]) if "person" in args else None
    return [ActOnShift(int(args["shift"]), step, person)]


def from_page(step: str, args: Mapping[str, Any], note: str | None) -> Effect:
    """What a form of the staff page asks for. Raises NotAllowed."""
    shift = int(args["shift"])
    if step == "correct":
        try:
            return ActOnShift(shift, step, int(args["person"]), minutes(str(args["time"])))
        except (Unclear, ValueError):
            raise NotAllowed(said.BAD_TIME) from None
    if step == "move":
        try:
            start, end = (datetime.fromisoformat(str(args[name])) for name in ("start", "end"))
        except (KeyError, ValueError):
            raise NotAllowed(moving_texts.NO_TIME) from None
        return ActOnShift(shift, step, span=(start, end))
    if step in ("confirm", "call_off", "tell"):
        return ActOnShift(shift, step, reason=note or "")
    raise NotAllowed(said.NOT_YOURS)


def need_from_page(step: str, args: Mapping[str, Any]) -> Effect:
    """What the page of needs asks for. Raises NotAllowed."""
    if step == "open":
        return OpenNeed(str(args["kind"]), int(args["area"]), str(args["title"]), str(args["about"]))
    if step not in ("confirm", "refuse", "withdraw"):
        raise NotAllowed(said.NOT_YOURS)
    try:
        spent = minutes(str(args["time"])) if step == "confirm" else 0
    except Unclear:
        raise NotAllowed(said.BAD_TIME) from None
    return ActOnNeed(int(args["need"]), step, spent)


def join(scene: Scene, id: int) -> list[Effect]:
    """One tap on the card in a group; the answer is shown to the one who pressed only."""
    me = scene.person.id
    shift = volunteers.get(scene.conn, id, me)
    if shift is None or shift.state != "open" or shift.starts_at <= scene.now or shift.deadline <= scene.now:
        raise NotAllowed(texts.STARTED)
    if shift.mine:
        raise NotAllowed(said.CARD_MINE)
    zone = casework.zone(scene.conn, scene.world, shift.area)
    why = hindrance(shift, loading.volunteer(scene.conn, me), zone)
    if why is not None:
        text = said.CARD_YOUNG if why is Hindrance.TOO_YOUNG else said.CARD_AGE
        raise NotAllowed(text.format(age=shift.min_age))
    if unskilled(shift, loading.volunteer(scene.conn, me)):  # asked in private: a card asks nothing
        raise NotAllowed(said.CARD_SKILL)
    if full(shift):
        return [SignUp(id, me, "waiting"), Notice(said.CARD_QUEUED)]
    due: tuple[Schedule, ...] = reminders(shift, me, scene.now, zone)
    return [SignUp(id, me, "confirmed"), *due, Notice(texts.filled(said.CARD_JOINED, shift, zone))]
