"""Fifteen strangers in their own words: what they said in pieces, beside the question or in dialect is not lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.stage import Stage, on_stage, texts


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with on_stage() as found:
        yield found


# -- reports told in pieces -----------------------------------------------------------------------------------------


def test_the_building_is_looked_for_in_the_estate_that_was_told_before(stage: Stage) -> None:
    assert "位置记清楚了" in stage.tell("a1", "楼道灯坏了三天", "我住幸福里", "三号楼")
    assert "位置记清楚了" in stage.tell("a1", "二单元")
    assert "位置：幸福里小区3号楼二单元" in stage.tell("a1", "不留", "没有照片")
    assert "位置：幸福里小区4号楼" in stage.tell("a1", "不是3号楼，是4号楼")


def test_of_several_buildings_in_a_community_it_is_asked_which_and_the_community_stays(stage: Stage) -> None:
    stage.tell("a2", "楼道灯坏了三天", "烟柳桥社区", "三号楼")
    assert stage.buttons("private:a2") == ["桥南新村3幢", "桥北新村3幢", "杏林家园3号楼", "都不是"]
    assert "手机号" in stage.tell("a2", "都不是")
    assert "位置：烟柳桥社区 三号楼" in stage.tell("a2", "不留", "没有照片")


def test_a_number_after_a_name_that_was_asked_back_is_looked_for_inside_it(stage: Stage) -> None:
    assert "您说的是“幸福里”吗" in stage.tell("a3", "星福里路灯不亮")
    assert "手机号" in stage.tell("a3", "三号楼")
    assert "位置：幸福里小区3号楼" in stage.tell("a3", "不留", "没有照片")


def test_what_is_told_in_short_lines_is_kept(stage: Stage) -> None:
    stage.tell("a4", "电梯又坏了", "银杏公寓", "B座", "又停了", "里面还有味道", "我没有证据，监控坏了")
    summary = stage.tell("a4", "不留", "没照片")
    assert all(line in summary for line in ("电梯又坏了", "又停了", "里面还有味道", "我没有证据，监控坏了", "B座"))


def test_a_question_told_where_the_place_was_asked_is_kept_and_no_place(stage: Stage) -> None:
    assert "记进情况里" in stage.tell("a5", "我家宝宝前天被狗咬了一口", "要去打疫苗的钱谁出")
    assert "在什么位置" in stage.tell("a6", "楼道灯坏了三天", "那老伴也一起")


def test_a_cry_at_the_beginning_is_a_word_of_the_matter(stage: Stage) -> None:
    summary = stage.tell("a7", "哎呀妈呀俺家楼上又漏水，天棚都泡塌了", "梧桐苑5号楼2单元301", "不留", "没有")
    assert "情况：哎呀妈呀俺家楼上" in summary


def test_what_is_to_be_changed_is_said_in_other_words_or_at_once(stage: Stage) -> None:
    stage.tell("a8", "我店门口被共享单车堵死了", "菜市场", "不留", "没有")
    assert "在什么位置" in stage.tell("a8", "修改", "地点")
    assert "位置：桥南新村3幢" in stage.tell("a8", "桥北新村2幢", "修改", "桥南新村3幢门口")


def test_a_registered_case_is_put_right_and_may_be_withdrawn(stage: Stage) -> None:
    stage.tell("a9", "楼道灯坏了三天，桥北新村3幢", "不留", "没有", "确认")
    assert "补充进去了" in stage.tell("a9", "对了，是5幢前面，不是3幢")
    assert "撤回" in stage.tell("a9", "我能撤回吗")
    assert any(label.startswith("撤回") for label in stage.buttons("private:a9"))


# -- asked for information ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("line", ["帮我查下今天天气", "明天会下雨吗", "现在几点了", "今天几号", "怎么坐车去政务中心"])
def test_what_nobody_here_knows_is_said_to_be_so(stage: Stage, line: str) -> None:
    assert "我查不到" in stage.tell("i1", line)


@pytest.mark.parametrize("line", ["下雨天楼道漏水，幸福里3号楼", "天气太热了暖气还开着，幸福里3号楼"])
def test_a_matter_that_names_the_weather_is_a_matter(stage: Stage, line: str) -> None:
    assert "我查不到" not in stage.tell("i2", line)
    stage.tell("i2", "取消")


# -- volunteering and points ----------------------------------------------------------------------------------------


def test_who_has_no_time_at_the_weekend_is_shown_workdays(stage: Stage) -> None:
    stage.tell("v1", "我想报名志愿活动", "周末要看店，平时有没有")
    labels = stage.buttons("private:v1")
    assert labels and not any("周六" in label or "周日" in label for label in labels)
    assert "年纪大没关系" in stage.tell("v1", "我七十三了可以吗")
    assert "各报各的名" in stage.tell("v1", "那老伴也一起")
    assert "各报各的名" in stage.tell("v1", "1", "两个人")


def test_a_minor_says_only_a_number(stage: Stage) -> None:
    assert "监护人" in stage.tell("v2", "我想当志愿者，我15")


def test_a_shopkeeper_needs_no_code_to_ask_about_supplying(stage: Stage) -> None:
    assert "由谁供货" in stage.tell("p1", "我能不能当积分超市的商家")
    assert "绑定码" in stage.tell("p1", "我要查积分")
    assert "由谁供货" in stage.tell("p1", "我也想给积分超市供货")


def test_prices_are_for_everybody(stage: Stage) -> None:
    assert "现在能换这些" in stage.tell("p2", "换东西要多少分")


# -- the law --------------------------------------------------------------------------------------------------------


def test_a_quarrel_about_rights_offers_the_law_beside_the_report(stage: Stage) -> None:
    stage.tell("l1", "房东说我弄坏了墙，押金不退")
    stage.press("l1", "先看法律怎么说")
    assert "第七百一十条" in texts(stage.since, "private:l1")
    assert "立案" in stage.tell("l1", "那我能去哪告他")
    assert "在什么位置" in stage.tell("l1", "解决了")  # and the report goes on


@pytest.mark.parametrize(
    ("line", "article"),
    [("猫被邻居毒死了", "第一千一百八十四条"), ("工资莫得发", "《劳动合同法》第三十条")],
)
def test_the_title_of_the_law_asks_about_the_report_that_is_open(stage: Stage, line: str, article: str) -> None:
    who = f"l2{article[-3]}"
    assert article in stage.tell(who, line, "法律咨询")


def test_a_title_in_the_middle_of_a_report_of_a_lamp_begins_another_matter(stage: Stage) -> None:
    assert "您遇到什么事了" in stage.tell("l3", "楼道灯坏了三天，幸福里3号楼", "法律咨询")


def test_a_fake_bought_online_is_a_fake(stage: Stage) -> None:
    assert "三倍" in stage.tell("l4", "法律咨询", "网上买的手机是假的")


def test_what_the_other_side_says_goes_on_with_the_question(stage: Stage) -> None:
    stage.tell("l5", "有业主一直欠物业费两年了，我们能起诉他吗")
    assert "登记诉求" not in stage.tell("l5", "他说房子漏水所以不交")
    assert "不能用停水、停电" in stage.tell("l5", "我们能停他的电吗")


def test_what_is_only_told_after_an_answer_is_searched_with_the_matter(stage: Stage) -> None:
    assert "第九百六十七条" not in stage.tell("l6", "公司拖欠我工资三个月怎么办", "没签合同，签的是合作协议")
    assert "劳动" in texts(stage.since, "private:l6")


def test_a_question_after_a_report_is_about_what_was_registered(stage: Stage) -> None:
    stage.tell("l7", "我家孩子在小区被狗咬了，主人不管", "桥北新村3幢", "不留", "没有", "确认")
    assert "第一千二百四十五条" in stage.tell("l7", "他不承认咋整")
    assert "法律明白人" in stage.tell("l7", "要得 找个人问哈")


def test_thanks_in_other_words_ends_the_question(stage: Stage) -> None:
    assert "那就好" in stage.tell("l8", "公司拖欠我工资三个月怎么办", "有用")


# -- minds that change ----------------------------------------------------------------------------------------------


def test_what_was_let_be_is_taken_up_again(stage: Stage) -> None:
    stage.tell("m1", "我想报名周六的志愿活动", "算了不去了")
    assert "接着刚才的" in stage.tell("m1", "还是去吧")
    labels = stage.buttons("private:m1")
    assert labels and all("周六" in label for label in labels)


def test_what_was_let_be_is_forgotten_after_a_while(stage: Stage) -> None:
    stage.tell("m2", "楼道灯坏了三天", "取消")
    stage.tick("2026-01-05T12:00:00+08:00")
    assert "接着刚才的" not in stage.tell("m2", "还是登记吧")


def test_a_matter_put_right_is_no_second_matter(stage: Stage) -> None:
    assert "改过来了" in stage.tell("m3", "有人在楼道抽烟", "不是抽烟，是乱停车")
    summary = stage.tell("m3", "幸福里3号楼", "不留", "没有")
    assert "『乱停车与停车位』" in summary and "有人在楼道抽烟" in summary


def test_a_place_with_its_label_is_a_place(stage: Stage) -> None:
    assert "那里出什么事了" in stage.tell("m4", "位置 朝阳区")
    assert "哪个小区" in stage.tell("m4", "路灯坏了")


def test_where_somebody_lives_goes_on_with_the_counter(stage: Stage) -> None:
    assert "便民服务窗口" in stage.tell("m5", "我妈想办低保", "她住石磨村")
    assert "便民服务窗口" in stage.tell("m5", "需要什么材料")


def test_who_wants_to_help_is_offered_activities(stage: Stage) -> None:
    assert "谢谢您愿意出力" in stage.tell("m6", "隔壁老王说你们这能报名扫楼道")


def test_who_takes_over_knows_where(stage: Stage) -> None:
    stage.tell("m7", "垃圾堆了半个月", "桥北新村3幢", "人工")
    assert any("桥北新村3幢" in line["text"] for line in stage.since)


# -- afterwards -----------------------------------------------------------------------------------------------------


def test_after_goods_were_reserved_short_questions_are_about_them(stage: Stage) -> None:
    stage.tell("n1", "我要绑定我家的积分 51830274", "确认", "换油", "确认")
    assert "文明团结超市" in stage.tell("n1", "在哪取")
    assert "几点开门我这里没有" in stage.tell("n1", "几点开门")
    assert "退回您家" in stage.tell("n1", "我不想要油了")
    assert "不能转给别家" in stage.tell("n1", "先不退", "积分能不能给我妹")


@pytest.mark.parametrize("line", ["怎么申请加分", "分不够了咋办"])
def test_how_to_come_by_points_is_no_rule_that_is_missing(stage: Stage, line: str) -> None:
    stage.say("n2", "我住幸福里")
    stage.say("n2", "取消")
    assert "交给网格员" in stage.tell("n2", line) or "绑定码" in stage.tell("n2", line)
    assert "没找到您说的" not in texts(stage.since, "private:n2")


def test_after_a_sign_up_short_questions_are_about_it(stage: Stage) -> None:
    stage.tell("n3", "我想做志愿者", "周日那个")
    assert "没收到通知就照常" in stage.tell("n3", "下雨还去吗")
    assert "绑定码" not in stage.tell("n3", "确认", "能换成周二的吗")
    assert stage.buttons("private:n3") == ["看还有哪几场", "取消报名"]
    assert "点「取消报名」" in stage.tell("n3", "我那天要上班")
    assert "照样签到" in stage.tell("n3", "迟到了怎么办")


def test_no_name_is_no_name_and_her_consent_is_one(stage: Stage) -> None:
    assert "名字请写" in stage.tell("n4", "登记志愿者", "同意", "跳过")
    assert "监护人同意您" in stage.tell("n4", "李小明", "2010年5月1日", "王芳", "13800000002")
    assert "监护人同意您" not in stage.tell("n4", "她同意")


def test_when_somebody_is_at_home_is_passed_on_to_who_comes(stage: Stage) -> None:
    stage.tell("n5", "楼道灯坏了三天，梧桐苑3号楼", "不留", "没有", "确认")
    assert "转给来办的人" in stage.tell("n5", "我五点以后才在家")
    stage.press("n5", "转给他们")
    assert "我五点以后才在家" in stage.shown("group:staff-xfl-3")[-1]


def test_what_is_only_half_mended_is_about_the_case(stage: Stage) -> None:
    stage.tell("n6", "楼道灯坏了三天，银杏公寓A座", "不留", "没有", "确认")
    stage.press("w4", "接单", "group:staff-xfl-4")
    stage.press("w4", "办结", "group:staff-xfl-4")
    stage.say("w4", "1", "group:staff-xfl-4", addressed=True)
    stage.say("w4", "换了灯泡，亮了", "group:staff-xfl-4", addressed=True)
    stage.tell("n6", "一楼的亮了，三楼的没亮")
    assert [label[-6:] for label in stage.buttons("private:n6")] == [
        "没解决，重办",
        "请上一级处理",
        "满意",
        "是另一件事",
    ]
    stage.press("n6", "是另一件事")
    assert "在什么位置" in texts(stage.since, "private:n6")


def test_figures_alone_tell_no_matter(stage: Stage) -> None:
    assert "哪一类" not in stage.tell("n7", "我要反映问题", "123456")


# -- where, when and whom -------------------------------------------------------------------------------------------


def test_an_estate_answers_which_community_everywhere(stage: Stage) -> None:
    line = "楼上天天半夜走路咚咚响，说了也不听，能不能帮我们调解一下"
    assert "请人调解一件邻里纠纷" in stage.tell("o1", line, "梧桐苑3号楼")  # and what was told is not asked again
    assert "养老资格认证，哪个时间" in stage.tell("o2", "帮我爸办养老认证，他腿脚不好", "梧桐苑3号楼201")


def test_a_day_or_a_part_of_it_narrows_the_times(stage: Stage) -> None:
    stage.tell("o3", "预约办事", "桥南新村3幢", "居住证明", "明天")
    labels = stage.buttons("private:o3")
    assert labels and all(label.startswith("明天") for label in labels)
    stage.tell("o3", "上午")
    labels = stage.buttons("private:o3")
    assert labels and all(label[-5:] < "12:00" for label in labels)
    assert "没有空位" in stage.tell("o3", "周六")


def test_who_pays_after_a_report_asks_the_law_of_it(stage: Stage) -> None:
    stage.tell("o4", "昨天在路上被狗咬了", "杏林家园门口", "不留", "没拍", "确认", "医药费谁出")
    stage.press("o4", "先看法律怎么说")
    assert "第一千二百四十五条" in texts(stage.since, "private:o4")


def test_a_short_question_of_another_field_is_no_part_of_the_one_before(stage: Stage) -> None:
    stage.tell("o4b", "我想离婚，孩子归谁", "房东不退押金怎么办")
    assert "全文：民法典第七百一十条" in stage.buttons("private:o4b")
    assert "全文：民法典第一千零八十四条" not in stage.buttons("private:o4b")


@pytest.mark.parametrize("line", ["垃圾车几点来", "物业电话多少", "网格员电话", "停水了吗今天", "停电要停到几点"])
def test_what_only_the_community_knows_may_be_asked_of_it(stage: Stage, line: str) -> None:
    assert "手头没有准的" in stage.tell("o5", line)
    assert stage.buttons("private:o5") == ["找人工", "登记下来，请社区答复"]


@pytest.mark.parametrize("line", ["怎么又停电了", "我们这停水三天了", "停电两小时了没人管"])
def test_what_is_told_of_it_is_reported(stage: Stage, line: str) -> None:
    assert "在什么位置" in stage.tell(f"out-{line}", line)


def test_another_day_is_asked_of_the_counter_that_was_named(stage: Stage) -> None:
    assert "便民服务窗口" in stage.tell("o6", "我妈想办低保", "周六办吗")


def test_two_or_three_words_are_a_matter_when_they_name_one(stage: Stage) -> None:
    assert "情况：楼道灯" in stage.tell("o7", "楼道灯", "石磨新苑2号楼", "不留", "没")


def test_what_was_mended_by_oneself_is_no_matter(stage: Stage) -> None:
    assert "不报了" in stage.tell("o8", "我要反映问题", "不用了，我自己修好了")


# -- in between -----------------------------------------------------------------------------------------------------


def test_more_of_a_report_is_kept_where_it_is_told(stage: Stage) -> None:
    stage.tell("r1", "楼下的广场舞吵死了，孩子没法学习", "杏林家园", "不留", "算了没有")
    assert "大喇叭" in stage.tell("r1", "我还要补充一下，他们用的是大喇叭")


def test_a_short_question_goes_on_with_the_law(stage: Stage) -> None:
    stage.tell("r2", "房东说要涨租，合同还没到期，我可以不搬吗", "他还把锁换了")
    assert "志愿" not in stage.tell("r2", "要报警吗") and "出力" not in texts(stage.since, "private:r2")
    assert "出力" in stage.tell("r2", "有志愿活动吗")


def test_a_mediation_knows_what_was_being_reported(stage: Stage) -> None:
    stage.tell("r3", "我家楼上装空调把我家墙打穿了咋办", "桥北新村3幢")
    assert "请人调解一件邻里纠纷" in stage.tell("r3", "我想找人评评理")


def test_points_that_somebody_else_used_are_for_a_person(stage: Stage) -> None:
    assert "请社区的人查" in stage.tell("r4", "我的积分被人换走了")


def test_a_question_for_a_counter_is_no_part_of_another(stage: Stage) -> None:
    stage.tell("r5", "老年人免费体检什么时候", "幸福里")
    assert "记进情况里" not in stage.tell("r5", "办残疾证要什么手续")


def test_in_dialect_how_long_it_takes_is_no_call_for_a_person(stage: Stage) -> None:
    stage.tell("r6", "楼道灯坏了三天，桥南新村5幢", "不留", "没有", "确认")
    assert "等待接单" in stage.tell("r6", "你们好久来人看嘛")
