"""What every channel speaks: updates in, messages out, and the three ways a send can fail.

The contract fits platforms that edit and have buttons (Telegram, web, play) and those that do not (WeChat, WeCom):
`Abilities` says what a platform can do, and delivery renders accordingly (numbered choices instead of buttons, a new
message instead of an edit, texts split at the platform's limit).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import compress
from typing import Any, NamedTuple, Protocol

WAITS = "the platform lets no more messages through until the person writes"
MAX_TEXT = 20_000  # characters kept of one message; what is longer is cut, and the turn sees the beginning


class Kind(StrEnum):
    """What happened on the platform."""

    MESSAGE = "message"
    PRESS = "press"
    START = "start"  # a private chat opened, perhaps through a link with a token
    VOICE = "voice"
    JOIN = "join"  # the assistant was added to a group
    LEAVE = "leave"  # ... or removed
    MIGRATE = "migrate"  # the group's address changed
    BLOCK = "block"  # a person blocked the assistant


KINDS: Mapping[str, Kind] = {kind.value: kind for kind in Kind}


class Inbound(NamedTuple):
    """One update of a platform, as it goes into the inbox.

    `key` identifies the update on its channel: the same key twice is the same update. `chat` and `sender` are the
    platform's own ids. `message` is the id of the message sent, or of the message whose button was pressed.
    `photos` are handles that `Channel.fetch` turns into bytes; of a voice message, the recording's.
    """

    channel: str
    key: str
    kind: Kind
    chat: str
    private: bool
    sender: str
    sender_name: str = ""
    text: str = ""
    message: str | None = None
    addressed: bool = False
    reply_to: str | None = None
    topical: bool = False  # in one of a group's topics, where only a reply is seen by who talks there
    mentions_other: bool = False  # the line is addressed to somebody else
    photos: tuple[str, ...] = ()
    album: str | None = None  # pictures sent together, as messages of their own, share it
    location: tuple[float, float] | None = None
    pinned: str = ""  # what the platform's map calls it
    edited: bool = False  # the new words of a message that was sent before
    choice: str | None = None  # the button's token
    callback: str | None = None  # the platform's id of a press, for the short answer to it
    pending: bool = False  # the platform shows the press as under way until it is answered
    token: str | None = None  # of a link that opened the chat
    new_chat: str | None = None  # of a migration
    renumbered: bool = False  # with it, messages get numbers anew
    window: tuple[int, int] | None = None  # so many messages in so many seconds the platform lets us send for this

    @property
    def conversation(self) -> str:
        """What is worked on one at a time: the chat in groups, the person in private (where the chat is the person)."""
        return f"{self.channel}:{self.chat}"

    def to_json(self) -> dict[str, Any]:
        known = dict(compress(zip(self._fields, self, strict=True), self))
        return known | {"private": self.private, "chat": self.chat, "sender": self.sender}  # a group leaves by nobody

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> Inbound:
        known = {k: v for k, v in row.items() if k in cls._fields}
        where = known.get("location")
        known["kind"] = KINDS.get(known["kind"]) or Kind(known["kind"])
        known["photos"] = tuple(known.get("photos") or ())
        known["location"] = (float(where[0]), float(where[1])) if where else None
        known["window"] = tuple(known["window"]) if known.get("window") else None
        return cls(**known)


class Act(StrEnum):
    """What a channel is asked to do."""

    SAY = "say"
    EDIT = "edit"
    NOTICE = "notice"  # the short answer to a press


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: its token (sent back when pressed), or a link that opens a private chat with the assistant."""

    token: str
    label: str
    link: str | None = None  # a code; the channel makes its own link of it (t.me/…?start=, /chat?start=, play:…)


@dataclass(frozen=True, slots=True)
class Outbound:
    """One thing to send. `message` is the platform's id of the message to edit; `reply_to` of the one replied to."""

    act: Act
    chat: str
    text: str
    choices: tuple[tuple[Choice, ...], ...] = ()  # rows of buttons
    message: str | None = None
    reply_to: str | None = None
    photo: str | None = None  # path of a file in the store
    callback: str | None = None  # notice: the press it answers
    to: str | None = None  # notice: the person
    outbox: int = 0  # the row, so that a channel with idempotent sends can use it ...
    part: int = 0  # ... and which part of a long text this is
    cause: int | None = None  # the inbox row that caused it, None: the clock
    silent: bool = False  # shown without a sound, where the platform can


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a platform can do. `measure` gives a text's length in the platform's unit, `longest` the most it takes."""

    edits: bool
    buttons: bool
    longest: int
    measure: Callable[[str], int] = len
    writes_first: bool = False  # may open a private chat with somebody who never wrote
    group_links: bool = True  # can show a link button in a group
    awaited: Callable[[], frozenset[str]] | None = None  # chats whose request is open: an answer costs nothing
    link: Callable[[str], str] | None = None  # address of a link's code, for platforms that show it as text
    apart: Callable[[Outbound], tuple[Outbound, ...]] | None = None  # what of one message the platform takes singly


@dataclass(frozen=True, slots=True)
class Sent:
    """Accepted by the platform; `message` is the id it gave, None for a notice. `missed`: whom of several it did not
    reach (addresses of their own chats), and why; the others have it."""

    message: str | None
    missed: Mapping[str, str] = field(default_factory=dict)


class SendError(Exception):
    """The platform did not take it.

    `transient`: try again later (after `retry_after` seconds where known; `everywhere` when the whole bot must wait).
    `uncertain`: it may have been delivered (a read timeout). `gone`: the chat is closed to us ("blocked" or "left").
    `moved_to`: the chat's new address. `waits`: nothing goes until the person writes again.
    `alone`: the wait is this chat's, whatever others are told.
    """

    def __init__(
        self,
        reason: str,
        *,
        transient: bool,
        retry_after: float | None = None,
        everywhere: bool = False,
        uncertain: bool = False,
        gone: str | None = None,
        moved_to: str | None = None,
        waits: bool = False,
        alone: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.transient = transient
        self.retry_after = retry_after
        self.everywhere = everywhere
        self.uncertain = uncertain
        self.gone = gone
        self.moved_to = moved_to
        self.waits = waits
        self.alone = alone


Accept = Callable[[Inbound], Awaitable[bool]]
Outcome = bool | BaseException  # whether it is new, or why it was not kept
Answered = Callable[[Outcome], None]
Put = Callable[[Inbound, Answered], None]  # the same without a wait: the outcome is told after the commit
"""Commits an update to the inbox; True if it is new. A platform is acknowledged only after it returns; it raises
`Unavailable` when the database is away."""


class Unavailable(Exception):
    """The database is away: the platform must ask again later (503 with Retry-After)."""


class Channel(Protocol):
    """One platform: sends, and fetches what was sent to it. Receiving is its own matter and ends in Accept."""

    @property
    def name(self) -> str: ...

    @property
    def abilities(self) -> Abilities: ...

    async def send(self, out: Outbound) -> Sent:
        """Send one thing; raises SendError, nothing else."""
        ...

    async def fetch(self, handle: str) -> bytes:
        """The bytes behind a photo's handle; raises SendError. At most 10 MB."""
        ...
