"""Where something goes on WeCom: to a member, to several by the app, to the app's groups, by a robot or a bot."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

NAME = "wecom"


class Way(StrEnum):
    """How a chat is reached; the part of its address before the colon."""

    MEMBER = ""  # a member's own chat with the app: the address is the user id
    APP = "app"  # the app writes to several members (app:zhang|li): cards with buttons, changed for all at once
    APPCHAT = "appchat"  # a group the app made: it is heard there, it does not hear
    ROBOT = "robot"  # a group robot's webhook, by its name in the settings: push only
    BOT = "bot"  # a group an intelligent bot is in: it hears what mentions it, and answers


@dataclass(frozen=True, slots=True)
class Place:
    """An address taken apart."""

    way: Way
    id: str

    @property
    def members(self) -> tuple[str, ...]:
        """Whom the app writes to."""
        return tuple(part for part in self.id.split("|") if part) if self.way in (Way.MEMBER, Way.APP) else ()


def place(address: str) -> Place:
    """What an address means; one without a known way is a member's."""
    way, colon, id = address.partition(":")
    if colon and way in set(Way) - {Way.MEMBER}:
        return Place(Way(way), id)
    return Place(Way.MEMBER, address)
