"""Presses on points, in chat and on the staff page: proposals, goods handed over, the notice, earlier entries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from bot import privatetalk, recipients, shop
from flows import refusals
from flows.domain.proposal import Action, check_open
from flows.effects import (
    ActOnProposal,
    BeginFlow,
    Effect,
    GiveHouseholdCode,
    Notice,
    Propose,
    PublishNotice,
    ShowStatement,
)
from flows.errors import NotAllowed
from flows.flow import Said
from storage import households, proposals

if TYPE_CHECKING:
    from bot.turn import Scene

CODE = "绑定码 {code}：一人一码，用一次就作废。"
ASIDE = "已私信您，我们私下说。"
WORDED = ("refuse", "uphold", "dismiss", "appeal")  # what needs a word more


def _points(scene: Scene, step: str, args: Mapping[str, Any]) -> None:
    """The shopkeeper hands the goods over; a member reads on; a notice is let out, or objected to in a group."""
    if step == "collect":
        scene.writer().write(shop.collect(scene, int(args["redemption"])))
    elif step == "statement":
        home = households.of_person(scene.conn, scene.person.id)
        scene.writer().write([ShowStatement(home.id, int(args["before"]))] if home else [Notice(refusals.NOT_YOURS)])
    elif step == "publish":
        scene.writer().write([PublishNotice(int(args["community"]), str(args["month"]))])
    elif step == "object":
        scene.writer().write([Notice(ASIDE)])
        private = recipients.private_chat(scene.conn, scene.here, scene.person.id)
        privatetalk.converse(scene, Said("", privatetalk.NOTHING, begin="points_objection"), chat=private)


def _proposal(scene: Scene, step: str, args: Mapping[str, Any]) -> None:
    """A step on points; what needs a word more is asked for."""
    if step in WORDED:
        check_open(proposals.load(scene.conn, int(args["proposal"])), Action(step))
        privatetalk.ask(scene, BeginFlow(f"points_{step}", {"proposal": int(args["proposal"])}))
    elif step == "correct":
        privatetalk.ask(scene, BeginFlow("points_correction", args))
    else:
        scene.writer().write([ActOnProposal(int(args["proposal"]), step)])


def staff_effect(step: str, args: Mapping[str, Any], note: str | None) -> Effect:
    """What the staff page asks for: the same as the button in chat."""
    if step == "propose":
        rule, transfer = (int(args[name]) if name in args else None for name in ("rule", "transfer"))
        return Propose(str(args["kind"]), int(args["household"]), note or "", rule, transfer=transfer)
    if step == "code":
        return GiveHouseholdCode(int(args["household"]), CODE)
    if step not in set(Action) - {Action.POST}:
        raise NotAllowed(refusals.NO_STEP)
    return ActOnProposal(int(args["proposal"]), step, note or "")


PRESSES: dict[str, Callable[[Scene, str, Mapping[str, Any]], None]] = {"points": _points, "proposal": _proposal}
