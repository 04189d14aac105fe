"""Presses on alerts, mediations and appointments, in chat and on the staff page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot import mediationwork, privatetalk
from flows import refusals
from flows.domain import booking, mediation
from flows.domain.alert import Step
from flows.effects import ActOnAlert, ActOnBooking, ActOnMediation, BeginFlow, DraftAlert, Effect
from flows.errors import NotAllowed
from storage import alerts

if TYPE_CHECKING:
    from bot.turn import Scene


def _alert(scene: Scene, step: str, args: Mapping[str, Any]) -> None:
    if scene.staff is None:
        raise NotAllowed(refusals.NOT_YOURS)
    scene.as_staff()
    if step in ANSWERS and "areas" not in args:  # pressed in a group: it is for the branch the group was told as
        args = {**args, "areas": alerts.told_in(scene.conn, int(args["alert"]), scene.chat.id)}
    scene.writer().write([_on_alert(step, args)])


ANSWERS = frozenset({Step.RECEIVE, Step.PASS_ON})


def _on_alert(step: str, args: Mapping[str, Any]) -> Effect:
    if step not in set(Step) - {Step.REMIND, Step.CHECK, Step.EXPIRE}:
        raise NotAllowed(refusals.NO_STEP)
    return ActOnAlert(int(args["alert"]), step, tuple(int(a) for a in args.get("areas", ())))


def _mediation(scene: Scene, step: str, args: Mapping[str, Any]) -> None:
    """A side's or a mediator's press; one that needs a word more asks for it."""
    if step == "begin":
        scene.as_staff()
        privatetalk.ask(scene, mediationwork.of_case(scene.conn, scene.world, scene.here, int(args["case"])))
        return
    id = int(args["mediation"])
    if step in mediationwork.ASKS_MORE:
        mediationwork.may(scene.conn, scene.world, scene.here, id, step)
        privatetalk.ask(scene, BeginFlow(f"mediation_{step}", {"mediation": id}))
        return
    scene.writer().write([_on_mediation(step, args)])


def _on_mediation(step: str, args: Mapping[str, Any]) -> Effect:
    if step not in set(mediation.Step) - {mediation.Step.OPEN, mediation.Step.LAPSE}:
        raise NotAllowed(refusals.NO_STEP)
    return ActOnMediation(int(args["mediation"]), step, {k: v for k, v in args.items() if k != "mediation"})


def _booking(scene: Scene, step: str, args: Mapping[str, Any]) -> None:
    scene.writer().write([_on_booking(step, args)])


def _on_booking(step: str, args: Mapping[str, Any]) -> Effect:
    if step not in set(booking.Step) - {booking.Step.LAPSE, booking.Step.RELEASE}:
        raise NotAllowed(refusals.NO_STEP)
    return ActOnBooking(int(args["booking"]), step)


def staff_effect(kind: str, step: str, args: Mapping[str, Any], note: str | None) -> Effect:
    """What the staff page asks for: the same as the button in chat."""
    if kind == "alert" and step == "draft":
        until = datetime.fromisoformat(str(args["until"]))
        return DraftAlert(str(args["kind"]), str(note), int(args["area"]), bool(args["danger"]), until)
    if kind == "alert":
        return _on_alert(step, args)
    if kind == "booking":
        return _on_booking(step, args)
    if kind == "mediation":
        return _on_mediation(step, {**args, "words": note or ""})
    raise NotAllowed(refusals.NO_STEP)


PRESSES: dict[str, Callable[[Scene, str, Mapping[str, Any]], None]] = {
    "alert": _alert,
    "booking": _booking,
    "mediation": _mediation,
}
