"""One-time codes: shown once, kept only as an HMAC, used once."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, or_, select, update

from storage.conflict import insert
from storage.database import secret_of
from storage.tables import code as codes

_LONG = 16  # bytes: nobody guesses it; 22 characters that a link may hold


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A code that may still be used."""

    id: int
    kind: str
    subject: Mapping[str, Any]
    person_id: int | None  # only this person may use it
    expires_at: datetime


def issue(
    conn: Connection,
    *,
    kind: str,
    subject: Mapping[str, Any],
    now: datetime,
    lifetime: timedelta,
    person_id: int | None = None,
    digits: int | None = None,
) -> str:
    """A new code: so many digits to be spoken, or 22 characters for a link. Raises RuntimeError when all are taken."""
    for _ in range(50):
        plain = "".join(secrets.choice("0123456789") for _ in range(digits)) if digits else secrets.token_urlsafe(_LONG)
        row = {
            "digest": _digest(conn, kind, plain),
            "kind": kind,
            "subject": subject,
            "person_id": person_id,
            "expires_at": now + lifetime,
            "used_at": None,
        }
        statement = insert(codes).values(row)
        statement = statement.on_conflict_do_update(
            index_elements=["digest"],
            set_={name: statement.excluded[name] for name in row},
            where=or_(codes.c.used_at.is_not(None), codes.c.expires_at <= now),  # short codes have to come round again
        )
        if conn.execute(statement.returning(codes.c.id)).scalar_one_or_none() is not None:
            return plain
    raise RuntimeError(f"no free code of {digits} digits")


def keep(
    conn: Connection, *, kind: str, given: Mapping[str, Mapping[str, Any]], now: datetime, lifetime: timedelta
) -> None:
    """Codes made elsewhere (handed out on paper), with what each stands for; one that was used stays used."""
    rows = [
        {
            "digest": _digest(conn, kind, plain),
            "kind": kind,
            "subject": subject,
            "expires_at": now + lifetime,
        }
        for plain, subject in given.items()
    ]
    if rows:
        statement = insert(codes)
        renewed = {name: statement.excluded[name] for name in ("subject", "expires_at")}
        conn.execute(statement.on_conflict_do_update(index_elements=["digest"], set_=renewed), rows)


def find(conn: Connection, code: str, *, kind: str, now: datetime) -> CodeRow | None:
    """What a code stands for; None when it is unknown, used or too old. The caller limits the guessing."""
    row = conn.execute(
        select(codes.c.id, codes.c.kind, codes.c.subject, codes.c.person_id, codes.c.expires_at).where(
            codes.c.digest == _digest(conn, kind, code), codes.c.used_at.is_(None), codes.c.expires_at > now
        )
    ).one_or_none()
    return None if row is None else CodeRow(*row)


def use(conn: Connection, id: int, now: datetime) -> bool:
    """Use a code up; False when somebody was faster, or it ran out."""
    result = conn.execute(
        update(codes).where(codes.c.id == id, codes.c.used_at.is_(None), codes.c.expires_at > now).values(used_at=now)
    )
    return result.rowcount == 1


def _digest(conn: Connection, kind: str, plain: str) -> str:
    # Lone surrogates come in from people who try things; they are no code, but no error either.
    message = f"code\0{kind}\0{plain}".encode("utf-8", "surrogatepass")
    return hmac.new(secret_of(conn), message, hashlib.sha256).hexdigest()
