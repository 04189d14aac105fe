"""What WeCom's answers mean for a message: errors, and failures that stand inside a success."""

from __future__ import annotations

from typing import Any

from bot.channels.base import SendError
from bot.channels.weixin.api import BUSY, STALE_TOKEN, ApiError

# From the list of global codes (document 90313).
GONE = frozenset({40031, 50002, 60011, 60111, 81013})  # no such member, or not one the app may see
NO_GROUP = frozenset({40050, 86001, 86003, 86008, 93000, 93004, 93008})  # no such group or robot, or not this app's
OFTEN = frozenset({45009, 45033})
OUR_SIDE = frozenset({40013, 40056, 48002, 60020, 301002})  # settings, rights, an address that is not a trusted one

WHY_MISSED = {
    "unlicenseduser": "no licence for the interface",
    "invaliduser": "no such member, or not one the app may see",
}


def send_error(error: ApiError, *, group: bool = False) -> SendError:
    """The refusal as one of ours."""
    reason = str(error)
    if error.code in GONE and not group:
        return SendError(reason, transient=False, gone="blocked")
    if error.code in NO_GROUP:
        return SendError(reason, transient=False, gone="left")
    if error.code in OFTEN:
        return SendError(reason, transient=True, retry_after=60, everywhere=True)
    if error.code in STALE_TOKEN | OUR_SIDE:
        return SendError(reason, transient=True, retry_after=300, everywhere=True)
    return SendError(reason, transient=error.code == BUSY)


def unreached(answer: dict[str, Any], members: tuple[str, ...]) -> dict[str, str]:
    """Whom a message did not reach though the code is 0, and why: `invaliduser` and `unlicenseduser` say so. Raises
    SendError when it reached nobody."""
    said = {
        one.lower(): why for field, why in WHY_MISSED.items() for one in str(answer.get(field) or "").split("|") if one
    }
    missed = {one: f"not reached: {one}: {said[one.lower()]}" for one in members if one.lower() in said}
    if missed and len(missed) == len(members):
        why = next(iter(missed.values()))
        raise SendError(f"nobody was reached: {why}", transient=False, gone=None if len(members) > 1 else "blocked")
    return missed
