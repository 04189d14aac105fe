"""The ways a decision says no to a person; the message is what the person reads."""

from __future__ import annotations

from collections.abc import Mapping


class Unclear(Exception):
    """The resident can mend it: the message says how, and the question is asked again."""


class WrongAnswer(Unclear):
    """It answers what was asked, but cannot be so: in a group it is told as well, where other talk is left alone."""


class NotAllowed(Exception):
    """A rule forbids it: the message says which, and what can be done instead."""


class Suspicious(NotAllowed):
    """Refused, and kept in the audit trail: somebody tried what nobody does by mistake. `subject` holds ids only."""

    def __init__(self, message: str, action: str, subject: Mapping[str, object]) -> None:
        super().__init__(message)
        self.action = action
        self.subject = subject


class Refused(str):
    """The reason of a refusal where a short answer stands: nothing was done, and what was typed can stay."""

    __slots__ = ()
