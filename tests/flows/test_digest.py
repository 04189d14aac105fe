"""The morning digest, the change of duty, the figures: one message each, and what counts as solved."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from flows.complaint.digest import OpenCase, digest, hand_over
from flows.complaint.figures import Counted, by, ended, figures, month, next_day, read_period, total
from tests.support.facts import ZONE

NOW = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)


def case(number: str, hours: float | None, *, old: float = 50, owned: bool = True) -> OpenCase:
    """A case whose clock runs out in so many hours."""
    due = None if hours is None else NOW + timedelta(hours=hours)
    return OpenCase(number, "路灯", NOW - timedelta(hours=old), due, owned)


def told(*cases: OpenCase, workday: bool = True) -> str:
    return digest(cases, NOW, NOW - timedelta(days=1), ZONE, workday=workday) or ""


def test_one_message_counts_what_is_new_near_and_late() -> None:
    text = told(case("a", -2), case("b", 3, owned=False), case("c", 60, old=2), case("d", None))
    assert "在办4件，其中新的1件，快到时限1件，超时1件。" in text
    assert text.index("· a 路灯，已超时") < text.index("· b 路灯，今天 11:30前，还没有人接")
    assert "· c" not in text


def test_on_a_day_off_only_what_is_late_is_worth_a_message() -> None:
    assert told(case("a", 3), workday=False) == ""
    assert "已超时" in told(case("a", -3), workday=False)
    assert told() == ""


def test_many_are_cut() -> None:
    assert "还有4件快到时限或超时" in told(*(case(str(n), -1) for n in range(10)))


def test_who_comes_on_duty_hears_what_is_open() -> None:
    text = hand_over((case("a", -1),), 1, 2, NOW, NOW - timedelta(hours=12), ZONE) or ""
    assert "紧急求助1件没结束，等人工2件。" in text and "· a" in text
    assert hand_over((), 0, 0, NOW, NOW, ZONE) is None


SOME = (
    Counted("第一网格", "市政", True, True, 5),
    Counted("第一网格", "市政", True, True, 1),
    Counted("第一网格", "环卫", True, True, None),
    Counted("第二网格", "环卫", True, False, joined=True),
    Counted("第二网格", "环卫", False, True, 3),
)


def test_solved_is_what_the_residents_confirmed() -> None:
    whole = total(SOME)
    assert (whole.opened, whole.closed, whole.confirmed, whole.unhappy) == (4, 4, 2, 1)
    text = figures("幸福里社区", "2026年2月", SOME)
    assert "新来4件（1件和邻居的合着办），办结结案4件，其中居民确认解决2件（50%）。" in text
    assert "居民没有回评1件，不满意1件。" in text
    assert "· 第二网格：新来1（1件和邻居的合着办），结案1，居民确认解决1（100%）" in text
    assert text.index("第一网格") < text.index("第二网格")  # the tree's order, no ranking


def test_no_share_of_nothing() -> None:
    assert "%" not in figures("甲", "2026年2月", (Counted("一", "市政", True, False),))
    assert figures("甲", "2026年2月", ()) == "甲 2026年2月没有诉求。"
    assert by((), lambda c: c.area) == {}


def test_a_month_ends_and_at_its_turn_a_quarter() -> None:
    assert [p.name for p in ended(date(2026, 3, 1))] == ["2026年2月"]
    assert [p.name for p in ended(date(2026, 1, 1))] == ["2025年12月", "2025年第四季度"]
    assert ended(date(2026, 4, 1))[1].first == date(2026, 1, 1)
    assert month(2026, 12).after == date(2027, 1, 1)
    assert next_day(date(2026, 1, 31)) == date(2026, 2, 1)


def test_a_period_as_it_is_typed() -> None:
    assert read_period("", "2026q2") == read_period("", "2026Q2")
    assert read_period("", "") is None
    for wrong in ("2026-13", "2026", "März"):
        with pytest.raises(ValueError):
            read_period(wrong, "")
    with pytest.raises(ValueError):
        read_period("", "2026Q5")
