"""What a resident does with cases of their own, and what is kept as they wrote it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from PIL import Image
from sqlalchemy import select

from storage import codes, people
from storage.tables import case, case_event, case_file
from tests.support.stage import LAMP, ROOM, Stage, on_stage, texts


def test_more_is_added_in_words_and_by_a_button(stage: Stage) -> None:
    stage.report()
    stage.press("w1", "接单", ROOM)
    assert "要补充什么" in texts(stage.say("u1", "刚才那个灯再补充一下"), "private:u1")
    out = stage.say("u1", "二单元也不亮，我电话13912345678")
    assert "经办人会看到" in texts(out, "private:u1")
    assert "居民补充：" in texts(out, ROOM)
    assert "13912345678" not in texts(out, ROOM) + texts(out, "private:w1")
    assert "居民补充" in texts(out, "private:w1")
    stage.say("u1", "我的诉求")
    stage.press("u1", next(b for b in stage.buttons("private:u1") if b.startswith("补充")))
    assert "经办人会看到" in texts(stage.say("u1", "四楼也是"), "private:u1")
    with stage.world.database.read() as conn:
        assert list(conn.execute(select(case_event.c.kind)).scalars()) == ["open", "take", "add", "add"]


def test_nobody_adds_to_what_is_not_theirs(stage: Stage) -> None:
    stage.report()
    assert "没有您登记过" in texts(stage.say("u2", "我要补充情况"), "private:u2")


def test_a_phone_in_the_first_sentence_is_kept_apart(stage: Stage) -> None:
    stage.say("u1", f"{LAMP}，我手机13912345678")
    summary = texts(stage.press("u1", "没有照片"), "private:u1")
    assert "139****5678" in summary and "13912345678" not in summary
    stage.press("u1", "确认")
    with stage.world.database.read() as conn:
        assert "139" not in conn.execute(select(case.c.description)).scalar_one()
        assert conn.execute(select(case_file.c.id)).all() == []
    assert "13912345678" in texts(stage.press("w1", "接单", ROOM), "private:w1")


def test_names_stay_as_they_are_written_in_any_script(stage: Stage) -> None:
    stage.say("u1", "幸福里小區3號樓樓道燈壞了三天了，沒人來修")
    stage.press("u1", "不留")
    summary = texts(stage.press("u1", "沒有照片"), "private:u1")
    assert "請確認" in summary
    assert "幸福裏" not in summary
    assert "幸福里" in summary


def test_a_chat_that_is_one_colleagues_does_not_become_anothers(stage: Stage) -> None:
    with stage.world.database.write() as conn:
        staff, now = people.staff_by_key(conn, "w2"), stage.player.channel.now
        code = codes.issue(conn, kind="staff", subject={"staff": staff}, now=now, lifetime=timedelta(days=1), digits=8)
    assert "已经绑定为王晓敏" in texts(stage.say("w1", code), "private:w1")
    assert "已绑定" in texts(stage.say("newphone", code), "private:newphone")  # the code was not used up


def test_a_link_from_a_group_is_about_the_place_of_that_group(stage: Stage) -> None:
    stage.report()  # u1 was last placed in the first grid of 幸福里
    stage.say("u1", "@小邻 2幢楼下垃圾堆了三天没人清", "group:g6", addressed=True)
    stage.follow("u1", "group:g6") if stage.last("group:g6").get("choices") else None
    stage.press("u1", "没有照片") if "没有照片" in stage.buttons("private:u1") else stage.press("u1", "不留")
    out = stage.press("u1", "没有照片") if "没有照片" in stage.buttons("private:u1") else stage.since
    assert "桥南新村2幢" in texts(out, "private:u1")


def test_what_is_refused_to_a_resident_in_a_group_is_explained_in_private(stage: Stage) -> None:
    stage.report()
    stage.say("u1", "@小邻 帮我催一下", "group:g1", addressed=True)
    out = stage.say("u1", "@小邻 帮我催一下", "group:g1", addressed=True)
    assert "今天已经催过了" in texts(out, "private:u1")
    assert texts(out, "group:g1") == "已私信您，我们私下说。"


def test_what_is_written_while_a_question_waits_is_its_answer_and_another_matter_is_not(stage: Stage) -> None:
    stage.report()
    stage.press("w1", "接单", ROOM)
    assert "正在办理" in texts(stage.say("u1", "几点来"), "private:u1"), "asked when: told how it stands, not nudged"
    stage.press("w1", "等居民补充", ROOM)
    stage.say("w1", "明天在家吗", ROOM)
    assert "手机号" in texts(stage.say("u1", "小区门口的垃圾堆了三天没人清，臭死了"), "private:u1")
    stage.say("u1", "取消")
    out = stage.say("u1", "上午在")
    assert "经办人会看到" in texts(out, "private:u1")
    assert "居民补充：上午在" in texts(out, ROOM)
    assert "我在呢" in texts(stage.say("u1", "上午在"), "private:u1"), "answered already"


def test_not_mended_in_other_words_leads_to_doing_it_again(stage: Stage) -> None:
    stage.report()
    stage.press("w1", "接单", ROOM)
    stage.press("w1", "办结", ROOM)
    stage.press("w1", "已办结", ROOM)
    stage.say("w1", "换了灯泡", ROOM)
    stage.say("u1", "还是不亮，根本没修好")
    assert any("重办" in label for label in stage.buttons("private:u1"))


def test_a_question_to_a_desk_is_asked_further_and_goes_on_record_whole(stage: Stage) -> None:
    assert "派出所" in texts(stage.say("u7", "你好，请问办居住证需要什么材料"), "private:u7")
    assert "派出所" in texts(stage.say("u7", "要本人去吗"), "private:u7")
    stage.say("u7", "登记下来")  # the button is called 登记下来，请社区答复
    stage.say("u7", "幸福里")
    asked = texts(stage.say("u7", "不留"), "private:u7")
    assert "想问：你好，请问办居住证需要什么材料\n要本人去吗\n位置：幸福里社区" in asked


def test_where_people_go_on_telling_nothing_becomes_a_place(stage: Stage) -> None:
    stage.say("u8", "楼道里堆满了纸箱子")
    assert "记进情况里" in texts(stage.say("u8", "好几户都这样"), "private:u8")
    stage.say("u8", "银杏公寓")
    stage.press("u8", "不留")
    assert "位置记清楚了" in texts(stage.say("u8", "A座"), "private:u8")
    told = texts(stage.press("u8", "没有照片"), "private:u8")
    assert "情况：楼道里堆满了纸箱子\n好几户都这样\n位置：银杏公寓A座" in told
    assert "位置：银杏公寓B座" in texts(stage.say("u8", "等一下，不是A座是B座"), "private:u8")


def test_a_place_whose_name_sounds_like_telling_is_taken_and_telling_ends(stage: Stage) -> None:
    stage.say("u1", "包子铺天天往外排油烟")
    assert "是哪个小区" in texts(stage.say("u1", "谢记包子铺"), "private:u1")
    stage.say("u2", "楼道里堆满了纸箱子")
    for more in ("都堆到二楼了怎么走", "物业一直不管", "天天这样谁受得了", "昨天还绊倒一个人"):
        assert "记进情况里" in texts(stage.say("u2", more), "private:u2"), more
    assert "说一下位置" in texts(stage.say("u2", "没人管没人问"), "private:u2")


def test_when_the_lamp_will_shine_again_is_asked_of_the_case_there_is(stage: Stage) -> None:
    stage.report("u5", "幸福里小区停水了一上午了")
    assert "供水与停水" in texts(stage.say("u5", "啥时候能来水"), "private:u5")
    with stage.world.database.read() as conn:
        assert len(conn.execute(select(case.c.id)).all()) == 1
    assert "在什么位置" in texts(stage.say("u5", "又停电了什么时候来电"), "private:u5")  # another matter
    assert "在什么位置" in texts(stage.say("u6", "啥时候能来水"), "private:u6")  # nobody's yet


def test_what_is_said_to_be_done_and_is_not_is_no_new_report(stage: Stage) -> None:
    assert "在什么位置" in texts(stage.say("u1", "灯还是不亮啊"), "private:u1")  # of who has no case it is a report
    stage.say("u1", "取消")
    stage.report()
    stage.press("w1", "接单", ROOM)
    for label in ("办结", "已办结"):
        stage.press("w1", label, ROOM)
    stage.say("w1", "换好了", ROOM)
    for said in ("没人来过", "灯还是不亮啊", "根本没修", "修了跟没修一样", "灯没修好", "催办"):
        assert "我请他们接着办" in texts(stage.say("u1", said), "private:u1"), said
    assert "在什么位置" in texts(stage.say("u1", "小区又停水了"), "private:u1")  # another matter


def test_what_was_said_wrongly_is_put_right_in_the_case(stage: Stage) -> None:
    stage.report()
    assert "经办人会看到" in texts(stage.say("u1", "灯我说错了，是4号楼的"), "private:u1")
    with stage.world.database.read() as conn:
        assert len(conn.execute(select(case.c.id)).all()) == 1


def test_the_building_is_told_after_the_estate_that_was_asked_for() -> None:
    with on_stage() as stage:
        stage.say("li", "楼下早餐店天天早上四点就剁肉")
        stage.say("li", "别墅区那边")
        stage.say("li", "就是桥南新村")
        stage.say("li", "5幢")
        stage.say("li", "不留")
        stage.say("li", "没有照片")
        assert "位置：桥南新村5幢" in stage.last("private:li")["text"]


def test_what_is_new_in_a_second_nudge_of_the_day_reaches_the_case(stage: Stage) -> None:
    stage.report()
    out = stage.say("u1", "怎么还没人来，老人昨晚摔了一跤")
    assert "一起转给经办人" in texts(out, "private:u1")
    assert "居民催办第1次：怎么还没人来，老人昨晚摔了一跤" in texts(out, ROOM)
    out = stage.say("u1", "怎么还没人来，是门口那两盏灯，我电话13912345678")
    assert "补充进去了" in texts(out, "private:u1")
    assert "居民补充：怎么还没人来，是门口那两盏灯" in texts(out, ROOM)
    assert "13912345678" not in texts(out, ROOM)
    assert "今天已经催过了，经办人都看到了" in texts(stage.say("u1", "怎么还没人来修"), "private:u1")


def test_a_photo_right_after_the_report_goes_with_it_and_a_later_one_begins_another(
    stage: Stage, tmp_path: Path
) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "lamp.jpg")
    stage.report()
    told = texts(stage.say("u1", "", photos=[str(tmp_path / "lamp.jpg")]), "private:u1")
    assert "经办人会看到" in told
    with stage.world.database.read() as conn:
        assert len(conn.execute(select(case_file.c.file_id)).all()) == 1
    stage.tick("2026-01-05T09:45:00+08:00")
    assert "经办人会看到" not in texts(stage.say("u1", "", photos=[str(tmp_path / "lamp.jpg")]), "private:u1")
