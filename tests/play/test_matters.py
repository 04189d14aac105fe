"""Several matters in one message: the first is dealt with, the others are offered one after another."""

from tests.support.stage import on_stage

TOLD = "幸福里小区3号楼2单元楼道灯坏了。另外问一下我家还有多少积分，对了，周末志愿活动怎么报名"


def test_the_case_is_of_the_first_matter_and_the_rest_is_offered_in_turn() -> None:
    with on_stage() as stage:
        stage.say("wang", TOLD)
        stage.say("wang", "不留")
        stage.say("wang", "没有照片")
        assert "积分" not in stage.last("private:wang")["text"]
        stage.say("wang", "确认")
        assert "问一下我家还有多少积分" in stage.last("private:wang")["text"]
        stage.press("wang", "接着办")
        assert "绑定码" in stage.last("private:wang")["text"]
        stage.say("wang", "取消")
        assert "周末志愿活动怎么报名" in stage.last("private:wang")["text"]
        stage.say("wang", "不用了")
        assert stage.shown("private:wang")[-1] == "好的，那件先放下。"
        stage.say("wang", "谢谢")
        assert "接着办" not in stage.shown("private:wang")[-1]


def test_what_answers_the_open_question_is_taken_apart_too() -> None:
    with on_stage() as stage:
        stage.say("wang", "帮助")
        stage.press("wang", "登记诉求")
        stage.say("wang", "幸福里小区门口路灯坏了，还有就是12号楼下水道堵了")  # the question takes any words
        stage.say("wang", "取消")
        assert "12号楼下水道堵了" in stage.last("private:wang")["text"]


def test_who_talks_to_a_person_is_heard_whole() -> None:
    with on_stage() as stage:
        stage.say("wang", "转人工")
        both = "小区北门路灯坏了，另外问一下我家还有多少积分"
        stage.say("wang", both)
        assert "接着办" not in stage.shown("private:wang")[-1]
        stage.press("d1", "接下")
        assert any(both in text for text in stage.shown("private:d1"))
