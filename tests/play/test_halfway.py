"""In the middle of a report people leave, come back, ask of other things, and find that all is well again."""

from __future__ import annotations

import pytest

from tests.support.stage import LAMP, Stage, texts


@pytest.mark.parametrize("said", ["等会儿再说，先做饭", "我先去接孩子，晚点再弄", "稍等，我找找", "先忙一下"])
def test_who_leaves_for_a_while_is_told_that_it_waits_and_nothing_is_written_down(stage: Stage, said: str) -> None:
    assert "给您留着" in stage.tell("u1", LAMP, said)
    stage.tick("2026-01-08T09:00:00+08:00")
    back = stage.tell("u1", "我回来了")
    assert "接着刚才的办" in back and "手机号" in back
    assert "手机号" in stage.tell("u1", "刚才说到哪了")
    told = stage.tell("u1", "13700002222", "没有照片")
    assert said not in told and "时间：1月8日" not in told and "137****2222" in told


@pytest.mark.parametrize("said", ["来水了，谢谢", "算了我自己换了个灯泡，不用来了", "不用派人来了", "已经修好了"])
def test_what_is_well_again_before_it_is_registered_is_let_be(stage: Stage, said: str) -> None:
    stage.report("u1", "梧桐苑2号楼电梯坏了三天了")  # who has a case of another matter means this one all the same
    stage.tell("u1", LAMP)
    assert "就不报了" in stage.tell("u1", said)
    assert "梧桐苑" in stage.tell("u1", "我的诉求")


@pytest.mark.parametrize(
    "said",
    [
        "说修好了又坏了",
        "他们说修好了其实没有",
        "还没人来，自己弄不了",
        "我自己修了不管用",
        "自己清理不掉",
        "物业修好了，第二天坏了",
        "自己换了一个，太贵了",
    ],
)
def test_what_only_sounds_so_is_told_on(stage: Stage, said: str) -> None:
    assert "就不报了" not in stage.tell("u1", LAMP, said)


def test_how_an_earlier_report_stands_is_told_in_between(stage: Stage) -> None:
    number = stage.report("u1", "梧桐苑2号楼电梯坏了三天了")
    told = stage.tell("u1", LAMP, "上次那个现在怎么样了")
    assert number in told and "手机号" in told


@pytest.mark.parametrize(
    "said", ["回到刚才那个下水道", "知道了，回到下水道", "继续登记吧", "接着说刚才的投诉", "说回下水道的事"]
)
def test_what_was_set_aside_is_taken_up_by_its_name(stage: Stage, said: str) -> None:
    stage.tell("u1", "杏林家园5号楼下水道堵了往外冒", "房东不退押金合法吗")
    told = stage.tell("u1", said)
    assert "登记诉求" in told and "手机号" in told
    assert "下水道" in stage.tell("u1", "不留", "没有照片")
    assert "法律咨询" not in stage.tell("u1", "确认")


@pytest.mark.parametrize(("said", "asked"), [("13812345678", "照片"), ("我的手机号是13812345678", "照片")])
def test_its_answer_takes_it_up_too(stage: Stage, said: str, asked: str) -> None:
    stage.tell("u1", "杏林家园5号楼下水道堵了往外冒", "我家还有多少积分")
    told = stage.tell("u1", said)
    assert asked in told and "绑定码" not in told
    assert "138****5678" in stage.tell("u1", "没有照片")


def test_what_answers_the_open_question_is_that(stage: Stage) -> None:
    stage.tell("u1", "杏林家园5号楼下水道堵了往外冒", "我家还有多少积分")
    assert "林家" in stage.tell("u1", "51830274")


def test_what_is_put_right_with_a_word_of_another_flow_is_no_change_of_subject(stage: Stage) -> None:
    stage.tell("u1", "我们整栋楼32户都没暖气，我代表大家来说", "杏林家园6号楼", "不留", "没有照片")
    told = stage.tell("u1", "不对，是33户")
    assert "积分" not in told and "不对，是33户" in told and "请确认" in told
    assert "电话：不留" in told


