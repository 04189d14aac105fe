"""Reads the XML of a callback: plain elements and text, nothing declared, nothing twice, nothing deep; pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat  # nosec - entities and document types are refused before they mean anything

DEEPEST = 6
MOST_ELEMENTS = 300


class Refused(Exception):
    """A callback that is not to be taken. Why is for us alone: the sender hears the same whatever it was."""


@dataclass(slots=True)
class _Reading:
    """What was read so far."""

    found: dict[str, str] = field(default_factory=dict)
    path: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    elements: int = 0

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if attributes or self.elements > MOST_ELEMENTS or len(self.path) >= DEEPEST:
            raise Refused("attributes, too deep or too much")
        if not self.path and name != "xml":
            raise Refused("the root is another one")
        if len(self.path) == 1 and name in self.found:
            raise Refused("an element stands twice")
        self.path.append(name)
        self.text.clear()
        if len(self.path) == 2:
            self.found[name] = ""

    def end(self, _name: str) -> None:
        if len(self.path) > 1:
            key = ".".join(self.path[1:])
            self.found[key] = self.found.get(key) or "".join(self.text).strip()
        self.path.pop()
        self.text.clear()


def read(body: bytes) -> dict[str, str]:
    """The elements below the root `xml` by name, inner ones as "Outer.Inner" (the first of several); raises Refused."""
    try:
        text = body.decode("utf-8")  # strictly, and nothing else: expat would take UTF-16 as well
    except UnicodeDecodeError:
        raise Refused("not UTF-8") from None
    reading = _Reading()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = reading.begin
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text.append
    parser.StartDoctypeDeclHandler = _no
    parser.EntityDeclHandler = _no
    parser.ProcessingInstructionHandler = _no
    parser.XmlDeclHandler = _declaration
    try:
        parser.Parse(text.strip(), True)
    except (expat.ExpatError, ValueError):
        raise Refused("no XML") from None
    return reading.found


def _no(*_: object) -> None:
    raise Refused("declarations")


def _declaration(_version: str, encoding: str | None, _standalone: int) -> None:
    if (encoding or "utf-8").lower() != "utf-8":
        raise Refused("another encoding")
