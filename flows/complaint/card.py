"""The work card of a case: what staff see of it, with the buttons of its state; the case, never the person."""

from __future__ import annotations

from flows.complaint import texts
from flows.complaint.around import Around
from flows.complaint.buttons import LABELS, PRESSERS, on_card
from flows.complaint.rules import scrubbed, shade, spoken
from flows.domain.case import ALIVE, Action, Case, Status
from flows.effects import Brief, CardKey, Lane, Option, Privately, Recipient, Say, Shown

QUARREL = "neighbor_conflict"  # of the catalogue
DISPUTES = frozenset({QUARREL, "family_dispute"})
MOST_PHOTOS = 3  # of a report, in a group
IN_HAND = (Status.ASSIGNED, Status.CALLED_OUT)


def card(case: Case, around: Around, to: Recipient | None = None) -> Say:
    """The card, edited in place wherever it is shown; `to`: a place that is to have it."""
    key = CardKey("case", case.id)
    assert case.area is not None
    where = to or Shown(key, case.area)
    return Say(card_text(case, around), to=where, options=card_options(case), card=key, lane=Lane.PUSH)


def pictures(case: Case, photos: tuple[int, ...], to: Recipient) -> tuple[Say, ...]:
    """What the resident photographed for this case, below its card; of a quarrel the pictures stay on the staff page,
    since they may show the other side."""
    if case.service in DISPUTES or not photos:
        return ()
    said = [texts.CARD_PHOTO.format(number=case.number)] * len(photos[:MOST_PHOTOS])
    if len(photos) > MOST_PHOTOS:
        said[-1] += texts.MORE_CARD_PHOTOS.format(more=len(photos) - MOST_PHOTOS)
    key = CardKey("case", case.id)
    return tuple(Say(t, to=to, photo=p, about=key, lane=Lane.PUSH) for t, p in zip(said, photos, strict=False))


def asking(line: str, case: Case, around: Around, to: Recipient) -> Say:
    """A new message that asks somebody to act, with the whole card: it opens the case where no card is shown yet."""
    text = f"{line}\n\n{card_text(case, around)}"
    return Say(text, to=to, options=card_options(case), about=CardKey("case", case.id), lane=Lane.PUSH)


def brief(line: str, case: Case, around: Around) -> Brief | None:
    """How a reminder reads as one of several; None of what is red, which stands alone."""
    if shade(case, around.now, len(around.parties) - 1)[0] == "red":
        return None
    return Brief(line, Option(texts.OPEN_CARD, "case.show", {"case": case.id}, roles=PRESSERS))


def approving(line: str, case: Case, around: Around, to: Recipient) -> Say:
    """A new message that asks for the approval of an extension."""
    return _deciding(line, case, around, to, Action.EXTEND, Action.DENY)


def granting(line: str, case: Case, around: Around, to: Recipient) -> Say:
    """A new message that asks the subdistrict whether it calls the departments out."""
    return _deciding(line, case, around, to, Action.GRANT_CALL, Action.REFUSE_CALL)


def _deciding(line: str, case: Case, around: Around, to: Recipient, *ways: Action) -> Say:
    row = tuple(_option(case, way) for way in ways)
    text = f"{line}\n\n{card_text(case, around)}"
    return Say(text, to=to, options=(row,), about=CardKey("case", case.id), lane=Lane.PUSH)


def question(line: str, case: Case, around: Around) -> tuple[Say, ...]:
    """What the reporter alone is asked in private; a press of the button, or a reply, answers."""
    if not around.parties:
        return ()
    said = line.format(number=case.number, title=around.title, note=case.question)
    option = Option(texts.ANSWER, "case.add", {"case": case.id})
    key = CardKey("question", case.id)
    return (Say(said, to=Privately(around.parties[0]), options=((option,),), about=key, lane=Lane.PUSH, neutral=""),)


def card_options(case: Case) -> tuple[tuple[Option, ...], ...]:
    rows = tuple(tuple(_option(case, action) for action in row) for row in on_card(case))
    return (*rows, (_mediate(case),)) if case.service == QUARREL and case.status in IN_HAND else rows


def _mediate(case: Case) -> Option:
    """A quarrel goes to a mediator with nothing typed twice."""
    return Option(texts.MEDIATE, "mediation.begin", {"case": case.id}, roles=PRESSERS, area=case.area)


def _option(case: Case, action: Action) -> Option:
    return Option(LABELS[action], f"case.{action}", {"case": case.id}, roles=PRESSERS)


def card_text(case: Case, around: Around) -> str:
    name = around.names.get(case.owner or 0) if case.status in ALIVE else None
    owner = texts.OWNER.format(name=name) if name else ""
    colour, reasons = shade(case, around.now, len(around.parties) - 1)
    lines = texts.CARD.format(
        mark=texts.COLOURS[colour],
        number=case.number,
        why=f"（{'、'.join(reasons)}）" if reasons and case.status in ALIVE else "",
        title=around.title,
        description=scrubbed(case.description)[:300],
        when=texts.WHEN_LINE.format(when=scrubbed(case.happened)) if case.happened else "",
        place=scrubbed(case.place),
        status=texts.CARD_STATUS.get(case.status, texts.STATUS[case.status]) + owner,
        clock=_clock_line(case, around),
    )
    about = [texts.CARD_ABOUT.format(name=around.about)] if around.about else []
    return "\n".join([lines.rstrip(), *about, *_first_line(case, around), *_called_lines(case), *_note_lines(case)])


def _first_line(case: Case, around: Around) -> list[str]:
    """Who takes it first, until somebody has it; and who may come along."""
    first, along = around.first
    first = "" if case.owner else first
    named = [texts.CARD_FIRST.format(names=first)] if first else []
    named += [texts.CARD_ALONG.format(names=along)] if along else []
    return ["，".join(named)] if named else []


def _note_lines(case: Case) -> list[str]:
    if case.status is Status.CALLED_OUT and case.log:
        return [texts.CARD_LOG, *(f"· {scrubbed(line)[:120]}" for line in case.log)]
    return [texts.CARD_NOTE.format(note=scrubbed(case.note))] if case.note else []


def _called_lines(case: Case) -> list[str]:
    if case.status is not Status.CALLED_OUT or not case.called:
        return []
    missing = "、".join(d for d in case.called if d not in case.reported_in)
    lead = [texts.CARD_LEAD.format(lead=case.lead)] if case.lead else []
    there = [texts.CARD_THERE.format(there="、".join(case.reported_in))] if case.reported_in else []
    return [*lead, *there, *([texts.CARD_MISSING.format(missing=missing)] if missing else [])]


def _clock_line(case: Case, around: Around) -> str:
    if case.status in ALIVE and case.suspended_at:
        return texts.CARD_SUSPENDED
    untaken = case.owner is None
    due = case.acknowledge_due if untaken else case.resolve_due
    if case.status not in ALIVE or due is None:
        return f"结果：{texts.ENDING[case.ending]}" if case.ending else ""
    word = "接单时限" if untaken else "办理时限"
    asked = texts.CARD_ASKED if case.asked_days else ""
    asked += texts.CARD_WANTED if case.wanted_by is not None else ""
    return f"{word}：{spoken(due, around.now, around.zone)}" + ("（已超时）" if around.now >= due else "") + asked
