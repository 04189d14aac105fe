"""An alert in the shell: loaded with the tree around it, decided by flows/alert/desk.py, written in bulk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from bot import casework, gate, recipients
from bot.clock import HOME
from bot.quiet import quiet_from, quiet_until
from bot.world import World
from flows import effects as fx
from flows.alert import desk, texts
from flows.domain.alert import APPROVERS, DRAFTERS, LEADERS, OVER, Alert, Holder, Part, State, Step, check
from flows.errors import NotAllowed
from storage import alerts, broadcasts, buttons, people, sequence
from storage import desk as pages

if TYPE_CHECKING:
    from bot.effects import Here

TREE = frozenset({Step.APPROVE, Step.CHECK})  # what looks at every group below


def write(conn: Connection, world: World, here: Here, effect: fx.AlertEffect) -> list[fx.Effect]:
    """Write one effect about an alert; what follows from it."""
    match effect:
        case fx.DraftAlert():
            return _draft(conn, world, here, effect)
        case fx.ActOnAlert(alert, action, areas):
            return _act(conn, world, here, alert, Step(action), areas)
        case fx.ChangeAlert(alert, version, state, approver):
            alerts.change(conn, alert, version, state, approver, here.now)
        case fx.MarkBranches(alert, areas, mark, staff):
            alerts.mark(conn, alert, areas, mark, staff, here.now)
        case fx.Broadcast():
            _broadcast(conn, world, here, effect)
        case fx.CallOff(alert):
            broadcasts.call_off(conn, alert, "the alert is over", here.now)
    return []


def _draft(conn: Connection, world: World, here: Here, effect: fx.DraftAlert) -> list[fx.Effect]:
    known = world.known(conn).places
    if here.staff is None or effect.area not in known or not may_draft(world, conn, here.staff, effect.area):
        raise NotAllowed(texts.NO_AREA)
    if effect.expires_at <= here.now or effect.kind not in texts.KINDS:
        raise NotAllowed("有效期已经过了，请重新选一个。")
    day = here.now.astimezone(casework.zone(conn, world, effect.area)).strftime("%y%m%d")
    alert = alerts.draft(
        conn,
        number=f"Y{day}-{sequence.next_number(conn, f'Y{day}')}",
        area_id=effect.area,
        staff_id=here.staff.id,
        now=here.now,
        kind=effect.kind,
        danger=effect.danger,
        text=effect.text,
        expires_at=effect.expires_at,
    )
    around = _around(conn, world, here, alert, frozenset({Part.DRAFTER}))
    return list(desk.drafted(alert, replace(around, approvers=_approvers(conn, world, alert))))


def may_draft(world: World, conn: Connection, staff: people.Staff, area: int) -> bool:
    places = world.known(conn).places
    return any(r.role in DRAFTERS and places.inside(area, r.area) for r in staff.roles)


def areas_to_draft(conn: Connection, staff: people.Staff) -> tuple[tuple[int, str], ...]:
    """Where somebody may send an alert: the areas of their roles, then those right below."""
    held = [r.area for r in staff.roles if r.role in DRAFTERS]
    return tuple(dict.fromkeys(pages.areas_from(conn, held)))


def _act(conn: Connection, world: World, here: Here, id: int, step: Step, areas: tuple[int, ...]) -> list[fx.Effect]:
    alert = alerts.load(conn, id)
    if here.actor == "clock" and alert.state in OVER:
        return []
    parts = parts_of(conn, world, here, alert, areas)
    check(alert, step, parts)
    around = _around(conn, world, here, alert, parts)
    if alert.state is not State.DRAFTED:
        around = replace(around, branches=tuple(alerts.branches(conn, id)))
    if step is Step.REMIND:
        around = replace(around, approvers=_approvers(conn, world, alert))
    if step in TREE:
        roles = frozenset(role for held in LEADERS.values() for role in held)
        around = replace(
            around,
            rooms=tuple(alerts.rooms_below(conn, alert.area)),
            holders=tuple(alerts.holders_below(conn, alert.area, roles)),
            quiet=_quiet(conn, world, here.now),
        )
    return list(desk.act(alert, step, around, areas))


def parts_of(conn: Connection, world: World, here: Here, alert: Alert, areas: tuple[int, ...] = ()) -> frozenset[Part]:
    """What whoever acts here is to an alert."""
    if here.actor == "clock":
        return frozenset({Part.CLOCK})
    if here.staff is None:
        return frozenset()
    places = world.known(conn).places
    found = set()
    if here.staff.id == alert.drafter:
        found.add(Part.DRAFTER)
    elif here.staff.id in {h.staff for h in _approvers(conn, world, alert)}:
        found.add(Part.APPROVER)
    roles = here.staff.roles
    if areas and all(
        a in places and any(r.role in LEADERS[places.place(a).level] and places.inside(a, r.area) for r in roles)
        for a in areas
    ):
        found.add(Part.LEADER)
    return frozenset(found)


def _approvers(conn: Connection, world: World, alert: Alert) -> tuple[Holder, ...]:
    """Who may approve it: by role, in its area or above it, and another person than who drafted it."""
    places = world.known(conn).places
    drafter = _holder(conn, alert.drafter)
    found = alerts.holders_at(conn, alert.area, APPROVERS[places.place(alert.area).level])
    return tuple(h for h in found if h.staff != alert.drafter and h.person != drafter.person)


def _holder(conn: Connection, staff: int) -> Holder:
    found = people.staff_by_id(conn, [staff])
    return Holder(0, "", staff, found[0].person, found[0].name) if found else Holder(0, "", staff, None, "同事")


def _around(conn: Connection, world: World, here: Here, alert: Alert, parts: frozenset[Part]) -> desk.Around:
    return desk.Around(
        now=here.now,
        zone=casework.zone(conn, world, alert.area),
        area=world.known(conn).places.place(alert.area).name,
        actor=f"staff:{here.staff.id}" if here.staff else here.actor,
        staff=here.staff.id if here.staff else None,
        parts=parts,
        drafter=_holder(conn, alert.drafter),
    )


def _quiet(conn: Connection, world: World, now: datetime) -> Callable[[int], datetime | None]:
    """Until when an area wants its rest, by the community it lies in; looked up once a community."""
    known = world.known(conn)
    seen: dict[int | None, datetime | None] = {}

    def until(area: int) -> datetime | None:
        above = known.places.above(area, "community") if area in known.places else None
        if above not in seen:
            here = known.communities.get(above or 0)
            hours: tuple[time, time] = quiet_from(here.options.get("quiet_hours") if here else None)
            seen[above] = quiet_until(now.astimezone(here.zone if here else HOME), *hours)
        return seen[above]

    return until


def _broadcast(conn: Connection, world: World, here: Here, effect: fx.Broadcast) -> None:
    """Thousands of rows in a handful of statements: one a purpose, since those of a purpose are found by their key."""
    alerts.begin(conn, effect.alert, effect.branches)
    for purpose in dict.fromkeys(post.purpose for post in effect.posts):
        _posts(conn, world, here, effect, purpose, [post for post in effect.posts if post.purpose == purpose])


def _posts(
    conn: Connection, world: World, here: Here, effect: fx.Broadcast, purpose: str, posts: list[fx.Post]
) -> None:
    shown = {text: gate.for_others(conn, world, text) for text in dict.fromkeys(post.text for post in posts)}
    letters: dict[tuple[str, int], broadcasts.Letter] = {}  # groups that hear the same share text and buttons
    rows: list[dict[str, Any]] = []
    drafts: list[tuple[int, buttons.Draft]] = []
    told: list[tuple[int, int]] = []
    for post in posts:
        if isinstance(post.to, fx.Room):
            chat = post.to.chat
            same = (post.text, id(post.options))
            if same not in letters:
                letters[same] = _letter(conn, world, effect, shown[post.text], post.options)
            payload: Any = letters[same].to(chat)
        else:
            chat = recipients.private_chat(conn, here, post.to.person).id
            made = [_button(world, effect, chat, option) for option in post.options]
            line = [{"token": d.token, "label": o.label} for d, o in zip(made, post.options, strict=True)]
            payload = {"text": shown[post.text], "choices": [line]}
            drafts += [(chat, draft) for draft in made]
        rows.append({"chat_id": chat, "payload": payload, "not_before": post.not_before or here.now})
        told += [(chat, area) for area in post.branches]
    prefix = f"alert.{effect.alert}.{purpose}.{here.now:%m%d%H%M%S}"
    common = {"lane": int(effect.lane), "created_at": here.now, "not_after": effect.not_after}
    ids = broadcasts.put(conn, prefix, rows, common)
    broadcasts.put_buttons(conn, [(ids[chat], draft) for chat, draft in drafts])
    alerts.posted(conn, effect.alert, purpose, [(area, ids[chat]) for chat, area in told])


def _letter(
    conn: Connection, world: World, effect: fx.Broadcast, text: str, options: tuple[fx.Option, ...]
) -> broadcasts.Letter:
    """What many groups hear, with one button row for all of them."""
    made = [
        buttons.share(
            conn,
            label=option.label,
            action=option.action,
            args=option.args,
            expires_at=effect.not_after,
            role=",".join(option.roles) or None,
            secret=world.secret,
        )
        for option in options
    ]
    return broadcasts.Letter(text, [(o.label, shared) for o, shared in zip(options, made, strict=True)])


def _button(world: World, effect: fx.Broadcast, chat: int, option: fx.Option) -> buttons.Draft:
    """What one person is asked, for all the branches they lead."""
    return buttons.draft(
        chat_id=chat,
        label=option.label,
        action=option.action,
        args=option.args,
        expires_at=effect.not_after,
        person_id=option.person,
        secret=world.secret,
    )
