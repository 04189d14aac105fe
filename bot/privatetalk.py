"""A private chat: staff replies and codes first, then the router; and what a link that opens the chat goes on with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot import (
    advising,
    asked,
    calls,
    facts,
    figures,
    filing,
    keys,
    linking,
    mediationwork,
    neighbours,
    piecing,
    posters,
    shop,
    worklist,
)
from bot.channels.base import Inbound, Kind
from bot.clock import HOME
from bot.deciding import decided
from bot.recalling import agreed, told
from bot.volunteering import titles
from flows import router, taken_up, words
from flows.assistant import optional, texts
from flows.assistant.flow import menu
from flows.assistant.office import office_help
from flows.called import unnamed
from flows.choosing import NUMBER
from flows.complaint.locate import where_told
from flows.complaint.phone import own_phone
from flows.effects import ActOnCase, ActOnGuide, ActOnThread, BeginFlow, Effect, Say
from flows.flow import Outcome, Said, State, Turn, stop
from flows.plainly import meant, unthanked
from flows.yesno import COURTESY
from nlu.frozen import replace
from nlu.late import regex
from nlu.normalize import aligned
from nlu.understanding import LocalService, Understanding
from storage import cards, codes, people, present, threads
from storage.inbox import InboxRow

if TYPE_CHECKING:
    from bot.turn import Scene
    from bot.world import World

STAFF_WORDS = {
    "发预警": "alert_draft",
    "发提醒": "alert_draft",
    "拟预警": "alert_draft",
    "登记纠纷": "mediation_register",
    "登记调解": "mediation_register",
}  # what staff begin by a word
OPT = {**dict.fromkeys(optional.OUT, optional.out), **dict.fromkeys(optional.BACK, optional.back)}
MY_DATA = frozenset({"held"})
NOTHING = Understanding("", None, "chatter", 0.0)
OFFICE_FLOWS = ("case_", "points_refuse", "points_uphold", "points_dismiss", "points_correction")
COMMAND = regex(r"\s*/\w*\s*\{")  # what some bots take for an intent with its slots; to us it says nothing


def understand(world: World, said: Inbound, row: InboxRow) -> Understanding:
    """What the words mean; a press or an empty message means nothing yet."""
    if said.kind is not Kind.MESSAGE or not said.text or COMMAND.match(said.text):
        return replace(NOTHING, text=said.text)
    if said.private and words.word(said.text) in words.MINE:  # 我想注销 is no cry for help
        return replace(NOTHING, text=said.text)
    if not (said.private or said.addressed):
        return world.overhearing.understand(said.text, local_services=_local(world, said, row))
    text = unthanked(said.text if said.private else unnamed(said.text))
    return meant(world.flows, world.engine.understand(text, local_services=_local(world, said, row)))


def _local(world: World, said: Inbound, row: InboxRow) -> tuple[LocalService, ...]:
    """What the community of this chat calls its own services; most have none, and nothing is looked up."""
    if not world.has_local_services:
        return ()
    if row.area is not None or said.private:
        known = world.known_services(row.version, row.area)
        if known is not None:
            return known
    with world.database.read() as conn:
        several = len(world.known(conn).communities) != 1
        area = present.area_of(conn, said.channel, said.chat, said.sender) if several else None
        here = world.community_of(conn, area)
        return world.local_services(conn, here.id if here else None)


def message(scene: Scene, understood: Understanding) -> None:
    """One message in a private chat."""
    understood = piecing.with_its_thing(scene, understood, understand)
    if scene.staff and words.word(scene.said.text) in STAFF_WORDS:
        ask(scene, BeginFlow(STAFF_WORDS[words.word(scene.said.text)]))
        return
    if scene.staff and words.word(scene.said.text) in words.HELP:
        scene.writer().write([Say(office_help([role.role for role in scene.staff.roles]))])
    if heard := advising.heard(scene, understood):
        scene.writer().write(heard)
        if isinstance(asks := heard[-1], BeginFlow):
            ask(scene, asks)
        return
    if not scene.said.reply_to and (work := worklist.told(scene) or figures.of_one(scene) or calls.answered(scene)):
        scene.writer().write(work)
        return
    if understood.danger is None and filing.file(scene):
        return
    if scene.said.text and words.word(scene.said.text) in OPT:
        scene.writer().write(OPT[words.word(scene.said.text)](scene.person.id))
        return
    if understood.danger is None and (begun := agreed(scene)):
        _goes_on(scene, begun)
        return
    code = None if scene.said.reply_to else shop.typed_code(scene)  # a bare code is no answer to a resident
    cry = understood.danger is not None and not scene.said.reply_to  # their own, not a word to a resident
    code = code or mediationwork.invited(scene, scene.said.text)
    effects = (
        code or (None if cry else card_word(scene) or linking.said(scene) or staff_word(scene)) or keys.typed(scene)
    )
    if effects is None and not cry:
        effects = asked.answer(scene, understood)
    if effects is not None:
        scene.writer().write(effects)
        return
    understood = shop.given_back(scene, titles.heard(scene, understood))
    said, voice = scene.said, scene.said.kind is Kind.VOICE
    where = said.location, said.pinned
    converse(scene, Said(said.text, understood, None, scene.photos, *where, voice, scene.recorded))


def card_word(scene: Scene) -> list[Effect] | None:
    """A reply in private: of the resident to what was asked about a case, of a colleague to its card."""
    about = cards.of_message(scene.conn, scene.chat.id, scene.said.reply_to) if scene.said.reply_to else None
    text = own_phone(scene.said.text.strip())[1]
    if about is None or not (text or scene.photos):
        return None
    more = {"note": text[:500] or "见照片", "photos": list(scene.photos)}
    if about.kind == "question":
        return [ActOnCase(about.subject, "add", more)]
    busy = scene.talk().get("flow")
    if about.kind != "case" or scene.staff is None or busy:
        return None
    scene.as_staff()
    return [ActOnCase(about.subject, "note", more)]


def staff_word(scene: Scene) -> list[Effect] | None:
    """A member of staff answering a resident: by replying to the thread's card, or as the only thread they have."""
    if scene.staff is None or scene.said.kind is Kind.VOICE:
        return None
    text = scene.said.text
    if scene.said.reply_to:
        about = cards.of_message(scene.conn, scene.chat.id, scene.said.reply_to)
        if about and about.kind == "thread":
            scene.as_staff()
            return [ActOnThread(about.subject, "reply", {"text": text})]
        if about and about.kind == "guide":
            scene.as_staff()
            return [ActOnGuide(about.subject, "edit", {"text": text})]
    if words.word(text) in words.GLOBAL or scene.talk().get("flow"):
        return None
    mine = [t for t in threads.owned(scene.conn, scene.staff.id) if t.person != scene.person.id]
    if not text.strip() or not mine:
        return None
    if NUMBER.fullmatch(words.word(text)):  # meant as a choice, and none has it: no resident should get a bare "3"
        return [Say(texts.BARE_NUMBER)]
    if len(mine) > 1:
        numbers = "、".join(t.number for t in mine[:5])
        return [Say(f"您手上有几件（{numbers}），请长按要答的那条消息，选「回复」再写。")]
    scene.as_staff()
    return [ActOnThread(mine[0].id, "reply", {"text": text})]


