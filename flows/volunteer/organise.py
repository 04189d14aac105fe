"""What organisers do in chat: their shifts, a new activity, calling off, correcting hours."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flows.domain.scrub import scrubbed
from flows.domain.volunteering import SKILLS, labels, named
from flows.effects import Effect, Option, Say
from flows.effects.volunteers import ActOnShift, OpenActivity
from flows.errors import Unclear
from flows.facts import Query
from flows.flow import Answers, Ask, Choice, Flow, Outcome, Sense, State, Turn, start
from flows.volunteer import moments, moving, roll_texts, team_texts, texts
from flows.volunteer import organise_texts as said
from flows.volunteer_facts import TeamView
from nlu.late import regex

SHOWN = 10
NEW = regex(r"发布|新建|新增|新开|创建")
NONE = ("没有", "无", "没", "不限", "不用", "跳过")
AGES = (
    Choice("0", "不限", NONE),
    Choice("16", "16岁以上"),
    Choice("18", "18岁以上", ("成年",)),
    Choice("14", "14岁以上"),
)
DEADLINES = (
    Choice("0", "开始前都行", NONE),
    Choice("2", "提前2小时"),
    Choice("24", "提前1天"),
    Choice("72", "提前3天"),
)
TELL = (Choice("yes", "发到居民群", ("发",), Sense.YES), Choice("no", "先不发", ("不发",), Sense.NO))


def organise(state: State, turn: Turn) -> Outcome | Query:
    """The shifts one looks after, each a button; or at once the questions of a new activity."""
    known = turn.facts.volunteering
    if not known.organises:
        return Outcome(state, (Say(said.NOT_AN_ORGANISER),))
    if NEW.search(turn.said.understood.plain):
        return start(ACTIVITY, turn, state)
    rows = [
        (Option(f"{texts.label_mine(s, turn.zone)} {s.taken}/{s.capacity}", "shift.roll", {"shift": s.id}),)
        for s in known.organised[:SHOWN]
    ]
    more = (
        *(((Option(said.MORE, "begin", {"flow": "volunteer", "intent": "add_shifts"}),),) if rows else ()),
        (Option(said.NEW, "begin", {"flow": "volunteer", "intent": "organise", "text": "发布活动"}),),
        (Option(said.NEEDS, "begin", {"flow": "volunteer", "intent": "open_need"}),),
    )
    return Outcome(state, (Say(said.YOURS if rows else said.NONE_YET, options=(*rows, *more)),))


# -- a new activity ---------------------------------------------------------------------------------------------------


def _line(longest: int) -> Any:
    def parse(turn: Turn, answers: Answers) -> str:
        text = " ".join(turn.said.text.split())
        if not 2 <= len(text) <= longest:
            raise Unclear(said.BAD_LINE.format(longest=longest))
        if moments.only(text):
            raise Unclear(said.TIME_FOR_LINE)
        return text

    return parse


def optional(turn: Turn, longest: int) -> str:
    """What was said, "" for one of the words for nothing; raises Unclear on an empty message."""
    text = " ".join(turn.said.text.split())
    if not text:
        raise Unclear(said.EMPTY)
    if moments.only(text):
        raise Unclear(said.ONLY_TIME)
    return "" if turn.said.plain in NONE else text[:longest]


def _about(turn: Turn, answers: Answers) -> str:
    return optional(turn, 500)


def _skills(turn: Turn, answers: Answers) -> list[str]:
    text = optional(turn, 60)
    found = named(turn.said.plain, SKILLS)
    if text and not found:
        raise Unclear(said.BAD_SKILLS)
    return list(found)


def times(turn: Turn, answers: Answers) -> list[list[str]]:
    found = moments.times(turn.said.text, turn.now, turn.zone)
    return [[a.isoformat(), b.isoformat()] for a, b in found]


def capacity(turn: Turn, answers: Answers) -> int:
    number = re.search(r"\d{1,4}", turn.said.understood.plain)
    if not number or not 0 < int(number[0]) <= 2000:
        raise Unclear(said.BAD_CAPACITY)
    return int(number[0])


def where(answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    """The areas one organises in."""
    places = turn.facts.places
    return tuple(Choice(str(a), places.place(a).name) for a in turn.facts.volunteering.organises if a in places)


def _led(turn: Turn) -> tuple[TeamView, ...]:
    known = turn.facts.volunteering
    return tuple(t for t in known.teams if known.staff is not None and t.leader == known.staff)


def _leads(answers: Answers, turn: Turn) -> bool:
    return bool(_led(turn))


def _teams(answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    own = tuple(Choice(str(t.id), t.name) for t in _led(turn))
    return (*own, Choice("0", team_texts.NO_TEAM, ("不是", "没有", "不")))


def several(answers: Answers, turn: Turn) -> bool:
    return len(turn.facts.volunteering.organises) > 1


def area(answers: Answers, turn: Turn) -> int:
    return int(answers["area"]) if "area" in answers else turn.facts.volunteering.organises[0]


def spans(answers: Answers) -> tuple[tuple[datetime, datetime], ...]:
    """When the shifts begin and end."""
    return tuple((datetime.fromisoformat(a), datetime.fromisoformat(b)) for a, b in answers["times"])


def dates(answers: Answers, zone: ZoneInfo) -> str:
    """The same, a line each."""
    local = [[at.astimezone(zone) for at in pair] for pair in spans(answers)]
    return "\n".join(f"· {texts.day(a)} {texts.hour(a)}—{texts.hour(b)}" for a, b in local)


def _summary(answers: Answers, turn: Turn) -> str:
    age = f"{answers['min_age']}岁以上" if answers["min_age"] != "0" else "不限"
    return said.SUMMARY.format(
        title=answers["title"],
        place=answers["place"],
        about=answers["about"] or "（没写）",
        times=dates(answers, turn.zone),
        capacity=answers["capacity"],
        age=age,
        risk=answers["risk"] or "没有",
        skills=labels(answers["skills"], SKILLS) or "没有要求",
        deadline=next(c.label for c in DEADLINES if c.key == answers["deadline"]),
    )


def _opened(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    if not turn.facts.volunteering.organises:
        return (Say(said.NOT_AN_ORGANISER),)
    made = OpenActivity(
        area=area(answers, turn),
        title=str(answers["title"]),
        place=str(answers["place"]),
        about=str(answers["about"]),
        organiser=turn.facts.volunteering.staff,
        times=spans(answers),
        capacity=int(answers["capacity"]),
        min_age=int(answers["min_age"]),
        risk=str(answers["risk"]),
        skills=tuple(answers["skills"]),
        deadline_hours=int(answers["deadline"]),
        announce=answers["tell"] == "yes",
        team=int(answers.get("team") or 0) or None,
    )
    return (made, Say(said.OPENED.format(count=len(made.times), where=said.SENT if made.announce else "")))


ACTIVITY = Flow(
    name="volunteer_activity",
    title="发布活动",
    intents=frozenset(),
    aside=True,
    needs=frozenset({"volunteering"}),
    asks=(
        Ask("area", said.AREA, choices=where, when=several, name="社区"),
        Ask("team", team_texts.WHOSE, choices=_teams, when=_leads, name="队伍"),
        Ask("title", said.TITLE, parse=_line(40), name="名称", free=True, passed_on=True),
        Ask("place", said.PLACE, parse=_line(60), name="地点", free=True, passed_on=True),
        Ask("times", said.TIMES, parse=times, name="时间", free=True),
        Ask("capacity", said.CAPACITY, parse=capacity, name="人数"),
        Ask("about", said.ABOUT, parse=_about, name="说明", free=True, passed_on=True),
        Ask("min_age", said.AGE, choices=lambda a, t: AGES, name="年龄"),
        Ask("skills", said.SKILLS, parse=_skills, name="手艺", free=True, passed_on=True),
        Ask("deadline", said.DEADLINE, choices=lambda a, t: DEADLINES, name="报名截止"),
        Ask("risk", said.RISK, parse=_about, name="风险和保险", free=True, passed_on=True),
        Ask("tell", said.TELL, choices=lambda a, t: TELL, name="发不发群"),
    ),
    confirm=_summary,
    finish=_opened,
)


# -- what a button on a list asks --------------------------------------------------------------------------------------


def _reason(turn: Turn, answers: Answers) -> str:
    text = " ".join(turn.said.text.split())
    if not text:
        raise Unclear(roll_texts.ASK_REASON)
    return text[:60]


OFF = Flow(
    name="volunteer_off",
    title="",
    intents=frozenset(),
    aside=True,
    needs=frozenset({"volunteering"}),
    asks=(Ask("reason", roll_texts.ASK_REASON, parse=_reason, free=True, passed_on=True),),
    finish=lambda a, t: (ActOnShift(int(a["shift"]), "call_off", reason=str(a["reason"])),),
)


def _words(turn: Turn, answers: Answers) -> str:
    text = turn.said.text.strip()
    if not text:
        raise Unclear(said.EMPTY)
    if len(text) > 200:
        raise Unclear(roll_texts.TELL_LONG)
    return text


NOTICE = Flow(
    name="volunteer_notice",
    title="",
    intents=frozenset(),
    aside=True,
    needs=frozenset({"volunteering"}),
    asks=(Ask("words", roll_texts.ASK_TELL, parse=_words, name="内容", free=True, passed_on=True),),
    confirm=lambda a, t: roll_texts.TELL_SUMMARY.format(words=scrubbed(a["words"])),
    finish=lambda a, t: (ActOnShift(int(a["shift"]), "tell", reason=str(a["words"])),),
)


def _minutes(turn: Turn, answers: Answers) -> int:
    return moments.minutes(turn.said.text)


def _fix_text(answers: Answers, turn: Turn) -> str:
    return roll_texts.ASK_TIME.format(name=answers["name"])


FIX = Flow(
    name="volunteer_fix",
    title="",
    intents=frozenset(),
    aside=True,
    needs=frozenset({"volunteering"}),
    asks=(Ask("minutes", _fix_text, parse=_minutes),),
    finish=lambda a, t: (ActOnShift(int(a["shift"]), "correct", int(a["person"]), int(a["minutes"])),),
)
FLOWS = (ACTIVITY, OFF, FIX, NOTICE, moving.MOVE)
