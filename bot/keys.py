"""One-time codes somebody types or brings by a link: of a member of staff, of a case, of another account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import facts, filing, linking
from flows.assistant import texts
from flows.effects import Effect, Say, UseCode
from nlu.late import regex
from nlu.normalize import aligned
from storage import codes, guesses, people

if TYPE_CHECKING:
    from bot.turn import Scene

GUESS = regex(r"\d{8}")  # the form of a code that binds staff


def typed(scene: Scene) -> list[Effect] | None:
    """Somebody typed the one-time code that binds this chat account to a member of staff."""
    word = aligned(scene.said.text).strip().removeprefix("绑定").strip()
    if not facts.CODE.fullmatch(word) or not guesses.allowed(scene.conn, scene.person.id, scene.now):
        return None
    row = bindable(scene, word.upper())
    if row is None and GUESS.fullmatch(word) and _counts(scene, word):
        guesses.missed(scene.conn, scene.person.id, scene.now)
    return bind(scene, row) if row else None


def _counts(scene: Scene, word: str) -> bool:
    """Whether a number is a wrong guess: no household's code, and not about to be looked at as one."""
    open_flow = scene.talk().get("flow")
    return (
        not str(open_flow).startswith("points")
        and codes.find(scene.conn, word, kind="household", now=scene.now) is None
    )


def bindable(scene: Scene, word: str) -> codes.CodeRow | None:
    """The code of a member of staff, of a case that was filed for somebody, or of another account."""
    found = (codes.find(scene.conn, word, kind=kind, now=scene.now) for kind in ("staff", "case", "account"))
    return next((row for row in found if row), None)


def bind(scene: Scene, row: codes.CodeRow) -> list[Effect]:
    if row.kind == "account":
        return linking.asked(scene, row)
    if row.kind == "case":
        return filing.bound(scene, row)
    staff = people.staff_by_id(scene.conn, [int(row.subject["staff"])])
    if not staff:
        return [Say(texts.STALE_BUTTON)]
    return [UseCode(row.id, scene.person.id), Say(f"{staff[0].name}，已绑定。以后您负责的事会发到这里。")]


def brought(scene: Scene) -> codes.CodeRow | None:
    token = scene.said.token or ""
    if GUESS.fullmatch(token):  # a short code in a link: as easy to guess as a typed one
        return _typed(scene, token)
    for kind in ("link", "staff", "place"):
        row = codes.find(scene.conn, token, kind=kind, now=scene.now) if token else None
        if row and row.person_id in (None, scene.person.id):
            return row
    return None


def _typed(scene: Scene, token: str) -> codes.CodeRow | None:
    if not guesses.allowed(scene.conn, scene.person.id, scene.now):
        return None
    row = bindable(scene, token)
    if row is None:
        guesses.missed(scene.conn, scene.person.id, scene.now)
    return row
