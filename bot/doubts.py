"""Marks what began a conversation in private and was not clear, for `linli nlu review`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.plainly import UNSURE
from nlu.understanding import Understanding
from storage import doubts

if TYPE_CHECKING:
    from bot.turn import Scene


def note(scene: Scene, understood: Understanding) -> None:
    """Answers to a question, words of colleagues and cries for help are no doubt about what somebody wants."""
    if understood.confidence >= UNSURE or understood.danger or scene.staff or scene.said.reply_to:
        return
    if not scene.said.text.strip() or scene.talk().get("flow"):
        return
    doubts.note(scene.conn, scene.row.id, understood.confidence)
