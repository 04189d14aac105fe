"""What staff ask in private of single cases: one by its number, those that are late, and how a step is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import casework
from flows.complaint import digest
from flows.complaint.rules import spoken
from flows.complaint.texts import CARD_STATUS, STATUS
from flows.domain.case import ALIVE, Status
from flows.domain.scrub import scrubbed
from flows.effects import Effect, Say
from flows.words import word
from nlu.late import regex
from storage import cases, desk, desk_list

if TYPE_CHECKING:
    from bot.turn import Scene

NUMBER = regex(
    r"(?:帮我|请)?(?:查一?下|查|看一?下|看看?)?(?:编号|诉求|工单)?\s*(\d{6}-\d{1,4})(?!\d).{0,16}"
)  # and what about it
LATE = regex(
    r"(?:看看?|查一?下|现在|今天|都|还)*+(?:有)?(?:哪些|哪几|几|多少)个?[件单]?(?:诉求|工单)?都?(?:超时|逾期|过期)(?:了|的)?[吗呢啊]?"
    r"|(?:超时|逾期|过期)(?:了)?的?(?:诉求|工单)?(?:都)?(?:是|有)?(?:哪些|哪几[件个]|几件|多少件?)[吗呢啊]?"
)
HOW = regex(
    r"(?:这[件个]?)?(?:要|我要|我想|请问)?(?:怎么|如何|咋|在哪里?|哪里)(?:能|可以)?(?:转派|派单|吹哨|退回|回避|延期|接单|办结|写进展|发?传?照片|转给.{1,6})(?:啊|呀|呢)?"
    r"|(?:帮我)?(?:转派|转)给?[一-龥]{2,4}|(?:居民)?照片怎么(?:传|发|上传)|办结了?还?能改吗|(?:刚才|进展|结果)*写错了(?:怎么办|怎么改)?"
    r"|(?:这[件个]?)?不(?:该|应该)给(?:我|我们)|(?:我们?)?不管这[件个]"
)


def told(scene: Scene) -> list[Effect] | None:
    """The answer; None when it was none of these, or something else is open, or it is not for who asks."""
    who = desk.member(scene.conn, scene.staff.id) if scene.staff and not scene.talk().get("flow") else None
    if who is None or not any(
        post.role in desk.CASE_ROLES | desk.BUILDING_ROLES | {"department"} for post in who.posts
    ):
        return None
    text = word(scene.said.text)
    if found := NUMBER.fullmatch(text):
        return _one(scene, who, found[1])
    if LATE.fullmatch(text):
        rows, _ = desk_list.cases(scene.conn, who, desk_list.Filters(overdue=True), scene.now, limit=digest.SHOWN)
        return [Say("\n".join([digest.LATE, *(_line(scene, row) for row in rows)]) if rows else digest.NONE_LATE)]
    return [Say(digest.HOW)] if HOW.fullmatch(text) else None


def _one(scene: Scene, who: desk.Member, number: str) -> list[Effect] | None:
    """A case they may see, unless it is one of their own as a resident."""
    rows, _ = desk_list.cases(scene.conn, who, desk_list.Filters(status="all", number=number), scene.now)
    row = next((one for one in rows if one.number == number), None)
    if row is None:
        case = cases.by_number(scene.conn, number)
        own = case is not None and scene.person.id in cases.parties(scene.conn, case)
        return None if own else [Say(digest.NO_SUCH)]
    return [Say("\n".join([_line(scene, row), scrubbed(row.description)[:120], digest.ON_THE_CARD]))]


def _line(scene: Scene, row: desk.CaseLine) -> str:
    status = Status(row.status)
    due = row.resolve_due if row.owner else row.acknowledge_due or row.resolve_due
    zone = casework.zone(scene.conn, scene.world, None)
    return digest.CASE.format(
        number=row.number,
        title=casework.title_of(scene.world, row.service),
        where=" ".join(name for name in (row.area, row.building) if name) or digest.NOWHERE,
        status=CARD_STATUS.get(status, STATUS[status]),
        owner=row.owner or digest.NOBODY,
        due=digest.DUE.format(due=spoken(due, scene.now, zone)) if due and status in ALIVE else "",
    )
