"""Registering as a volunteer, once: name to show, birth date, guardian for minors, skills, times, how to be shown."""

from __future__ import annotations

import re
from datetime import date

from flows.complaint.locate import community_told
from flows.domain.volunteering import ADULT, ALONE, SKILLS, TIMES, age, labels, named
from flows.effects import Consent, Effect, KeepPersonal, Say
from flows.effects.volunteers import Register, ShowOnBoard
from flows.errors import Unclear
from flows.flow import Answers, Ask, Choice, Flow, Sense, Turn
from flows.volunteer import register_texts as texts
from flows.yesno import sense_of
from nlu.late import regex
from nlu.normalize import normalize

TEXT_VERSION = "volunteer-2026-11"  # of what is agreed to (register_texts.AGREE): a new text, a new version
OLDEST = 110
_DATE = regex(r"(\d{4})\D{1,3}(\d{1,2})\D{1,3}(\d{1,2})\D{0,3}|(\d{4})(\d{2})(\d{2})")
NAME = regex(r"[\u3400-\u9fff·A-Za-z ]{1,20}")
NO_NAME = regex(
    r"跳过|略过?|下一步|确认|随便|匿名|不想说|保密|不知道|什么|为什么|怎么.{0,6}"
    r"|.*(?:能不能|可不可以|几点|活动|报名|取消).*|.+[吗么?？]"
)
PHONE = regex(r"1[3-9]\d{9}")
NONE = ("没有", "无", "没", "都行", "不会", "随便", "都可以")
BOARDS = (
    Choice("shown", "显示名字", ("显示", "实名", "可以")),
    Choice("masked", "打码显示", ("打码", "匿名")),
    Choice("off", "不显示", ("不上榜",), Sense.NO),
)
AGREED = (
    Choice("yes", "同意", (), Sense.YES),
    Choice("no", "不同意", (), Sense.NO),
)


def _name(turn: Turn, answers: Answers) -> str:
    name = normalize(turn.said.text).strip().removeprefix("我叫").removeprefix("叫我").strip(" 。，,")
    if not NAME.fullmatch(name) or NO_NAME.fullmatch(name) or sense_of(name):
        raise Unclear(texts.BAD_NAME)
    return name


def born(text: str, today: date) -> date:
    """A birth date as people write it: a day in the calendar, no instant. Raises Unclear."""
    found = _DATE.fullmatch(normalize(text).strip().removesuffix("出生").removesuffix("生"))
    if not found:
        raise Unclear(texts.BAD_DATE)
    year, month, day = (int(part) for part in (found.groups()[:3] if found[1] else found.groups()[3:]))
    try:
        said = date(year, month, day)
    except ValueError:
        raise Unclear(texts.NO_DATE) from None
    if said > today or age(said, today) > OLDEST:
        raise Unclear(texts.ODD_DATE)
    return said


def _born(turn: Turn, answers: Answers) -> str:
    return born(turn.said.text, _today(turn)).isoformat()


def _today(turn: Turn) -> date:
    return turn.now.astimezone(turn.zone).date()


def _age(answers: Answers, turn: Turn) -> int:
    return age(date.fromisoformat(str(answers["birth"])), _today(turn)) if "birth" in answers else ADULT


def _minor(answers: Answers, turn: Turn) -> bool:
    return _age(answers, turn) < ADULT


def _guardian_text(answers: Answers, turn: Turn) -> str:
    return texts.GUARDIAN_CHILD if _age(answers, turn) < ALONE else texts.GUARDIAN


def _phone(turn: Turn, answers: Answers) -> str:
    found = PHONE.fullmatch(re.sub(r"[\s-]", "", normalize(turn.said.text)))
    if not found:
        raise Unclear(texts.BAD_PHONE)
    return found[0]


