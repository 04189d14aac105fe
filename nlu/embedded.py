"""The understanding engine inside the process: linear models over character n-grams, weights as data."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu.danger import CLASSES as DANGERS
from nlu.danger import TUNED, WEIGHTS, hear, heard_events, looked_for, ready, told, verdict
from nlu.features import hashed, ngrams
from nlu.joined import Joined, Rows, joined
from nlu.linear import Floats, chances, load_head, softmax
from nlu.matters import matters, others
from nlu.normalize import fold, normalize
from nlu.own import own_service
from nlu.second import SecondOpinion, load_second
from nlu.slots import find_slots
from nlu.understanding import Hazard, LocalService, Understanding

SERVICES_TOLD = 5
_MODEST = np.float32(0.3)  # the power of a service's own chance, beside those of its category and its label
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
    unsure_flow: float = 0.9  # below this the second stage is asked about the flow,
    rival: float = 0.0  # where the next flow has this at least: else its word changes nothing
    unsure_category: float = 0.7  # and below this about the service
    second_flow: float = 0.4  # how much the second stage's word weighs
    second_service: float = 0.6
    local_service_near: float = 0.35  # likeness to a local service's phrases from which it is preferred to its default


@dataclass(frozen=True, slots=True)
class Classes:
    """What the heads choose among: intents and their flows, services and their categories and labels."""

    intents: tuple[str, ...]
    flow_at: tuple[int, ...]  # of each intent, the number of its flow
    flows: tuple[str, ...]  # by name
    intents_of: Mapping[str, tuple[int, ...]]
    services: tuple[str, ...]
    category_at: NDArray[np.intp]  # of each service, the number of its category
    label_at: NDArray[np.intp]

    def best(self, chance: Floats) -> tuple[tuple[str, float], ...]:
        """The likeliest services, best first."""
        numbers = chance.argsort()[: -SERVICES_TOLD - 1 : -1]
        return tuple(zip(map(self.services.__getitem__, numbers.tolist()), chance.take(numbers).tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class EmbeddedEngine:
    """Fulfils `Engine`. `services` maps a service key to (category, label7)."""

    heads: Joined
    classes: Classes
    services: Mapping[str, tuple[str, str]]
    bias: tuple[float, ...]  # added to the scores of intents
    tuned: Tuned = Tuned()
    second: SecondOpinion | None = None
    overhears: bool = False  # what it reads was said to others
    told_at: dict[int, int] = field(default_factory=dict, repr=False, compare=False)  # rows found by `_row`

    @classmethod
    def load(cls, weights: Path, services: Mapping[str, tuple[str, str]], *, second: bool = True) -> EmbeddedEngine:
        """Reads the weights directory; raises OSError, ValueError, or KeyError when a service is unknown."""
        meta = json.loads((weights / "heads.json").read_text("utf-8"))
        numbers = json.loads(TUNED.read_text("utf-8"))["numbers"]
        tuned = Tuned(**{name: value for name, value in numbers.items() if "." not in name})
        heads = {name: load_head(weights / f"{name}.npz", meta[name]) for name in ("intent", "local", "service")}
        heads["danger"] = load_head(WEIGHTS, DANGERS)
        opinion = load_second(weights / "second.npz", meta["intent"], meta["service"]) if second else None
        classes = _classes(meta["intent"], meta["flow_of"], meta["service"], services)
        wide = heads.pop("service")
        wide = replace(wide, scale=wide.scale / tuned.service_temperature, bias=wide.bias / tuned.service_temperature)
        # Who writes to an assistant mostly wants something, and most of all reports.
        biases = {"chatter": tuned.chatter_bias, "report_problem": tuned.report_bias}
        bias = tuple(biases.get(name, biases.get(meta["flow_of"][name], 0.0)) for name in meta["intent"])
        return cls(joined(heads, wide, looked_for()), classes, services, bias, tuned, opinion)

    def quick(self) -> EmbeddedEngine:
        """The same engine without the second stage: for group talk that is not addressed to the assistant."""
        return replace(self, second=None, overhears=True)

    def ready(self) -> None:
        """Compile now the patterns that are compiled when they are first needed: half a second."""
        ready()
        self.understand("上周五晚上8点3栋2单元停水，另外想问问怎么办")

    def understand(self, text: str, *, local_services: Sequence[LocalService] = ()) -> Understanding:
        """Where the message has several matters, what is said of it is said of the first; danger is of the whole."""
        whole = self._one(text, local_services)
        several = matters(text, lambda part: self.quick()._one(part, local_services, whole=False))
        if not several:
            return whole
        first, rest = several[0], others(several)
        return replace(first, text=text, first=first.text, others=rest, danger=whole.danger, concern=whole.concern)

    def _one(self, text: str, local_services: Sequence[LocalService], *, whole: bool = True) -> Understanding:
        normal = normalize(text)
        folded = fold(normal)
        rows = self.heads.rows(hashed(folded))
        total = self.heads.totals(rows)
        hazard, concern = self._danger(folded, rows, total) if whole else (None, None)
        intents, services = self._judge(folded, rows, total)
        ranking = self._flows(intents)
        if not any(map(str.isalnum, normal)):
            ranking = (("chatter", 1.0),)
        best, sure = ranking[0]
        chance = self._services(services)
        ranked = self.classes.best(chance)
        category, label7 = self.services[ranked[0][0]]
        if local_services:
            chances_of = dict(zip(self.classes.services, chance.tolist(), strict=True))
            own = own_service(ngrams(folded), chances_of, local_services, self.tuned.local_service_near)
            ranked = (own, *ranked) if own else ranked
        local = self.heads.columns["local"].scores(total)
        return Understanding(
            text=text,
            flow=None if best == "chatter" else best,
            intent=self._intent(best, intents),
            confidence=sure,
            ranking=ranking,
            category=category,
            service=ranked[0][0],
            label7=label7,
            services=ranked[:SERVICES_TOLD],
            danger=hazard,
            concern=concern,
            local=chances(local, self.tuned.local_temperature)[1],
            slots=find_slots(normal),
        )

    def _danger(self, folded: str, rows: Rows, total: Sequence[int]) -> tuple[Hazard | None, Hazard | None]:
        heard = hear(folded)
        if heard != folded:
            rows = self.heads.rows(hashed(heard))
            total = self.heads.totals(rows)
        keys = self.heads.found(rows)
        events = heard_events(heard, keys)
        if not events:
            return None, None
        more = self.heads.totals(np.array([self._row(number) for number in told(heard, keys, events)], np.intp))
        both = [a + b for a, b in zip(total, more, strict=True)]
        return verdict(events, chances(self.heads.columns["danger"].scores(both)), overheard=self.overhears)

    def _row(self, number: int) -> int:
        """The row of one thing told about danger; there are a few hundred of them."""
        row = self.told_at.get(number)
        if row is None:
            row = self.told_at[number] = self.heads.row(number)
        return row

    def _judge(self, folded: str, rows: Rows, total: Sequence[int]) -> tuple[list[float], Floats]:
        """Chances of intents, and scores of services: the first stage's, and where it is unsure with the second's."""
        column = self.heads.columns["intent"]
        scores = column.scores(total)
        opening = first_clause(folded)
        if opening:
            weight = self.tuned.first_clause
            opened = column.scores(self.heads.totals(self.heads.rows(hashed(opening))))
            scores = [(1 - weight) * whole + weight * first for whole, first in zip(scores, opened, strict=True)]
        scores = [score + bias for score, bias in zip(scores, self.bias, strict=True)]
        intents = chances(scores, self.tuned.intent_temperature)
        services = self.heads.wide_scores(rows)
        if self.second is None or not self._unsure(intents, services):
            return intents, services
        vector = self.second.vector(folded)
        if vector is not None:
            mixed = mix(np.array(intents, np.float32), self.second.intent.log_chances(vector), self.tuned.second_flow)
            intents = softmax(mixed).tolist()
            services = mix(softmax(services), self.second.service.log_chances(vector), self.tuned.second_service)
        return intents, services

    def _unsure(self, intents: Sequence[float], services: Floats) -> bool:
        """Whether a second opinion is asked: about the flow, or about the service of a complaint."""
        (flow, chance), (_, rival), *_ = self._flows(intents)
        if chance < self.tuned.unsure_flow and rival >= self.tuned.rival:
            return True
        surest = np.bincount(self.classes.category_at, weights=softmax(services)).max()
        return flow == "complaint" and bool(surest < self.tuned.unsure_category)

    def _intent(self, flow: str, intents: Sequence[float]) -> str:
        """The likeliest intent of the flow."""
        numbers = self.classes.intents_of[flow]
        return self.classes.intents[numbers[0] if len(numbers) == 1 else max(numbers, key=intents.__getitem__)]

    def _flows(self, intents: Sequence[float]) -> tuple[tuple[str, float], ...]:
        """Flows by summed probability of their intents, best first; names decide ties."""
        total = [0.0] * len(self.classes.flows)
        for at, p in zip(self.classes.flow_at, intents, strict=True):
            total[at] += p
        return tuple(sorted(zip(self.classes.flows, total, strict=True), key=itemgetter(1), reverse=True))

    def _services(self, scores: Floats) -> Floats:
        """Chances of services, where one counts for more when its whole category and its whole label are likely."""
        scores = scores - np.maximum.reduce(scores)
        chance = np.exp(scores)
        joint = np.exp(scores * _MODEST)
        for at in (self.classes.category_at, self.classes.label_at):
            joint *= np.bincount(at, chance).astype(np.float32).take(at)
        joint /= np.add.reduce(joint)
        return np.asarray(joint, np.float32)


def _classes(
    intents: Sequence[str], flow_of: Mapping[str, str], keys: Sequence[str], services: Mapping[str, tuple[str, str]]
) -> Classes:
    flows = tuple(sorted({flow_of[name] for name in intents}))
    at = tuple(flows.index(flow_of[name]) for name in intents)
    labels = [services[key] for key in keys]
    numbered = (_numbered(names) for names in zip(*labels, strict=True))
    of = {flow: tuple(n for n, name in enumerate(intents) if flow_of[name] == flow) for flow in flows}
    return Classes(tuple(intents), at, flows, of, tuple(keys), *numbered)


def _numbered(names: Sequence[str]) -> NDArray[np.intp]:
    """Each name as a number, the same for the same name."""
    number = {name: n for n, name in enumerate(sorted(set(names)))}
    return np.array([number[name] for name in names], np.intp)


def first_clause(folded: str) -> str:
    """The first clause of a message long enough to have several; empty otherwise."""
    if len(folded) <= LONG:
        return ""
    clauses = [clause for clause in _STOPS.split(folded) if len(clause) >= CLAUSE]
    return clauses[0] if len(clauses) > 1 else ""


def mix(first: Floats, second_log: Floats, weight: float) -> Floats:
    """The weighted geometric mean of two opinions, as scores."""
    return np.asarray(np.log(first + np.float32(1e-9)) * np.float32(1 - weight) + second_log * np.float32(weight))
