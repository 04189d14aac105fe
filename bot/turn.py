"""One turn inside its transaction: lock, load facts, decide, write, mark done; bot/taking.py begins and ends it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot import doubts, grouptalk, presses, privatetalk, typed
from bot.channels.base import Inbound, Kind
from bot.effects import Here, Writer
from bot.logs import Log
from bot.world import World
from flows.assistant import texts
from flows.effects import Notice, Say
from flows.facts import Query
from flows.flow import Said, State
from nlu.frozen import replace
from nlu.script import script
from nlu.understanding import Understanding
from storage import burden, conversations, inbox, kept, outbox, people, present, reach
from storage.files import add as add_file
from storage.present import Present, Theirs

log = Log()
LEASE = timedelta(seconds=45)  # what people wait when a worker died over their message
Stored = tuple[dict[str, Any], ...]  # files already in the store: digest, kind, path, size


class Scene:
    """What one turn works with inside its transaction."""

    def __init__(
        self, conn: Connection, world: World, said: Inbound, row: inbox.InboxRow, now: datetime, found: Present
    ) -> None:
        self.conn, self.world, self.said, self.row, self.now = conn, world, said, row, now
        self.person = found.person or people.newcomer(conn, said.channel, said.sender, now)
        self.chat = self._chat(found.chat)
        self.staff = people.staff_of(conn, self.person.id) if found.theirs.staff else None
        self.theirs = found.theirs  # until something is written: then everything is looked for
        self.waiting, self.elsewhere = found.waiting, found.elsewhere
        self.answers: dict[Query, Any] = {}
        self.photos: tuple[int, ...] = ()
        self.recorded = False  # a voice message was kept
        self._talks: dict[int, Mapping[str, Any]] = {self.chat.id: found.state}
        self._writers: list[Writer] = []
        self.here = Here(
            now=now,
            actor=f"person:{self.person.id}",
            chat=self.chat,
            person=self.person.id,
            speaks=self.person,
            staff=self.staff,
            cause=row.id,
            callback=said.callback or (said.message or row.key if said.kind is Kind.PRESS else None),
            sender=said.sender,
            answers=said.message if said.topical else None,
        )

    def _chat(self, found: people.Chat | None) -> people.Chat:
        said, person = self.said, self.person.id
        kind = "private" if said.private else "group"
        if found is None:
            return people.new_chat(self.conn, said.channel, said.chat, kind=kind, person_id=person)
        if said.private and found.person != person:
            return people.chat_for(self.conn, said.channel, said.chat, kind=kind, person_id=person)
        return found

    def writer(self, chat: people.Chat | None = None) -> Writer:
        """`chat`: where it is said, if not here."""
        self.theirs = Theirs()
        elsewhere = chat is not None and chat is not self.here.chat
        here = replace(self.here, chat=chat) if elsewhere else self.here
        self._writers.append(Writer(self.conn, self.world, here))
        return self._writers[-1]

    def answered(self) -> bool:
        """Whether a press has its short answer."""
        return any(writer.noticed is not None for writer in self._writers)

    def talk(self, chat: int | None = None) -> Mapping[str, Any]:
        """Where the person's conversation in this or another chat stands; read once."""
        id = chat or self.chat.id
        if id not in self._talks:
            self._talks[id] = conversations.load(self.conn, id, self.person.id)
        return self._talks[id]

    def private(self) -> people.Chat | None:
        """The person's private chat on this platform, where the assistant may write to it."""
        found = people.private_chat(self.conn, self.person.id)
        opened = found is not None and found.heard_at is not None and found.state == "open"
        return found if found and opened and found.channel == self.chat.channel else None

    def goes_on(self, state: State, chat: int | None = None) -> None:
        """The conversation stands there from now on."""
        id = chat or self.chat.id
        self._talks.pop(id, None)
        conversations.save(self.conn, id, self.person.id, state.to_json(), self.now)

    def as_staff(self) -> None:
        """What follows is done in the role of a member of staff."""
        assert self.staff
        self.here = replace(self.here, actor=f"staff:{self.staff.id}")


@dataclass(slots=True)
class Ready:
    """A claimed row that was read and understood: its turn may be taken."""

    row: inbox.InboxRow
    said: Inbound
    stored: Stored
    understood: Understanding
    understand: float  # seconds
    write: float = 0.0  # seconds without the commit, the last try
    tries: int = 0
    answers: dict[Query, Any] = field(default_factory=dict)


