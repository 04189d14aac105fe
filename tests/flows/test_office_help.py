"""What staff hear when they ask for help, and the sentences of theirs that begin what they came for."""

from __future__ import annotations

import pytest

from flows.assistant.office import office_help
from flows.points.phrases import meant


@pytest.mark.parametrize(
    ("roles", "told", "kept_from"),
    [
        (["shopkeeper"], "取货码", "待办"),
        (["legal_adviser"], "无利害关系", "预警"),
        (["volunteer_organiser"], "管理活动", "加分"),
        (["points_panel"], "加分", "管理活动"),
        (["grid_worker"], "代报", "无利害关系"),
        (["department"], "待办", "代报"),
    ],
)
def test_each_role_hears_of_its_own(roles: list[str], told: str, kept_from: str) -> None:
    assert told in office_help(roles) and kept_from not in office_help(roles)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("给林家加5分，帮邻居搬家具", "propose_award"),
        ("给林家加分", "propose_award"),
        ("给林家扣5分，楼道堆东西", "propose_deduction"),
        ("给我家扣5分凭什么", None),
    ],
)
def test_points_are_proposed_in_a_sentence(text: str, intent: str | None) -> None:
    assert meant(text) == intent