def _guardian_says(answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    return Choice("yes", "监护人同意", (), Sense.YES), Choice("no", "还没同意", (), Sense.NO)


def _skills(turn: Turn, answers: Answers) -> list[str]:
    text = turn.said.plain
    found = named(text, SKILLS)
    if not found and not any(word in text for word in NONE):
        raise Unclear(texts.BAD_SKILLS)
    return list(found)


def _times(turn: Turn, answers: Answers) -> list[str]:
    text = turn.said.plain
    found = named(text, TIMES)
    if not found and not any(word in text for word in NONE):
        raise Unclear(texts.BAD_TIMES)
    return list(found or TIMES)


def _place(answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    return tuple(Choice(str(area), name) for area, name in turn.facts.communities[:20])


def _nowhere(answers: Answers, turn: Turn) -> bool:
    return turn.facts.community is None and bool(turn.facts.communities)


def _allowed(answers: Answers, turn: Turn) -> bool:
    return not (_minor(answers, turn) and answers.get("guardian_ok") == "no")


def _summary(answers: Answers, turn: Turn) -> str:
    """Nothing is confirmed by who did not agree, or whose guardian has not."""
    if not _allowed(answers, turn) or answers.get("agree") == "no":
        return ""
    skills = labels(answers.get("skills", ()), SKILLS) or texts.NO_SKILLS
    shown = next(c.label for c in BOARDS if c.key == answers["board"])
    times = labels(answers.get("times", ()), TIMES)
    return texts.SUMMARY.format(name=answers["name"], birth=answers["birth"], skills=skills, times=times, shown=shown)


def _finish(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    if not _allowed(answers, turn):
        return (Say(texts.GUARDIAN_FIRST),)
    if answers.get("agree") == "no":
        return (Say(texts.NOT_AGREED),)
    me = turn.person
    area = int(answers["place"]) if "place" in answers else turn.facts.area or turn.facts.community
    kept: list[Effect] = [
        Consent(me, "volunteer", TEXT_VERSION),
        Register(me, area, tuple(answers["skills"]), tuple(answers["times"])),
        KeepPersonal(me, "display_name", str(answers["name"])),
        KeepPersonal(me, "birth", str(answers["birth"])),
        ShowOnBoard(me, str(answers["board"])),
    ]
    if _minor(answers, turn):
        kept.append(KeepPersonal(me, "guardian", str(answers["guardian"])))
        kept.append(KeepPersonal(me, "guardian_phone", str(answers["guardian_phone"])))
        kept.append(Consent(me, "volunteer_guardian", TEXT_VERSION))
    child = texts.WITH_GUARDIAN if _age(answers, turn) < ALONE else ""
    return (*kept, Say(texts.DONE.format(name=answers["name"], child=child)))


def _agreed(answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    return AGREED


FLOW = Flow(
    name="volunteer_register",
    title="志愿者登记",
    intents=frozenset(),
    aside=True,
    needs=frozenset({"volunteering"}),
    asks=(
        Ask("agree", texts.AGREE, choices=_agreed),
        Ask("name", texts.NAME, parse=_name, when=lambda a, t: a.get("agree") != "no", name="名字"),
        Ask("birth", texts.BIRTH, parse=_born, when=lambda a, t: a.get("agree") != "no", name="出生日期"),
        Ask("guardian", _guardian_text, parse=_name, when=_minor, name="监护人"),
        Ask("guardian_phone", texts.GUARDIAN_PHONE, parse=_phone, when=_minor, name="监护人电话"),
        Ask("guardian_ok", texts.GUARDIAN_OK, choices=_guardian_says, when=_minor),
        Ask("place", texts.PLACE, community_told, choices=_place, when=lambda a, t: _placing(a, t), name="社区"),
        Ask("skills", texts.SKILLS, parse=_skills, when=lambda a, t: _going_on(a, t), name="特长"),
        Ask("times", texts.TIMES, parse=_times, when=lambda a, t: _going_on(a, t), name="时间"),
        Ask("board", texts.BOARD, choices=lambda a, t: BOARDS, when=lambda a, t: _going_on(a, t), name="怎么显示"),
    ),
    confirm=_summary,
    finish=_finish,
)


def _placing(answers: Answers, turn: Turn) -> bool:
    return _going_on(answers, turn) and _nowhere(answers, turn)


def _going_on(answers: Answers, turn: Turn) -> bool:
    return answers.get("agree") != "no" and _allowed(answers, turn)
