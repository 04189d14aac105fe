"""YAML text into plain values, remembering on which line everything stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

MAX_BYTES = 32 * 1024 * 1024
MAX_DEPTH = 40
Where = tuple[str | int, ...]

_PLAIN_TAGS = {"tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"}
_WHOLE = re.compile(r"[-+]?(?:0|[1-9]\d*)\Z")
_FRACTION = re.compile(r"[-+]?\d+\.\d+\Z")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in the file; a warning does not stop an import."""

    line: int
    message: str
    warning: bool = False


@dataclass(slots=True)
class Document:
    """What the file says, where it says it, and what is wrong with its YAML."""

    data: Any
    root: yaml.Node | None
    problems: list[Problem] = field(default_factory=list)

    def line(self, where: Sequence[str | int]) -> int:
        """The line (1-based) of the value at `where`; of the nearest thing around it if there is no such value."""
        node, line = self.root, 1
        for step in where:
            found = _child(node, step)
            if found is not None:
                node, line = found
        return line


def read(text: bytes) -> Document:
    """Read YAML safely: no tags, no aliases, bounded size and depth. Never raises on any bytes."""
    if len(text) > MAX_BYTES:
        return _refused(
            1, f"the file is larger than {MAX_BYTES // 1024 // 1024} MB; split it into one file a subdistrict"
        )
    try:
        decoded = text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _refused(text.count(b"\n", 0, error.start) + 1, "not UTF-8 text; save the file as UTF-8")
    too_deep = _too_deep(decoded)
    if too_deep:
        return _refused(too_deep, f"nested more than {MAX_DEPTH} deep")
    try:
        # The base loader resolves nothing: 08:30 stays a time and `no` a word, and it is three times as fast.
        root = yaml.compose(decoded, Loader=yaml.CBaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return _refused(mark.line + 1 if mark else 1, f"not valid YAML: {error.problem or error.context}")
    except yaml.YAMLError as error:
        return _refused(_line_of(decoded, error), f"not valid YAML: {getattr(error, 'reason', error)}")
    document = Document(None, root)
    if root is None:
        document.problems.append(Problem(1, "the file is empty; `linli community example` prints one to start from"))
    else:
        document.data = _value(root, document.problems, set(), 0)
    return document


def _refused(line: int, message: str) -> Document:
    return Document(None, None, [Problem(line, message)])


def _line_of(text: str, error: yaml.YAMLError) -> int:
    return text.count("\n", 0, int(getattr(error, "position", 0) or 0)) + 1


def _too_deep(text: str) -> int:
    """The line where flow brackets nest too deep: libyaml would recurse on them until the stack is gone."""
    if max(text.count("["), text.count("{")) <= MAX_DEPTH // 2:
        return 0
    depth = 0
    for number, line in enumerate(text.split("\n"), 1):
        for found in re.findall(r"[\[{\]}]", line):
            depth = max(0, depth + (1 if found in "[{" else -1))
            if depth > MAX_DEPTH:
                return number
        if len(line) - len(line.lstrip(" -?")) > MAX_DEPTH * 8:
            return number
    return 0


def _value(node: yaml.Node, problems: list[Problem], seen: set[int], depth: int) -> Any:
    line = node.start_mark.line + 1
    if node.tag not in _PLAIN_TAGS:
        problems.append(Problem(line, f"tags such as {node.tag!r} are not allowed; write the plain value"))
        return None
    if isinstance(node, yaml.ScalarNode):
        return node.value if node.style else _scalar(node.value)
    if id(node) in seen or depth > MAX_DEPTH:
        problems.append(Problem(line, "anchors and aliases (&x, *x) are not allowed; write the value out"))
        return None
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, problems, seen, depth + 1) for item in node.value]
    assert isinstance(node, yaml.MappingNode)
    return _mapping(node, problems, seen, depth)


def _mapping(node: yaml.MappingNode, problems: list[Problem], seen: set[int], depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, item in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            problems.append(Problem(line, "a key must be a word"))
        elif key.value in found:
            problems.append(Problem(line, f"{key.value!r} stands here twice; keep one of them"))
        else:
            found[key.value] = _value(item, problems, seen, depth + 1)
    return found


def _scalar(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.match(text) and len(text) <= 18:
        return int(text)
    return float(text) if _FRACTION.match(text) and len(text) <= 32 else text


def _child(node: yaml.Node | None, step: str | int) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        item = node.value[step]
        return item, item.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, item in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value == str(step):
                return item, key.start_mark.line + 1
    return None
