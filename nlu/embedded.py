"""The understanding engine inside the process: linear models over character n-grams, weights as data."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import exp, log
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np

from nlu.danger import CLASSES as DANGERS
from nlu.danger import (
    TUNED,
    WEIGHTS,
    Words,
    harmless,
    hear,
    looked_for,
    ready,
    spotters,
    tellable,
    told,
    uncourteous,
    verdict,
)
from nlu.features import hashed, ngrams
from nlu.joined import Joined, Rows, joined
from nlu.linear import Floats, chances, load_head, softmax
from nlu.matters import matters, others
from nlu.normalize import fold, normalize
from nlu.own import own_service
from nlu.second import SecondOpinion, load_second
from nlu.services import TOLD, Services
from nlu.slots import find_slots
from nlu.understanding import Hazard, LocalService, Understanding

# A message that needs all there is to reading one: every kind of place, a time, a number, a traditional character.
READS_ALL = "上周五晚上8點李家村人民路88号幸福里小区门口停水3次，另外想问问怎么办"
LONG, CLAUSE = 24, 6  # characters from which a message has clauses, and of which a clause has at least
_STOPS = re.compile(r"[,，。!！?？;；:： ]")
REMEMBERED = 1024  # cues and events that were heard together
_chance = itemgetter(1)


@dataclass(frozen=True, slots=True)
class Tuned:
    """The few numbers tuned on development data; nlu/tuned.json says with which command."""

    intent_temperature: float = 1.0
    service_temperature: float = 1.0
    local_temperature: float = 1.0
    chatter_bias: float = 0.0  # added to the scores of chatter
    report_bias: float = 0.0  # added to the score of reporting a problem
    first_clause: float = 0.3  # how much the first clause of a longer message counts: letters open with their title
    rival: float = 0.4  # where the next flow has this part of the first one's chance, the second stage is asked
    unsure_category: float = 0.7  # and of a complaint where no category has this chance
    second_flow: float = 0.4  # how much the second stage's word weighs
    second_service: float = 0.6
    second_danger: float = 0.2
    unsure_danger: float = 0.2  # about danger it is asked where its chance is further than this from 0 and from 1
    local_service_near: float = 0.35  # likeness to a local service's phrases from which it is preferred to its default


@dataclass(frozen=True, slots=True)
class Intents:
    """What the intent head chooses among, and the flows they belong to."""

    names: tuple[str, ...]
    flow_at: tuple[int, ...]  # of each intent, the number of its flow
    flows: tuple[str, ...]  # by name
    numbers: Mapping[str, tuple[int, ...]]  # of each flow, those of its intents

    @classmethod
    def of(cls, names: Sequence[str], flow_of: Mapping[str, str]) -> Intents:
        flows = tuple(sorted({flow_of[name] for name in names}))
        numbers = {flow: tuple(n for n, name in enumerate(names) if flow_of[name] == flow) for flow in flows}
        return cls(tuple(names), tuple(flows.index(flow_of[name]) for name in names), flows, numbers)

    def ranked(self, chance: Sequence[float]) -> tuple[tuple[str, float], ...]:
        """Flows by summed chance of their intents, best first; names decide ties."""
        total = [0.0] * len(self.flows)
        for at, p in zip(self.flow_at, chance, strict=True):
            total[at] += p
        return tuple(sorted(zip(self.flows, total, strict=True), key=_chance, reverse=True))

    def best(self, flow: str, chance: Sequence[float]) -> str:
        """The likeliest intent of the flow."""
        numbers = self.numbers[flow]
        return self.names[numbers[0] if len(numbers) == 1 else max(numbers, key=chance.__getitem__)]


@dataclass(frozen=True, slots=True)
class EmbeddedEngine:
    """Fulfils `Engine`."""

    heads: Joined
    intents: Intents
    services: Services
    words: Words  # of danger, asked by rows
    told: Callable[[Sequence[str], Sequence[str]], Floats]  # what the weights of what is told of danger come to
    tuned: Tuned = Tuned()
    second: SecondOpinion | None = None
    overhears: bool = False  # what it reads was said to others

    @classmethod
    def load(cls, weights: Path, services: Mapping[str, tuple[str, str]], *, second: bool = True) -> EmbeddedEngine:
        """Reads the weights directory; `services` gives of each its category and label. Raises OSError,
        ValueError, or KeyError when a service is unknown."""
        meta = json.loads((weights / "heads.json").read_text("utf-8"))
        numbers = json.loads(TUNED.read_text("utf-8"))["numbers"]
        tuned = Tuned(**{name: value for name, value in numbers.items() if "." not in name})
        heads = {name: load_head(weights / f"{name}.npz", meta[name]) for name in ("intent", "local", "service")}
        heads["danger"] = load_head(WEIGHTS, DANGERS)
        opinion = load_second(weights / "second.npz", meta["intent"], meta["service"]) if second else None
        # Who writes to an assistant mostly wants something, and most of all reports.
        biases = {"chatter": tuned.chatter_bias, "report_problem": tuned.report_bias}
        bias = [biases.get(name, biases.get(meta["flow_of"][name], 0.0)) for name in meta["intent"]]
        heads["intent"] = replace(heads["intent"], bias=heads["intent"].bias + np.array(bias, np.float32))
        for name in ("intent", "local", "service"):
            heads[name] = heads[name].tempered(numbers[f"{name}_temperature"])
        wide = heads.pop("service")
        intents, known = Intents.of(meta["intent"], meta["flow_of"]), Services.of(meta["service"], services)
        together = joined(heads, wide, looked_for())
        return cls(together, intents, known, spotters().numbered(together.pieces), _teller(together), tuned, opinion)

    def quick(self) -> EmbeddedEngine:
        """The same engine without the second stage: for group talk that is not addressed to the assistant."""
        return replace(self, second=None, overhears=True)

    def ready(self) -> None:
        """Compile and load now what is compiled and loaded when it is first needed: a quarter of a second."""
        ready()
        replace(self.understand(READS_ALL))  # asks for all there is to it

    def understand(self, text: str, *, local_services: Sequence[LocalService] = ()) -> Understanding:
        """Where the message has several matters, what is said of it is said of the first; danger is of the whole and
        of each part that may be a matter: what else is said must not drown it."""
        heard = [self._one(text, local_services)]
        first_stage = replace(self, second=None) if self.second else self

        def part(words: str) -> Understanding:
            heard.append(first_stage._one(words, local_services))
            return heard[-1]

        several = matters(text, part)
        if len(heard) == 1:
            return heard[0]
        danger = next((seen.danger for seen in heard if seen.danger), None)
        concern = None if danger else next((seen.concern for seen in heard if seen.concern), None)
        if not several:
            return heard[0].but(danger=danger, concern=concern)
        first, rest = several[0], others(several)
        return first.but(text=text, first=first.text, others=rest, danger=danger, concern=concern)

    def _one(self, text: str, local_services: Sequence[LocalService]) -> Understanding:
        normal = normalize(text)
        folded = fold(normal)
        rows = self.heads.rows(hashed(folded))
        sums = self.heads.totals(rows)
        total = sums.tolist()
        hazard, concern = self._danger(folded, rows, sums)
        intents = self._intents(folded, total)
        ranking = self.intents.ranked(intents)
        vector = self._second_vector(folded, rows, ranking)
        if self.second is not None and vector is not None:
            mixed = mix(np.array(intents, np.float32), self.second.intent.log_chances(vector), self.tuned.second_flow)
            intents = softmax(mixed).tolist()
            ranking = self.intents.ranked(intents)
        if not any(map(str.isalnum, normal)):
            ranking = (("chatter", 1.0),)
        best, sure = ranking[0]

        def later(name: str) -> dict[str, Any]:
            if name == "slots":
                return {name: find_slots(normal)}
            if name == "local":
                return {name: self.heads.columns["local"].chances(total)[1]}
            return self._service(folded, rows, vector, local_services)

        return Understanding.until_asked(
            later,
            text=text,
            flow=None if best == "chatter" else best,
            intent=self.intents.best(best, intents),
            confidence=sure,
            ranking=ranking,
            danger=hazard,
            concern=concern,
        )

    def _service(
        self, folded: str, rows: Rows, vector: Floats | None, local_services: Sequence[LocalService]
    ) -> dict[str, Any]:
        """What it is about where it is a complaint."""
        scores = self.heads.wide_scores(rows)
        if self.second is not None and vector is not None:
            scores = mix(softmax(scores), self.second.service.log_chances(vector), self.tuned.second_service)
        chance = self.services.chances(scores)
        ranked = self.services.best(chance)
        category, label7 = self.services.labels[ranked[0][0]]
        if local_services:
            chances_of = dict(zip(self.services.keys, chance.tolist(), strict=True))
            own = own_service(ngrams(folded), chances_of, local_services, self.tuned.local_service_near)
            ranked = (own, *ranked)[:TOLD] if own else ranked
        return {"category": category, "label7": label7, "service": ranked[0][0], "services": ranked}

    def _danger(self, folded: str, rows: Rows, sums: Floats) -> tuple[Hazard | None, Hazard | None]:
        heard = hear(uncourteous(folded))
        if heard != folded:
            rows = self.heads.rows(hashed(heard))
            sums = self.heads.totals(rows)
        keys = self.heads.found(rows)
        events = self.words.events.found(heard, keys)
        if events and self.words.harmless.found(heard, keys):
            heard = harmless(heard)
            rows = self.heads.rows(hashed(heard))
            sums, keys = self.heads.totals(rows), self.heads.found(rows)
            events = self.words.events.found(heard, keys)
        if self.overhears and not events:
            return None, None
        total = sums + self.told(self.words.cues.found(heard, keys), events)
        chance = self.heads.columns["danger"].chances(total.tolist())
        return verdict(events, self._second_danger(folded, chance), overheard=self.overhears)

    def _second_danger(self, folded: str, chance: list[float]) -> list[float]:
        """The chances of danger, with the second stage's word where the first is unsure. That both name another hazard
        is no doubt that there is one."""
        unsure = self.tuned.unsure_danger
        if self.second is None or not unsure < chance[0] < 1 - unsure:
            return chance
        vector = self.second.vector(folded)
        if vector is None:
            return chance
        said = self.second.danger.log_chances(vector)
        mixed = chances(mix(np.array(chance, np.float32), said, self.tuned.second_danger).tolist())
        calm = mixed_odds(chance[0], float(np.exp(said[0])), self.tuned.second_danger)
        rest = (1 - calm) / sum(mixed[1:])
        return [calm, *(part * rest for part in mixed[1:])]

    def _intents(self, folded: str, total: Sequence[float]) -> list[float]:
        """The first stage's chances of intents."""
        column = self.heads.columns["intent"]
        opening = first_clause(folded)
        if not opening:
            return column.chances(total)
        weight = self.tuned.first_clause
        opened = column.scores(self.heads.totals(self.heads.rows(hashed(opening))).tolist())
        return chances([(1 - weight) * a + weight * b for a, b in zip(column.scores(total), opened, strict=True)])

    def _second_vector(self, folded: str, rows: Rows, ranking: Sequence[tuple[str, float]]) -> Floats | None:
        """What the second stage sees in it, where the first is unsure of the flow, or of a complaint's service."""
        if self.second is None:
            return None
        (flow, chance), (_, rival), *_ = ranking
        unsure = rival >= self.tuned.rival * chance
        if not unsure and flow == "complaint":
            unsure = self.services.surest(self.heads.wide_scores(rows)) < self.tuned.unsure_category
        return self.second.vector(folded) if unsure else None


