"""Rasa's HTTP API as an engine: the flow comes from the server, everything else from the embedded engine."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import httpx

from nlu.normalize import clean
from nlu.understanding import Engine, LocalService, Understanding

LONGEST = 512  # characters: Rasa's cost grows with length (a 4,096-character message costs 44 times a short one)
READ = 100_000  # characters of a message that are looked at for its first LONGEST visible ones
TIMEOUT = httpx.Timeout(2.0, connect=0.5)
FAILURES = 3  # in a row, then the breaker opens
REST = 30.0  # seconds it stays open
SURE = 0.5  # below, a chain takes the embedded engine's word
FALLBACK = "nlu_fallback"  # Rasa's word for "unsure" stands in the ranking, but is no intent

# Rasa strips white space of any kind and obeys what then begins with a slash ("/greet{…}") as that intent, wholly sure.
_COMMAND = re.compile(r"^[\s/]+")


class Unanswered(Exception):
    """The server did not answer, answered nonsense, or is being left alone after failing."""


class RasaEngine:
    """Asks POST /model/parse. When the server does not answer, the embedded engine's understanding stands alone.

    Talk that is overheard in groups is never sent to the server. After FAILURES failures in a row the server is left
    alone for REST seconds of `monotonic`; then one message tries it again.
    """

    def __init__(
        self,
        url: str,
        embedded: Engine,
        *,
        client: httpx.Client | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url = f"{url.rstrip('/')}/model/parse"
        self._embedded = embedded
        # The server stands beside us: a proxy of the environment has no part in it.
        self._client = client or httpx.Client(timeout=TIMEOUT, trust_env=False)
        self._monotonic = monotonic
        self._failures = 0
        self._open_until = float("-inf")

    def understand(self, text: str, *, local_services: Sequence[LocalService] = ()) -> Understanding:
        """The understanding; raises nothing."""
        own = self._embedded.understand(text, local_services=local_services)
        try:
            return self.parse(own)
        except Unanswered:
            return own

    def quick(self) -> Engine:
        """The engine for group talk that is not addressed to the assistant: it stays in the house."""
        return quick_of(self._embedded)

    def parse(self, own: Understanding) -> Understanding:
        """`own` with the flow the server says; raises Unanswered."""
        asked = asked_of(own.text)
        if not any(c.isalnum() for c in asked):
            return own
        now = self._monotonic()
        if now < self._open_until:
            raise Unanswered("left alone after failing")
        try:
            answer = self._client.post(self._url, json={"text": asked})
            answer.raise_for_status()
            ranking = ranking_of(answer.json())
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, LookupError, TypeError, RecursionError) as error:
            self._failed()
            raise Unanswered(type(error).__name__) from error
        self._failures = 0
        return understood(own, ranking) if ranking else own

    def _failed(self) -> None:
        self._failures += 1
        if self._failures >= FAILURES:  # stays so until an answer comes: after the rest, one more failure is enough
            self._open_until = self._monotonic() + REST


def asked_of(text: str) -> str:
    """What is sent: visible characters only, no leading slash, at most LONGEST characters."""
    return _COMMAND.sub("", clean(text[:READ]))[:LONGEST]


def ranking_of(answer: Any) -> list[tuple[str, float]]:
    """(intent, confidence) pairs of the server's JSON; raises ValueError, LookupError or TypeError on nonsense."""
    pairs = [(str(row["name"]), float(row["confidence"])) for row in answer["intent_ranking"]]
    if not all(0 <= confidence <= 1.001 for _, confidence in pairs):
        raise ValueError("a confidence outside 0..1")
    return [pair for pair in pairs if pair[0] != FALLBACK]


def understood(own: Understanding, ranking: Sequence[tuple[str, float]]) -> Understanding:
    """`own` with confidences of intents added up by flow; the intent is the best one of the best flow."""
    flows: dict[str, float] = {}
    for intent, confidence in ranking:
        name = flow_of(intent)
        flows[name] = min(1.0, flows.get(name, 0.0) + confidence)
    ranked = tuple(sorted(flows.items(), key=lambda item: (-item[1], item[0])))
    best, confidence = ranked[0]
    return replace(
        own,
        flow=None if best == "chatter" else best,
        intent=max((c, intent.partition("/")[0]) for intent, c in ranking if flow_of(intent) == best)[1],
        confidence=confidence,
        ranking=ranked,
    )


def flow_of(intent: str) -> str:
    """The flow an intent belongs to; what belongs to none is chatter."""
    return FLOW_OF.get(intent.partition("/")[0], "chatter")


def quick_of(engine: Engine) -> Engine:
    """The quicker form of an engine that has one."""
    quick = getattr(engine, "quick", None)
    made: Engine = quick() if quick else engine
    return made


class Chain:
    """Rasa first; the embedded engine when Rasa does not answer or is not sure."""

    def __init__(self, rasa: RasaEngine, embedded: Engine) -> None:
        self._rasa = rasa
        self._embedded = embedded

    def understand(self, text: str, *, local_services: Sequence[LocalService] = ()) -> Understanding:
        own = self._embedded.understand(text, local_services=local_services)
        try:
            found = self._rasa.parse(own)
        except Unanswered:
            return own
        return found if found.confidence >= SURE else own

    def quick(self) -> Engine:
        """The engine for group talk that is not addressed to the assistant."""
        return quick_of(self._embedded)


FLOW_OF = {
    "report_problem": "complaint",
    "case_status": "complaint",
    "nudge_case": "complaint",
    "ask_law": "legal",
    "join_activity": "volunteer",
    "cancel_shift": "volunteer",
    "volunteer_record": "volunteer",
    "ask_balance": "points",
    "ask_statement": "points",
    "ask_rules": "points",
    "redeem": "points",
    "bind_household": "points",
    "ask_human": "human",
    "ask_help": "help",
}
