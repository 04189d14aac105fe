"""A message that says the title of an activity near by is about volunteering."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows import subject
from flows.volunteer.words import about_an_activity
from nlu.normalize import normalize
from nlu.understanding import Understanding
from storage import volunteers

if TYPE_CHECKING:
    from bot.turn import Scene


def heard(scene: Scene, understood: Understanding) -> Understanding:
    """A sentence that says the title of an activity near by is about volunteering, whatever else it looks like."""
    text = scene.said.text.strip()
    if not text or len(text) > 60 or understood.danger or scene.talk().get("flow"):
        return understood
    if understood.flow == "volunteer" and understood.confidence >= subject.VERY_SURE:
        return understood
    area = scene.chat.area or scene.person.area
    here = scene.world.community_of(scene.conn, area)
    known = volunteers.titles(scene.conn, scene.now, here.id if here else None)
    if not about_an_activity(normalize(text), known):
        return understood
    return understood.but(flow="volunteer", intent="join_activity", confidence=1.0)
