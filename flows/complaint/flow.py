"""The complaint conversation: what, which service, where, contact, photo, confirm; and the resident's own cases."""

from __future__ import annotations

import re
from typing import Any

from flows.complaint import texts
from flows.complaint.handling import FLOWS as STAFF_FLOWS
from flows.complaint.locate import locate, vague
from flows.complaint.own import amend, my_cases, nudge, rate, withdraw
from flows.complaint.rules import OTHER, act_of, clocks, is_opener, masked, meant_by, service_of, spoken
from flows.effects import Consent, Effect, KeepPersonal, OpenCase
from flows.errors import Unclear
from flows.flow import Answers, Ask, Choice, Flow, Turn
from nlu.normalize import normalize

PHONE = re.compile(r"(?<!\d)(?:\+?86)?[- ]?(1[3-9]\d)[- ]?(\d{4})[- ]?(\d{4})(?!\d)")
SKIP = Choice("", "不留", ("算了", "没", "不留", "跳过", "不用", "不想留", "没有", "不方便", "不給", "不留了"))
NO_PHOTO = Choice(
    "none", "没有照片", ("算了", "不发", "不发了", "没拍", "没有", "没", "跳过", "不用", "没照片", "無", "冇", "没有图")
)
PHONE_TEXT = "phone-1"  # version of ASK_PHONE: what the resident agreed to
DESK = frozenset({"政务办事", "劳动社保", "教育", "医疗卫生", "三农与救助", "通信邮政"})
WILLING = frozenset({"好", "好的", "可以", "行", "嗯", "方便", "留", "愿意", "是", "中", "要得"})
LONGEST = 2_000  # characters of a description
SURE_OF_SERVICE = 0.4


def _description(turn: Turn, _answers: Answers) -> Any:
    text = turn.said.text.strip()
    if len(text) < 2 and not turn.said.photos:
        raise Unclear(texts.TOO_SHORT)
    if is_opener(text):
        raise Unclear(texts.TOO_SHORT)
    return {
        "text": text[:LONGEST] or "（见照片）",
        "services": [k for k, _ in turn.said.understood.services[:4]],
        **_sure(turn),
    }


def _sure(turn: Turn) -> dict[str, float]:
    services = turn.said.understood.services
    return {"sure": round(services[0][1], 3) if services else 0.0}


def _first_description(turn: Turn, answers: Answers) -> Any:
    if turn.said.begin and not turn.said.text:
        return None
    if len(turn.said.text.strip()) < 4:
        return None
    return None if is_opener(turn.said.text) else _description(turn, answers)


def _ask_description(answers: Answers, _turn: Turn) -> str:
    if "phone" in answers and "service" in answers:  # it is being changed
        return texts.ASK_DESCRIPTION
    if answers.get("photos"):
        return texts.PHOTO_SEEN
    return texts.PLACE_SEEN if answers.get("place") else texts.ASK_DESCRIPTION


