"""Rasa's HTTP API as an engine: the flow comes from the server, everything else from the embedded engine."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import httpx

from nlu.understanding import Engine, LocalService, Understanding

LONGEST = 512  # characters: Rasa's cost grows with length (a 4,096-character message costs 44 times a short one)
TIMEOUT = httpx.Timeout(2.0, connect=0.5)
FAILURES = 3  # in a row, then the breaker opens
REST = 30.0  # seconds it stays open
SURE = 0.5  # below, a chain takes the embedded engine's word


class Unanswered(Exception):
    """The server did not answer, answered nonsense, or is being left alone after failing."""


class RasaEngine:
    """Asks POST /model/parse. When the server does not answer, the embedded engine's understanding stands alone.

    A message that begins with a slash would be obeyed as an intent by Rasa ("/greet{…}"): the slash is stripped.
    """

    def __init__(
        self, url: str, embedded: Engine, *, flow_of: dict[str, str] | None = None, client: httpx.Client | None = None
    ) -> None:
        self._url = f"{url.rstrip('/')}/model/parse"
        self._embedded = embedded
        self._flow_of = flow_of or FLOW_OF
        self._client = client or httpx.Client(timeout=TIMEOUT)
        self._failures = 0
        self._open_until = 0.0

    def understand(self, text: str, *, local_services: Sequence[LocalService] = ()) -> Understanding:
        """The understanding; raises nothing."""
        own = self._embedded.understand(text, local_services=local_services)
        try:
            return self.parse(own)
        except Unanswered:
            return own

    def parse(self, own: Understanding) -> Understanding:
        """`own` with the flow the server says; raises Unanswered."""
        asked = own.text.lstrip("/ ")[:LONGEST]
        if not asked.strip():
            return own
        if time.monotonic() < self._open_until:
            raise Unanswered("left alone after failing")
        try:
            answer = self._client.post(self._url, json={"text": asked})
            answer.raise_for_status()
            ranking = [(str(r["name"]), float(r["confidence"])) for r in answer.json()["intent_ranking"]]
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            self._failed()
            raise Unanswered(type(error).__name__) from error
        self._failures = 0
        return self._understood(own, ranking) if ranking else own

    def _failed(self) -> None:
        self._failures += 1
        if self._failures >= FAILURES:
            self._failures = 0
            self._open_until = time.monotonic() + REST

    def _understood(self, own: Understanding, ranking: list[tuple[str, float]]) -> Understanding:
        """Confidences of intents added up by flow."""
        flows: dict[str, float] = {}
        for intent, confidence in ranking:
            name = self._flow_of.get(intent.partition("/")[0], "chatter")
            flows[name] = min(1.0, flows.get(name, 0.0) + confidence)
        best, confidence = max(flows.items(), key=lambda item: item[1])
        return replace(
            own,
            flow=None if best == "chatter" else best,
            intent=ranking[0][0].partition("/")[0],
            confidence=confidence,
            ranking=tuple(sorted(flows.items(), key=lambda item: -item[1])),
        )


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
