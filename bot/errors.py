"""An error a person at the command line can mend: the message says what and how; the program exits with 2."""

from __future__ import annotations


class Wrong(Exception):
    """What is wrong, where, and what to do."""
