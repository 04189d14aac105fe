"""The cases a department is called out to, as those who come from it see them: what waits, and that they are there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows.effects import ActOnCase, Effect, Say
from flows.words import word
from storage import caselists, cases, desk

if TYPE_CHECKING:
    from bot.turn import Scene

ARRIVED = re.compile(
    r"(?:报告)?(?:我们?|人|队伍)?(?:已经?|都|刚)*(?:到了|到场了?|到现场了?|报到了?|到位了?)(?:哈|啊|哦)?"
)
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


def arrived(scene: Scene) -> list[Effect] | None:
    """我到了, said by somebody whose department is waited for; None when nobody waits for them."""
    if scene.talk().get("flow") or ARRIVED.fullmatch(word(scene.said.text)) is None:
        return None
    due = [one for one in waiting(scene) if not one.here]
    if len(due) > 1:
        return [Say(SEVERAL.format(numbers="、".join(one.row[0] for one in due[:5])))]
    if not due:
        return None
    scene.as_staff()
    return [ActOnCase(due[0].id, "report_in", {})]
