"""Presses on alerts, mediations and appointments, in chat and on the staff page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flows.domain.alert import Step
from flows.effects import ActOnAlert, DraftAlert, Effect
from flows.errors import NotAllowed

if TYPE_CHECKING:
    from bot.turn import Scene


def _alert(scene: Scene, step: str, args: Mapping[str, Any]) -> None:
    if scene.staff is None:
        raise NotAllowed("这个按钮不是给您的。")
    scene.as_staff()
    scene.writer().write([_on_alert(step, args)])


def _on_alert(step: str, args: Mapping[str, Any]) -> Effect:
    if step not in set(Step) - {Step.CHECK, Step.EXPIRE}:
        raise NotAllowed("没有这一步。")
    return ActOnAlert(int(args["alert"]), step, tuple(int(a) for a in args.get("areas", ())))


def staff_effect(kind: str, step: str, args: Mapping[str, Any], note: str | None) -> Effect:
    """What the staff page asks for: the same as the button in chat."""
    if kind == "alert" and step == "draft":
        until = datetime.fromisoformat(str(args["until"]))
        return DraftAlert(str(args["kind"]), str(note), int(args["area"]), bool(args["danger"]), until)
    if kind == "alert":
        return _on_alert(step, args)
    raise NotAllowed("没有这一步。")


PRESSES: dict[str, Callable[[Scene, str, Mapping[str, Any]], None]] = {
    "alert": _alert,
}