def converse(scene: Scene, said: Said, *, chat: people.Chat | None = None) -> None:
    """Let the router decide, and write what it decided; `chat`: the private chat, when the words came from a group."""
    if chat and chat.id != scene.chat.id:  # the turn holds the group only; the private chat may be talking too
        scene.world.database.lock(scene.conn, f"{chat.channel}:{chat.address}")
    chat = chat or scene.chat
    state = State.from_json(scene.talk(chat.id))
    if scene.staff and state.flow.startswith(OFFICE_FLOWS):  # what a button on a card asked is answered in office
        scene.as_staff()
    flows, turn = scene.world.flows, turn_of(scene, said, state)
    foreseen = router.foreseen(flows, state, turn)
    outcome = decided(scene, turn, lambda turn: router.route(flows, state, turn), foreseen)
    finish(scene, chat, state, outcome)


def turn_of(scene: Scene, said: Said, state: State, more: frozenset[str] = frozenset()) -> Turn:
    """The turn with the facts that the flows in question need, and `more`."""
    world, conn = scene.world, scene.conn
    where = scene.chat.area or scene.person.area
    names = [state.flow, said.begin, said.understood.flow, *(s.flow for s in state.suspended)]
    names.append(taken_up.flow_of(state.last))
    courtesy = COURTESY.fullmatch(words.word(said.text))
    if not (state.flow or courtesy) and "told" in state.last:  # what is said next may be about what came of it
        names.append(state.last.get("flow"))
    if said.photos or said.location:
        names.append("complaint")
    found = facts.load(
        conn,
        world,
        person=scene.person,
        area=where,
        needs=world.flows.needs(*names) | more | facts.named_needs(said.text),
        text=aligned(said.text),
        now=scene.now,
        answers=dict(scene.answers),
        theirs=scene.theirs,
        placed=where_told(state.answers),
        case=_id(state.answers.get("case")),
        shift=_id(state.answers.get("shift")),
    )
    here = world.community_of(conn, where)
    return Turn(said, scene.now, scene.person.id, found, here.zone if here else HOME, scene.said.private)


