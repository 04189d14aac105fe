"""A button was pressed, in chat or on the staff page: who may, and what it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from bot import (
    bookingwork,
    casework,
    counter,
    guidework,
    leaving,
    legalwork,
    linking,
    pointpresses,
    privatetalk,
    pushpresses,
    showing,
)
from bot.effects import Here, Writer
from bot.volunteering import presses as volunteering
from flows import refusals
from flows.assistant import flow as assistant
from flows.assistant import texts
from flows.complaint.buttons import ASKS_MORE
from flows.complaint.texts import NOT_ASKED
from flows.domain.case import Action
from flows.domain.places import Places
from flows.effects import ActOnCase, ActOnGuide, ActOnThread, BeginFlow, Effect, Notice, Say, Unschedule
from flows.errors import NotAllowed, Refused, Suspicious
from flows.flow import Said, State
from storage import audit, burden, buttons, cases, people, threads

if TYPE_CHECKING:
    from bot.turn import Scene
    from bot.world import World

ASKED = {"more": "thread_more", "reveal": "thread_reveal"}  # what a press on a thread asks for first


def press(scene: Scene, _understood: Any) -> None:
    """A press in chat. A stale, foreign or forged one gets a notice and changes nothing."""
    token = scene.said.choice or ""
    button = buttons.find(scene.conn, token, chat_id=scene.chat.id, secret=scene.world.secret, now=scene.now)
    if isinstance(button, buttons.Stale):
        scene.writer().write([Notice(texts.STALE_BUTTON)])
        return
    if not _may(scene, button):
        raise NotAllowed(refusals.NOT_YOURS)
    if button.role:
        scene.as_staff()
    action, _, step = button.action.partition(".")
    PRESSES[action](scene, step, button.args)


def _may(scene: Scene, button: buttons.ButtonRow) -> bool:
    """Whether the presser is whom the button is for, now."""
    if button.person_id is not None:
        return button.person_id == scene.person.id
    if not button.roles:
        return True
    places = scene.world.known(scene.conn).places
    held = scene.staff.roles if scene.staff else ()
    return any(
        r.role in button.roles
        and (button.area_id is None or button.area_id not in places or _near(places, button.area_id, r.area))
        for r in held
    )


def _near(places: Places, area: int, held: int) -> bool:
    """Whether a role held there reaches an area, or lies within it (a building's leader may own the grid's case)."""
    return places.inside(area, held) or places.inside(held, area)


def _answer(scene: Scene, _step: str, args: Mapping[str, Any]) -> None:
    given = (str(args["slot"]), str(args["key"]), int(args["step"]))
    privatetalk.converse(scene, Said("", privatetalk.NOTHING, given))


def _begin(scene: Scene, _step: str, args: Mapping[str, Any]) -> None:
    privatetalk.converse(scene, privatetalk.begin_said(scene, args))


def _human(scene: Scene, _step: str, _args: Mapping[str, Any]) -> None:
    _assistant(scene, assistant.hand_over)


def _menu(scene: Scene, _step: str, _args: Mapping[str, Any]) -> None:
    _assistant(scene, lambda state, turn: assistant.show_menu(texts.MENU, state))


def _assistant(scene: Scene, decide: Callable[[State, Any], Any]) -> None:
    state = State.from_json(scene.talk())
    turn = privatetalk.turn_of(scene, Said("", privatetalk.NOTHING), state)
    privatetalk.finish(scene, scene.chat, state, decide(state, turn))


def _mine(scene: Scene, step: str, args: Mapping[str, Any]) -> None:
    """The person's own data: a copy, a correction, a consent withdrawn, everything deleted."""
    turn = privatetalk.turn_of(scene, Said("", privatetalk.NOTHING), State(), more=privatetalk.MY_DATA)
    if step in ("phone", "name") and (turn.facts.guarded or not turn.facts.child):
        privatetalk.ask(scene, BeginFlow(f"mine_{step}"))
    else:
        scene.writer().write(leaving.pressed(scene.conn, turn, step, args))


def _account(scene: Scene, step: str, args: Mapping[str, Any]) -> None:
    scene.writer().write(linking.pressed(scene, step, args))


def _case(scene: Scene, step: str, args: Mapping[str, Any]) -> None:
    """A resident's or a staff member's press on a case; one that needs a word more asks for it."""
    case_id = int(args["case"])
    if step == "show":
        scene.writer().write(showing.asked_for(scene.conn, scene.world, scene.here, case_id))
        return
    action = Action(step)
    if action is Action.ADD and not args.get("note"):
        privatetalk.ask(scene, BeginFlow("add_to_case", {"case": case_id}))
        return
    if action in ASKS_MORE and not args.get("ending") and scene.here.actor.startswith("staff:"):
        case = cases.load(scene.conn, case_id)
        action = casework.meant(scene.conn, scene.world, scene.here, case, action)
        casework.permitted(scene.conn, scene.world, scene.here, case, action)
        due = {"due": case.resolve_due.isoformat()} if action is Action.ASK_TIME and case.resolve_due else {}
        privatetalk.ask(scene, BeginFlow(f"case_{action}", {"case": case_id, **due}))
        return
    scene.writer().write([ActOnCase(case_id, step, {k: v for k, v in args.items() if k != "case"})])


def _follow(scene: Scene, step: str, args: Mapping[str, Any]) -> None:
    """回访: what was settled still holds, or not; or nobody is to ask."""
    case = int(args["case"])
    if step == "stop":
        scene.writer().write([Unschedule(f"follow.{case}.{scene.person.id}"), Say(NOT_ASKED)])
    elif step in ("confirm", "recur"):
        scene.writer().write([ActOnCase(case, step)])


