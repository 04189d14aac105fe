"""The effects of what is said in a chat, and what a turn leads to, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flows.effects.recipients import CardKey, Here, Lane, Option, Recipient


@dataclass(frozen=True, slots=True)
class Brief:
    """How a message reads as one of several: a line, and the button that leads on from it."""

    line: str
    option: Option


@dataclass(frozen=True, slots=True)
class Say:
    """Say something. With `card`, the message becomes that card in its chat, or edits the one that is there;
    with `about`, it replies to that card (a change that asks somebody to act). `key`: written twice, sent once.
    `brief`: what falls due for one chat at the same time is one message, in which it is this; None: it stands alone."""

    text: str
    to: Recipient = field(default_factory=Here)
    options: tuple[tuple[Option, ...], ...] = ()  # rows of buttons
    card: CardKey | None = None
    about: CardKey | None = None
    key: str | None = None
    lane: Lane = Lane.REPLY
    not_before: datetime | None = None
    photo: int | None = None  # file row
    neutral: str | None = None  # not None: when it can't go privately now, the person's group hears one neutral line
    brief: Brief | None = None
    named: tuple[int, ...] = ()  # persons whose names it holds: in groups only with their live consent


@dataclass(frozen=True, slots=True)
class Notice:
    """The short answer to a press."""

    text: str


@dataclass(frozen=True, slots=True)
class BeginFlow:
    """Start asking somebody of staff (in the chat of the turn): a flow, and what is known already."""

    flow: str
    given: Mapping[str, Any] = field(default_factory=dict)


ChatEffect = Say | Notice | BeginFlow
