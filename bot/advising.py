"""What legal guides and advisers say of their own work: that they are away or back, that an answer was wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot import casework, offduty, worklist
from flows import effects as fx
from flows.legal import correcting_texts, desk_texts
from flows.legal import leave as said
from flows.legal.asking import ASKING
from flows.words import word
from nlu.understanding import Understanding
from storage import consultations, leave

LATELY = timedelta(days=1)
JUST_NOW = timedelta(minutes=15)  # after a question was taken back an answer may still come
ANSWER = 6  # characters of one
if TYPE_CHECKING:
    from bot.turn import Scene


def heard(scene: Scene, understood: Understanding) -> list[fx.Effect] | None:
    """What such a word leads to; None when none was said."""
    if not offduty.advises(scene.staff) or scene.said.reply_to:
        return None
    if word(scene.said.text) in correcting_texts.WORDS:
        return [fx.Say(correcting_texts.HOW)]
    if correcting_texts.WRONG.fullmatch(word(scene.said.text)) and (last := _ended(scene)):
        scene.as_staff()
        return [fx.ActOnThread(last, "reply", {"text": scene.said.text.strip()})]
    if worklist.says_away(scene):
        return [*(worklist.away(scene) or ()), _begun(scene)]
    if said.ENDS.fullmatch(word(scene.said.text)) and scene.staff:
        there = leave.known(scene.conn, scene.staff.id, scene.now)
        return [fx.TakeLeave(scene.person.id, scene.now, None)] if there else None
    return _too_late(scene, understood)


def _too_late(scene: Scene, understood: Understanding) -> list[fx.Effect] | None:
    """An answer written after the question was taken back: nobody gets it, and that is said."""
    theirs = understood.flow in (None, "legal") and not understood.danger and not ASKING.search(understood.plain)
    if not theirs or len(understood.plain) < ANSWER or scene.talk().get("flow") or scene.staff is None:
        return None
    gone = consultations.taken_back(scene.conn, scene.staff.id, scene.now - JUST_NOW)
    others = [one.number for one in consultations.in_hand(scene.conn, scene.staff.id)] if gone else []
    return [fx.Say(desk_texts.too_late(gone, others))] if gone else None


def _ended(scene: Scene) -> int | None:
    """The question that whoever corrects themselves must mean: the one they answered last."""
    return consultations.ended_last(scene.conn, scene.staff.id, scene.now - LATELY) if scene.staff else None


def _begun(scene: Scene) -> fx.BeginFlow:
    """What somebody who will be away is asked: until when, where they have not said so."""
    now = scene.now.astimezone(casework.zone(scene.conn, scene.world, scene.person.area))
    found = said.span(scene.said.text, now)
    return fx.BeginFlow("legal_leave", {"until": [at.isoformat() for at in found]} if found else {})
