"""The two ways a decision says no to a person; the message is what the person reads."""

from __future__ import annotations


class Unclear(Exception):
    """The resident can mend it: the message says how, and the question is asked again."""


class NotAllowed(Exception):
    """A rule forbids it: the message says which, and what can be done instead."""
