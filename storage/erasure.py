"""A person's own words and particulars taken out of every table; ids, dates and the books stay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Text, and_, cast, delete, exists, literal, or_, select, text, true, update

from flows.domain.case import ALIVE
from storage import (
    aliases,
    bookings,
    bot_answers,
    case_words,
    law_answers,
    mediations,
    personal,
    subscriptions,
    volunteers_people,
)
from storage.case_words import GONE
from storage.files import references
from storage.quoting import mediators, quoting
from storage.tables import (
    account,
    booking,
    button,
    card,
    case,
    case_file,
    case_party,
    chat,
    chat_pulse,
    code,
    consent,
    conversation,
    due,
    file,
    group_memory,
    household_member,
    inbox,
    outbox,
    person,
    proposal,
    staff,
    thread,
    thread_line,
    web_line,
)

SLICE = 500


@dataclass(frozen=True, slots=True)
class _Traces:
    """Where a person left words: their accounts, private chats, and the messages that carried them elsewhere."""

    person: int
    accounts: tuple[tuple[str, str], ...]
    chats: tuple[int, ...]
    inbox: tuple[int, ...]
    outbox: tuple[int, ...]


def forget(conn: Connection, person_id: int, now: datetime) -> list[str]:
    """Empty everything a person said or left, destroy their key; the paths of files that may be removed.

    Twice is once. What staff were sent is emptied here; what lies on their phones no program can take back.
    """
    found = _traces(conn, person_id)
    paths = [*_files(conn, person_id), *_uploads(conn, found)]
    _empty_messages(conn, found)
    _empty_threads(conn, person_id, now)
    case_words.forget(conn, person_id)
    _leave(conn, person_id)
    volunteers_people.forget(conn, person_id)
    bookings.forget(conn, person_id)
    mediations.forget(conn, person_id)
    law_answers.forget(conn, person_id)
    conn.execute(update(proposal).where(proposal.c.proposer_person_id == person_id).values(note=GONE, appeal=""))
    _drop_what_waits(conn, found)
    live = (consent.c.person_id == person_id, consent.c.withdrawn_at.is_(None))
    conn.execute(update(consent).where(*live).values(withdrawn_at=now))
    member = (household_member.c.person_id == person_id, household_member.c.until.is_(None))
    conn.execute(update(household_member).where(*member).values(until=now))
    personal.erase(conn, person_id, now)
    conn.execute(update(person).where(person.c.id == person_id).values(area_id=None, group_id=None, script="hans"))
    return paths


def cut(conn: Connection, person_id: int) -> list[str]:
    """Some time after the farewell: forget the accounts too, unless the person has written again or works here."""
    erased = conn.execute(select(person.c.erased_at).where(person.c.id == person_id)).scalar()
    back = select(chat.c.id).outerjoin(chat_pulse, chat_pulse.c.chat_id == chat.c.id)
    back = back.where(chat.c.person_id == person_id, or_(chat.c.heard_at > erased, chat_pulse.c.heard_at > erased))
    works = select(staff.c.id).where(staff.c.person_id == person_id)
    if erased is None or conn.execute(back).first() or conn.execute(works).first():
        return []
    found = _traces(conn, person_id)
    paths = forget(conn, person_id, erased)
    for some in _slices(found.inbox):
        conn.execute(delete(inbox).where(inbox.c.id.in_(some), text("state <> 'new'")))
    for channel, address in found.accounts:
        if channel == "web":
            conn.execute(delete(web_line).where(web_line.c.chat == address))
            nameless = {"author": "erased", "key": literal("erased:") + cast(web_line.c.id, Text)}
            conn.execute(update(web_line).where(web_line.c.author == address).values(nameless))
    conn.execute(delete(account).where(account.c.person_id == person_id))
    for id in found.chats:
        gone = {"address": f"erased:{id}", "state": "left", "reason": None}
        conn.execute(update(chat).where(chat.c.id == id).values(gone))
    return paths


# -- where it lies -----------------------------------------------------------------------------------------------------


def _traces(conn: Connection, person_id: int) -> _Traces:
    query = select(account.c.channel, account.c.address).where(account.c.person_id == person_id)
    accounts = tuple((row.channel, row.address) for row in conn.execute(query))
    chats = tuple(conn.execute(select(chat.c.id).where(chat.c.person_id == person_id)).scalars())
    said = tuple(sorted({*_gone(conn, person_id), *(i for one in accounts for i in _said(conn, *one))}))
    sent = {*_sent(conn, person_id, chats, said), *_shown(conn, person_id), *quoting(conn, person_id)}
    sent |= {*mediators(conn, person_id)}
    return _Traces(person_id, accounts, chats, said, tuple(sorted(sent)))


def _said(conn: Connection, channel: str, address: str) -> Iterator[int]:
    mine = or_(inbox.c.conversation == f"{channel}:{address}", inbox.c.payload["sender"].as_string() == address)
    yield from conn.execute(select(inbox.c.id).where(inbox.c.channel == channel, mine)).scalars()


def _gone(conn: Connection, person_id: int) -> Iterator[int]:
    """What was emptied before, here or when an account was let go (that person's, or one they were merged with)."""
    ids = aliases.every(conn, person_id)
    yield from conn.execute(select(inbox.c.id).where(inbox.c.payload["gone"].as_integer().in_(ids))).scalars()


def _sent(conn: Connection, person_id: int, chats: Sequence[int], said: Sequence[int]) -> Iterator[int]:
    """What went to the person, and what their words led to elsewhere. What somebody does as staff leads to what
    residents and colleagues are told of their own matters: only who took a question of theirs was told of theirs."""
    yield from conn.execute(select(outbox.c.id).where(outbox.c.chat_id.in_(chats))).scalars()
    takers = select(chat.c.id).join(staff, staff.c.person_id == chat.c.person_id)
    takers = takers.join(thread, thread.c.owner_id == staff.c.id).where(thread.c.person_id == person_id)
    works = conn.execute(select(staff.c.id).where(staff.c.person_id == person_id)).first()
    theirs = outbox.c.chat_id.in_(takers) if works else true()
    for some in _slices(said):
        yield from conn.execute(select(outbox.c.id).where(outbox.c.cause.in_(some), theirs)).scalars()


def _shown(conn: Connection, person_id: int) -> Iterator[int]:
    """The cards of their cases, threads and appointments, and what was said under these."""
    cases = select(case.c.id).where(case.c.person_id == person_id)
    threads = select(thread.c.id).where(thread.c.person_id == person_id)
    visits = select(booking.c.id).where(booking.c.person_id == person_id)
    mine = or_(
        and_(card.c.kind == "case", card.c.subject_id.in_(cases)),
        and_(card.c.kind == "thread", card.c.subject_id.in_(threads)),
        and_(card.c.kind == "booking", card.c.subject_id.in_(visits)),
    )
    cards = select(card.c.outbox_id).where(mine)
    yield from conn.execute(
        select(outbox.c.id).where(or_(outbox.c.id.in_(cards), outbox.c.target_id.in_(cards)))
    ).scalars()


def _files(conn: Connection, person_id: int) -> list[str]:
    """Forget the rows of what they sent; evidence of what was done about a case is its handler's, and stays."""
    evidence = select(case_file.c.file_id).where(case_file.c.purpose == "evidence")
    rows = conn.execute(
        select(file.c.id, file.c.digest, file.c.path).where(file.c.person_id == person_id, file.c.id.not_in(evidence))
    ).all()
    ids = [row.id for row in rows]
    for some in _slices(ids):
        for column in references():
            conn.execute(delete(column.table).where(column.in_(some)))
        conn.execute(delete(file).where(file.c.id.in_(some)))
    shown = [f"uploads/{row.digest[:2]}/{row.digest[:32]}.jpg" for row in rows]  # as the web chat showed it
    return [*(row.path for row in rows), *shown]


def _uploads(conn: Connection, found: _Traces) -> list[str]:
    """The photos as they came in over the web chat."""
    paths = []
    for some in _slices(found.inbox):
        web = select(inbox.c.payload).where(inbox.c.id.in_(some), inbox.c.channel == "web")
        for payload in conn.execute(web).scalars():
            paths += [f"uploads/{h[:2]}/{h}.jpg" for h in payload.get("photos", ()) if str(h).isalnum()]
    return paths


# -- what becomes of it ------------------------------------------------------------------------------------------------


def _empty_messages(conn: Connection, found: _Traces) -> None:
    for some in _slices(found.inbox):
        web = select(inbox.c.key).where(inbox.c.id.in_(some), inbox.c.channel == "web")  # by accounts let go, too
        conn.execute(update(web_line).where(web_line.c.key.in_(web)).values(body={"text": GONE}, name=""))
        conn.execute(
            update(inbox).where(inbox.c.id.in_(some), text("state <> 'new'")).values(payload={"gone": found.person})
        )
    for some in _slices(found.outbox):
        unsent = (outbox.c.id.in_(some), text("state IN ('new', 'waiting')"))
        conn.execute(update(outbox).where(*unsent).values(state="failed", lease_until=None, reason="erased"))
        conn.execute(update(outbox).where(outbox.c.id.in_(some)).values(payload={}))
        keys = [f"out:{id}.{part}" for id in some for part in range(4)]
        conn.execute(update(web_line).where(web_line.c.key.in_(keys)).values(body={"text": GONE}))
    for channel, address in found.accounts:
        if channel == "web":
            mine = or_(web_line.c.chat == address, web_line.c.author == address)
            conn.execute(update(web_line).where(mine).values(body={"text": GONE}, name=""))


def _empty_threads(conn: Connection, person_id: int, now: datetime) -> None:
    mine = select(thread.c.id).where(thread.c.person_id == person_id)
    conn.execute(update(thread_line).where(thread_line.c.thread_id.in_(mine)).values(text=GONE))
    whose = thread.c.person_id == person_id
    conn.execute(update(thread).where(whose).values(subject={"question": GONE}))
    alive = (whose, thread.c.state != "closed")
    conn.execute(update(thread).where(*alive).values(state="closed", closed_at=now, version=thread.c.version + 1))


def _leave(conn: Connection, person_id: int) -> None:
    """Open cases that neighbours share go on without them."""
    others = case_party.alias("others")
    shared = exists().where(others.c.case_id == case_party.c.case_id, others.c.person_id != person_id)
    alive = select(case.c.id).where(case.c.status.in_(ALIVE))
    mine = (case_party.c.person_id == person_id, case_party.c.case_id.in_(alive), shared)
    conn.execute(delete(case_party).where(*mine))


def _drop_what_waits(conn: Connection, found: _Traces) -> None:
    """Open questions, buttons, links, reminders, and what groups remember of them."""
    conn.execute(delete(conversation).where(conversation.c.person_id == found.person))
    conn.execute(delete(button).where(or_(button.c.person_id == found.person, button.c.chat_id.in_(found.chats))))
    for some in _slices(found.outbox):
        conn.execute(delete(button).where(button.c.outbox_id.in_(some)))
    conn.execute(delete(code).where(code.c.person_id == found.person))
    conn.execute(delete(due).where(due.c.subject["person"].as_integer() == found.person))
    heard = cast(group_memory.c.memory, Text).contains(f'"{found.person}"', autoescape=True)
    bot_answers.empty(conn, [address for channel, address in found.accounts if channel == "wecom"])
    subscriptions.forget(conn, [address for channel, address in found.accounts if channel == "wechat"])
    conn.execute(delete(group_memory).where(heard))  # half an hour of talk, and the group goes on without it


def _slices(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), SLICE):
        yield ids[start : start + SLICE]