def _id(answer: object) -> int | None:
    return int(known) if (known := str(answer)).isdecimal() else None


def finish(scene: Scene, chat: people.Chat, before: State, outcome: Outcome) -> None:
    """Write an outcome: its state, its effects, and the question a staff flow begins with."""
    writer = scene.writer(chat)
    writer.write(outcome.effects)  # from a group: also what a step on a case leads to is said in private
    if outcome.state != before:
        scene.goes_on(outcome.state, chat.id)
    if writer.begun and chat.id == scene.chat.id:
        ask(scene, writer.begun)


def give_up(scene: Scene) -> None:
    """What staff were asked can't be done any more: the question must not wait for the next thing they say."""
    state = State.from_json(scene.talk())
    asked = scene.world.flows.get(state.flow)
    if asked is not None and not asked.title:  # what residents are asked has a title, and can be changed
        scene.goes_on(stop(state))


def ask(scene: Scene, begun: BeginFlow) -> None:
    """Ask a member of staff what a step needs to know."""
    state = State.from_json(scene.talk())
    turn = turn_of(scene, Said("", NOTHING, begin=begun.flow), State(answers=begun.given))
    flows = scene.world.flows
    outcome = decided(scene, turn, lambda turn: router.begin(flows, begun.flow, state, turn, begun.given))
    finish(scene, scene.chat, state, outcome)


def start(scene: Scene, _understood: Understanding) -> None:
    """The private chat was opened: through a link it goes on with what the link stands for, else with a greeting."""
    side = mediationwork.invited(scene, scene.said.token or "")
    if side is not None:
        scene.writer().write(side)
        return
    row = keys.brought(scene)
    if scene.said.token and row is None:
        scene.writer().write([Say(texts.STALE_LINK, options=menu())])
        return
    if row is None:
        converse(scene, begin_said(scene, {"intent": "greet", "text": "你好"}))
        return
    if row.kind in ("staff", "case", "account"):
        scene.writer().write(keys.bind(scene, row))
        return
    if row.kind != "place":  # a number at a place is for everybody there, as long as it counts
        codes.use(scene.conn, row.id, scene.now)
    _goes_on(scene, told(scene.conn, row.subject.get("args", {}), scene.person.id, scene.now))


def _goes_on(scene: Scene, args: Mapping[str, Any]) -> None:
    """What was begun in a group goes on here."""
    if args.get("area") and not neighbours.lies_in(scene, int(args["area"])):  # it is about the place of that group
        people.settle(scene.conn, scene.person.id, int(args["area"]))
        scene.person = replace(scene.person, area=int(args["area"]))
    if args.get("told") == "exposed":
        scene.writer().write([Say(texts.EXPOSED)])
    if args.get("at"):  # a poster of a building: what is told next happens there
        ask(scene, BeginFlow("complaint", posters.answers(scene, int(args["at"]))))
        return
    if args.get("flow") == "complaint" and args.get("text"):
        said = texts.ALSO_FROM_GROUP if args.get("told") == "also" else texts.FROM_GROUP
        scene.writer().write([Say(said.format(text=str(args["text"])[:60]))])
    if args.get("flow") or args.get("text"):
        converse(scene, begin_said(scene, args))


def begin_said(scene: Scene, args: Mapping[str, Any]) -> Said:
    """What somebody asked for by a button or link: a flow, with the words that were said before."""
    text = str(args.get("text", ""))
    local = _local(scene.world, scene.said, scene.row) if text else ()
    understood = scene.world.engine.understand(text, local_services=local) if text else NOTHING
    flow = None if args.get("flow") == "assistant" else args.get("flow")
    if args.get("intent"):
        understood = understood.but(flow=flow, intent=str(args["intent"]), confidence=1.0)
    earlier = datetime.fromisoformat(str(args["said_at"])) if args.get("said_at") else None
    return Said(text, understood, begin=flow, said_at=earlier)