def _thread(scene: Scene, step: str, args: Mapping[str, Any]) -> None:
    thread = int(args["thread"])
    begun = (
        bookingwork.for_advice(scene.conn, _home(scene), thread, str(args.get("kind"))) if step == "appoint" else None
    )
    if begun is not None:
        privatetalk.ask(scene, begun)
        return
    if step in ASKED:
        privatetalk.ask(scene, BeginFlow(ASKED[step], {"thread": thread}))
        return
    if step in ("claim", "decline", "pass") and scene.staff:
        scene.as_staff()
    scene.writer().write([ActOnThread(thread, step, {k: v for k, v in args.items() if k != "thread"})])


def _home(scene: Scene) -> int | None:
    """The community a person was last placed in."""
    here = scene.world.community_of(scene.conn, scene.person.area)
    return here.id if here else None


def _law(scene: Scene, step: str, args: Mapping[str, Any]) -> None:
    """The full text of an article."""
    if step == "text":
        area = scene.chat.area or scene.person.area
        told = scene.world.law.full_text(scene.conn, str(args["law"]), str(args["number"]), scene.now, area)
        scene.writer().write(told)


def _guide(scene: Scene, step: str, args: Mapping[str, Any]) -> None:
    """An answer on its way to becoming a guide."""
    if scene.staff is None:
        raise NotAllowed(refusals.NOT_YOURS)
    scene.as_staff()
    scene.writer().write([ActOnGuide(int(args.get("guide", 0)), step, args)])


def _volunteering(kind: str, scene: Scene, step: str, args: Mapping[str, Any]) -> None:
    """A shift's card or list, a need, a commendation; what needs a word more asks for it."""
    begun = volunteering.begins(scene, f"{kind}.{step}", args)
    if begun is not None:
        privatetalk.ask(scene, begun)
        return
    scene.writer().write(volunteering.effects(scene, f"{kind}.{step}", args))


PRESSES: dict[str, Callable[[Scene, str, Mapping[str, Any]], None]] = {
    "answer": _answer,
    "begin": _begin,
    "human": _human,
    "menu": _menu,
    "mine": _mine,
    "account": _account,
    "case": _case,
    "follow": _follow,
    "thread": _thread,
    "law": _law,
    "guide": _guide,
    **pointpresses.PRESSES,
    **pushpresses.PRESSES,
    "shift": partial(_volunteering, "shift"),
    "need": partial(_volunteering, "need"),
    "volunteer": partial(_volunteering, "volunteer"),
}


class Desk:
    """The staff page's door: the same moves as in chat, by a signed-in member of staff."""

    def __init__(self, world: World) -> None:
        self.world = world

    def act(self, *, staff_id: int, action: str, args: Mapping[str, Any], note: str | None, now: datetime) -> str:
        """Do it and return the short answer; a refusal is returned as such, with nothing changed."""
        try:
            for _ in range(3):
                try:
                    return self._act(staff_id, action, args, note, now)
                except cases.Overtaken:
                    continue
            return "别人刚改过这件，请刷新再试。"
        except NotAllowed as refusal:
            if isinstance(refusal, Suspicious):
                with self.world.database.write() as conn:
                    actor = f"staff:{staff_id}"
                    audit.record(conn, actor=actor, action=refusal.action, subject=refusal.subject, now=now)
            return Refused(refusal)

    def file(self, *, staff_id: int, fields: Mapping[str, str], now: datetime) -> counter.Filed:
        """Open a case for somebody at the counter. Raises NotAllowed."""
        return counter.file(self.world, staff_id=staff_id, fields=fields, now=now)

    def doubts(self, *, thread_id: int, text: str, now: datetime) -> tuple[str, ...]:
        """What is doubtful about the citations of an answer to a legal question, before it goes out."""
        with self.world.database.read() as conn:
            thread = threads.find(conn, thread_id)
            return legalwork.doubts_of(conn, self.world, Here(now=now, actor="clock"), thread, text) if thread else ()

    def guide_doubts(self, *, guide_id: int, now: datetime) -> tuple[str, ...]:
        """The same of an answer on its way to becoming a guide."""
        with self.world.database.read() as conn:
            return guidework.doubts_of(conn, self.world, guide_id, now)

    def _act(self, staff_id: int, action: str, args: Mapping[str, Any], note: str | None, now: datetime) -> str:
        with self.world.database.write() as conn:
            found = people.staff_by_id(conn, [staff_id])
            if not found:
                raise NotAllowed("您的账号已停用，请联系社区管理员。")
            here = Here(now=now, actor=f"staff:{staff_id}", person=found[0].person, staff=found[0])
            writer = Writer(conn, self.world, here)
            writer.write([_staff_effect(action, args, note)])
            burden.count(conn, staff_id, now, tap=True)
            return writer.noticed or "已办好。"


def _staff_effect(action: str, args: Mapping[str, Any], note: str | None) -> Effect:
    kind, _, step = action.partition(".")
    data = {k: v for k, v in args.items() if k not in ("case", "thread")}
    if kind == "case" and step in set(Action):
        return ActOnCase(int(args["case"]), step, {**data, "note": note or "", "photos": []})
    if kind == "proposal":
        return pointpresses.staff_effect(step, args, note)
    if kind == "need":
        return volunteering.need_from_page(step, args)
    if kind == "shift":
        return volunteering.from_page(step, args, note)
    if kind == "thread":
        return ActOnThread(int(args["thread"]), step, {**data, "text": note or ""})
    if kind == "guide":
        return ActOnGuide(int(args["guide"]), step, {"text": note or "", "page": True})
    if kind in pushpresses.PRESSES:
        return pushpresses.staff_effect(kind, step, args, note)
    raise NotAllowed(refusals.NO_STEP)
