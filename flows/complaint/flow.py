"""The complaint conversation: what, which service, where, contact, photo, confirm; and the resident's own cases."""

from __future__ import annotations

from flows.complaint import asking, texts
from flows.complaint.asking import asks
from flows.complaint.handling import FLOWS as STAFF_FLOWS
from flows.complaint.own import FLOWS as OWN_FLOWS
from flows.complaint.own import amend, my_cases, nudge, rate, withdraw
from flows.complaint.rules import act_of, clocks, masked, meant_by, service_of, spoken
from flows.effects import Consent, Effect, KeepPersonal, OpenCase
from flows.flow import Answers, Ask, Choice, Flow, Turn
from nlu.script import kept

SKIP = Choice("", "不留", ("算了", "没", "不留", "跳过", "不用", "不想留", "没有", "不方便", "不給", "不留了"))
NO_PHOTO = Choice(
    "none", "没有照片", ("算了", "不发", "不发了", "没拍", "没有", "没", "跳过", "不用", "没照片", "無", "冇", "没有图")
)
PHONE_TEXT = "phone-1"  # version of ASK_PHONE: what the resident agreed to


def _summary(answers: Answers, turn: Turn) -> str:
    photos = answers.get("photos")
    plain = texts.CONFIRM
    if asks(answers, turn):
        plain = texts.QUESTION_CONFIRM_AT if _place_text(answers, turn) else texts.QUESTION_CONFIRM
    return plain.format(
        service=service_of(turn.facts, answers["service"]).name,
        description=kept(answers["description"]["text"]),
        place=kept(_place_text(answers, turn)),
        phone=texts.PHONE_KEPT.format(phone=masked(answers["phone"])) if answers["phone"] else "不留",
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
    receipt = texts.QUESTION_RECEIPT if asks(answers, turn) else texts.RECEIPT
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
        Ask(
            "description",
            asking.ask_description,
            asking.description,
            fill=asking.first_description,
            name="情况",
            free=True,
            drops=("service",),
        ),
        Ask(
            "service", texts.ASK_SERVICE, asking.service, choices=asking.services, fill=asking.fill_service, name="类别"
        ),
        Ask("place", texts.ASK_PLACE, asking.place, fill=asking.fill_place, name="位置", free=True, late=True),
        Ask("which", texts.ASK_WHICH, choices=asking.candidates, when=asking.several),
        Ask(
            "community",
            texts.ASK_COMMUNITY,
            asking.community,
            choices=asking.communities,
            when=asking.anywhere,
        ),
        Ask(
            "phone",
            texts.ASK_PHONE,
            asking.phone,
            choices=lambda _a, _t: (SKIP,),
            fill=asking.fill_phone,
            name="电话",
            late=True,
        ),
        Ask(
            "photos",
            texts.ASK_PHOTO,
            asking.photo,
            choices=lambda _a, _t: (NO_PHOTO,),
            when=lambda a, t: not asks(a, t),
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
FLOWS = (FLOW, *OWN_FLOWS, *STAFF_FLOWS)
