"""What a person at the command line is told in words: what they can mend, and what is only not so now."""

from __future__ import annotations


class Wrong(Exception):
    """What is wrong, where, and what to do; the program exits with 2."""

    code = 2


class NotNow(Wrong):
    """Nothing is wrong with what was asked: the database is away. Exits with 75, as sysexits.h has it."""

    code = 75


def out_of_reach(where: str, why: object) -> str:
    """What is said of a database (its address without a password) that can't be reached, and what to look at."""
    hint = (
        "is its folder there and may this user write it, is the disk full, the file locked?"
        if where.startswith("sqlite")
        else "is it running, is the address right?"
    )
    return f"{where} can't be reached ({why}); {hint}"
