"""Fifteen strangers in their own words: what they said in pieces, beside the question or in dialect is not lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.stage import Stage, on_stage, texts


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with on_stage() as found:
        yield found


def told(stage: Stage, who: str, *lines: str) -> str:
    """What the last of these lines is answered with in private."""
    for line in lines:
        stage.say(who, line)
    return texts(stage.since, f"private:{who}")


# -- reports told in pieces -----------------------------------------------------------------------------------------


def test_the_building_is_looked_for_in_the_estate_that_was_told_before(stage: Stage) -> None:
    assert "位置记清楚了" in told(stage, "a1", "楼道灯坏了三天", "我住幸福里", "三号楼")
    assert "位置记清楚了" in told(stage, "a1", "二单元")
    assert "位置：幸福里小区3号楼二单元" in told(stage, "a1", "不留", "没有照片")
    assert "位置：幸福里小区4号楼" in told(stage, "a1", "不是3号楼，是4号楼")


def test_of_several_buildings_in_a_community_it_is_asked_which_and_the_community_stays(stage: Stage) -> None:
    told(stage, "a2", "楼道灯坏了三天", "烟柳桥社区", "三号楼")
    assert stage.buttons("private:a2") == ["桥南新村3幢", "桥北新村3幢", "杏林家园3号楼", "都不是"]
    assert "手机号" in told(stage, "a2", "都不是")
    assert "位置：烟柳桥社区 三号楼" in told(stage, "a2", "不留", "没有照片")


def test_a_number_after_a_name_that_was_asked_back_is_looked_for_inside_it(stage: Stage) -> None:
    assert "您说的是“幸福里”吗" in told(stage, "a3", "星福里路灯不亮")
    assert "手机号" in told(stage, "a3", "三号楼")
    assert "位置：幸福里小区3号楼" in told(stage, "a3", "不留", "没有照片")


def test_what_is_told_in_short_lines_is_kept(stage: Stage) -> None:
    told(stage, "a4", "电梯又坏了", "银杏公寓", "B座", "又停了", "里面还有味道", "我没有证据，监控坏了")
    summary = told(stage, "a4", "不留", "没照片")
    assert all(line in summary for line in ("电梯又坏了", "又停了", "里面还有味道", "我没有证据，监控坏了", "B座"))


def test_a_question_told_where_the_place_was_asked_is_kept_and_no_place(stage: Stage) -> None:
    assert "记进情况里" in told(stage, "a5", "我家宝宝被狗咬了一口", "要去打疫苗的钱谁出")
    assert "在什么位置" in told(stage, "a6", "楼道灯坏了三天", "那老伴也一起")


def test_a_cry_at_the_beginning_is_a_word_of_the_matter(stage: Stage) -> None:
    summary = told(stage, "a7", "哎呀妈呀俺家楼上又漏水，天棚都泡塌了", "梧桐苑5号楼2单元301", "不留", "没有")
    assert "情况：哎呀妈呀俺家楼上" in summary


def test_what_is_to_be_changed_is_said_in_other_words_or_at_once(stage: Stage) -> None:
    told(stage, "a8", "我店门口被共享单车堵死了", "菜市场", "不留", "没有")
    assert "在什么位置" in told(stage, "a8", "修改", "地点")
    assert "位置：桥南新村3幢" in told(stage, "a8", "桥北新村2幢", "修改", "桥南新村3幢门口")


def test_a_registered_case_is_put_right_and_may_be_withdrawn(stage: Stage) -> None:
    told(stage, "a9", "楼道灯坏了三天，桥北新村3幢", "不留", "没有", "确认")
    assert "补充进去了" in told(stage, "a9", "对了，是5幢前面，不是3幢")
    assert "撤回" in told(stage, "a9", "我能撤回吗")
    assert any(label.startswith("撤回") for label in stage.buttons("private:a9"))


# -- asked for information ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("line", ["帮我查下今天天气", "明天会下雨吗", "现在几点了", "今天几号", "怎么坐车去政务中心"])
def test_what_nobody_here_knows_is_said_to_be_so(stage: Stage, line: str) -> None:
    assert "我查不到" in told(stage, "i1", line)


@pytest.mark.parametrize("line", ["下雨天楼道漏水，幸福里3号楼", "天气太热了暖气还开着，幸福里3号楼"])
def test_a_matter_that_names_the_weather_is_a_matter(stage: Stage, line: str) -> None:
    assert "我查不到" not in told(stage, "i2", line)
    told(stage, "i2", "取消")


# -- volunteering and points ----------------------------------------------------------------------------------------


def test_who_has_no_time_at_the_weekend_is_shown_workdays(stage: Stage) -> None:
    told(stage, "v1", "我想报名志愿活动", "周末要看店，平时有没有")
    labels = stage.buttons("private:v1")
    assert labels and not any("周六" in label or "周日" in label for label in labels)
    assert "年纪大没关系" in told(stage, "v1", "我七十三了可以吗")
    assert "各报各的名" in told(stage, "v1", "那老伴也一起")
    assert "各报各的名" in told(stage, "v1", "1", "两个人")


def test_a_minor_says_only_a_number(stage: Stage) -> None:
    assert "监护人" in told(stage, "v2", "我想当志愿者，我15")


def test_a_shopkeeper_needs_no_code_to_ask_about_supplying(stage: Stage) -> None:
    assert "由谁供货" in told(stage, "p1", "我能不能当积分超市的商家")
    assert "绑定码" in told(stage, "p1", "我要查积分")
    assert "由谁供货" in told(stage, "p1", "我也想给积分超市供货")


def test_prices_are_for_everybody(stage: Stage) -> None:
    assert "现在能换这些" in told(stage, "p2", "换东西要多少分")
