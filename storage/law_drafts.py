"""What the staff page reads of answers on their way to becoming guides: who may see which, and where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, case, false, literal, or_, select

from flows.domain.thread import LEGAL
from storage.desk import Member
from storage.desk_talk import community_name
from storage.tables import area, law_answer, staff, thread

_place = area.alias("place")
_shown = area.alias("shown")
_author = staff.alias("author")
_reviewer = staff.alias("reviewer")


@dataclass(frozen=True, slots=True)
class DraftLine:
    """An answer on its way to becoming a guide, as the page shows it; who asked is not among what it holds."""

    id: int
    question: str
    answer: str
    role: str
    state: str
    author_id: int
    author: str
    reviewer: str | None
    area: str | None  # the community where it was asked: a building would tell too much of who asked
    at: datetime
    published_at: datetime | None


def drafts(conn: Connection, who: Member, only: int | None = None) -> list[DraftLine]:
    """What `who` wrote, may review, or finds published where they advise: what waits first, then the newest."""
    paths = [post.path for post in who.posts if post.role in LEGAL]
    below = [_place.c.path.startswith(path) for path in paths]
    around = [literal(path).startswith(_shown.c.path) for path in paths]
    mine = law_answer.c.author_id == who.id
    others = or_(
        and_(law_answer.c.state == "review", or_(false(), *below)),
        and_(law_answer.c.state == "published", or_(law_answer.c.area_id.is_(None), *below, *around)),
    )
    rank = case({"review": 0, "draft": 1, "published": 2}, value=law_answer.c.state, else_=3)
    query = (
        select(
            law_answer.c.id,
            law_answer.c.question,
            law_answer.c.answer,
            law_answer.c.role,
            law_answer.c.state,
            law_answer.c.author_id,
            _author.c.name.label("author"),
            _reviewer.c.name.label("reviewer"),
            community_name(_place).label("area"),
            law_answer.c.at,
            law_answer.c.published_at,
        )
        .join(_author, _author.c.id == law_answer.c.author_id)
        .join(_reviewer, _reviewer.c.id == law_answer.c.reviewer_id, isouter=True)
        .join(thread, thread.c.id == law_answer.c.thread_id, isouter=True)
        .join(_place, _place.c.id == thread.c.area_id, isouter=True)
        .join(_shown, _shown.c.id == law_answer.c.area_id, isouter=True)
        .where(or_(mine, others) if paths else mine)
        .order_by(rank, law_answer.c.id.desc())
        .limit(200)
    )
    if only is not None:
        query = query.where(law_answer.c.id == only)
    return [DraftLine(*row) for row in conn.execute(query)]
