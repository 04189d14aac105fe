"""What a message means before the model is believed: kinds that one word leads astray."""

from __future__ import annotations

import pytest

from flows.plainly import meant, unthanked
from flows.registry import registry
from nlu.understanding import Hazard, Understanding


@pytest.mark.parametrize(
    ("text", "flow"),
    [
        ("帮我写首关于法律的诗", None),
        ("请给我写一篇作文", None),
        ("写一封投诉信有用吗，物业一直不理人", "volunteer"),
        ("幼儿园报名几月份", "complaint"),
        ("孩子上小学怎么报名", "complaint"),
        ("周六的清河行动我要报名", "volunteer"),
        ("我要投诉你们社区的王主任，态度太差了", "complaint"),
        ("请主任给我回个电话", "volunteer"),
        ("户口本上名字写错了", "complaint"),
        ("開個收入證明", "complaint"),
        ("修了没", "complaint"),
        ("收入证明公司不给开", "volunteer"),
    ],
)
def test_a_kind_is_known_by_its_words_and_the_rest_is_left_to_the_model(text: str, flow: str | None) -> None:
    assert meant(registry(), Understanding(text, "volunteer", "join_activity", 0.9)).flow == flow


def test_danger_goes_before_any_kind() -> None:
    cry = Understanding("投诉窗口工作人员态度差，他正在打我", "human", "ask_human", 0.9, danger=Hazard.VIOLENCE)
    assert meant(registry(), cry) == cry


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("老板跑了人找不到了", None),
        ("包工头欠我们工钱，人也联系不上", None),
        ("我爷爷出门买菜就找不到了", Hazard.MISSING),
        ("房东家的孩子不见了", Hazard.MISSING),
    ],
)
def test_who_owes_and_ran_off_is_not_missing(text: str, heard: Hazard | None) -> None:
    seen = meant(registry(), Understanding(text, None, "chatter", 0.5, danger=Hazard.MISSING))
    assert seen.danger == heard


@pytest.mark.parametrize(
    ("text", "danger", "concern"),
    [
        ("有人在业主群里造谣我偷人", None, None),
        ("他到处说我偷东西", None, None),
        ("前夫把孩子藏起来不让我见", None, Hazard.CHILD),
        ("有人偷东西被我堵在屋里", Hazard.CRIME, None),
    ],
)
def test_who_is_slandered_or_kept_from_a_child_is_robbed_of_nothing(
    text: str, danger: Hazard | None, concern: Hazard | None
) -> None:
    seen = meant(registry(), Understanding(text, None, "chatter", 0.2, danger=Hazard.CRIME))
    assert (seen.danger, seen.concern) == (danger, concern)


def test_who_is_stuck_is_told_what_helps_there() -> None:
    stuck = Understanding("有人困在里面怎么办", "complaint", "report_problem", 0.8, danger=Hazard.CRIME)
    fell = Understanding("有老人摔倒了没人扶", "complaint", "report_problem", 0.8, danger=Hazard.COLLAPSE)
    assert meant(registry(), fell).danger == Hazard.INJURY
    wall = Understanding("墙倒了，有人摔在下面", "complaint", "report_problem", 0.8, danger=Hazard.COLLAPSE)
    assert meant(registry(), wall).danger == Hazard.COLLAPSE
    robbed = Understanding("有人在抢东西", "complaint", "report_problem", 0.8, danger=Hazard.CRIME)
    assert meant(registry(), stuck).danger == Hazard.COLLAPSE
    assert meant(registry(), robbed).danger == Hazard.CRIME


def test_a_word_that_opens_a_message_is_no_part_of_it() -> None:
    assert unthanked("对了 垃圾也没人收") == "垃圾也没人收"
    assert unthanked("哦对了，顺便问一下积分怎么换") == "积分怎么换"
    assert unthanked("对了") == "对了"


@pytest.mark.parametrize(
    ("text", "flow"),
    [
        ("怀孕五个月了，老板让我回家别来了", "legal"),
        ("前男友把我照片发网上", "legal"),
        ("网上买手机是翻新的", "legal"),
        ("我爸走了，存折怎么取", "legal"),
        ("我儿子被派出所带走了", "legal"),
        ("房东换了锁", "legal"),
        ("房东家的灯坏了", None),
        ("我怀孕了，想问在哪建档", None),
    ],
)
def test_a_worry_about_rights_is_one_of_law_where_the_model_is_not_sure(text: str, flow: str | None) -> None:
    assert meant(registry(), Understanding(text, None, "chatter", 0.6)).flow == flow
    assert meant(registry(), Understanding(text, "complaint", "report_problem", 0.9)).flow == "complaint"


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("两家为地界吵了起来，怕打起来", None),
        ("他拿刀堵着门，怕打起来", Hazard.VIOLENCE),
        ("他又喝酒了，我怕动手", Hazard.VIOLENCE),
    ],
)
def test_a_fight_that_may_come_is_none_yet(text: str, heard: Hazard | None) -> None:
    seen = meant(registry(), Understanding(text, "complaint", "report_problem", 0.9, danger=Hazard.VIOLENCE))
    assert (seen.danger, seen.concern) == (heard, None)
