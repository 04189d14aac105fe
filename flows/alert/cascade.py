"""Down the tree: which group is told with which words, who is asked where there is no group, and who is silent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.alert import texts
from flows.domain.alert import LEADERS, Alert, AreaRooms, Branch, Holder
from flows.effects import Option, Post, Privately, Room

Quiet = Callable[[int], datetime | None]
DRAIN = 3  # so many times its patience a message may be on its way: thousands of groups take minutes


def cascade(
    alert: Alert, rooms: Sequence[AreaRooms], holders: Sequence[Holder], until: str, quiet: Quiet
) -> tuple[Post, ...]:
    """The first telling, from the top down: staff groups are asked to acknowledge, the other groups told.

    A branch without a staff group is asked through those who lead it, each person once, however many roles they hold.
    """
    kind = texts.KINDS[alert.kind]
    asks = texts.ASK.format(kind=kind, text=alert.text, until=until)
    tells = texts.TELL.format(kind=kind, text=alert.text, until=until)
    posts: list[Post] = []
    buttons = _buttons(alert)
    for area in rooms:
        at = quiet(area.id)
        if area.id != alert.area:
            posts += [Post(Room(r), asks, (area.id,), "ask", buttons[area.level], at) for r in area.staff]
        posts += [Post(Room(r), tells, (area.id,), "tell", (), at) for r in area.others]
    roomless = [area for area in rooms if not area.staff and area.id != alert.area]
    return (*posts, *_private(alert, roomless, holders, until, quiet))


def again(
    alert: Alert, rooms: Sequence[AreaRooms], holders: Sequence[Holder], until: str, areas: frozenset[int]
) -> tuple[Post, ...]:
    """The second telling, to the staff of silent branches only."""
    asks = texts.AGAIN.format(said=texts.ASK.format(kind=texts.KINDS[alert.kind], text=alert.text, until=until))
    meant = [area for area in rooms if area.id in areas]
    buttons = _buttons(alert)
    posts = [Post(Room(r), asks, (area.id,), "ask", buttons[area.level]) for area in meant for r in area.staff]
    return (*posts, *_private(alert, [area for area in meant if not area.staff], holders, until, lambda _: None))


def _buttons(alert: Alert) -> dict[str, tuple[Option, ...]]:
    """By level; the same in every group: which branch a press is for, the group it comes from says."""
    args = {"alert": alert.id}
    return {
        level: (
            Option(texts.GOT, "alert.receive", args, roles=roles),
            Option(texts.DONE, "alert.pass_on", args, roles=roles),
        )
        for level, roles in LEADERS.items()
    }


def _private(
    alert: Alert, areas: Sequence[AreaRooms], holders: Sequence[Holder], until: str, quiet: Quiet
) -> list[Post]:
    """One message a person, for all the branches they lead."""
    by_area = {area.id: area for area in areas}
    mine: dict[int, list[AreaRooms]] = {}
    for holder in holders:
        area = by_area.get(holder.area)
        if area and holder.person and holder.role in LEADERS[area.level]:
            led = mine.setdefault(holder.person, [])
            if area not in led:
                led.append(area)
    posts = []
    for person, led in mine.items():
        names = "、".join(area.name for area in led[:6]) + (f"等{len(led)}处" if len(led) > 6 else "")
        said = texts.ASK_PRIVATE.format(kind=texts.KINDS[alert.kind], text=alert.text, until=until, areas=names)
        args = {"alert": alert.id, "areas": [area.id for area in led]}
        options = (
            Option(texts.GOT, "alert.receive", args, person=person),
            Option(texts.DONE, "alert.pass_on", args, person=person),
        )
        ids = tuple(area.id for area in led)
        posts.append(Post(Privately(person), said, ids, "ask", options, quiet(led[0].id)))
    return posts


@dataclass(frozen=True, slots=True)
class Silent:
    """The branches nothing was heard from: to be asked once more, to be named to the level above, to be waited for."""

    ask: tuple[Branch, ...]
    name: tuple[Branch, ...]
    wait: tuple[Branch, ...]


def silent(branches: Sequence[Branch], now: datetime, patience: timedelta) -> Silent:
    """Who is silent. The time counts from when the message was sent, not from when it was written."""
    ask: list[Branch] = []
    name: list[Branch] = []
    wait: list[Branch] = []
    for branch in branches:
        if branch.received_at or branch.named_at:
            continue
        if branch.heard < branch.asked:  # not out yet; or nothing can get through, or there is nobody to ask
            patient = branch.asking and branch.queued and now - branch.queued < DRAIN * patience
            (wait if patient else name).append(branch)
        elif branch.last and now - branch.last < patience:
            wait.append(branch)
        else:
            (ask if branch.asked < 2 else name).append(branch)
    return Silent(tuple(ask), tuple(name), tuple(wait))
