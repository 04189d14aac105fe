"""A message that says something of a thing named in the one before (坏了, after 楼道灯) is understood with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.channels.base import Inbound, Kind
from flows import pieces
from nlu.understanding import Understanding

if TYPE_CHECKING:
    from bot.turn import Scene
    from bot.world import World
    from storage.inbox import InboxRow

Understand = Callable[["World", Inbound, "InboxRow"], Understanding]


def with_its_thing(scene: Scene, understood: Understanding, understand: Understand) -> Understanding:
    """What the words mean with their thing; danger heard in them alone is asked about, and no alarm."""
    said = scene.said
    tells = said.kind is Kind.MESSAGE and not said.reply_to and pieces.tells(said.text)
    whole = pieces.whole(scene.talk(), said.text, scene.now) if tells else ""
    if not whole:
        return understood
    scene.said = said._replace(text=whole)
    heard = understand(scene.world, scene.said, scene.row)
    alone = understood.danger or understood.concern
    return heard if heard.danger or heard.concern else heard.but(concern=alone)
