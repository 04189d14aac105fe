"""What was asked becomes a case: its service and department, place, clocks, and whom it is kept from."""

from __future__ import annotations

from flows.complaint import about, happened, texts
from flows.complaint.asking import asks
from flows.complaint.locate import place_text, where
from flows.complaint.rules import act_of, clocks, service_of, spoken
from flows.domain.places import Found
from flows.effects import OpenCase
from flows.flow import Answers, State, Turn
from nlu.late import regex

HOW_LONG = regex(
    r"多久|多长时间|(?<!好)几天(?!了|没)|几时|什么时候|啥时候|何时|多会儿|几点(?!钟?半?[以之到前后开])|当天能|马上能"
)
NEXT = regex(  # 然后呢, 谁来, 今天能来吗: what comes after it is registered
    r"(?:那|好|嗯|[,，])*(?:然后|接下来|下一步)(?:呢|怎么办|干嘛|做什么|怎么弄)?"
    r"|(?:那|到时候|今天|明天|会|能|有|派|是|到底|大概)*(?:谁|哪个|什么人)(?:会|能|过)?来(?:看|修|处理|办|管)?(?:一下)?[啊呀呢]?"
    r"|(?:那|今天|明天|现在|马上|今晚)+(?:就)?(?:能|会|可以)(?:有人|派人)?来(?:人|看|修|处理)?(?:一下)?(?:吗|么|不)?"
)


def how_long(state: State, turn: Turn) -> str:
    """What to say when the resident asks in between how long it will take; "" when that is not what was asked."""
    text = turn.said.understood.plain
    asked = HOW_LONG.search(text) or NEXT.fullmatch(text.strip(" 。.!！~?？"))
    if not asked or "service" not in state.answers:
        return ""
    taken, solved = clocks(turn.facts, service_of(turn.facts, state.answers["service"]), turn.now)
    acknowledge, resolve = spoken(taken, turn.now, turn.zone), spoken(solved, turn.now, turn.zone)
    return texts.HOW_LONG.format(acknowledge=acknowledge, resolve=resolve)


def described(answers: Answers, turn: Turn) -> str:
    """What was told; where it names one building and the place was put right since, with the one that is meant."""
    text, building = str(answers["description"]["text"]), where(answers, turn)[1]
    named = turn.facts.places.find(text) if building is not None else None
    if isinstance(named, Found) and named.building not in (None, building):
        return f"{text}\n{texts.PLACE_RIGHT.format(place=place_text(answers, turn))}"
    return text


def opened(answers: Answers, turn: Turn) -> OpenCase:
    """The case as it was told; raises nothing, asks nothing."""
    service = service_of(turn.facts, answers["service"])
    text = answers["description"]["text"]
    area, building = where(answers, turn)
    taken, solved = clocks(turn.facts, service, turn.now)
    receipt = texts.QUESTION_RECEIPT if asks(answers, turn) else texts.RECEIPT
    receipt = receipt if area else texts.RECEIPT_UNSTAFFED
    told = receipt.replace("{acknowledge}", spoken(taken, turn.now, turn.zone))
    photos = answers.get("photos")
    units = about.about(answers, turn)
    starts = [one.start for one in happened.times(answers) if one.start]
    return OpenCase(
        service=service.key,
        act=act_of(text),
        description=described(answers, turn),
        place=place_text(answers, turn),
        area=area,
        building=building,
        person=turn.person,
        photos=tuple(photos) if isinstance(photos, list) else (),
        acknowledge_due=taken,
        resolve_due=solved,
        receipt=told.replace("{resolve}", spoken(solved, turn.now, turn.zone)) + (texts.KEPT_FROM if units else ""),
        department=None if any(service.department in u.departments for u in units) else service.department,
        hazard=answers["description"].get("hazard"),
        when=happened.words(answers) or None,
        happened=happened.said(answers, turn) or None,
        happened_at=min(starts, default=None),
        about=units,
    )
