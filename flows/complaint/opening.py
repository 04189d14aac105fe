"""What was asked becomes a case: its service and department, place, clocks, and whom it is kept from."""

from __future__ import annotations

from flows.complaint import about, texts
from flows.complaint.asking import asks
from flows.complaint.locate import place_text, where
from flows.complaint.rules import act_of, clocks, service_of, spoken
from flows.effects import OpenCase
from flows.flow import Answers, Turn


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
    return OpenCase(
        service=service.key,
        act=act_of(text),
        description=text,
        place=place_text(answers, turn),
        area=area,
        building=building,
        person=turn.person,
        photos=tuple(photos) if isinstance(photos, list) else (),
        acknowledge_due=taken,
        resolve_due=solved,
        receipt=told.replace("{resolve}", spoken(solved, turn.now, turn.zone)) + (texts.KEPT_FROM if units else ""),
        department=None if any(service.department in u.departments for u in units) else service.department,
        about=units,
    )
