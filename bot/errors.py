"""What a person at the command line is told in words: what they can mend, and what is only not so now."""

from __future__ import annotations


class Wrong(Exception):
    """What is wrong, where, and what to do; the program exits with 2."""

    code = 2


class NotNow(Wrong):
    """Nothing is wrong with what was asked: the database is away. Exits with 75, as sysexits.h has it."""

    code = 75