def _teller(heads: Joined) -> Callable[[Sequence[str], Sequence[str]], Floats]:
    """What the weights of all that is told of these cues and events come to: the same few are heard again and again."""
    may_be = tellable()
    rows = heads.row_of(np.array(list(may_be.values()), np.uint32)).tolist()
    row_of = {name: row for name, row in zip(may_be, rows, strict=True) if row}

    def come_to(cues: Sequence[str], events: Sequence[str]) -> Floats:
        known = [row_of[name] for name in told(cues, events) if name in row_of]
        return heads.totals(np.array(known, np.intp))

    return lru_cache(REMEMBERED)(come_to)


def first_clause(folded: str) -> str:
    """The first clause of a message long enough to have several; empty otherwise."""
    if len(folded) <= LONG:
        return ""
    clauses = [clause for clause in _STOPS.split(folded) if len(clause) >= CLAUSE]
    return clauses[0] if len(clauses) > 1 else ""


def mix(first: Floats, second_log: Floats, weight: float) -> Floats:
    """The weighted geometric mean of two opinions, as scores."""
    return np.asarray(np.log(first + np.float32(1e-9)) * np.float32(1 - weight) + second_log * np.float32(weight))


def mixed_odds(first: float, second: float, weight: float) -> float:
    """Two opinions of one chance, neither 0 nor 1, as one: the weighted geometric mean of their odds."""
    second = min(max(second, 1e-6), 1 - 1e-6)
    return 1 / (1 + exp((1 - weight) * log(1 / first - 1) + weight * log(1 / second - 1)))
