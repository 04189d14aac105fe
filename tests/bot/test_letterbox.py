"""Who hears what is said to a role, a department, a person, or wherever a card is shown: somebody always does."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import Table, delete, insert, select, update

from bot import letterbox, recipients
from bot.clock import HOME
from bot.effects import Here
from flows.effects import CardKey, Department, OnDuty, Option, Privately, Recipient, Room, Say, Shown
from flows.effects import Here as InThisChat
from storage import cards, kept, outbox, people
from storage.tables import account, area, button, chat, code, person, staff
from tests.support.stage import Stage

MORNING = datetime(2026, 1, 5, 10, tzinfo=HOME)  # a Monday
NIGHT = datetime(2026, 1, 5, 22, tzinfo=HOME)
GUIDES = ["b2", "lg1", "lg2"]


def ids(stage: Stage, *keys: str) -> tuple[int, ...]:
    with stage.world.database.read() as conn:
        found = dict(conn.execute(select(staff.c.key, staff.c.id)).all())
    return tuple(found[key] for key in keys)


def place(stage: Stage, key: str) -> int:
    with stage.world.database.read() as conn:
        return int(conn.execute(select(area.c.id).where(area.c.key == key)).scalar_one())


def hear(stage: Stage, to: Recipient, now: datetime = MORNING, group: str = "") -> list[str]:
    with stage.world.database.write() as conn:
        here = people.chat_for(conn, "play", group, kind="group", person_id=None) if group else None
        return sorted(chat.address for chat in recipients.of(conn, Here(now, "clock", here), to))


def leave(stage: Stage, *keys: str) -> None:
    with stage.world.database.write() as conn:
        conn.execute(update(staff).where(staff.c.key.in_(keys)).values(active=False))
        kept.changed(conn)


def test_those_on_duty_hear_it_else_the_others_of_the_role_else_who_answers_for_the_area(stage: Stage) -> None:
    here = place(stage, "xfl")
    assert hear(stage, OnDuty(here, "legal_guide")) == ["b2"]
    assert hear(stage, OnDuty(here, "legal_guide", without=ids(stage, "b2"))) == ["lg1", "lg2"]
    nobody = ids(stage, *GUIDES)
    assert hear(stage, OnDuty(here, "legal_guide", without=nobody)) == ["d1"]
    assert hear(stage, OnDuty(here, "legal_guide", without=nobody), NIGHT) == ["d2"]
    assert hear(stage, OnDuty(here, "legal_guide", without=nobody, stand_ins=False)) == []


def test_who_has_no_account_is_stood_in_for(stage: Stage) -> None:
    with stage.world.database.write() as conn:
        conn.execute(update(staff).where(staff.c.key == "b2").values(person_id=None))
        kept.changed(conn)
    assert hear(stage, OnDuty(place(stage, "xfl"), "legal_guide")) == ["lg1", "lg2"]


def test_whose_last_account_went_to_somebody_else_is_stood_in_for(stage: Stage) -> None:
    with stage.world.database.write() as conn:
        theirs = select(staff.c.person_id).where(staff.c.key == "b2").scalar_subquery()
        conn.execute(delete(account).where(account.c.person_id == theirs))
        gone = conn.execute(select(theirs)).scalar_one()
        kept.changed(conn)
    assert hear(stage, OnDuty(place(stage, "xfl"), "legal_guide")) == ["lg1", "lg2"]
    assert hear(stage, Privately(gone)) == []


def test_where_nobody_answers_for_the_whole_those_in_its_parts_hear_it(stage: Stage) -> None:
    town = place(stage, "liuxi")
    leave(stage, "d1", "d2", "admin")
    assert hear(stage, OnDuty(town, "mediator")) == ["lg2", "lg4", "lg6"]
    assert hear(stage, OnDuty(town, "mediator", without=ids(stage, "lg2"))) == ["lg4", "lg6"]
    assert hear(stage, OnDuty(town, "mediator", stand_ins=False)) == []
    assert hear(stage, OnDuty(town, "nobody_holds_this")) == ["l1", "l2", "l3", "l4", "l5"]


def test_a_department_hears_it_else_the_leader_on_duty(stage: Stage) -> None:
    here = place(stage, "xfl-1")
    assert hear(stage, Department(here, "柳溪综合执法队")) == ["dep-city"]
    assert hear(stage, Department(here, "没有的单位")) == ["d1"]
    with stage.world.database.write() as conn:
        conn.execute(update(staff).where(staff.c.key == "dep-city").values(person_id=None))
        kept.changed(conn)
    for group in ("", "group:g1"):  # not heard by the group in which it was asked for
        assert hear(stage, Department(here, "柳溪综合执法队"), group=group) == ["d1"]


def shown_in(stage: Stage, *where: tuple[str, str, str, str]) -> CardKey:
    """A card shown in these chats: (address, kind, role, state), all of the first grid."""
    key = CardKey("case", 987)
    with stage.world.database.write() as conn:
        here = conn.execute(select(area.c.id).where(area.c.key == "xfl-1")).scalar_one()
        for address, kind, role, state in where:
            row = {"channel": "play", "address": address, "kind": kind, "role": role, "state": state}
            of = here if kind == "group" else None
            id = conn.execute(insert(chat).values(**row, area_id=of).returning(chat.c.id)).scalar_one()
            said = outbox.put(conn, chat_id=id, kind="say", lane=1, payload={"text": "卡片"}, now=MORNING)
            cards.keep(conn, key, id, said or 0)
        kept.changed(conn)
    return key


OLD, PRIVATE = ("group:old", "group", "staff", "open"), ("colleague", "private", "residents", "open")
ROOMS = ["group:staff-xfl-1", "staff-xfl-1"]  # of this grid, as the demo has them


@pytest.mark.parametrize(
    ("where", "heard"),
    [
        ((OLD, PRIVATE), ["colleague", "group:old"]),
        ((OLD, ("group:hall", "group", "residents", "open")), ["group:old"]),  # it was staff's once
        (((*OLD[:3], "left"), PRIVATE), ["colleague", *ROOMS]),
        ((OLD, (*PRIVATE[:3], "left")), ["group:old"]),
        (((*PRIVATE[:3], "left"),), ROOMS),
        ((OLD, ("group:gone", "group", "staff", "left")), ["group:old", *ROOMS]),  # each once
    ],
)
def test_a_card_changes_where_it_is_shown_and_goes_to_the_group_in_place_of_a_closed_one(
    stage: Stage, where: tuple[tuple[str, str, str, str], ...], heard: list[str]
) -> None:
    assert hear(stage, Shown(shown_in(stage, *where), place(stage, "xfl-1"))) == heard


def test_a_newcomer_without_any_account_is_reached_nowhere(stage: Stage) -> None:
    with stage.world.database.write() as conn:
        id = conn.execute(insert(person).values(created_at=MORNING).returning(person.c.id)).scalar_one()
    assert hear(stage, Privately(id)) == []


def may(stage: Stage, table: Table, option: Option, *, aloud: bool = False) -> int | None:
    """Who alone may use what the turn of person ONE says in a group; None: anybody there."""
    with stage.world.database.write() as conn:
        room = people.chat_for(conn, "play", "group:g1", kind="group", person_id=None)
        said = Say("一句话", to=Room(room.id) if aloud else InThisChat(), options=((option,),))
        before = conn.execute(select(table.c.id)).scalars().all()
        letterbox.say(conn, stage.world, Here(MORNING, f"person:{ONE}", room, person=ONE), said)
        (who,) = conn.execute(select(table.c.person_id).where(table.c.id.not_in(before))).one()
    return who if who is None else int(who)


ONE, OTHER = 1, 2


@pytest.mark.parametrize(
    ("aloud", "option", "who"),
    [
        (False, Option("看看", "begin"), ONE),
        (True, Option("看看", "begin"), None),
        (False, Option("看看", "begin", person=OTHER), OTHER),
        (True, Option("看看", "begin", person=OTHER), OTHER),
    ],
)
def test_a_button_in_a_group_is_for_who_asked_or_is_meant_and_what_is_said_to_all_for_all(
    stage: Stage, aloud: bool, option: Option, who: int | None
) -> None:
    assert may(stage, button, option, aloud=aloud) == who


@pytest.mark.parametrize(
    ("option", "who"),
    [
        (Option("私下说", "begin", private=True), ONE),
        (Option("私下说", "begin", private=True, person=OTHER), OTHER),
        (Option("私下说", "begin", private=True, anybody=True), None),
    ],
)
def test_a_link_into_the_private_chat_opens_it_for_who_is_meant(stage: Stage, option: Option, who: int | None) -> None:
    assert may(stage, code, option) == who
