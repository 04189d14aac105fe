"""The figures of the cases of an area: told on the first of a month, and to who leads there when they ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection

from bot import casework
from bot.world import World
from flows.complaint.figures import Period, categories, ended, figures, month
from flows.effects import Effect, Say
from flows.words import word
from nlu.late import regex
from storage import figures as counts

if TYPE_CHECKING:
    from bot.turn import Scene

LEADING = ("duty_leader", "supervisor", "administrator", "community_staff")  # to whom a month's figures go anyway
MOST = 3  # areas of one person
ASKED = regex(
    r"(?:看看?|查|查一?下|请问)?(?:我们|咱们|街道|社区|这里)*(?:(?P<last>上个?月)|这个?月|本月)(?:以来|到现在)?(?:的)?"
    r"(?:诉求|工单|案子)?(?:都|一共)?(?:办得|办的|办|做得|干得)?"
    r"(?:怎么样|咋样|如何|情况|数据|数字|统计|月报|报表|(?:办|来|解决|结)?了?多少件?)(?:诉求|工单|怎么样|如何)?(?:了|啊|呀|呢)?"
)


def told(conn: Connection, world: World, area: int, period: Period, span: str) -> str:
    """The message about an area; `span` is how the period is called."""
    zone = casework.zone(conn, world, area)
    found = counts.counted(conn, area, *period.instants(zone), categories(world.catalogue))
    return figures(world.known(conn).places.place(area).name, span, found)


def of_group(scene: Scene) -> list[Effect] | None:
    """What a leaders' group or a community's work group asks 小邻 of a month; None: that is not what was asked."""
    area = scene.chat.area
    if scene.staff is None or area is None or not scene.said.addressed:
        return None
    places = scene.world.known(scene.conn).places
    meant = scene.chat.role == "leaders" or (area in places and places.place(area).level == "community")
    return _answer(scene, (area,)) if meant else None


def of_one(scene: Scene) -> list[Effect] | None:
    """The same, asked by who leads: of the areas they lead, the widest of each."""
    if scene.staff is None:
        return None
    led = dict.fromkeys(role.area for role in scene.staff.roles if role.role in LEADING)
    places = scene.world.known(scene.conn).places
    widest = [a for a in led if a in places and not any(a != b and places.inside(a, b) for b in led)]
    return _answer(scene, tuple(widest[:MOST])) if widest else None


def _answer(scene: Scene, areas: tuple[int, ...]) -> list[Effect] | None:
    asked = ASKED.fullmatch(word(scene.said.text))
    if asked is None:
        return None
    return [Say(_of(scene, area, last=asked["last"] is not None)) for area in areas]


def _of(scene: Scene, area: int, *, last: bool) -> str:
    today = scene.now.astimezone(casework.zone(scene.conn, scene.world, area)).date()
    period = ended(today)[0] if last else month(today.year, today.month)
    span = period.name if last else f"{period.name}（1日到今天）"
    return told(scene.conn, scene.world, area, period, span)
