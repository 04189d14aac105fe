"""The understanding engine inside the process: linear models over character n-grams, weights as data."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from nlu.danger import danger
from nlu.features import Hashes, ngrams
from nlu.linear import Head, load_head, softmax
from nlu.normalize import fold, normalize
from nlu.slots import find_slots
from nlu.understanding import LocalService, Understanding

SERVICES_TOLD = 5
EMPTY_INTENT = "chatter"


@dataclass(frozen=True, slots=True)
class Tuned:
    """The few numbers tuned on development data; nlu/tuned.json says with which command."""

    intent_temperature: float = 1.0
    service_temperature: float = 1.0
    local_temperature: float = 1.0
    local_service_near: float = 0.35  # likeness to a local service's phrases from which it is preferred to its default


@dataclass(frozen=True, slots=True)
class EmbeddedEngine:
    """Fulfils `Engine`. `services` maps a service key to (category, label7)."""

    intent: Head
    service: Head
    local: Head
    flow_of: Mapping[str, str]
    services: Mapping[str, tuple[str, str]]
    tuned: Tuned = Tuned()

    @classmethod
    def load(cls, weights: Path, services: Mapping[str, tuple[str, str]]) -> EmbeddedEngine:
        """Reads the weights directory; raises OSError or ValueError when it is not one, KeyError when a service is unknown."""
        meta = json.loads((weights / "heads.json").read_text("utf-8"))
        for key in meta["service"]:
            services[key]
        tuned_file = weights.parent / "tuned.json"
        tuned = json.loads(tuned_file.read_text("utf-8"))["numbers"] if tuned_file.exists() else {}
        heads = {name: load_head(weights / f"{name}.npz", meta[name]) for name in ("intent", "service", "local")}
        return cls(heads["intent"], heads["service"], heads["local"], meta["flow_of"], services, Tuned(**tuned))

    def understand(self, text: str, *, local_services: Sequence[LocalService] = ()) -> Understanding:
        normal = normalize(text)
        grams = ngrams(fold(normal))
        hazard, concern = danger(normal)
        slots = find_slots(normal)
        intents = softmax(self.intent.scores(grams), self.tuned.intent_temperature)
        ranking = self._flows(intents)
        best = ranking[0][0]
        intent = max(
            (p, name)
            for name, p in zip(self.intent.classes, intents.tolist(), strict=True)
            if self.flow_of[name] == best
        )[1]
        if not any(c.isalnum() for c in normal):
            best, intent, ranking = "chatter", EMPTY_INTENT, (("chatter", 1.0),)
        category, label7, ranked = self._services(grams)
        ranked = _with_local(grams, ranked, local_services, self.tuned.local_service_near)
        return Understanding(
            text=text,
            flow=None if best == "chatter" else best,
            intent=intent,
            confidence=ranking[0][1],
            ranking=ranking,
            category=category,
            service=ranked[0][0],
            label7=label7,
            services=ranked[:SERVICES_TOLD],
            danger=hazard,
            concern=concern,
            local=float(softmax(self.local.scores(grams), self.tuned.local_temperature)[1]),
            slots=slots,
        )

    def _flows(self, intents: np.ndarray) -> tuple[tuple[str, float], ...]:
        """Flows by summed probability of their intents, best first; names decide ties."""
        total: dict[str, float] = {}
        for name, p in zip(self.intent.classes, intents.tolist(), strict=True):
            total[self.flow_of[name]] = total.get(self.flow_of[name], 0.0) + p
        return tuple(sorted(total.items(), key=lambda item: (-item[1], item[0])))

    def _services(self, grams: Hashes) -> tuple[str, str, tuple[tuple[str, float], ...]]:
        """Category, label7 and services: a service counts for more when its whole category and label are likely."""
        chances = dict(
            zip(
                self.service.classes,
                softmax(self.service.scores(grams), self.tuned.service_temperature).tolist(),
                strict=True,
            )
        )
        category: dict[str, float] = {}
        label: dict[str, float] = {}
        for key, p in chances.items():
            name, label7 = self.services[key]
            category[name] = category.get(name, 0.0) + p
            label[label7] = label.get(label7, 0.0) + p
        joint = {
            key: p**0.3 * category[self.services[key][0]] * label[self.services[key][1]] for key, p in chances.items()
        }
        total = sum(joint.values())
        ranked = tuple(sorted(((key, p / total) for key, p in joint.items()), key=lambda item: (-item[1], item[0])))
        name, label7 = self.services[ranked[0][0]]
        return name, label7, ranked


def _with_local(
    grams: Hashes, ranked: tuple[tuple[str, float], ...], local_services: Sequence[LocalService], near: float
) -> tuple[tuple[str, float], ...]:
    """A community's own service stands before the default one it is like, when the message is near one of its phrases."""
    chance = dict(ranked)
    best: tuple[float, str, str] | None = None
    for service in local_services:
        likeness = max((_likeness(grams, _phrase(phrase)) for phrase in service.phrases), default=0.0)
        if likeness >= near and chance.get(service.like, 0.0) > 0 and (best is None or likeness > best[0]):
            best = (likeness, service.key, service.like)
    if best is None:
        return ranked
    likeness, key, like = best
    return ((key, max(chance[like], likeness)), *ranked)


@lru_cache(maxsize=4096)
def _phrase(phrase: str) -> Hashes:
    return ngrams(fold(normalize(phrase)))


def _likeness(message: Hashes, phrase: Hashes) -> float:
    """Cosine of two sets of n-grams."""
    if not len(message) or not len(phrase):
        return 0.0
    return len(np.intersect1d(message, phrase, assume_unique=True)) / float(np.sqrt(len(message) * len(phrase)))
