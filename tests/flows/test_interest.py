"""Nobody sits in a group that a case about them goes to, whatever the tree and the roles look like."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from flows.domain.interest import Bars, Official, free_rooms, in_room, kept_out
from flows.domain.places import Place, Places
from flows.domain.units import Colleague, Held, Units

TREE = Places(
    [
        Place(1, None, "city", "云州市"),
        Place(2, 1, "subdistrict", "松塘街道"),
        Place(3, 2, "community", "槐荫社区"),
        Place(4, 2, "community", "榆钱社区"),
        Place(5, 3, "grid", "第一网格"),
        Place(6, 3, "grid", "第二网格"),
    ]
)
ROLES = st.tuples(
    st.sampled_from(["grid_worker", "grid_leader", "community_staff", "department", "duty_leader", "administrator"]),
    st.integers(1, 6),
)
ROOMS = [(51, 5, False), (31, 3, False), (21, 2, False), (11, 1, False), (22, 2, True), (12, 1, True)]


@given(st.lists(ROLES, max_size=5))
def test_no_free_group_holds_a_role_it_is_kept_from(held: list[tuple[str, int]]) -> None:
    free = free_rooms(TREE, ROOMS, held)
    for chat, area, leaders in ROOMS:
        if chat in free:
            assert not any(in_room(TREE, area, leaders, role, at) for role, at in held)
    if not held:
        assert free == (51,)


def test_a_worker_counts_in_the_own_group_and_the_one_above() -> None:
    assert free_rooms(TREE, ROOMS, [("grid_worker", 5)]) == (21,)
    assert free_rooms(TREE, ROOMS, [("community_staff", 3)]) == (11,)
    assert free_rooms(TREE, ROOMS, [("department", 3)]) == (21,)
    assert free_rooms(TREE, ROOMS, [("department", 1)]) == (22,)
    assert free_rooms(TREE, ROOMS, [("department", 1), ("duty_leader", 1)]) == ()


def test_leaders_of_a_part_count_in_the_leaders_group_of_the_whole() -> None:
    assert free_rooms(TREE, [(12, 1, True)], [("duty_leader", 3)]) == ()
    assert free_rooms(TREE, [(33, 3, True)], [("duty_leader", 4)]) == (33,)


@given(
    st.frozensets(st.integers(1, 4)),
    st.frozensets(st.sampled_from("甲乙丙")),
    st.frozensets(st.integers(7, 9)),
    st.builds(
        Official, st.integers(1, 4), st.one_of(st.none(), st.integers(7, 9)), st.frozensets(st.sampled_from("甲乙丙"))
    ),
)
def test_any_one_ground_is_enough(
    staff: frozenset[int], departments: frozenset[str], people: frozenset[int], who: Official
) -> None:
    out = kept_out(Bars(staff, departments, people), who)
    assert out == (who.staff in staff or bool(departments & who.departments) or who.person in people)


UNITS = Units(
    TREE,
    [("松塘派出所", ("公安派出所",), 2), ("槐荫物业", ("物业公司",), 3), ("榆钱物业", ("物业公司",), 4)],
    [
        Colleague(1, "董一诺", (Held("grid_worker", 5),)),
        Colleague(2, "董大成", (Held("grid_leader", 6), Held("community_staff", 3))),
        Colleague(3, "薛青", (Held("community_staff", 4),)),
    ],
)


def labels(text: str, area: int | None = 5) -> list[str]:
    return [unit.label for unit in UNITS.named(text, area)]


def test_units_are_named_as_people_name_them() -> None:
    assert labels("物业不管") == ["槐荫物业"]
    assert labels("物业不管", 4) == ["榆钱物业"]
    assert labels("民警态度不好") == ["松塘派出所"]
    assert labels("董一诺收钱") == ["董一诺"]
    assert labels("姓董的网格员收钱") == ["董一诺", "董大成", "网格员"]
    assert labels("居委会不办") == ["社区居委会"]
    assert labels("薛青骂人", 5) == []  # works in another community
    assert labels("楼道灯坏了，社区3号楼") == []
    assert UNITS.named("网格员不来", 5)[0].staff == (1,)
