"""The understanding engine inside the process: linear models over character n-grams, weights as data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu.danger import TUNED, danger
from nlu.features import Hashes, ngrams
from nlu.linear import Floats, Head, load_head, softmax
from nlu.matters import matters, others
from nlu.normalize import fold, normalize
from nlu.second import SecondOpinion, load_second
from nlu.slots import find_slots
from nlu.understanding import LocalService, Understanding

SERVICES_TOLD = 5
LONG, CLAUSE = 24, 6  # characters from which a message has clauses, and of which a clause has at least
_STOPS = re.compile(r"[,，。!！?？;；:： ]")


@dataclass(frozen=True, slots=True)
class Tuned:
    """The few numbers tuned on development data; nlu/tuned.json says with which command."""

    intent_temperature: float = 1.0
    service_temperature: float = 1.0
    local_temperature: float = 1.0
    chatter_bias: float = 0.0  # added to the scores of chatter
    report_bias: float = 0.0  # added to the score of reporting a problem
    first_clause: float = 0.3  # how much the first clause of a longer message counts: letters open with their title
    unsure_flow: float = 0.9  # below this the second stage is asked about the flow
    unsure_category: float = 0.7  # and below this about the service
    second_flow: float = 0.4  # how much the second stage's word weighs
    second_service: float = 0.6
    local_service_near: float = 0.35  # likeness to a local service's phrases from which it is preferred to its default


@dataclass(frozen=True, slots=True)
class EmbeddedEngine:
    """Fulfils `Engine`. `services` maps a service key to (category, label7)."""

    intent: Head
    service: Head
    local: Head
    flow_of: Mapping[str, str]
    services: Mapping[str, tuple[str, str]]
    category_at: NDArray[np.intp]  # of each service class, the number of its category
    label_at: NDArray[np.intp]
    tuned: Tuned = Tuned()
    second: SecondOpinion | None = None
    overhears: bool = False  # what it reads was said to others

    @classmethod
    def load(cls, weights: Path, services: Mapping[str, tuple[str, str]], *, second: bool = True) -> EmbeddedEngine:
        """Reads the weights directory; raises OSError, ValueError, or KeyError when a service is unknown."""
        meta = json.loads((weights / "heads.json").read_text("utf-8"))
        tuned = json.loads(TUNED.read_text("utf-8"))["numbers"]
        numbers = Tuned(**{name: value for name, value in tuned.items() if "." not in name})
        heads = {name: load_head(weights / f"{name}.npz", meta[name]) for name in ("intent", "service", "local")}
        opinion = load_second(weights / "second.npz", meta["intent"], meta["service"]) if second else None
        labels = [services[key] for key in meta["service"]]
        return cls(
            intent=heads["intent"],
            service=heads["service"],
            local=heads["local"],
            flow_of=meta["flow_of"],
            services=services,
            category_at=_numbered(category for category, _ in labels),
            label_at=_numbered(label7 for _, label7 in labels),
            tuned=numbers,
            second=opinion,
        )

    def quick(self) -> EmbeddedEngine:
        """The same engine without the second stage: for group talk that is not addressed to the assistant."""
        return replace(self, second=None, overhears=True)

    def understand(self, text: str, *, local_services: Sequence[LocalService] = ()) -> Understanding:
        """Where the message has several matters, what is said of it is said of the first; danger is of the whole."""
        whole = self._one(text, local_services)
        several = matters(text, lambda part: self.quick()._one(part, local_services))
        if not several:
            return whole
        first = several[0]
        told = replace(first, text=text, first=first.text, others=others(several))
        return replace(told, danger=whole.danger, concern=whole.concern)

    def _one(self, text: str, local_services: Sequence[LocalService]) -> Understanding:
        normal = normalize(text)
        folded = fold(normal)
        grams = ngrams(folded)
        hazard, concern = danger(normal, overheard=self.overhears)
        intents, chances = self._judge(folded, grams)
        ranking = self._flows(intents)
        if not any(c.isalnum() for c in normal):
            ranking = (("chatter", 1.0),)
        best = ranking[0][0]
        ranked = self._services(chances)
        category, label7 = self.services[ranked[0][0]]
        ranked = _with_local(grams, ranked, local_services, self.tuned.local_service_near)
        return Understanding(
            text=text,
            flow=None if best == "chatter" else best,
            intent=self._intent(best, intents),
            confidence=ranking[0][1],
            ranking=ranking,
            category=category,
            service=ranked[0][0],
            label7=label7,
            services=ranked[:SERVICES_TOLD],
            danger=hazard,
            concern=concern,
            local=float(softmax(self.local.scores(grams), self.tuned.local_temperature)[1]),
            slots=find_slots(normal),
        )

    def _judge(self, folded: str, grams: Hashes) -> tuple[Floats, Floats]:
        """Chances of intents and of services: the first stage's, and where it is unsure the second's mixed in."""
        scores = self.intent.scores(grams)
        opening = first_clause(folded)
        if opening:
            weight = np.float32(self.tuned.first_clause)
            scores = (1 - weight) * scores + weight * self.intent.scores(ngrams(opening))
        intents = softmax(scores + self._bias(), self.tuned.intent_temperature)
        services = softmax(self.service.scores(grams), self.tuned.service_temperature)
        if self.second is None or not len(grams):
            return intents, services
        flow, flow_chance = self._flows(intents)[0]
        unsure_flow = flow_chance < self.tuned.unsure_flow
        surest = np.bincount(self.category_at, weights=services).max()
        unsure_service = flow == "complaint" and surest < self.tuned.unsure_category
        vector = self.second.vector(folded) if unsure_flow or unsure_service else None
        if vector is not None:
            intents = mix(intents, self.second.intent.log_chances(vector), self.tuned.second_flow)
            services = mix(services, self.second.service.log_chances(vector), self.tuned.second_service)
        return intents, services

    def _bias(self) -> Floats:
        """Who writes to an assistant mostly wants something, and most of all reports."""
        bias = {"chatter": self.tuned.chatter_bias, "report_problem": self.tuned.report_bias}
        return np.array([bias.get(name, bias.get(self.flow_of[name], 0.0)) for name in self.intent.classes], np.float32)

    def _intent(self, flow: str, intents: Floats) -> str:
        pairs = zip(self.intent.classes, intents.tolist(), strict=True)
        return max((p, name) for name, p in pairs if self.flow_of[name] == flow)[1]

    def _flows(self, intents: Floats) -> tuple[tuple[str, float], ...]:
        """Flows by summed probability of their intents, best first; names decide ties."""
        total: dict[str, float] = {}
        for name, p in zip(self.intent.classes, intents.tolist(), strict=True):
            total[self.flow_of[name]] = total.get(self.flow_of[name], 0.0) + p
        return tuple(sorted(total.items(), key=lambda item: (-item[1], item[0])))

    def _services(self, services: Floats) -> tuple[tuple[str, float], ...]:
        """Services, best first: one counts for more when its whole category and its whole label are likely."""
        category = np.bincount(self.category_at, weights=services)[self.category_at]
        label = np.bincount(self.label_at, weights=services)[self.label_at]
        joint = services**0.3 * category * label
        joint /= joint.sum()
        chances = joint.tolist()
        return tuple((self.service.classes[i], chances[i]) for i in np.argsort(-joint, kind="stable").tolist())


def _numbered(names: Iterable[str]) -> NDArray[np.intp]:
    """Each name as a number, the same for the same name."""
    return np.unique(np.array(list(names)), return_inverse=True)[1].astype(np.intp)


def first_clause(folded: str) -> str:
    """The first clause of a message long enough to have several; empty otherwise."""
    if len(folded) <= LONG:
        return ""
    clauses = [clause for clause in _STOPS.split(folded) if len(clause) >= CLAUSE]
    return clauses[0] if len(clauses) > 1 else ""


def mix(first: Floats, second_log: Floats, weight: float) -> Floats:
    """The weighted geometric mean of two opinions, as chances again."""
    return softmax(np.log(first + np.float32(1e-9)) * np.float32(1 - weight) + second_log * np.float32(weight))


def _with_local(
    grams: Hashes, ranked: tuple[tuple[str, float], ...], local_services: Sequence[LocalService], near: float
) -> tuple[tuple[str, float], ...]:
    """A community's own service goes before the default one it is like, when a phrase of it is near."""
    if not local_services:
        return ranked
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
