"""The one question about the time of a complaint: only where the service needs it and the words leave a doubt."""

from __future__ import annotations

from typing import Any

from flows.complaint import together
from flows.complaint.asking import asks
from flows.complaint.happened import ASKED, CLEAR, local, read, told
from flows.complaint.rules import service_of
from flows.complaint.texts import ASK_WHEN, ASK_WHICH_TIME
from flows.errors import Unclear
from flows.flow import Answers, Choice, Sense, Turn
from flows.further import asks_further
from nlu.dates.spoken import label, part_name
from nlu.dates.told import when_told
from nlu.dates.values import Grain, Kind, When
from nlu.late import regex
from nlu.normalize import normalize

NOISE = "噪音扰民"  # a category whose every service needs the time
TIMED = frozenset(  # services for which somebody comes when it happens, or looks up what happened then
    (
        *("air_pollution", "water_pollution", "cooking_fume", "factory_pollution", "livestock_smell"),
        *("light_pollution", "street_vendor", "building_waste", "overload_truck", "illegal_parking", "traffic_jam"),
        *("bus_service", "taxi", "water_supply", "water_quality", "power", "gas", "heating", "elevator", "security"),
        *("dog", "fraud", "production_safety", "flooding", "leak_neighbor", "neighbor_conflict"),
    )
)
UNSURE = Choice("none", "说不准", ("记不清", "记不清了", "不记得", "不确定", "忘了", "跳过", "都有可能"), Sense.NOTHING)
OFTEN = ("经常", "经常这样", "一直这样", "天天", "每天", "总是", "老是", "常常", "不止一次", "天天这样", "一直")
ONCE = ("就一次", "就这一次", "第一次", "就那天", "就那一次", "最近一次", "刚过去的")
PAST = regex(
    r"昨|前[天晚]|上周|上个?月|今[早晨]|刚才|凌晨|半夜|每[天晚周]|天天|开始"
    r"|[\d一两二三四五六七八九十几][天周年月].{0,2}了"
)
LOOSE = 6  # characters beside the time in a line that corrects it
KEPT = 40  # characters of a time in words


def matters(answers: Answers, turn: Turn) -> bool:
    """Whether there is a time to talk about, of a complaint of one's own."""
    if "service" not in answers or not together.alone(answers, turn) or asks(answers, turn):
        return False
    return bool(told(answers)) or "when" in answers


def fill(turn: Turn, answers: Answers) -> Any:
    """A clear time is taken as told, and a doubt that this service need not have ended is left alone; at the
    confirmation a line that is little but a time corrects the one there."""
    first = told(answers)
    if "when" in answers or not first:
        return _corrected(turn) if "phone" in answers else None
    if first["why"] in CLEAR:
        return {"words": first["words"], "times": first["times"]}
    service = service_of(turn.facts, answers["service"])
    needed = service.category == NOISE or service.key in TIMED
    return None if needed else {"words": first["words"], "times": []}


def _corrected(turn: Turn) -> dict[str, Any] | None:
    text = normalize(turn.said.text)
    found = when_told(text, local(turn))
    if found is None or not isinstance(found.found, When) or len(text) - len(found.words) > LOOSE:
        return None
    return {"words": found.words, "times": [found.found.to_json()]}


def told_late(turn: Turn, answers: Answers) -> dict[str, Any] | None:
    """When it happened (从昨晚开始), said where a phone or a photo was asked for; None: nothing of the kind."""
    return _corrected(turn) if PAST.search(turn.said.plain) and "when" not in answers else None


def _doubted(answers: Answers) -> tuple[When, ...]:
    first = told(answers)
    return read(first["times"]) if first and first["why"] in ASKED else ()


def doubted(answers: Answers, _turn: Turn) -> bool:
    """Whether it has been a question at all."""
    return bool(_doubted(answers))


def question(answers: Answers, turn: Turn) -> str:
    names = [label(one, local(turn)) for one in _doubted(answers)]
    if not names:
        return ASK_WHEN
    return ASK_WHICH_TIME.format(words=told(answers)["words"], first="、".join(names[:-1]), last=names[-1])


def choices(answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    found = _doubted(answers)
    called = [_called(one) for one in found]
    own = [{word for word in mine if sum(word in other for other in called) == 1} for mine in called]
    made = (Choice(f"t{i}", label(one, local(turn)), tuple(sorted(own[i]))) for i, one in enumerate(found))
    return (*made, UNSURE)


def _called(one: When) -> set[str]:
    """What a resident may call one reading, as far as it tells it from the others."""
    if one.kind is Kind.CYCLE:
        hours = one.cycle.hours if one.cycle else None
        return {*OFTEN, *([part_name(hours[0])] if hours else [])}
    if one.start is None:
        return set()
    named = {*ONCE, f"{one.start.month}月{one.start.day}日", f"{one.start.day}号"}
    hour = one.grain in (Grain.MINUTE, Grain.HOUR)
    return named | ({part_name(one.start.hour * 60 + one.start.minute)} if hour else set())


def parse(turn: Turn, answers: Answers) -> Any:
    """Typed: a time that is clear, else the words as they are. Raises Unclear only on what is no answer at all."""
    text = normalize(turn.said.text)
    found = when_told(text, local(turn))
    if found is not None:
        times = [found.found.to_json()] if isinstance(found.found, When) else []
        return {"words": found.words[:KEPT], "times": times}
    if not text or asks_further(text) or (turn.said.understood.flow is not None and len(text) > LOOSE):
        raise Unclear(question(answers, turn))
    return UNSURE.key
