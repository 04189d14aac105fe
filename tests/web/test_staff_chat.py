"""Staff at the chat page: their own name, the work groups of their areas, and nobody else in them."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from sqlalchemy import delete, insert, select, update
from starlette.testclient import TestClient

from storage import people
from storage.tables import account, area, chat, staff, staff_role
from tests.web.house import House, Served


@pytest.fixture
def at_work(house: House) -> Callable[..., TestClient]:
    """Signs a member of staff with one role in; the community's groups are there."""
    areas = house.settle()
    with house.database.write() as conn:
        for address, role, where in (
            ("work-g1", "staff", "g1"),
            ("work-g2", "staff", "g2"),
            ("work-home", "staff", "home"),
            ("heads", "leaders", "home"),
        ):
            row = {"channel": "web", "address": address, "kind": "group", "role": role, "area_id": areas[where]}
            conn.execute(insert(chat).values(**row))

    def sign_in(role: str, where: str) -> TestClient:
        client = TestClient(house.app, headers={"x-linli": "1"})
        member = house.hire(f"{role} of {where}", (role, areas[where], None))
        client.post("/staff/signin", data={"code": house.sign_in_code(member)})
        return client

    return sign_in


def say(client: TestClient, room: str, who: str = "staff") -> int:
    fields = {"id": "m-00000001", "as": who, "chat": room, "text": "收到"}
    return client.post("/chat/send", json=fields).status_code


@pytest.mark.parametrize(
    ("role", "where", "rooms"),
    [
        ("grid_worker", "g1", {"work-g1"}),
        ("community_staff", "home", {"work-g1", "work-g2", "work-home"}),
        ("administrator", "town", {"work-g1", "work-g2", "work-home", "heads"}),
        ("legal_guide", "home", set()),
        ("community_staff", "far", set()),
    ],
)
def test_work_groups_follow_the_roles(
    house: House, at_work: Callable[..., TestClient], role: str, where: str, rooms: set[str]
) -> None:
    client = at_work(role, where)
    page = client.get("/staff/chat").text
    for room in ("work-g1", "work-g2", "work-home", "heads"):
        assert (f'data-chat="{room}"' in page) is (room in rooms)
        assert say(client, room) == (200 if room in rooms else 404)
    assert 'data-chat="liuwan"' not in page


def test_residents_do_not_get_into_a_work_group(
    house: House, at_work: Callable[..., TestClient], visit: Callable[[], TestClient]
) -> None:
    at_work("grid_worker", "g1")
    house.say("work-g1", "诉求 260302-1", 1)
    resident = visit()
    assert say(resident, "work-g1", "0") == 404
    assert say(resident, "work-g1", "staff") == 401
    assert resident.get("/chat/lines?as=staff&chat=work-g1").status_code == 401
    assert resident.get("/chat/lines?as=0&chat=work-g1").status_code == 404
    assert "work-g1" not in resident.get("/chat").text


def test_a_member_speaks_with_their_own_name_and_person(house: House, at_work: Callable[..., TestClient]) -> None:
    client = at_work("grid_worker", "g1")
    assert client.get("/staff/chat").status_code == 200
    say(client, "work-g1")
    (update_,) = house.heard
    assert (update_.sender, update_.sender_name) == ("staff1", "grid_worker of g1")
    with house.database.read() as conn:
        person = conn.execute(select(staff.c.person_id)).scalar_one()
        assert conn.execute(select(account.c.person_id).where(account.c.address == "staff1")).scalar_one() == person


def test_who_is_bound_elsewhere_stays_the_same_person(house: House, at_work: Callable[..., TestClient]) -> None:
    client = at_work("grid_worker", "g1")
    with house.database.write() as conn:
        person = people.person_for(conn, "telegram", "123", house.clock()).id
        conn.execute(update(staff).values(person_id=person))
    client.get("/staff/chat")
    with house.database.read() as conn:
        assert conn.execute(select(account.c.person_id).where(account.c.channel == "web")).scalar_one() == person


def test_who_has_left_hears_no_more(house: House, at_work: Callable[..., TestClient]) -> None:
    client = at_work("grid_worker", "g1")
    with house.database.write() as conn:
        conn.execute(update(staff).values(active=False))
    assert say(client, "work-g1") == 401
    answer = client.get("/staff/chat", follow_redirects=False)
    assert answer.headers["location"] == "/staff/signin"


def test_whose_last_role_was_taken_away_hears_no_more(house: House, at_work: Callable[..., TestClient]) -> None:
    client = at_work("grid_worker", "g1")
    with house.database.write() as conn:
        conn.execute(delete(staff_role))
    assert say(client, "work-g1") == 401


@pytest.mark.parametrize("gone", ["left", "moved to another grid"])
def test_an_open_stream_shows_nothing_more_to_who_is_not_of_the_group(
    house: House, at_work: Callable[..., TestClient], served: Served, gone: str
) -> None:
    client = at_work("grid_worker", "g1")
    colleague = httpx.Client(base_url=served.url, cookies=dict(client.cookies), timeout=10)
    with colleague, colleague.stream("GET", "/chat/stream", params={"as": "staff", "since": "work-g1=0"}) as answer:
        told = (line for line in answer.iter_lines() if line.startswith("data: "))
        house.say("work-g1", "第一件", 1)
        assert "第一件" in next(told)
        with house.database.write() as conn:
            if gone == "left":
                conn.execute(update(staff).values(active=False))
            else:
                elsewhere = select(area.c.id).where(area.c.key == "g2").scalar_subquery()
                conn.execute(update(staff_role).values(area_id=elsewhere))
        house.say("work-g1", "第二件", 2)
        assert list(told) == []  # it ends
