"""An answer on its way to becoming a guide: loaded as it stands, decided (pure), written."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from bot.legalwork import today
from bot.world import World
from flows.effects import ActOnGuide, ChangeGuide, DraftGuide, Effect
from flows.errors import NotAllowed
from flows.legal import guide_desk
from flows.legal.answered import marks
from flows.legal.doubts import doubts
from storage import community, consultations, law_answers, people, threads

if TYPE_CHECKING:
    from bot.effects import Here


def act(conn: Connection, world: World, here: Here, effect: ActOnGuide) -> list[Effect]:
    """What follows from doing something with a draft now; "draft" makes one of a thread. Raises NotAllowed."""
    if here.staff is None:
        raise NotAllowed("这一步要由法律工作者来做。")
    if effect.action == "draft":
        return [_drafted(conn, here, int(effect.data["thread"]))]
    row = law_answers.load(conn, effect.guide)
    draft = guide_desk.Draft(row.id, row.question, row.answer, row.role, row.author, row.area, row.state, row.version)
    thread = threads.find(conn, row.thread) if row.thread else None
    place = thread.area if thread else row.area
    return list(guide_desk.act(draft, effect.action, effect.data, _around(conn, world, here, draft, place)))


def _drafted(conn: Connection, here: Here, thread_id: int) -> DraftGuide:
    """The draft of a thread: only its owner may make one, and only of what helped."""
    assert here.staff
    thread = threads.load(conn, thread_id)
    said = tuple(text for author, text, _ in threads.lines(conn, thread_id) if author == "staff")
    if thread.kind != "legal" or thread.owner != here.staff.id or thread.rating is None or thread.rating < 4:
        raise NotAllowed("只有您答过、居民说有帮助的，才能整理成解答。")
    if not said or not thread.question:
        raise NotAllowed("这件咨询的内容已经按规定清掉了，整理不了。")
    above = community.above(conn, thread.area) if thread.area is not None else []
    area = above[-1] if above else None  # all who share the adviser
    return guide_desk.drafted(thread_id, thread.question, said, thread.role, here.staff.id, area)


def draft(conn: Connection, here: Here, effect: DraftGuide) -> list[Effect]:
    """Write the draft, and show it to its author."""
    id = law_answers.draft(
        conn,
        thread=effect.thread,
        area=effect.area,
        question=effect.question,
        answer=effect.answer,
        role=effect.role,
        author=effect.author,
        now=here.now,
    )
    return [ActOnGuide(id, "show")]


def change(conn: Connection, here: Here, effect: ChangeGuide) -> None:
    """Write what became of a draft."""
    given = {"question": effect.question, "answer": effect.answer, "reviewer_id": effect.reviewer}
    values: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    if effect.cited is not None:
        values["cited"] = dict(effect.cited)
    law_answers.change(conn, effect.guide, effect.version, here.now, state=effect.state, **values)


def doubts_of(conn: Connection, world: World, guide: int, now: datetime) -> tuple[str, ...]:
    """What is doubtful about the citations of a draft today."""
    row = law_answers.find(conn, guide)
    return _doubts(conn, world, f"{row.question}\n{row.answer}", row.area, now) if row else ()


def _doubts(conn: Connection, world: World, text: str, area: int | None, now: datetime) -> tuple[str, ...]:
    library = world.law.library(conn)
    areas = frozenset(community.above(conn, area)) if area is not None else frozenset[int]()
    versions = lambda law, number: [a for a in library.versions(law, number) if a.holds_in(areas)]  # noqa: E731
    return doubts(text, versions, library.titles, today(conn, world, area, now))


def _around(
    conn: Connection, world: World, here: Here, draft: guide_desk.Draft, place: int | None
) -> guide_desk.Around:
    assert here.staff
    author = people.staff_by_id(conn, [draft.author])
    library, day = world.law.library(conn), today(conn, world, draft.area, here.now)
    areas = frozenset(community.above(conn, draft.area)) if draft.area is not None else frozenset[int]()
    text = f"{draft.question}\n{draft.answer}"
    return guide_desk.Around(
        staff=here.staff.id,
        person=here.staff.person,
        author_person=author[0].person if author else None,
        reviewers=consultations.holders(conn, place, 0, here.now),
        place=place,
        doubts=_doubts(conn, world, text, draft.area, here.now),
        marks=marks(draft.answer, lambda law, number: library.article(law, number, day, areas)),
    )
