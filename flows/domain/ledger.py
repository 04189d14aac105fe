"""The rules of the points ledger: whole points, two accounts, a body that never changes, a chain of hashes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from flows.errors import NotAllowed

GENESIS = "0" * 64  # what the first transfer follows
MOST = 100_000  # points in one transfer: more is a slip of the finger
BOOK_LIMIT = 2_000_000_000  # no balance goes beyond, up or down: the column is 32 bits wide
KINDS = frozenset({"issuer", "household", "shop", "reserve"})


class NotPosted(NotAllowed):
    """The ledger refuses a transfer; nothing was written. The message is what a person may read."""


class BadTransfer(NotPosted):
    """The transfer makes no sense as such: its points, its accounts, its key."""


class KeyReused(NotPosted):
    """Another transfer was posted under this key."""


class NotEnough(NotPosted):
    """The source does not hold so many points."""


class BadReversal(NotPosted):
    """There is nothing to reverse, or it was reversed, or this does not reverse it."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """Points that move from one account to another, by account keys ("household:h1")."""

    key: str
    source: str
    target: str
    points: int
    by: str
    memo: str = ""
    rule: int | None = None
    reverses: int | None = None  # the transfer this one takes back


def account_kind(key: str) -> str:
    """What kind of account a key names. Raises BadTransfer for none that there is."""
    kind, colon, name = key.partition(":")
    if kind not in KINDS or not colon or not name or len(key) > 128:
        raise BadTransfer("没有这样的积分账户。")
    return kind


def check(transfer: Transfer) -> None:
    """Raise BadTransfer unless the transfer makes sense by itself."""
    points: object = transfer.points
    if not isinstance(points, int) or isinstance(points, bool):
        raise BadTransfer("积分要是整数。")
    if not 1 <= points <= MOST:
        raise BadTransfer(f"一笔积分要在1到{MOST}之间。")
    if transfer.source == transfer.target:
        raise BadTransfer("积分不能转给自己。")
    if not 1 <= len(transfer.key) <= 128 or not 1 <= len(transfer.by) <= 64 or len(transfer.memo) > 255:
        raise BadTransfer("这笔积分的编号、经手人或说明不完整，或太长了。")
    account_kind(transfer.source)
    account_kind(transfer.target)


def balances_after(transfer: Transfer, source: int, target: int) -> tuple[int, int]:
    """The balances of source and target afterwards. Raises NotEnough; only the issuer may go below zero."""
    source, target = source - transfer.points, target + transfer.points
    if source < 0 and account_kind(transfer.source) != "issuer":
        raise NotEnough("积分不够。")
    if source < -BOOK_LIMIT or target > BOOK_LIMIT:
        raise BadTransfer("积分数额超出了账本的上限。")
    return source, target


def reversal(original: Transfer, original_id: int, *, key: str, by: str, memo: str) -> Transfer:
    """The transfer that takes another one back. Raises BadReversal for one that is a reversal itself."""
    if original.reverses is not None:
        raise BadReversal("冲正的积分不能再冲正，请重新记一笔。")
    return Transfer(key, original.target, original.source, original.points, by, memo, original.rule, original_id)


def check_reversal(original: Transfer, transfer: Transfer) -> None:
    """Raise BadReversal unless the transfer moves the same points back."""
    back = (transfer.source, transfer.target, transfer.points) == (original.target, original.source, original.points)
    if original.reverses is not None or not back:
        raise BadReversal("冲正要原路退回同样多的积分。")


def digest(transfer: Transfer) -> str:
    """What tells one body from another (64 hexadecimal digits)."""
    body = [
        transfer.key,
        transfer.source,
        transfer.target,
        transfer.points,
        transfer.by,
        transfer.memo,
        transfer.rule,
        transfer.reverses,
    ]
    return hashlib.sha256(json.dumps(body, separators=(",", ":")).encode()).hexdigest()


def chain(previous: str, body: str, at: datetime) -> str:
    """The hash of an entry: changing, dropping or swapping any earlier one changes it."""
    return hashlib.sha256(f"{previous} {body} {at.astimezone(UTC).isoformat()}".encode()).hexdigest()
