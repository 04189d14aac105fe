"""What pydantic finds wrong, said so that the writer of the file knows what to do."""

from __future__ import annotations

import difflib
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.community.reading import Document, Problem
from bot.community.schema import CommunityForm

_PLAIN = {
    "missing": "{name!r} is missing; add it",
    "string_type": "{name} must be text; put it in quotes",
    "int_type": "{name} must be a whole number",
    "float_type": "{name} must be a number",
    "list_type": "{name} must be a list (lines beginning with -)",
    "dict_type": "{name} must hold keys (lines like key: value)",
    "model_type": "{name} must hold keys (lines like key: value)",
    "too_short": "{name} needs at least {min_length} entries",
    "too_long": "{name} takes at most {max_length} entries",
    "text_too_short": "{name} needs at least {min_length} characters",
    "string_too_short": "{name} must not be empty",
    "string_too_long": "{name} takes at most {max_length} characters",
    "greater_than": "{name} must be more than {gt:g}",
    "greater_than_equal": "{name} must be at least {ge:g}",
    "less_than_equal": "{name} must be at most {le:g}",
    "literal_error": "{name} must be one of {expected}",
    "enum": "{name} must be one of {expected}",
}
_PATTERNS = {
    "key": "has no spaces and none of : * %",
    "numbers": 'looks like "1-12"',
    "code": "is 6 to 12 letters and digits, with a digit among them",
}


def problems(error: ValidationError, document: Document) -> list[Problem]:
    """Every pydantic error with its line."""
    return [Problem(document.line(e["loc"]), message(e)) for e in error.errors(include_url=False)]


def message(error: ErrorDetails) -> str:
    """One error in one sentence."""
    where = [step for step in error["loc"] if isinstance(step, str)]
    name = where[-1] if where else "the file"
    if name == "[key]" and len(where) > 1:  # pydantic's mark of a mapping's key
        kind = "text" if "texts" in where else "channel"
        return f"unknown {kind} {where[-2]!r}; {_one_of(error)}"
    context: dict[str, Any] = dict(error.get("ctx") or {})
    if error["type"] == "extra_forbidden":
        return _unknown(name, _known(where[:-1]))
    if error["type"] == "value_error":
        return f"{name} {context.get('error', error['msg'])}" if name == "at" else f"{name}: {context.get('error')}"
    if error["type"] == "string_pattern_mismatch":
        return f"{name} {_PATTERNS.get(name, 'is not written as it should be')}, not {_short(error['input'])}"
    kind = "text_too_short" if error["type"] == "too_short" and isinstance(error["input"], str) else error["type"]
    kind = "string_too_short" if error["type"] == "too_short" and context.get("min_length") == 1 else kind
    text = _PLAIN.get(kind)
    shown = "" if error["type"] == "missing" else f", not {_short(error['input'])}"
    return text.format(name=name, **context) + shown if text else f"{name}: {error['msg']}{shown}"


def _one_of(error: ErrorDetails) -> str:
    return f"use one of {(error.get('ctx') or {}).get('expected', 'the known ones')}"


def _unknown(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, 1, 0.6)
    hint = f"did you mean {near[0]!r}?" if near else "known here: " + ", ".join(known)
    return f"unknown key {name!r}; {hint}"


def _known(where: list[str]) -> list[str]:
    """The keys a model at this place knows."""
    model: type[BaseModel] = CommunityForm
    for step in where:
        for name, field in model.model_fields.items():
            inner = _model_in(field.annotation) if step in (field.alias, name) else None
            model = inner or model
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)


def _short(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 40 else shown[:37] + "…"
