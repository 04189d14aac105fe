"""What a resident writes while somebody waits for a word about their case is that word, unless it is clearly else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows import words
from flows.assistant import flow as assistant
from flows.complaint.between import REPORT, another
from flows.complaint.phone import own_phone
from flows.domain.case import ALIVE
from flows.effects import ActOnCase, Effect
from nlu.understanding import Understanding
from storage import cases, threads

if TYPE_CHECKING:
    from bot.turn import Scene

SURE = 0.8  # that it is for another flow, or about a case in another way


def answer(scene: Scene, understood: Understanding) -> list[Effect] | None:
    """The answer to the question asked last about a case of theirs; None: there is none, or this is none."""
    text = own_phone(scene.said.text.strip())[1]
    if not (text or scene.photos) or words.word(text) in words.GLOBAL | words.HELLO or scene.talk().get("flow"):
        return None
    if understood.flow not in (None, "complaint") and understood.confidence >= SURE:
        return None
    if understood.flow == "complaint" and understood.intent != REPORT and understood.confidence >= SURE:
        return None
    if not scene.theirs.reports:
        return None
    asked = (id for id in cases.mine(scene.conn, scene.person.id) if cases.ever_asked(scene.conn, id))
    waiting = (cases.load(scene.conn, id) for id in asked)
    case = next((c for c in waiting if c.suspended_at and c.status in ALIVE), None)
    if case is None or another(understood, case.service):
        return None
    if scene.theirs.threads and any(t.state != "closed" for t in threads.mine(scene.conn, scene.person.id)):
        return None  # a person has the conversation, or is called
    more = {"note": text[:500] or "见照片", "photos": list(scene.photos)}
    caring: list[Effect] = [assistant.concern(understood.concern, text)] if understood.concern else []
    return [*caring, ActOnCase(case.id, "add", more)]
