"""How to come to every question of every flow: found by walking, kept as paths, replayed by the tests.

python -m tests.flows.walk      walks again (half a minute) and writes paths.json, when a test says a path is stale
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from flows.flow import Said
from flows.registry import registry
from tests.flows.transcripts import NOTHING, Talk

PATHS = Path(__file__).parent / "paths.json"
Question = tuple[str, str]  # flow, slot (or "confirm", "change")

SETTINGS = (
    ("neighbours 2",),
    (),
    ("bound",),
    ("reserved", "signed-up 11", "signed-up 12"),
    ("signed-up 11",),
    ("unstaffed",),
    ("empty",),
    ("asked",),
    ("anywhere",),
    ("advised",),
    ("staff",),
    ("staff", "gifts"),
    ("organiser", "on 11"),
    ("teams",),
    ("skilled 12",),
)
OPENERS = (
    "3号楼物业乱收费，投诉",
    "楼道灯坏了", "我要反映问题", "我的诉求", "我要咨询法律", "租房押金被房东扣了怎么要回来", "公鸡打鸣犯不犯法律",
    "我要报名", "取消报名", "我家有多少积分", "我想换东西", "换一瓶洗衣液", "绑定 XF8K27", "取消兑换", "人工", "你好",
    "申报加分", "送积分", "3号楼楼上十点噪音太吵",
)  # fmt: skip
ANSWERS = (
    "3号楼物业乱收费没人管，投诉",
    "3号楼2单元",
    "5号楼",
    "红星路口",
    "13800000000",
    "12345678",
    "XF8K27",
    "方家",
    "洗衣液",
    "已经修好了",
    "来电让转账的都是骗子",
    "明天下午三点",
    "我是她女儿，她同意了",
    "（照片）",
    "嗯嗯啊啊",
    "改",
    "1",
    "2",
    "确认",
)
ASIDE_ANSWERS = (
    "林小满",
    "2010-02-03",
    "13800000000",
    "都行",
    "周六上午9点到11点",
    "3号楼2单元",
    "（照片）",
    "改",
    "1",
    "确认",
)
GIVEN: Mapping[str, Any] = {"case": 71, "thread": 51, "mediation": 61, "proposal": 81, "home": 42, "transfer": 5}
OFFERED = {"code": 81, "shift": 12, "giver": 9, "told": "有人请您接替，您接吗？"}
ASIDE_IN = ((), ("anywhere",), ("organiser", "on 11"), ("teams",), ("signed-up 11",))
ASIDE: Mapping[str, tuple[Mapping[str, Any], ...]] = {  # what the flows begun by another one know from it
    "volunteer_activity": (
        {},
        {"title": "拔草", "place": "东门", "capacity": 3, "about": "", "skills": []},
        {"about": "", "min_age": "0"},
    ),
    "volunteer_register": ({}, {"agree": "yes", "name": "林小满", "birth": "1968-05-04"}),
    "volunteer_stand_in": (OFFERED,),
    "volunteer_swap": (OFFERED | {"own": (11,)},),
    "volunteer_bind": ({"code": 5, "name": "林*满"},),
    "volunteer_place": ({"do": "in"},),
    "volunteer_off": ({"shift": 11},),
    "volunteer_move": (
        {"shift": 11, "title": "拔草", "old": ["2026-03-07T09:00+08:00", "2026-03-07T11:00+08:00"], "listed": 2},
    ),
    "volunteer_fix": ({"shift": 11, "person": 9, "name": "林小满"},),
    "volunteer_done": ({"need": 91},),
}


@dataclass(frozen=True)
class Way:
    """A way to a question: the setting, how it begins ("> words", "begin FLOW" or "ask FLOW n"), what is said then."""

    setting: tuple[str, ...]
    opening: str
    said: tuple[str, ...] = ()

    def talk(self) -> Talk:
        """The conversation that stands there."""
        talk = place_in(self.setting)
        how, _, what = self.opening.partition(" ")
        match how:
            case ">":
                talk.play(self.opening)
            case "begin":
                talk.hear(Said("", NOTHING, begin=what))
            case _:
                flow, _, n = what.partition(" ")
                talk.ask(flow, ASIDE.get(flow, (GIVEN,))[int(n)])
        for line in self.said:
            talk.play(f"> {line}")
        return talk


def place_in(setting: tuple[str, ...]) -> Talk:
    """A new conversation where these settings of a transcript hold."""
    talk = Talk()
    for part in setting:
        talk.place.setting(part)
    return talk


def twin(talk: Talk) -> Talk:
    """The same conversation once more, to be led elsewhere."""
    other = copy.copy(talk)
    other.place = copy.copy(talk.place)
    other.options = list(talk.options)
    return other


def standing(talk: Talk) -> Question:
    return talk.state.flow, str(talk.state.asking)


def wanted() -> set[Question]:
    """Every question that is declared: the asks of every flow."""
    return {(flow.name, ask.slot) for flow in registry().by_name.values() for ask in flow.asks}


def kept() -> dict[Question, Way]:
    """The ways that were found last time."""
    rows = json.loads(PATHS.read_text(encoding="utf-8"))
    return {(flow, slot): Way(tuple(setting), opening, tuple(said)) for flow, slot, setting, opening, said in rows}


def _openings(setting: tuple[str, ...], flows: set[str]) -> Iterator[str]:
    yield from (f"> {text}" for text in OPENERS)
    for flow in registry().by_name.values():
        if flow.name not in flows or (flow.aside and setting not in ASIDE_IN):
            continue
        if flow.title and not flow.aside:
            yield f"begin {flow.name}"
        else:
            yield from (f"ask {flow.name} {n}" for n in range(len(ASIDE.get(flow.name, (GIVEN,)))))


def _moves(talk: Talk) -> list[str]:
    """What may be said here: every button of the open question, and a few sentences."""
    buttons = [f"[{i}]" for i, o in enumerate(talk.options, 1) if o.action in ("answer", "begin", "law.text")]
    open_flow = registry().get(talk.state.flow)
    return [*buttons[:6], *(ASIDE_ANSWERS if open_flow and open_flow.aside else ANSWERS)]


@dataclass
class Walk:
    """Walks on from where it stands until every question of every flow that misses one is found."""

    ways: dict[Question, Way]
    seen: set[tuple[str, ...]] = field(default_factory=set)

    def missing(self) -> set[str]:
        return {flow for flow, _ in wanted() - self.ways.keys()}

    def through(self, setting: tuple[str, ...], depth: int = 7) -> None:
        self.seen = set()
        begun = [Way(setting, opening) for opening in _openings(setting, self.missing())]
        waiting = [(way, way.talk()) for way in begun]
        for _ in range(depth):
            waiting = [further for way, talk in waiting for further in self._on(way, talk)]

    def _on(self, way: Way, talk: Talk) -> Iterator[tuple[Way, Talk]]:
        state = talk.state
        if not state.flow:
            return
        self.ways.setdefault(standing(talk), way)
        did = [str(state.answers.get(key)) for key in ("do", "solved", "ending")]
        here = (*standing(talk), *sorted(state.answers), *did)
        if here in self.seen or state.flow not in self.missing():
            return
        self.seen.add(here)
        for move in _moves(talk):
            other = twin(talk)
            other.play(f"> {move}")
            yield replace(way, said=(*way.said, move)), other


def holds(question: Question, way: Way) -> bool:
    """Whether the way still leads there."""
    try:
        return standing(way.talk()) == question
    except (AssertionError, KeyError, IndexError):
        return False


def main() -> None:
    """Keep the ways that hold, walk for the others, write them all."""
    walk = Walk({question: way for question, way in kept().items() if holds(question, way)} if PATHS.exists() else {})
    for setting in SETTINGS:
        if walk.missing():
            walk.through(setting)
    rows = [[*question, way.setting, way.opening, way.said] for question, way in sorted(walk.ways.items())]
    PATHS.write_text("[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]\n", "utf-8")
    print(f"{len(rows)} questions; not found: {sorted(wanted() - walk.ways.keys()) or 'none'}")


if __name__ == "__main__":
    main()