def test_no_phone_is_no_answer_to_whether_somebody_is_complained_of(stage: Stage) -> None:
    stage.tell("u1", "我要投诉烟柳桥社区居委会的韩建设，办事态度差，一直推")
    told = stage.tell("u1", "不留")
    assert "不留电话也行" in told and "不会给他们看到" in told
    assert "不会告诉被反映的一方" in stage.tell("u1", "你们就是居委会的吧，会不会给他看到")
    stage.press("u1", "都反映")
    assert "电话：不留" in stage.tell("u1", "没有照片")


def test_a_matter_of_another_flow_told_at_a_question_waits_its_turn(stage: Stage) -> None:
    told = stage.tell("u1", "梧桐苑1号楼楼道灯坏了三天", "不留，没照片")
    assert "请确认" in told and "照片：没有" in told
    assert "已登记" in stage.tell("u1", "确认")


@pytest.mark.parametrize("said", ["cancel", "stop"])
def test_a_word_of_english_that_everybody_knows_is_understood(stage: Stage, said: str) -> None:
    assert "先不办了" in stage.tell("u1", LAMP, said)


@pytest.mark.parametrize("said", ["The light in my stairwell is broken", "wo jia ting shui le, xing lin jia yuan"])
def test_what_is_not_written_in_chinese_is_said_to_be_so_and_not_guessed_at(stage: Stage, said: str) -> None:
    assert "汉字" in stage.tell("u1", said)
    told = stage.tell("u1", LAMP, said)
    assert "汉字" in told and "手机号" in told


def test_nobody_learns_of_a_neighbours_case_nor_that_it_is_being_told(stage: Stage) -> None:
    number = stage.report("u2")
    for said in ("我邻居前几天报的楼道灯修了没有", "别人报的进度能看吗", "楼上王姐报的楼道灯呢"):
        assert "只有谁自己看得到" in stage.tell("u1", said)
    told = stage.tell("u1", LAMP, f"{number} 这个办得怎么样了")
    assert "不是您这个账号登记的" in told and "楼道" not in told.split("\n")[0]


def test_praise_for_what_was_done_elsewhere_is_no_question_how_it_stands(stage: Stage) -> None:
    told = stage.tell("u1", "谢谢啊，上次的事办得真好！还有个事，杏林家园3号楼后面垃圾堆了好几天了", "不留", "没有")
    assert "情况：杏林家园3号楼后面垃圾堆了好几天了" in told
    assert "没有您登记过的诉求" not in stage.tell("u2", "上次那件事处理得很快")


def test_a_nod_while_a_person_is_waited_for_goes_to_nobody(stage: Stage) -> None:
    stage.tell("u1", "人工")
    for said in ("好的", "哦", "谢谢"):
        out = stage.say("u1", said)
        assert "一有人接手" in texts(out, "private:u1") and texts(out, "private:d1") == ""
    assert "记下了" in stage.tell("u1", "我家水表转得快")


def test_so_so_is_a_mark(stage: Stage) -> None:
    stage.report()
    for label in ("接单", "办结", "已办结"):
        stage.press("w1", label, "group:staff-xfl-1")
    stage.say("w1", "换了新灯泡，亮了", "group:staff-xfl-1")
    assert "评价" in stage.tell("u1", "还行吧") or "满意" in stage.last("private:u1")["text"]


def test_a_day_told_where_the_community_was_asked_is_kept(stage: Stage) -> None:
    told = stage.tell("u1", "我想预约办居住证明", "明天", "下午吧")
    assert "时间我记着" in told and "社区" in told
    stage.tell("u1", "幸福里社区")
    assert all("1月6日" in label or "明天" in label for label in stage.buttons("private:u1")[:2])


def test_an_answer_that_is_no_kind_leaves_what_the_matter_sounded_like(stage: Stage) -> None:
    assert "哪一类" in stage.tell("u1", "柳溪菜市场下水堵了一周，我们十几家摊位生意都没法做")
    told = stage.tell("u1", "我代表大家留个座机 0571-88776655")
    assert "电话记下了" in told and "哪一类" in told
    told = stage.tell("u1", "就是市场里头嘛", "没有照片")
    assert "『下水道与化粪池』" in told and "0571-****6655" in told
