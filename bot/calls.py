"""The cases a department is called out to, as those who come from it see them: what waits, and that they are there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows.effects import ActOnCase, Effect, Say
from flows.words import word
from nlu.late import regex
from storage import caselists, cases, desk

if TYPE_CHECKING:
    from bot.turn import Scene

ARRIVED = regex(r"(?:报告)?(?:我们?|人|队伍)?(?:已经?|都|刚)*(?:到了|到场了?|到现场了?|报到了?|到位了?)(?:哈|啊|哦)?")
NOT_COMING = regex(
    r"(?:.{0,20}[,，。;； ])?(?:我们?|这[件个]?事?|这边|今天|现在|暂时|这会儿|人手|人)*"
    r"(?:(?:去|来|到|赶)不(?:了|过[来去])|走不开|抽不出人|排不开|要?晚(?:一?点|些)(?:才能?)?到|不归(?:我们|咱们?)?(?:单位|公司|这边)?管|不是我们管的?)(?:.{0,40})?"
)
WHICH = "请你们到场的有几件（{numbers}），是哪一件来不了？回复那一件的卡片，写一句原因。"
SEVERAL = "您那里几件都在等报到（{numbers}），请在到了的那一件的卡片上点「报到」。"


@dataclass(frozen=True, slots=True)
class Called:
    """A case that a department is called out to; `here`: it has reported in."""

    id: int
    row: caselists.Row
    here: bool


def waiting(scene: Scene) -> list[Called]:
    """The cases where the departments of a member of staff are called out, oldest first."""
    who = desk.member(scene.conn, scene.staff.id) if scene.staff else None
    departments = {post.department for post in who.posts if post.department} if who else set()
    if who is None or not departments:
        return []
    found = caselists.called(scene.conn, who, sorted(departments))
    return [Called(id, row, bool(departments & set(cases.load(scene.conn, id).reported_in))) for id, row in found]


def answered(scene: Scene) -> list[Effect] | None:
    """我到了, or that nobody comes (去不了, 不归我们管), said by somebody whose department is waited for; else None."""
    said = word(scene.said.text)
    here = ARRIVED.fullmatch(said) is not None
    if scene.talk().get("flow") or not (here or NOT_COMING.fullmatch(said)):
        return None
    due = [one for one in waiting(scene) if not one.here]
    if len(due) > 1:
        return [Say((SEVERAL if here else WHICH).format(numbers="、".join(one.row.number for one in due[:5])))]
    if not due:
        return None
    scene.as_staff()
    return [ActOnCase(due[0].id, "report_in", {}) if here else ActOnCase(due[0].id, "note", {"note": scene.said.text})]
