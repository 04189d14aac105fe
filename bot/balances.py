"""What staff who look after points ask of a household in a sentence: 林家有多少积分."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.domain.proposal import OFFICE
from flows.effects import Effect, Say
from flows.points import panel_texts as texts
from flows.words import word
from nlu.late import regex
from storage import audit, households, ledger

if TYPE_CHECKING:
    from bot.turn import Scene

ASKED = regex(
    r"(?:请问|看看|查一?下|查)?(?P<who>[一-龥\d]{1,12}?家?)(?:那一?户|家里|现在|目前|一共|总共|还|的){0,3}"
    r"(?:(?:有|剩|攒了?){1,2}(?:多少|几)个?(?:积分|分)|积分(?:余额|是多少|有多少|多少)?)(?:了|吗|呢|啊)?"
)
OWN = regex(r"(?:.*[我咱俺]们?|自己|自|大|人|这|你|你们|您|他|她|全|每|别人)家?")  # nobody by name


def told(scene: Scene) -> list[Effect] | None:
    """The points of the household named, for whoever looks after it; None when that is not what was asked."""
    held = sorted({post.area for post in scene.staff.roles if post.role in OFFICE}) if scene.staff else []
    found = ASKED.fullmatch(word(scene.said.text)) if held and not scene.talk().get("flow") else None
    if found is None or OWN.fullmatch(found["who"]):
        return None
    homes = households.named(scene.conn, found["who"], held)
    if not homes:
        return [Say(texts.NO_HOUSEHOLD)] if found["who"].endswith("家") else None
    lines = []
    for home in homes:
        points = ledger.balance(scene.conn, households.get(scene.conn, home.id).account)
        lines.append(texts.BALANCE.format(name=home.name, place=home.place, points=points))
        audit.record(
            scene.conn,
            actor=f"staff:{scene.staff.id}" if scene.staff else "",
            action="points.read",
            subject={"household": home.id},
            now=scene.now,
        )
    return [Say("\n".join([*lines, texts.BALANCE_WAYS]))]
