"""What WeChat's error codes mean for a message: wait for the person, try later, never, or they are gone."""

from __future__ import annotations

from bot.channels.base import WAITS, SendError
from bot.channels.weixin.api import BUSY, STALE_TOKEN, ApiError

WINDOW_OVER = frozenset({45015, 45047})  # 48 hours are over; as many as are allowed went out
NOT_ALLOWED = frozenset({48001, 48002})  # the account may not write first, or they want no messages: only answers go
OUR_SIDE = frozenset({48004, 50002})  # the interface, or the account, was closed to us
GONE = frozenset({40003, 43004, 43019, 46004})  # no such follower (any more), or one on the account's black list
UNSUBSCRIBED = 43101  # this notice is not (any more) one they agreed to
DAY_QUOTA = 45009
QUOTA = frozenset({DAY_QUOTA, 45011})  # of the day, of the minute
DAY_QUOTA_WAIT = 1800.0


def send_error(error: ApiError) -> SendError:
    """The refusal as one of ours."""
    reason = str(error)
    if error.code in WINDOW_OVER | NOT_ALLOWED:
        return SendError(f"{WAITS} ({error.code})", transient=False, waits=True)
    if error.code in GONE:
        return SendError(reason, transient=False, gone="blocked")
    if error.code in QUOTA:
        wait = DAY_QUOTA_WAIT if error.code == DAY_QUOTA else 60.0
        return SendError(reason, transient=True, retry_after=wait, everywhere=True)
    if error.code in OUR_SIDE:
        return SendError(reason, transient=True, retry_after=DAY_QUOTA_WAIT, everywhere=True)
    if error.code in STALE_TOKEN:
        return SendError(f"the token is not taken: {reason}", transient=True, retry_after=60, everywhere=True)
    return SendError(reason, transient=error.code == BUSY)
