"""What a message means before any model is asked: set phrases, and a problem of this place told in few words."""

from __future__ import annotations

import re
from dataclasses import replace

from flows.registry import Registry
from nlu.normalize import normalize
from nlu.understanding import Understanding

UNSURE = 0.8  # the understanding is believed above this
LOCAL = 0.5  # it reads like a problem of this neighbourhood
SERVICE = 0.6  # and it is clear which one
GUESSED = 0.6  # enough to begin, too little to leave an open question
SOLVED = re.compile(r"[修弄换搞]好|好了|解决了|谢|来[水电气]了")


def meant(flows: Registry, seen: Understanding) -> Understanding:
    """The understanding of what somebody said to the assistant itself, never of talk it overhears."""
    text = normalize(seen.text[:100]).strip(" 　。.!！~、,，?？")
    for flow in flows.menu:
        intent = flow.words(text)
        if intent:
            sure = GUESSED if text.isdecimal() else 1.0  # bare digits may answer an open question
            return replace(seen, flow=flow.name, intent=intent, confidence=sure)
    believed = seen.flow is not None and seen.confidence >= UNSURE
    likely = seen.local >= LOCAL and bool(seen.services) and seen.services[0][1] >= SERVICE
    if likely and not believed and not seen.danger and not SOLVED.search(text):
        return replace(seen, flow="complaint", intent="report_problem", confidence=GUESSED)
    return seen
