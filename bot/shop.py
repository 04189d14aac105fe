"""The counter of a shop of points: a pick-up code is typed, goods are handed over, by that shop's own shopkeeper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection

from bot.clock import HOME
from flows import refusals
from flows.effects import Effect, Say
from flows.errors import NotAllowed, Suspicious
from flows.points import desk, texts
from flows.points.redeeming import GIVES_BACK
from flows.points.rules import core
from flows.words import word
from nlu.normalize import aligned
from nlu.understanding import Understanding
from storage import audit, guesses, households, people, shop

if TYPE_CHECKING:
    from bot.turn import Scene
    from bot.world import World


def typed_code(scene: Scene) -> list[Effect] | None:
    """Somebody typed a pick-up code: a shopkeeper is told what it is for, others where it belongs; None: it is none."""
    plain = desk.shopkeeper_code(scene.said.text)
    if scene.staff is None or not any(r.role == "shopkeeper" for r in scene.staff.roles):
        return _not_here(scene, plain) if plain else None
    if plain is None:
        return [Say(texts.SHOP_DIGITS)] if desk.near_code(scene.said.text) else None
    if not guesses.allowed(scene.conn, scene.person.id, scene.now):
        return [Say(refusals.TOO_MANY_GUESSES)]
    found = shop.by_code(scene.conn, plain)
    if found is None:
        _missed(scene, "pickup.guessed")
        return [Say(texts.SHOP_WRONG)]
    if not keeps(scene.conn, scene.world, scene.staff, found.id):
        _missed(scene, "pickup.other_shop")
        return [Say(texts.SHOP_OTHER)]
    return list(desk.found(found, scene.now))


def _not_here(scene: Scene, plain: str) -> list[Effect] | None:
    """To the household whose code it is what waits for it; to anybody else, who may only guess, where codes belong."""
    if scene.talk().get("flow"):  # it answers something else
        return None
    home = households.of_person(scene.conn, scene.person.id)
    waiting = shop.codes_of(scene.conn, home.id, scene.now) if home else []
    found = next(((view, where) for view, code, where in waiting if code == plain), None)
    if home is None or found is None:
        return [Say(texts.CODE_FOR_SHOP)]
    view, where = found
    here = scene.world.community_of(scene.conn, home.area)
    day = texts.day(view.expires_at, here.zone if here else HOME)
    return [Say(texts.CODE_OURS.format(title=view.title, shop=where, day=day))]


def stock(scene: Scene) -> list[Effect] | None:
    """What a shopkeeper asks of their shelf (还有多少货, 菜籽油没了, 有谁来取); None when it is not that."""
    shops = {r.department for r in scene.staff.roles if r.role == "shopkeeper"} if scene.staff else set()
    if not shops or scene.talk().get("flow") or not desk.STOCK.fullmatch(word(scene.said.text)):
        return None
    rows = [row for row in shop.shelf(scene.conn, scene.now) if None in shops or row.shop in shops]
    return [Say(desk.shelf(rows))]


def given_back(scene: Scene, understood: Understanding) -> Understanding:
    """大米不要了, said by a household that has rice waiting, means that rice; else it means what it means."""
    said = GIVES_BACK.fullmatch(aligned(scene.said.text).strip(" 。，！!.,"))
    home = households.of_person(scene.conn, scene.person.id) if said else None
    if home is None or said is None:
        return understood
    waiting = [core(view.title) for view, _, _ in shop.codes_of(scene.conn, home.id, scene.now)]
    thing = said[1] or said[2] or ""  # 退掉 names nothing: what waits
    if not any(title in thing or thing in title for title in waiting):
        return understood
    return understood.but(flow="points", intent="redeem", confidence=1.0)


def _missed(scene: Scene, action: str) -> None:
    assert scene.staff
    guesses.missed(scene.conn, scene.person.id, scene.now)
    audit.record(scene.conn, actor=f"staff:{scene.staff.id}", action=action, subject={}, now=scene.now)


def keeps(conn: Connection, world: World, staff: people.Staff, redemption: int) -> bool:
    """Whether a member of staff keeps the shop that hands a reservation out, now."""
    counter = shop.counter(conn, redemption)
    places = world.known(conn).places
    return any(
        r.role == "shopkeeper" and r.department in (None, counter.shop) and places.inside(counter.area, r.area)
        for r in staff.roles
    )


def collect(scene: Scene, redemption: int) -> list[Effect]:
    """The goods were handed over. Raises NotAllowed; whoever was removed meanwhile hands nothing over."""
    if scene.staff is None or not any(r.role == "shopkeeper" for r in scene.staff.roles):
        raise Suspicious(texts.SHOP_REMOVED, "pickup.no_shopkeeper", {"redemption": redemption})
    if not keeps(scene.conn, scene.world, scene.staff, redemption):
        raise Suspicious(texts.SHOP_OTHER, "pickup.other_shop", {"redemption": redemption})
    try:
        return list(desk.collect(shop.view(scene.conn, redemption), scene.staff.id, scene.now))
    except NotAllowed as refusal:
        raise Suspicious(str(refusal), "pickup.replayed", {"redemption": redemption}) from None
