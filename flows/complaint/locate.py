"""Where a complaint is: the place a message names, and whether it names any."""

from __future__ import annotations

import re
from typing import Any

from flows.domain.places import Found, Several
from flows.flow import Turn

GENERIC = re.compile(
    r"(?:我们?|咱们?|俺们?)?家?(?:小区|院|楼|单元|楼道|村|路|社区)?(?:里|内|外|楼下|楼上|门口|大门口?|路口|旁边|附近|对面|楼道|这里|这儿|那里|那边)?"
)


def vague(place: str) -> bool:
    """小区门口: a place only for somebody whose estate is known."""
    return GENERIC.fullmatch(place) is not None


def locate(turn: Turn, text: str) -> dict[str, Any] | None:
    """The place of a pin or in words, as the answer `place`; None: nothing that is known here."""
    facts = turn.facts
    if turn.said.location:
        near = facts.places.nearest(*turn.said.location)
        if near is not None:
            return {
                "text": facts.places.label(near.building or near.area),
                "area": near.area,
                "building": near.building,
            }
        lat, lon = turn.said.location
        return {"text": f"定位 {lat:.5f}, {lon:.5f}", "area": facts.area, "building": None}
    found = facts.places.find(text, within=facts.community, default=facts.area)
    said = turn.said.understood.slots.place or ""
    if isinstance(found, Several):
        return {"text": said or text[:100], "several": [c.building or c.area for c in found.candidates]}
    if isinstance(found, Found):
        name = facts.places.label(found.building or found.area)
        if found.building is None and said:  # their own word for the estate; a building we don't know stays in sight
            name = f"{name} {said}" if re.search(r"\d", said) and len(said) < len(name) else said
        return {"text": said if len(said) > len(name) else name, "area": found.area, "building": found.building}
    return None
