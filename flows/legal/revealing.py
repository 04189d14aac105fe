"""What a resident lets the one who answers a legal question know of them, and nobody else."""

from __future__ import annotations

from flows.effects import ActOnThread, Consent, Effect
from flows.errors import Unclear
from flows.flow import Answers, Ask, Flow, Turn
from flows.legal import desk_texts


def _contact(turn: Turn, _answers: Answers) -> str:
    if len(turn.said.text.strip()) < 2:
        raise Unclear(desk_texts.ASK_CONTACT)
    return turn.said.text.strip()[:200]


def _reveal(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    """What the resident wants the one who answers to know, and nobody else."""
    agreed = Consent(turn.person, "legal_contact", "1")
    return (agreed, ActOnThread(int(answers["thread"]), "reveal", {"text": answers["text"]}))


REVEAL = Flow("thread_reveal", "", frozenset(), (Ask("text", desk_texts.ASK_CONTACT, _contact, free=True),), _reveal)