def enter(conn: Connection, world: World, row: inbox.InboxRow, said: Inbound, now: datetime) -> Scene | None:
    """Hold the conversation and the row; None: somebody else has taken it meanwhile."""
    world.database.lock(conn, said.conversation)
    found = present.find(conn, row.id, row.conversation, channel=said.channel, sender=said.sender, chat=said.chat)
    if found is None or found.tries != row.stands:
        return None
    kept.noted(conn, found.versions)
    return Scene(conn, world, said, row, now, found)


def attempt(conn: Connection, world: World, one: Ready, now: datetime) -> None:
    """Have the turn. Raises Wanted, NotAllowed and Overtaken, and whatever a bug raises: then nothing may be kept."""
    said = one.said
    scene = enter(conn, world, one.row, said, now)
    if scene is None:
        return
    scene.answers = one.answers
    _arrived(scene)
    kept = [(file["kind"], add_file(conn, now=now, person=scene.person.id, **file)) for file in one.stored]
    scene.photos = tuple(id for kind, id in kept if kind == "photo")
    scene.recorded = any(kind == "voice" for kind, _ in kept)
    DOORS[said.kind](scene, one.understood)
    if said.pending and not scene.answered():
        scene.writer().write([Notice("")])
    if scene.staff and (scene.here.actor.startswith("staff:") or scene.chat.role == "staff"):
        burden.count(conn, scene.staff.id, now, tap=said.kind is Kind.PRESS)
    inbox.ended(conn, one.row, now)


def _arrived(scene: Scene) -> None:
    """The chat is open, and what waited for it goes; the person is answered in the script they write."""
    said, chat = scene.said, scene.chat
    if said.kind in (Kind.LEAVE, Kind.BLOCK, Kind.MIGRATE):
        return
    to_us = said.private or said.addressed  # a group that speaks to us: some platforms let a bot answer only then
    known = chat.heard_at is not None and chat.state == "open" and not scene.elsewhere
    if to_us or not known:
        people.heard(scene.conn, chat.id, scene.now, known=known)
    if to_us and scene.waiting:
        outbox.release(scene.conn, chat.id, scene.now)
    if scene.row.payload.get("photo_refused") and said.private and said.kind is not Kind.VOICE:
        scene.writer().write([Say(texts.PHOTO_REFUSED)])  # of a voice the flow says it (router.py): one answer
    if said.text and said.kind is Kind.MESSAGE:
        written = script(said.text, scene.person.script)
        if written != scene.person.script:
            people.write_script(scene.conn, scene.person.id, written)
            scene.person = replace(scene.person, script=written)
            scene.here = replace(scene.here, speaks=scene.person)


def say_here(scene: Scene, text: str) -> None:
    scene.writer().write([Notice(text) if scene.said.kind is Kind.PRESS else Say(text)])


def _message(scene: Scene, understood: Any) -> None:
    if scene.said.edited:
        privatetalk.converse(scene, Said(scene.said.text, understood, changed=True))
    elif scene.said.private:
        chosen = typed.token(scene, understood)
        if chosen:
            scene.said = scene.said._replace(choice=chosen)
            presses.press(scene, understood)
        else:
            doubts.note(scene, understood)
            privatetalk.message(scene, understood)
    else:
        grouptalk.message(scene, understood)


def _left(scene: Scene, _understood: Any) -> None:
    state = "left" if scene.said.kind is Kind.LEAVE else "blocked"
    reach.close(scene.conn, scene.chat.id, state=state, reason=scene.said.kind)


def _moved(scene: Scene, _understood: Any) -> None:
    if scene.said.new_chat:
        reach.move(scene.conn, scene.chat.id, scene.said.new_chat, renumbered=scene.said.renumbered)


def _joined(scene: Scene, _understood: Any) -> None:
    if not scene.said.private and scene.chat.role == "residents":  # told of once or twice; invited anew after it left
        again = f".{scene.row.id}" if scene.chat.state != "open" else ""
        scene.writer().write([Say(texts.GROUP_HELLO, key=f"hello.{scene.chat.id}{again}")])


DOORS: dict[Kind, Callable[[Scene, Any], None]] = {
    Kind.MESSAGE: _message,
    Kind.VOICE: _message,
    Kind.START: privatetalk.start,
    Kind.PRESS: presses.press,
    Kind.JOIN: _joined,
    Kind.LEAVE: _left,
    Kind.BLOCK: _left,
    Kind.MIGRATE: _moved,
}
