"""The monthly notice of points: made on the first of the month, shown to the community, published by a press."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from bot import bank, pictures
from bot.world import Community, World
from flows import effects as fx
from flows.domain.proposal import SECONDS
from flows.errors import NotAllowed
from flows.points import notice as words
from flows.points.texts import day
from storage import households, points_public, totals

if TYPE_CHECKING:
    from bot.effects import Here

AT = time(9)
OPEN = timedelta(days=7)  # how long objections are asked for
PAGE = 60  # rows of a picture
PAGES = 10


def upcoming(here: Community, now: datetime) -> fx.Schedule:
    """The next notice of a community: the first of next month, in the morning."""
    local = now.astimezone(here.zone)
    first = (local.date().replace(day=1) + timedelta(days=32)).replace(day=1)
    at = datetime.combine(first, AT, here.zone)
    expires = at + timedelta(days=20)
    return fx.Schedule("points.notice", f"notice.{here.id}", at, {"area": here.id}, fx.Late.EXPIRE, expires)


def due(conn: Connection, world: World, here: Here, community: int) -> list[fx.Effect]:
    """What the community's staff see on the first of a month, with the button that publishes it; and the next one."""
    found = world.known(conn).communities.get(community)
    if found is None:
        return []
    month = _last(found, here.now)
    count = _totals(conn, found, month).count
    again = upcoming(found, here.now)
    if not count:
        return [again]
    press = fx.Option(
        words.PUBLISH, "points.publish", {"community": community, "month": f"{month:%Y-%m}"}, SECONDS, community
    )
    key = f"notice.{community}.{month:%Y%m}"
    preview = fx.Say(
        words.PREVIEW.format(count=count), fx.StaffRoom(community), ((press,),), lane=fx.Lane.PUSH, key=key
    )
    return [*_said(conn, world, here, found, month, fx.StaffRoom(community), ()), preview, again]


def _last(here: Community, now: datetime) -> date:
    """The first day of the month before."""
    return (now.astimezone(here.zone).date().replace(day=1) - timedelta(days=1)).replace(day=1)


def _span(here: Community, month: date) -> tuple[datetime, datetime]:
    """When a local month begins and ends."""
    since = datetime.combine(month, time(0), here.zone)
    return since, datetime.combine((month + timedelta(days=32)).replace(day=1), time(0), here.zone)


def _totals(conn: Connection, here: Community, month: date) -> words.Totals:
    return totals.month(conn, households.issuer(conn, here.id), f"{month:%Y-%m}")


def _entries(conn: Connection, here: Community, month: date, limit: int) -> list[words.Entry]:
    return points_public.month(conn, households.issuer(conn, here.id), *_span(here, month), limit)


def _text(conn: Connection, here: Here, community: Community, month: date, entries: list[words.Entry]) -> str:
    sums = _totals(conn, community, month)
    until = day(here.now + OPEN, community.zone)
    return words.text(community.name, month, entries, sums, until, community.zone)


def _said(
    conn: Connection,
    world: World,
    here: Here,
    community: Community,
    month: date,
    to: fx.Recipient,
    options: tuple[tuple[fx.Option, ...], ...],
) -> list[fx.Say]:
    """The notice for one reader: a picture a page, the words with the last."""
    entries = _entries(conn, community, month, PAGE * PAGES)
    text = _text(conn, here, community, month, entries)
    table = tuple(words.rows(entries, community.zone))
    pages = [table[at : at + PAGE] for at in range(0, len(table), PAGE)]
    drawn = [pictures.table(words.title(community.name, month), words.HEADER, page, words.FOOT) for page in pages]
    photos = [pictures.keep(conn, world.data_dir, one, here.now) for one in drawn if one is not None]
    first = [fx.Say(words.title(community.name, month), to, photo=one, lane=fx.Lane.PUSH) for one in photos[1:]]
    return [*first, fx.Say(text, to, options, photo=photos[0] if photos else None, lane=fx.Lane.PUSH)]


def show(conn: Connection, world: World, here: Here, wanted: fx.ShowNotice) -> list[fx.Effect]:
    """Last month's notice for somebody who asks in private: in words, since pictures take their time to draw."""
    found = world.community_of(conn, wanted.area)
    if found is None:
        return []
    month = _last(found, here.now)
    text = _text(conn, here, found, month, _entries(conn, found, month, words.SHOWN))
    press = ((fx.Option(words.OBJECT, "begin", {"flow": "points_objection"}),),)
    return [fx.Say(text, fx.Privately(wanted.person), press)]


def publish(conn: Connection, world: World, here: Here, wanted: fx.PublishNotice) -> list[fx.Effect]:
    """A member of staff lets it go out: once a month, by the clock, so that its button is anybody's."""
    if here.actor != "clock":
        if not bank.roles_over(conn, world, here.staff, wanted.community) & set(SECONDS):
            raise NotAllowed("公示由社区或评议会的人来发。")
        rooms = points_public.rooms(conn, wanted.community)
        if not rooms:
            raise NotAllowed(words.NO_ROOMS)
        if points_public.published(conn, wanted.community, wanted.month):
            raise NotAllowed(words.PUBLISHED_BEFORE)
        subject = {"area": wanted.community, "month": wanted.month}
        key = f"notice.{wanted.community}.{wanted.month}.publish"
        trace = fx.Audit(here.actor, "points.published", {"community": wanted.community, "month": wanted.month})
        told = fx.Notice(words.PUBLISHED.format(count=len(rooms)))
        return [fx.Schedule("points.publish", key, here.now, subject), trace, told]
    found = world.known(conn).communities.get(wanted.community)
    if found is None:
        return []
    month = date.fromisoformat(f"{wanted.month}-01")
    press = ((fx.Option(words.OBJECT, "points.object", {"area": wanted.community}),),)
    rooms = points_public.rooms(conn, wanted.community)
    said = _said(conn, world, here, found, month, fx.Here(), press)  # drawn once
    return [replace(one, to=fx.Room(room)) for room in rooms for one in said]
