"""Who is asking: a visitor's random id and a member of staff's session, in signed cookies."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from itsdangerous import BadSignature, URLSafeSerializer
from starlette.requests import Request
from starlette.responses import Response

from bot.clock import Clock
from nlu.late import regex

VISITOR_COOKIE = "linli_visitor"
STAFF_COOKIE = "linli_staff"
FLASH_COOKIE = "linli_told"
FLASH_SECONDS = 300
STAFF_HOURS = 12
YEAR = 365 * 24 * 3600
VISITOR = regex(r"[0-9a-f]{20}")


@dataclass(frozen=True, slots=True)
class StaffSession:
    """A signed-in member of staff; `csrf` belongs into every form."""

    staff: int
    csrf: str


class Sessions:
    """Signs and reads the two cookies. `secure`: only over https."""

    def __init__(self, secret: str, clock: Clock, *, secure: bool) -> None:
        self._secret = secret
        self._clock = clock
        self._secure = secure
        self._visitors = URLSafeSerializer(secret, salt="visitor")
        self._words = URLSafeSerializer(secret, salt="words")
        self._staff = URLSafeSerializer(secret, salt="staff")

    def visitor(self, request: Request) -> str | None:
        """The visitor's id, if the cookie is ours."""
        try:
            found = self._visitors.loads(request.cookies.get(VISITOR_COOKIE, ""))
        except BadSignature:
            return None
        return found if isinstance(found, str) and VISITOR.fullmatch(found) else None

    def welcome(self, response: Response) -> str:
        """Give a new visitor an id."""
        visitor = secrets.token_hex(10)
        self._set(response, VISITOR_COOKIE, str(self._visitors.dumps(visitor)), YEAR)
        return visitor

    def sign_in(self, response: Response, staff: int) -> None:
        """Open a session of STAFF_HOURS."""
        until = (self._clock() + timedelta(hours=STAFF_HOURS)).timestamp()
        value = self._staff.dumps({"staff": staff, "until": until, "nonce": secrets.token_hex(8)})
        self._set(response, STAFF_COOKIE, str(value), STAFF_HOURS * 3600)

    def sign_out(self, response: Response) -> None:
        response.delete_cookie(STAFF_COOKIE, httponly=True, samesite="lax", secure=self._secure)

    def staff(self, request: Request) -> StaffSession | None:
        """The session, if it is ours and not over; whether the person still is staff is asked elsewhere."""
        cookie = request.cookies.get(STAFF_COOKIE, "")
        try:
            found = self._staff.loads(cookie)
        except BadSignature:
            return None
        if not isinstance(found, dict) or found.get("until", 0) <= self._clock().timestamp():
            return None
        csrf = hmac.new(self._secret.encode(), f"csrf:{cookie}".encode(), hashlib.sha256).hexdigest()
        return StaffSession(int(found["staff"]), csrf)

    def hand_on(self, response: Response, staff: int, text: str) -> None:
        """A text for the next page that this member of staff reads, kept in no address."""
        until = (self._clock() + timedelta(seconds=FLASH_SECONDS)).timestamp()
        value = self._words.dumps({"staff": staff, "until": until, "text": text})
        self._set(response, FLASH_COOKIE, str(value), FLASH_SECONDS)

    def handed(self, request: Request, staff: int) -> str:
        """The text, or "" when there is none for them any more."""
        try:
            found = self._words.loads(request.cookies.get(FLASH_COOKIE, ""))
        except BadSignature:
            return ""
        ours = isinstance(found, dict) and found.get("staff") == staff
        return str(found["text"]) if ours and found["until"] > self._clock().timestamp() else ""

    def digest(self, *parts: str) -> str:
        """32 hexadecimal digits that only we can compute: a handle nobody guesses."""
        return hmac.new(self._secret.encode(), "\0".join(parts).encode(), hashlib.sha256).hexdigest()[:32]

    def seal(self, text: str) -> str:
        """A text of ours that may travel in an address."""
        return str(self._words.dumps(text))

    def unseal(self, sealed: str) -> str:
        """The text, or "" when it is not ours."""
        try:
            return str(self._words.loads(sealed))
        except BadSignature:
            return ""

    def _set(self, response: Response, name: str, value: str, seconds: int) -> None:
        response.set_cookie(name, value, max_age=seconds, httponly=True, samesite="lax", secure=self._secure, path="/")
