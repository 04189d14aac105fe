"""我家也是: who joins in under a neighbour's report in the group is asked, alone, whether to report it too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.recalling import begins
from flows.assistant import texts as lines
from flows.complaint import texts
from flows.effects import Option, Privately, Say
from flows.group_memory import Report
from nlu.late import regex
from nlu.normalize import fold, normalize
from storage import outbox, people

if TYPE_CHECKING:
    from bot.turn import Scene

ME_TOO = regex(
    r"(?:我们?|俺们?|咱们?)?(?:家|这|那|楼|单元|栋|楼道|楼上|楼下|屋)(?:里|边|儿|这边)?也(?!许|看|听|想|觉|热|正常|[好亮]|来[水电气了]|有[水电气]|不[堵漏吵臭停错])"
    r"|同样|\+1|我也(?:是|一样|有|停|没[水电气]|这样)"
)
OTHER = regex(r"不过是|只不过|不一样|另一|以前|去年")  # 我家楼上也是，不过是跺脚: a matter of its own


def also(scene: Scene, report: Report) -> None:
    """The words said here before are known to all in this group; nothing else is told."""
    person = str(scene.person.id)
    heard = fold(normalize(scene.said.text))
    if person == report.person or person in report.joined or not ME_TOO.search(heard) or OTHER.search(heard):
        return
    args = begins(report.text, scene.chat.area)
    if scene.private():
        _settle(scene)
        option = Option(texts.ALSO, "begin", args)
        scene.writer().write([Say(texts.ALSO_PRIVATE, to=Privately(scene.person.id), options=((option,),))])
        return
    key = f"also.{report.person}.{report.at.timestamp():.0f}"
    if not outbox.known(scene.conn, f"{key}@{scene.chat.id}"):  # said once: the link is for everybody who has it too
        link = Option(lines.LINK, "begin", {**args, "told": "also"}, private=True, anybody=True)
        scene.writer().write([Say(texts.LINE_ALSO, options=((link,),), key=key)])


def lies_in(scene: Scene, area: int) -> bool:
    """Whether the person was last placed in this area."""
    places = scene.world.known(scene.conn).places
    return scene.person.area is not None and places.inside(scene.person.area, area)


def _settle(scene: Scene) -> None:
    """What is told next is about the place of this group."""
    area = scene.chat.area
    if area is not None and not lies_in(scene, area):
        people.settle(scene.conn, scene.person.id, area)
