"""The plan of the torture: the same for the same seed, every place in it; and the program dies where it says."""

from __future__ import annotations

from storage.failpoints import dying
from tests.survival.__main__ import ONE, SEVERAL
from tests.survival.plan import ALONE, PLACES, plan
from tests.survival.soak import Samples
from tests.survival.town import lines, talk


def test_a_seed_makes_the_same_plan_again() -> None:
    for parts in (ONE, SEVERAL):
        assert plan(7, 10_000, parts) == plan(7, 10_000, parts) != plan(8, 10_000, parts)


def test_every_place_of_every_process_is_in_the_plan() -> None:
    for parts in (ONE, SEVERAL):
        for roles, lives in zip(parts, plan(1, 10_000, parts).lives, strict=True):
            assert {life.partition("=")[0] for life in lives} == {p for role in roles or ALONE for p in PLACES[role]}
        assert len(plan(1, 10_000, parts).signals) >= 10


def test_a_failpoint_with_a_number_kills_at_that_passage() -> None:
    passed: list[str] = []
    places = ["commit", "sent", "commit", "commit", "sent"]
    watch = dying("commit=3", lambda place: passed.append(f"{place} {len(passed)}"))
    for place in places:
        watch(place)
        passed.append(place)
    assert passed == ["commit", "sent", "commit", "commit 3", "commit", "sent"]


def test_a_chance_below_one_is_drawn_each_time() -> None:
    deaths: list[str] = []
    watch = dying("*=0.5,seed=1", deaths.append)
    for _ in range(100):
        watch("send")
    assert 30 < len(deaths) < 70


def test_what_grows_is_not_flat() -> None:
    flat, leaking, opening = Samples(), Samples(), Samples()
    for n in range(400):
        flat.megabytes.append(300 + 80 * min(1, n / 100) + n % 7)
        flat.files.append(20 + n % 5)
        leaking.megabytes.append(300 + n / 4)
        opening.megabytes.append(300)
        opening.files.append(20 + n // 20)
    leaking.files = flat.files
    assert flat.grown() == []
    assert "memory" in leaking.grown()[0] and "files" in opening.grown()[0]


def test_of_few_messages_some_have_no_line_left_for_what_they_came_for() -> None:
    each = [lines(number, 700, 200) for number in range(1, 201)]
    assert sum(each) == 700 and {*each} == {3, 4}
    assert [len(talk(n)) <= lines(n, 700, 200) for n in (3, 5, 103, 105)] == [True, True, False, True]
    assert all(len(talk(n)) <= lines(n, 10_000, 200) for n in range(1, 201))
