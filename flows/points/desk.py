"""The shop's side of points: a pick-up code is typed, goods are handed over, a reservation runs out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from flows.effects import Effect, EndRedemption, Lane, Option, Privately, Say
from flows.errors import NotAllowed
from flows.facts import RedemptionView, SessionView, ShelfView
from flows.points import texts
from nlu.late import regex
from nlu.normalize import normalize

DIGITS = 6
REFUSED = {"collected": texts.SHOP_USED, "cancelled": texts.SHOP_CANCELLED, "expired": texts.SHOP_EXPIRED}


STOCK = regex(
    r"(?:看看?|查|查一?下|请问)?(?:店里|现在|今天|积分超市|超市|我们店)*(?:的)?(?:库存|存货|货架|货)(?:的)?(?:还)?(?:有|剩)?(?:多少|哪些|几样|什么)?(?:货|东西)?"
    r"|(?:店里|现在|还)*(?:有|剩)(?:多少|哪些|什么)(?:货|库存|东西)"
    r"|.{1,8}(?:没货|没有货|没了|卖完|换完|缺货|断货|到货|补货)了?"
    r"|(?:今天|明天|现在|还)?(?:都)?有?(?:谁|哪些人|几个人|多少人)(?:要|会)?(?:来)?(?:取|领|拿)(?:货|东西)?"
)


def shelf(rows: Sequence[ShelfView]) -> str:
    """What lies on a shop's shelf, and what of it waits for somebody."""
    waits = [texts.SHELF_WAITS.format(n=row.waiting) if row.waiting else "" for row in rows]
    lines = [texts.SHELF_LINE.format(title=r.title, stock=r.stock, waiting=w) for r, w in zip(rows, waits, strict=True)]
    return texts.SHELF.format(lines="\n".join(lines)) if lines else texts.SHELF_NONE


def shopkeeper_code(text: str) -> str | None:
    """The pick-up code a shopkeeper typed: six digits and nothing else but spaces, dashes or the word 取货码."""
    plain = normalize(text).replace("取货码", "")
    digits = "".join(c for c in plain if c not in " -—:：\n\t")
    return digits if len(digits) == DIGITS and digits.isascii() and digits.isdecimal() else None


def near_code(text: str) -> bool:
    """Whether a shopkeeper most likely meant a pick-up code, with a digit too few or too many."""
    plain = normalize(text)
    digits = "".join(c for c in plain.replace("取货码", "") if c not in " -—:：\n\t")
    if not digits.isascii() or not digits.isdecimal() or len(digits) == DIGITS:
        return False
    return "取货码" in plain or abs(len(digits) - DIGITS) == 1


def found(redemption: RedemptionView, now: datetime) -> tuple[Effect, ...]:
    """A code was found: what it is for, and the one button. Raises NotAllowed when nothing may be handed over."""
    _check(redemption, now)
    text = texts.SHOP_FOUND.format(title=redemption.title, points=redemption.points)
    give = Option(texts.HANDED_OVER, "points.collect", {"redemption": redemption.id})
    return (Say(text, options=((give,),)),)


def collect(redemption: RedemptionView, shopkeeper: int, now: datetime) -> tuple[Effect, ...]:
    """The goods were handed over. Raises NotAllowed when the reservation has ended already."""
    _check(redemption, now)
    done = Say(texts.SHOP_DONE.format(title=redemption.title))
    return (EndRedemption(redemption.id, "collected", f"staff:{shopkeeper}"), done)


def expire(redemption: RedemptionView, person: int, now: datetime) -> tuple[Effect, ...]:
    """Nobody came for it: points and stock go back, and the person who reserved it is told."""
    if redemption.state != "reserved" or redemption.expires_at > now:
        return ()
    text = texts.EXPIRED.format(title=redemption.title, points=redemption.points)
    return (EndRedemption(redemption.id, "expired", "clock"), Say(text, to=Privately(person), lane=Lane.PUSH))


def remind(session: SessionView, waiting: Sequence[tuple[int, str]], zone: ZoneInfo) -> tuple[Effect, ...]:
    """The evening before: each person once, with everything that waits for them there; again for another time only."""
    key = f"session.{session.id}.{session.starts_at.astimezone(zone):%Y%m%d%H%M}"
    mine: dict[int, list[str]] = {}
    for person, title in waiting:
        mine.setdefault(person, []).append(title)
    return tuple(
        Say(texts.session_tomorrow(session, titles, zone), to=Privately(person), lane=Lane.PUSH, key=key)
        for person, titles in mine.items()
    )


def _check(redemption: RedemptionView, now: datetime) -> None:
    state = redemption.state
    if state == "reserved" and redemption.expires_at <= now:
        state = "expired"
    if state in REFUSED:
        raise NotAllowed(REFUSED[state].format(title=redemption.title))
