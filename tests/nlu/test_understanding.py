"""An understanding finds out late what few ask for: once, and not because something else of it is changed."""

from __future__ import annotations

from typing import Any

from nlu import frozen
from nlu.understanding import LATER, Understanding

KNOWN = {"text": "楼道灯坏了", "flow": "complaint", "intent": "report_problem", "confidence": 0.9}


def test_a_change_finds_out_nothing_and_what_was_changed_stays() -> None:
    asked: list[str] = []

    def later(name: str) -> dict[str, object]:
        asked.append(name)
        return {"local": 0.4} if name == "local" else {"category": "lighting", "service": "lamp"}

    seen = Understanding.until_asked(later, **KNOWN)
    changed = seen.but(text="灯", service="gate")
    assert not asked
    assert (changed.text, changed.flow, changed.local) == ("灯", "complaint", 0.4)
    assert (changed.category, changed.service) == ("lighting", "gate"), "found out later, but changed before"
    assert asked == ["local", "category"]
    assert seen.text == "楼道灯坏了" and seen.service == "lamp"


def test_what_was_made_with_all_its_fields_is_changed_as_well() -> None:
    seen = Understanding("你好", None, "greet", 1.0)
    assert seen.but(flow="points") == Understanding("你好", "points", "greet", 1.0)
    assert all(getattr(seen, name) is not None for name in LATER)


def test_an_understanding_is_changed_like_any_frozen_value() -> None:
    """What it finds out later is no part of what it is made of: a press was a bug for half an hour."""
    known: dict[str, Any] = KNOWN
    assert frozen.replace(Understanding(**known), text="好") == Understanding(**{**known, "text": "好"})
