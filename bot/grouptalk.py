"""A group: among staff, replies to cards and answers to questions; among residents, silence, one offer or one line."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from bot import aside, casewords, figures, filing, neighbours, privatetalk, worklist
from bot.channels.base import Kind
from bot.effects import Here, Writer
from bot.recalling import begins, begun, keep, recall
from flows import group_hearing, groups, router, subject, words
from flows.assistant import flow as assistant
from flows.assistant import texts
from flows.called import unnamed
from flows.complaint.texts import ROOM_HERE
from flows.effects import ActOnCase, CardKey, Effect, Late, Option, Privately, Say, Schedule
from flows.errors import Unclear, WrongAnswer
from flows.flow import Flow, Said, State, Turn, read
from flows.group_memory import KEEP, TOLD, Line, Memory, Report
from flows.points.desk import shopkeeper_code
from flows.points.texts import SHOP_PRIVATE
from nlu.understanding import Understanding
from storage import cards, conversations, outbox, people

if TYPE_CHECKING:
    from bot.turn import Scene
    from bot.world import World

SOON = timedelta(minutes=10)  # so long after a question what staff write in their group is taken for the answer
TELLS = 6  # characters: who says so much to the assistant tells it something, clear or not


def message(scene: Scene, understood: Understanding) -> None:
    """One line in a group."""
    if scene.chat.role == "residents":
        _residents(scene, understood)
    else:
        _staff(scene, understood)


# -- staff groups ----------------------------------------------------------------------------------------------------


def _staff(scene: Scene, understood: Understanding) -> None:
    said = scene.said
    about = cards.of_message(scene.conn, scene.chat.id, said.reply_to) if said.reply_to else None
    if _answered(scene, about, understood):
        return
    if about and about.kind == "case" and scene.staff and casewords.done(scene, about.subject):
        return
    if about is None and understood.danger is None and filing.file(scene):
        return
    if about and about.kind == "case" and scene.staff and (said.text.strip() or scene.photos):
        scene.as_staff()
        note = {"note": said.text.strip() or "见照片", "photos": list(scene.photos)}
        scene.writer().write([ActOnCase(about.subject, "note", note)])
        return
    if about is None and (work := worklist.of_group(scene) or figures.of_group(scene)):
        scene.writer().write(work)
    elif said.addressed:
        code = shopkeeper_code(unnamed(said.text)) is not None
        scene.writer().write([Say(SHOP_PRIVATE if code else ROOM_HERE)])


def _answered(scene: Scene, about: CardKey | None, understood: Understanding) -> bool:
    """Whether the line answered the question a button of this person's asked; colleagues' talk is not an answer."""
    asked = State.from_json(scene.talk())
    if not asked.flow or scene.staff is None or not _meant(scene, about, asked):
        return False
    said = scene.said
    calm = understood.but(danger=None, concern=None)  # it tells of a case, nobody cries for help here
    spoken = Said(said.text, calm, None, scene.photos, said.location, said.pinned, voice=said.kind is Kind.VOICE)
    turn = privatetalk.turn_of(scene, spoken, asked)
    if not said.addressed and not _parses(scene.world.flows.get(asked.flow), asked, turn):
        return False
    scene.as_staff()
    privatetalk.converse(scene, spoken)
    return True


def _meant(scene: Scene, about: CardKey | None, asked: State) -> bool:
    """Whether a line may be an answer: said soon after the question, or in reply to it or to the card it is about."""
    said = scene.said
    if about is not None:
        return about == CardKey("case", int(asked.answers.get("case", 0)))
    if said.reply_to:
        return cards.is_ours(scene.conn, scene.chat.id, said.reply_to)
    at = conversations.moved_at(scene.conn, scene.chat.id, scene.person.id)
    return not said.mentions_other and at is not None and scene.now - at <= SOON


def _parses(flow: Flow | None, asked: State, turn: Turn) -> bool:
    """Whether a line ends the open question, goes back in it or is an answer to it, be it a wrong one."""
    if words.word(turn.said.text) in words.CANCEL | words.BACK:
        return True
    ask = flow.ask(asked.asking) if flow else None
    try:
        return ask is not None and read(ask, asked, turn) is not None
    except Unclear as unclear:
        return isinstance(unclear, WrongAnswer)


# -- residents' groups -----------------------------------------------------------------------------------------------


def _residents(scene: Scene, understood: Understanding) -> None:
    conn, now = scene.conn, scene.now
    memory = recall(conn, scene.chat.id, now)
    person = str(scene.person.id)
    line = Line(
        person=person,
        text=scene.said.text,
        understanding=_overheard(scene, memory, understood),
        addressed=scene.said.addressed,
        reply_to_person=bool(scene.said.reply_to) and not scene.said.addressed,
        photo=bool(scene.said.photos) and scene.said.kind is not Kind.VOICE,
    )
    decision = groups.decide(memory, line, now)
    if isinstance(decision, groups.Begin) and _begun(scene, decision.report):
        decision = groups.Answer() if scene.said.addressed else groups.Silent()
    memory = groups.remember(memory, line, now, decision)
    keep(conn, scene.chat.id, memory, now)
    if not understood.danger:
        aside.exposed(scene)  # first, so that the link of the answer is the last one read
    if isinstance(decision, groups.Offer | groups.Answer | groups.Begin | groups.Wait):
        people.spoke_in(conn, scene.person.id, scene.chat.id)
    match decision:
        case groups.Offer():
            _say(scene, offer(scene.here, decision, scene.chat.area))
        case groups.Wait():
            due = f"group.{scene.chat.id}.{person}"
            subject: dict[str, Any] = {"chat": scene.chat.id, "cause": scene.row.id}
            subject |= {"answers": scene.here.answers} if scene.here.answers else {}
            scene.writer().write(
                [Schedule("group.settle", due, decision.until, subject, Late.EXPIRE, decision.until + KEEP)]
            )
        case groups.Answer():
            _answer(scene, understood)
        case groups.Begin(report):
            _begin(scene, report)
        case groups.Silent(joins=Report() as report) if not understood.danger:
            neighbours.also(scene, report)
        case groups.Silent() if understood.danger:  # the line has been said here; the duty hears every cry
            _alarm(scene, understood, aloud=False)


def _say(scene: Scene, line: Say) -> None:
    scene.writer().write([introduced(scene.conn, scene.chat.id, line)])


def introduced(conn: Connection, chat: int, line: Say) -> Say:
    """Where nobody saw the assistant join, its first line tells as well what it reads and keeps."""
    key = f"hello.{chat}"
    if outbox.known(conn, f"{key}@{chat}"):
        return line
    return replace(line, text=f"{line.text}\n{texts.GROUP_KEEPS}", key=key)


def _overheard(scene: Scene, memory: Memory, understood: Understanding) -> Understanding:
    if scene.said.addressed:
        return understood
    understand = scene.world.overhearing.understand
    return group_hearing.overheard(memory, str(scene.person.id), understood, scene.now, understand)


def offer(here: Here, made: groups.Offer, area: int | None) -> Say:
    """The one brief line with a link; what the person said waits behind the link, the line quotes nothing."""
    args = begins(made.text[:TOLD], area, here.now) | {"group": here.chat.id if here.chat else None}
    link = Option(texts.LINK, "begin", args, person=int(made.person), private=True)
    return Say(texts.LINE_OFFER, options=((link,),))


def _answer(scene: Scene, understood: Understanding) -> None:
    """Addressed, it always answers with one line that quotes nothing."""
    if understood.danger:
        _alarm(scene, understood, aloud=True)
        return
    flow = understood.flow
    rude = words.ANGRY.search(words.word(scene.said.text))
    if flow is None and not rude and understood.intent == "thanks" and understood.confidence > router.SURE:
        _say(scene, Say(texts.LINE_THANKS))
        return
    private = scene.private()
    if flow and private:
        _go_private(scene, understood, private, _words(scene))
        return
    _say(scene, _line(scene, understood, flow))


def _begun(scene: Scene, report: Report) -> bool:
    """Whether they have followed the link of the offer already."""
    private = people.private_chat(scene.conn, scene.person.id)
    return private is not None and begun(scene.talk(private.id), report)


def _begin(scene: Scene, report: Report) -> None:
    """They said yes to the offer: what they told begins in private, at once where they can be written to."""
    private = scene.private()
    if private:
        understood = scene.world.engine.understand(report.text)
        understood = understood.but(flow="complaint", intent="report_problem", confidence=1.0)
        _go_private(scene, understood, private, report.text)
        return
    link = Option(
        texts.LINK, "begin", begins(report.text, scene.chat.area, report.at), person=scene.person.id, private=True
    )
    _say(scene, Say(texts.LINE_TAKEN, options=((link,),)))


def _alarm(scene: Scene, understood: Understanding, *, aloud: bool) -> None:
    """The duty hears it privately; `aloud`: the group hears the one fixed line."""
    assert understood.danger
    turn = privatetalk.turn_of(scene, Said(scene.said.text, understood), State())
    effects = assistant.public_danger(State(), turn, understood.danger).effects
    scene.writer().write(e for e in effects if aloud or not isinstance(e, Say))


def _go_private(scene: Scene, understood: Understanding, private: people.Chat, words: str) -> None:
    if scene.chat.area and scene.person.area is None:
        people.settle(scene.conn, scene.person.id, scene.chat.area)
        scene.person = replace(scene.person, area=scene.chat.area)
    begin = understood.flow if understood.flow in ("complaint", "legal", "volunteer", "points") else None
    if begin == "complaint" and understood.intent == "report_problem" and words:
        told = texts.FROM_GROUP.format(text=words[:60])
        scene.writer().write([Say(told, to=Privately(scene.person.id))])
    privatetalk.converse(scene, Said(words, understood, None, scene.photos, None, begin=begin), chat=private)
    _say(scene, Say(texts.LINE_AWAY))


def refused(scene: Scene, why: str) -> None:
    """A rule forbade what somebody asked for here: why is said in private, here nothing of it."""
    if scene.private():
        scene.writer().write([Say(why, to=Privately(scene.person.id)), Say(texts.LINE_AWAY)])
    elif scene.said.addressed:
        scene.writer().write([_line(scene, privatetalk.NOTHING, "assistant")])


def _line(scene: Scene, understood: Understanding, flow: str | None) -> Say:
    said = _words(scene)
    lines = {"legal": texts.LINE_LEGAL, None: texts.LINE_HELLO, "help": texts.LINE_WHO}
    told = flow is not None or (len(said) >= TELLS and understood.confidence < subject.VERY_SURE)
    args = {"flow": flow or "assistant", "text": said[:500], "area": scene.chat.area}
    args |= {"said_at": scene.now.isoformat()}
    if not told:
        args |= {"intent": "greet", "text": "你好"}
    link = Option(texts.LINK, "begin", args, private=True)
    return Say(lines.get(flow, texts.LINE_LINK), options=((link,),))


def _words(scene: Scene) -> str:
    """What was said to the assistant, without its name."""
    return unnamed(scene.said.text)


def settle(conn: Connection, world: World, here: Here) -> list[Effect]:
    """A wait is over: offer what nobody settled meanwhile."""
    assert here.chat
    kept = recall(conn, here.chat.id, here.now)
    if kept == Memory():
        return []
    offers, memory = groups.settle(kept, here.now)
    keep(conn, here.chat.id, memory, here.now)
    for made in offers:
        mine = replace(here, person=int(made.person))
        Writer(conn, world, mine).write([introduced(conn, here.chat.id, offer(mine, made, here.chat.area))])
    return []
