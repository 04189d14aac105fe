"""Staff speak for residents who have no chat with us: filing for them, and binding by code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import privatetalk
from bot.deciding import decided
from flows import router
from flows.complaint import texts
from flows.complaint.buttons import PRESSERS
from flows.complaint.filing import after_command
from flows.effects import Effect, Option, Say, UseCode
from flows.flow import Said, State
from storage import codes

if TYPE_CHECKING:
    from bot.turn import Scene


def file(scene: Scene) -> bool:
    """Whether the message was the command to file a case for somebody; then it is begun."""
    rest = after_command(scene.said.text)
    if rest is None or scene.staff is None or not any(r.role in PRESSERS for r in scene.staff.roles):
        return False
    scene.as_staff()
    understood = scene.world.engine.understand(rest, local_services=()) if rest else privatetalk.NOTHING
    said = Said(rest, understood, None, scene.photos, scene.said.location, scene.said.pinned, begin="case_file")
    state = State.from_json(scene.talk())
    turn = privatetalk.turn_of(scene, said, State())
    flows = scene.world.flows
    outcome = decided(scene, turn, lambda turn: router.begin(flows, "case_file", state, turn, {}))
    privatetalk.finish(scene, scene.chat, state, outcome)
    return True


def bound(scene: Scene, row: codes.CodeRow) -> list[Effect]:
    """A resident typed the code of a case that was filed for them."""
    if scene.staff is not None:
        return [Say(texts.CODE_FOR_RESIDENTS)]
    mine = Option("我的诉求", "begin", {"flow": "complaint", "intent": "case_status"})
    return [UseCode(row.id, scene.person.id), Say(texts.CASE_BOUND, options=((mine,),))]