def _services(answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    keys = [k for k in answers["description"]["services"] if k != OTHER][:3]
    return (*(Choice(k, service_of(turn.facts, k).name) for k in keys), Choice(OTHER, "其他", ("都不是", "都不像")))


def _fill_service(turn: Turn, answers: Answers) -> str | None:
    told = answers.get("description")
    if not told:
        return None
    if not told.get("services"):  # only a photo: nothing to choose from
        return OTHER
    return told["services"][0] if told.get("sure", 0) >= SURE_OF_SERVICE else None


def _service(turn: Turn, _answers: Answers) -> str:
    """Said in other words: what it sounds like, else 其他; nobody is asked for a category twice."""
    if not turn.said.text.strip():
        raise Unclear(texts.NO_SERVICE)
    guesses = turn.said.understood.services
    return guesses[0][0] if guesses and guesses[0][1] >= SURE_OF_SERVICE else OTHER


def _place(turn: Turn, _answers: Answers) -> Any:
    found = locate(turn, turn.said.text)
    if found is not None:
        return found
    text = turn.said.text.strip()
    if len(text) < 2 or meant_by(text) or PHONE.fullmatch(text):
        raise Unclear(texts.ASK_PLACE_AGAIN)
    return {"text": text[:100], "area": turn.facts.area, "building": None}


def _fill_place(turn: Turn, answers: Answers) -> Any:
    if not turn.said.location and turn.said.begin and not turn.said.text:
        return None
    found = locate(turn, turn.said.text)
    if found is not None:
        return found
    place = turn.said.understood.slots.place
    if "place" in answers:  # only a place that is known takes the place of one
        return None
    if place is None and _asks(answers, turn):
        place = ""
    elif place and turn.facts.area is None and vague(place):
        return None
    return None if place is None else {"text": place[:100], "area": turn.facts.area, "building": None}


def _several(answers: Answers, _turn: Turn) -> bool:
    return bool(answers["place"].get("several"))


def _candidates(answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    ids = answers["place"]["several"][:6]
    return (*(Choice(str(i), turn.facts.places.label(i)) for i in ids), Choice("0", "都不是"))


def _nowhere(answers: Answers, turn: Turn) -> bool:
    """Nobody knows yet whose place this is, and there is more than one community to ask about."""
    placed = answers["place"].get("area") or answers.get("which", "0") != "0" or turn.facts.area
    return not placed and len(turn.facts.communities) > 1


def _communities(_answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    return (*(Choice(str(i), name) for i, name in turn.facts.communities[:8]), Choice("0", "不清楚"))


def _community(turn: Turn, _answers: Answers) -> str:
    """An estate or a building says it as well; what nobody knows is sorted out by the subdistrict."""
    found = locate(turn, turn.said.text)
    if not found and not turn.said.text.strip():
        raise Unclear(texts.ASK_COMMUNITY)
    if found and found.get("area"):
        return str(found["building"] or found["area"])
    return "0"


def _asks(answers: Answers, turn: Turn) -> bool:
    """Whether it is a question about papers, benefits, school: nobody has to go anywhere to answer it."""
    if "description" not in answers or "service" not in answers:
        return False
    at_desk = service_of(turn.facts, answers["service"]).category in DESK
    return at_desk and act_of(answers["description"]["text"]) == "question"


def _to_be_seen(answers: Answers, turn: Turn) -> bool:
    return not _asks(answers, turn)


def _phone(turn: Turn, _answers: Answers) -> str:
    found = PHONE.search(turn.said.understood.text)
    if not found:
        willing = normalize(turn.said.text).strip("。！!.，, ") in WILLING
        raise Unclear(texts.PHONE_PLEASE if willing else texts.BAD_PHONE)
    return "".join(found.groups())


def _photo(turn: Turn, _answers: Answers) -> list[int]:
    if not turn.said.photos:
        raise Unclear(texts.NO_PHOTO)
    return list(turn.said.photos)


def _summary(answers: Answers, turn: Turn) -> str:
    photos = answers.get("photos")
    plain = texts.CONFIRM
    if _asks(answers, turn):
        plain = texts.QUESTION_CONFIRM_AT if _place_text(answers, turn) else texts.QUESTION_CONFIRM
    return plain.format(
        service=service_of(turn.facts, answers["service"]).name,
        description=answers["description"]["text"],
        place=_place_text(answers, turn),
        phone=masked(answers["phone"]) if answers["phone"] else "不留",
        photos=f"{len(photos)}张" if isinstance(photos, list) else "没有",
    )


def _where(answers: Answers, turn: Turn) -> tuple[int | None, int | None]:
    """(area, building) of a case."""
    which = int(answers.get("which", "0")) or int(answers.get("community", "0"))
    places = turn.facts.places
    if which and which in places:
        building = which if places.place(which).level == "building" else None
        return (places.above(which, "grid") or which), building
    area = answers["place"].get("area") or which or turn.facts.area or turn.facts.community or turn.facts.top
    return area, answers["place"].get("building")


def _place_text(answers: Answers, turn: Turn) -> str:
    which = int(answers.get("which", "0"))
    if which:
        return turn.facts.places.label(which)
    said = str(answers["place"]["text"])
    community = int(answers.get("community", "0"))
    if not community:
        return said
    name = dict(turn.facts.communities).get(community) or turn.facts.places.label(community)
    return f"{name} {said}".strip()


def _finish(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    service = service_of(turn.facts, answers["service"])
    text = answers["description"]["text"]
    area, building = _where(answers, turn)
    taken, solved = clocks(turn.facts, service, turn.now)
    receipt = texts.QUESTION_RECEIPT if _asks(answers, turn) else texts.RECEIPT
    receipt = receipt if area else texts.RECEIPT_UNSTAFFED
    told = receipt.replace("{acknowledge}", spoken(taken, turn.now, turn.zone))
    photos = answers.get("photos")
    opened = OpenCase(
        service=service.key,
        act=act_of(text),
        description=text,
        place=_place_text(answers, turn),
        area=area,
        building=building,
        person=turn.person,
        photos=tuple(photos) if isinstance(photos, list) else (),
        acknowledge_due=taken,
        resolve_due=solved,
        receipt=told.replace("{resolve}", spoken(solved, turn.now, turn.zone)),
        department=service.department,
    )
    if not answers["phone"]:
        return (opened,)
    kept = KeepPersonal(turn.person, "phone", answers["phone"])
    return (Consent(turn.person, "phone", PHONE_TEXT), kept, opened)


FLOW = Flow(
    name="complaint",
    title="登记诉求",
    intents=frozenset({"report_problem", "case_status", "nudge_case"}),
    needs=frozenset({"my_cases", "phone", "places"}),
    asks=(
        Ask("description", _ask_description, _description, fill=_first_description, name="情况", free=True),
        Ask("service", texts.ASK_SERVICE, _service, choices=_services, fill=_fill_service, name="类别"),
        Ask("place", texts.ASK_PLACE, _place, fill=_fill_place, name="位置", free=True, late=True),
        Ask("which", texts.ASK_WHICH, choices=_candidates, when=_several),
        Ask("community", texts.ASK_COMMUNITY, _community, choices=_communities, when=_nowhere),
        Ask(
            "phone",
            texts.ASK_PHONE,
            _phone,
            choices=lambda _a, _t: (SKIP,),
            fill=lambda t, _a: t.facts.phone,
            name="电话",
            late=True,
        ),
        Ask(
            "photos",
            texts.ASK_PHOTO,
            _photo,
            choices=lambda _a, _t: (NO_PHOTO,),
            when=_to_be_seen,
            fill=lambda t, _a: list(t.said.photos) or None,
            name="照片",
            late=True,
        ),
    ),
    confirm=_summary,
    finish=_finish,
    entries={
        "case_status": my_cases,
        "nudge_case": nudge,
        "withdraw_case": withdraw,
        "rate_case": rate,
        "amend_case": amend,
    },
    words=meant_by,
)
FLOWS = (FLOW, *STAFF_FLOWS)
