"""YAML text into plain values, remembering on which line everything stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from nlu.late import regex

MAX_BYTES = 32 * 1024 * 1024
MAX_DEPTH = 40
Where = tuple[str | int, ...]

_PLAIN_TAGS = {None, "!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"}
_WHOLE = regex(r"[-+]?(?:0|[1-9]\d*)\Z")
_FRACTION = regex(r"[-+]?\d+\.\d+\Z")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
_CONTROL = regex("[\x00-\x08\x0b-\x1f\x7f]")
_NO_KEY = object()
_HINTS = (  # what the parser says, and what somebody who writes such a file can do
    ("cannot start any token", "a tab, or a sign such as @ or `: indent with spaces, put such text in quotes"),
    ("unexpected end of stream", "a quote or a bracket further up is not closed"),
    ("mapping values are not allowed", "two colons in one line: put the text in quotes"),
    ("expected", "look here and in the line before: indentation, a comma, a closing bracket"),
)
_START = "`linli community example` prints one to start from"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in the file; a warning does not stop an import."""

    line: int
    message: str
    warning: bool = False


@dataclass(slots=True)
class Document:
    """What the file says, where it says it, and what is wrong with its YAML; `data` is None when it can't be used."""

    data: Any = None
    problems: list[Problem] = field(default_factory=list)
    lines: dict[int, dict[Any, int]] = field(default_factory=dict)  # id of a container → step → line

    def line(self, where: Sequence[str | int]) -> int:
        """The line (1-based) of the value at `where`; of the nearest thing around it if there is no such value."""
        value, line = self.data, 1
        for step in where:
            known = self.lines.get(id(value), {})
            if step in known:
                value, line = value[step], known[step]
        return line


def read(text: bytes) -> Document:
    """Read YAML safely: no tags, no aliases, bounded size and depth. Never raises on any bytes."""
    document = Document()
    if len(text) > MAX_BYTES:
        return _refuse(document, 1, f"the file is larger than {MAX_BYTES >> 20} MB; make one file a subdistrict of it")
    try:
        decoded = text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _refuse(document, text.count(b"\n", 0, error.start) + 1, "not UTF-8 text; save the file as UTF-8")
    try:
        _build(decoded, document)
    except _Refused as error:
        return _refuse(document, error.line, str(error))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return _refuse(document, mark.line + 1 if mark else 1, _not_yaml(str(error.problem or error.context)))
    except yaml.YAMLError as error:
        at = int(getattr(error, "position", 0) or 0)
        return _refuse(document, decoded.count("\n", 0, at) + 1, f"not valid YAML: {getattr(error, 'reason', error)}")
    if document.data is None and not document.problems:
        return _refuse(document, 1, f"the file is empty; {_START}")
    return document


def _not_yaml(reason: str) -> str:
    hint = next((hint for part, hint in _HINTS if part in reason), "")
    return f"not valid YAML: {reason}{f'; {hint}' if hint else ''}"


def _refuse(document: Document, line: int, message: str) -> Document:
    document.data = None
    document.problems.append(Problem(line, message))
    return document


class _Refused(Exception):
    """The file can't be read on."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(slots=True)
class _Open:
    """A list or mapping that is being read."""

    value: Any
    lines: dict[Any, int]
    key: Any = _NO_KEY  # of a mapping: the key whose value comes next
    skip: bool = False  # the value that comes next has no place to go


def _build(text: str, document: Document) -> None:
    """Put the events together. Not yaml.compose: it recurses in C, and a file may nest until the stack is gone.

    The base loader resolves nothing: 08:30 stays a time and `no` a word.
    """
    loader = yaml.CBaseLoader(text)
    stack: list[_Open] = []
    try:
        while loader.check_event():
            event: Any = loader.get_event()
            line = event.start_mark.line + 1
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise _Refused(line, "anchors and aliases (&x, *x) are not allowed; write the value out")
            if isinstance(event, yaml.DocumentStartEvent) and document.lines:
                raise _Refused(line, "a second document (---) starts here; keep everything in one")
            if isinstance(event, yaml.CollectionEndEvent):
                stack.pop()
            elif isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
                _take(event, line, stack, document)
    finally:
        loader.dispose()


def _take(event: yaml.Event, line: int, stack: list[_Open], document: Document) -> None:
    value: Any = None
    tag = getattr(event, "tag", None)
    if tag not in _PLAIN_TAGS:
        document.problems.append(Problem(line, f"tags such as {tag!r} are not allowed; write the plain value"))
    elif isinstance(event, yaml.ScalarEvent):
        value = event.value if event.style or not event.implicit[0] else _scalar(event.value)
        if _CONTROL.search(event.value):
            document.problems.append(Problem(line, "control characters are not allowed; write plain text"))
    if isinstance(event, yaml.CollectionStartEvent):
        if len(stack) >= MAX_DEPTH:
            raise _Refused(line, f"nested more than {MAX_DEPTH} deep")
        value = {} if isinstance(event, yaml.MappingStartEvent) else []
    _place(event, value, line, stack, document)
    if isinstance(event, yaml.CollectionStartEvent):
        stack.append(_Open(value, document.lines.setdefault(id(value), {})))


def _place(event: yaml.Event, value: Any, line: int, stack: list[_Open], document: Document) -> None:
    """Give a value its place in the list or mapping that is open."""
    if not stack:
        document.data = value
        document.lines[0] = {}
        return
    around = stack[-1]
    if isinstance(around.value, list):
        around.lines[len(around.value)] = line
        around.value.append(value)
    elif around.key is not _NO_KEY:
        if not around.skip:
            around.value[around.key] = value
        around.key = _NO_KEY
    else:
        if not isinstance(event, yaml.ScalarEvent):
            raise _Refused(line, "a key must be a word")
        around.key, around.skip = event.value, event.value in around.value
        if around.skip:
            document.problems.append(Problem(line, f"{around.key!r} stands here twice; keep one of them"))
        else:
            around.lines[around.key] = line


def _scalar(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.match(text) and len(text) <= 18:
        return int(text)
    return float(text) if _FRACTION.match(text) and len(text) <= 32 else text
