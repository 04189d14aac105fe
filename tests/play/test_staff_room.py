"""Staff in their work group: who is understood to answer which question, and who is only talking."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from storage.tables import case, case_event, chat, thread
from tests.support.stage import LAMP, ROOM, Stage, texts


def taken(stage: Stage, who: str = "u1", text: str = LAMP) -> str:
    """A case of a resident's that w1 has taken; the id of its card."""
    stage.report(who, text)
    card: str = next(line["id"] for line in stage.since if line.get("chat") == ROOM)
    stage.press("w1", "接单", ROOM)
    return card


def kinds(stage: Stage) -> list[str]:
    with stage.world.database.read() as conn:
        return list(conn.execute(select(case_event.c.kind).order_by(case_event.c.id)).scalars())


def test_talk_while_a_choice_is_open_is_no_answer_and_calls_nobody(stage: Stage) -> None:
    taken(stage)
    stage.press("w1", "办结", ROOM)
    for line in ("大家下午开会", "好的收到", "王姐在吗", "食堂还开着吗"):
        assert stage.say("w1", line, ROOM) == []
    stage.press("w1", "已办结", ROOM)
    assert "换了灯泡" in texts(stage.say("w1", "换了灯泡", ROOM), "private:u1")
    with stage.world.database.read() as conn:
        assert conn.execute(select(thread.c.id)).all() == []


def test_talk_long_after_a_press_reaches_no_resident(stage: Stage) -> None:
    taken(stage)
    stage.press("w1", "写进展", ROOM)
    question = stage.last(ROOM)["id"]
    stage.tick("2026-01-05T10:00:00+08:00")
    assert stage.say("w1", "中午吃什么呀，食堂还开着吗", ROOM) == []
    out = stage.say("w1", "电工下午来", ROOM, reply_to=question)  # in reply to the question it is the answer
    assert "电工下午来" not in texts(out, "private:u1")
    out = stage.press("w1", "发给居民", ROOM)
    assert "电工下午来" in texts(out, "private:u1")


def test_a_note_reaches_residents_by_one_tap_once_and_without_others(stage: Stage) -> None:
    card = taken(stage)
    out = stage.say("w1", "楼上户主叫张小林，电话13812345678，302室明早九点开门让电工进", ROOM, reply_to=card)
    assert "private:u1" not in {line.get("chat") for line in out}
    said = texts(stage.press("w1", "发给居民", ROOM), "private:u1")
    assert "302室明早九点" in said
    assert "张小林" not in said
    assert "13812345678" not in said
    assert "已经发给居民" in stage.press("w1", "发给居民", ROOM)[0]["text"]
    assert kinds(stage)[-2:] == ["note", "tell"]


def test_a_note_while_the_resident_is_asked_is_not_the_question(stage: Stage) -> None:
    card = taken(stage)
    stage.press("w1", "等居民补充", ROOM)
    stage.say("w1", "是哪一层的灯", ROOM)
    stage.say("w1", "这户老投诉，先放放", ROOM, reply_to=card)
    told = texts(stage.say("u1", "我的诉求"), "private:u1")
    assert "是哪一层的灯" in told
    assert "先放放" not in told


def test_what_is_said_to_a_colleague_reaches_no_resident(stage: Stage) -> None:
    taken(stage)
    stage.press("w1", "写进展", ROOM)
    stage.step(type="message", chat=ROOM, id="x9", text="明天的会几点", **{"from": "l1"})
    assert stage.say("w1", "上午九点，二楼会议室", ROOM, reply_to="x9") == []
    assert "note" not in kinds(stage)


def test_somebody_else_does_not_answer_for_who_pressed(stage: Stage) -> None:
    taken(stage)
    stage.press("w1", "写进展", ROOM)
    assert stage.say("l1", "我去看看那盏灯", ROOM) == []
    assert "note" not in kinds(stage)


def test_a_reply_to_another_card_is_about_that_card(stage: Stage) -> None:
    taken(stage)
    other = taken(stage, "u2", "幸福里小区5号楼垃圾三天没人清了，臭得很")
    stage.press("w1", "写进展", ROOM)  # the newest card: the second case
    stage.press("w1", "写进展", ROOM)
    first = next(line["id"] for line in stage.lines if line.get("chat") == ROOM and line.get("choices"))
    assert first != other
    out = stage.say("w1", "灯泡已经领了", ROOM, reply_to=first)
    assert "灯泡已经领了" in texts(out, ROOM)
    out = stage.press("w1", "发给居民", ROOM)
    assert "灯泡已经领了" in texts(out, "private:u1")
    assert "灯泡已经领了" not in texts(out, "private:u2")


def test_a_refused_answer_is_told_and_not_asked_for_ever(stage: Stage) -> None:
    taken(stage)
    stage.press("w1", "写进展", ROOM)
    stage.withdraw("u1")
    assert "做不了这一步" in texts(stage.say("w1", "电工下午来", ROOM), ROOM)
    assert stage.say("w1", "那算了，大家吃饭去吧", ROOM) == []


def test_a_reply_to_the_card_of_an_ended_case_is_told_so(stage: Stage) -> None:
    card = taken(stage)
    stage.press("w1", "办结", ROOM)
    stage.press("w1", "已办结", ROOM)
    stage.say("w1", "换了灯泡", ROOM)
    assert "做不了这一步" in texts(stage.say("w1", "补充一句", ROOM, reply_to=card), ROOM)


def test_words_of_danger_in_a_result_raise_no_alarm(stage: Stage) -> None:
    taken(stage)
    stage.press("w1", "写进展", ROOM)
    stage.say("w1", "楼道里着火了的配电箱已经断电，明天换新的", ROOM)
    assert kinds(stage)[-1] == "note"
    with stage.world.database.read() as conn:
        assert conn.execute(select(thread.c.id)).all() == []
        assert conn.execute(select(case.c.status)).scalar_one() == "assigned"


def test_departments_are_called_by_name_and_report_in_once(stage: Stage) -> None:
    taken(stage)
    stage.press("w1", "吹哨", ROOM)
    stage.say("w1", "请城管和物业到场，找楼上张三 13812345678", ROOM)
    out = stage.press("d1", "同意吹哨")
    assert "柳溪综合执法队、安居物业" in texts(out, "private:u1")
    assert "13812345678" not in texts(out, ROOM) + texts(out, "private:u1")
    assert "安居物业已经到场" in texts(stage.press("dep-property", "报到", ROOM), "private:u1")
    assert "已经报到过了" in stage.press("dep-property", "报到", ROOM)[0]["text"]
    assert "没有权限" in stage.press("dep-market", "报到", ROOM)[0]["text"]
    assert kinds(stage)[-3:] == ["ask_call", "grant_call", "report_in"]


def test_a_call_that_names_nobody_tells_residents_no_words_of_staff(stage: Stage) -> None:
    taken(stage)
    stage.press("w1", "吹哨", ROOM)
    stage.say("w1", "楼上李四 13812345678 不开门", ROOM)
    stage.press("w1", "不在里面，请街道定", ROOM)
    out = stage.press("d1", "同意吹哨")
    assert "13812345678" not in texts(out, ROOM) + texts(out, "private:u1")
    assert "李四" not in texts(out, "private:u1")


def test_whoever_a_case_is_given_to_can_finish_it(stage: Stage) -> None:
    taken(stage)
    stage.press("w1", "转派", ROOM)
    assert "施晓岚" not in stage.buttons(ROOM)  # a legal guide handles no cases
    stage.press("w1", "秦大爷", ROOM)  # the leader of a building of the grid
    stage.press("b1", "办结", ROOM)
    stage.press("b1", "已办结", ROOM)
    assert "换了灯泡" in texts(stage.say("b1", "换了灯泡", ROOM), "private:u1")


def test_a_colleague_of_another_grid_finishes_the_case_given_to_them(stage: Stage) -> None:
    taken(stage)
    stage.press("w1", "转派", ROOM)
    given = texts(stage.press("w1", "李文涛", ROOM), "private:w2")
    assert "转给您" in given and "上面的卡片" not in given  # it stands below
    stage.press("w2", "办结")
    stage.press("w2", "已办结")
    assert "换了灯泡" in texts(stage.say("w2", "换了灯泡"), "private:u1")


def test_a_worker_of_another_grid_presses_no_card_of_this_one(stage: Stage) -> None:
    taken(stage)
    assert "没有权限" in stage.press("w2", "办结", ROOM)[0]["text"]


def test_a_building_leader_takes_no_case_of_the_whole_grid(stage: Stage) -> None:
    taken(stage)
    assert "没有权限" in stage.press("b1", "办结", ROOM)[0]["text"]


def test_a_place_without_work_groups_tells_its_grid_worker(stage: Stage) -> None:
    with stage.world.database.write() as conn:
        conn.execute(chat.update().where(chat.c.role.in_(("staff", "leaders"))).values(state="left"))
    stage.report()
    assert stage.buttons("private:w1") == ["接单", "转派"]
    assert "已有人接手" in texts(stage.press("w1", "接单"), "private:u1")
    stage.press("w1", "写进展")
    stage.say("w1", "电工下午来")
    assert "电工下午来" in texts(stage.press("w1", "发给居民"), "private:u1")
    assert actors(stage)[1:] == ["staff", "staff", "staff"]


def actors(stage: Stage) -> list[str]:
    with stage.world.database.read() as conn:
        return [
            str(a).split(":")[0] for a in conn.execute(select(case_event.c.actor).order_by(case_event.c.id)).scalars()
        ]


def test_what_staff_do_is_written_down_as_theirs(stage: Stage) -> None:
    taken(stage)
    stage.press("w1", "转派", ROOM)
    stage.press("w1", "蒋国强", ROOM)
    stage.press("l1", "写进展", ROOM)
    stage.say("l1", "电工下午来", ROOM)
    assert actors(stage) == ["person", "staff", "staff", "staff"]


def test_a_reply_to_the_card_is_confirmed_once(stage: Stage) -> None:
    card = taken(stage)
    out = stage.say("w1", "下午三点电工过去", ROOM, reply_to=card)
    assert [line["type"] for line in out if line.get("chat") == ROOM] == ["say", "edit"]


def test_a_card_without_a_clock_has_no_empty_line(stage: Stage) -> None:
    stage.report()
    stage.press("l1", "不予受理", ROOM)
    stage.say("l1", "不在本社区范围", ROOM)
    assert "\n\n" not in stage.last(ROOM)["text"]


def test_what_is_open_is_asked_in_a_word(stage: Stage) -> None:
    assert "没有在办" in texts(stage.say("w1", "待办", ROOM), ROOM)
    taken(stage)
    assert "在办1件" in texts(stage.say("w1", "今天有几件没办", ROOM, addressed=True), ROOM)
    assert "手上在办1件：\n· 260105-1 楼道照明" in texts(stage.say("w1", "我手上有几件"), "private:w1")
    assert "手上没有" in texts(stage.say("w2", "待办"), "private:w2")
    assert stage.say("w1", "今天有几件没办", ROOM) == []  # said to colleagues
    assert "手上" not in texts(stage.say("u9", "待办"), "private:u9")  # a resident's word


def test_who_is_called_out_asks_what_waits_and_says_that_they_are_there(stage: Stage) -> None:
    taken(stage)
    assert "手上没有" in texts(stage.say("dep-works", "待办"), "private:dep-works")
    assert "您管的地方现在等接单0件，在办1件，超时0件" in texts(stage.say("d1", "待办"), "private:d1")
    stage.press("w1", "吹哨", ROOM)
    assert "为什么请他们" in texts(stage.say("w1", "市政养护队，物业，市政牵头", ROOM), ROOM)
    assert "原因：线路老化要大修" in texts(stage.say("w1", "线路老化要大修", ROOM), "private:d1")
    stage.press("d1", "同意吹哨")
    waits = texts(stage.say("dep-works", "待办"), "private:dep-works")
    assert "请你们到场的1件" in waits and "260105-1 楼道照明" in waits and waits.endswith("还没报到")
    assert "柳溪市政养护队已经到场" in texts(stage.say("dep-works", "我们到了"), "private:u1")
    assert not texts(stage.say("dep-works", "待办"), "private:dep-works").endswith("还没报到")
    assert "已经到场" not in texts(stage.say("dep-works", "我们到了"), "private:u1")  # nobody waits for them any more
    assert "手上没有" in texts(stage.say("dep-city", "待办"), "private:dep-city")


def test_a_legal_guide_asks_what_waits(stage: Stage) -> None:
    stage.say("u1", "房东不退押金怎么办")
    stage.press("u1", "找人")
    stage.press("u1", "幸福里社区")
    said = texts(stage.say("b2", "待办"), "private:b2")  # on duty
    assert "法律咨询1条" in said and "没有在办" not in said
    stage.press("b2", "无利害关系，接")
    said = texts(stage.say("b2", "待办"), "private:b2")
    assert "和您说着的：法律咨询 F260105-1" in said and "法律咨询1条" not in said
    assert "法律咨询" not in texts(stage.say("w1", "待办"), "private:w1")


def test_a_guide_who_wants_to_correct_an_answer_hears_how(stage: Stage) -> None:
    assert "选「回复」" in texts(stage.say("b2", "更正"), "private:b2")
    assert "选「回复」" not in texts(stage.say("u9", "更正"), "private:u9")


def test_who_decides_points_asks_what_waits(stage: Stage) -> None:
    for said in ("给林家加5分，帮邻居搬东西", "1", "没有照片", "确认"):
        stage.say("w1", said)
    assert "等您定的积分1条，发「积分待办」" in texts(stage.say("p1", "待办"), "private:p1")
    stage.press("p2", "同意")
    assert "积分" not in texts(stage.say("p1", "待办"), "private:p1")


def test_who_leads_asks_how_the_month_goes(stage: Stage) -> None:
    taken(stage)
    said = texts(stage.say("d1", "这个月办得怎么样"), "private:d1")
    assert "柳溪街道 2026年1月（1日到今天）诉求情况" in said and "新来1件，办结结案0件" in said
    assert "幸福里社区 2026年1月" in texts(stage.say("l1", "本月数据"), "private:l1")
    assert "2025年12月没有诉求" in texts(stage.say("d1", "上个月办了多少件"), "private:d1").replace(" ", "")
    assert "新来" not in texts(stage.say("w1", "这个月办得怎么样"), "private:w1")  # no figures of workers, nor for them
    assert "新来" not in texts(stage.say("u9", "这个月办得怎么样"), "private:u9")
    assert "新来" not in texts(stage.say("d1", "这个月怎么样才能领补贴"), "private:d1")


def test_an_extension_takes_days_and_reason_in_either_order(stage: Stage) -> None:
    taken(stage)
    stage.press("w1", "延期", ROOM)
    assert "已经请上一级批" in texts(stage.say("w1", "等配件，要三天", ROOM), ROOM)


@pytest.mark.parametrize("said", ["5天", "13天"])
def test_an_extension_is_as_long_as_it_was_said(stage: Stage, said: str) -> None:
    taken(stage)
    stage.press("w1", "延期", ROOM)
    stage.say("w1", said, ROOM)
    assert f"申请延期{said}" in texts(stage.say("w1", "等配件到货", ROOM), "private:l1")


@pytest.mark.parametrize(
    ("said", "days"),  # due on Thursday the 8th
    [
        ("要等到周五", 1),
        ("下周一前能好", 4),
        ("到1月20日", 12),
        ("两周", 14),
        ("半个月吧", 15),
        ("5日", 5),
    ],
)
def test_an_extension_may_be_until_a_day(stage: Stage, said: str, days: int) -> None:
    taken(stage)
    assert "现在的时限是1月8日" in texts(stage.press("w1", "延期", ROOM), ROOM)
    assert "为什么要延期" in texts(stage.say("w1", said, ROOM), ROOM)
    assert f"申请延期{days}天" in texts(stage.say("w1", "等配件到货", ROOM), "private:l1")


def test_the_day_of_an_extension_stands_beside_its_reason_and_is_a_later_one(stage: Stage) -> None:
    taken(stage)
    stage.press("w1", "延期", ROOM)
    assert stage.say("w1", "周五下午大家开会", ROOM) == []
    assert "请说一个更晚的日子" in texts(stage.say("w1", "到周三", ROOM), ROOM)
    assert "延期是1到30天" in texts(stage.say("w1", "要60天", ROOM), ROOM)
    assert "申请延期1天" in texts(stage.say("w1", "灯具厂家缺货，要等到周五", ROOM), "private:l1")


def test_a_reply_that_it_is_mended_with_a_photo_ends_the_case_by_one_tap(stage: Stage, tmp_path: Path) -> None:
    card = taken(stage)
    photo = tmp_path / "lamp.jpg"
    Image.new("RGB", (8, 8)).save(photo)
    stage.say("w1", "修好了，换了新灯泡", ROOM, reply_to=card, photos=[str(photo)])
    out = [line for line in stage.press("w1", "就这样办结", ROOM) if line.get("chat") == "private:u1"]
    assert "修好了，换了新灯泡" in out[-1]["text"] and out[-1].get("photo") and "满意" in str(out[-1]["choices"])
    assert kinds(stage)[-1] == "resolve"


@pytest.mark.parametrize("said", ["还没修好", "明天就能修好了", "修好了吗", "换好了一半", "电工下午来"])
def test_what_is_not_mended_is_progress_only(stage: Stage, said: str) -> None:
    stage.say("w1", said, ROOM, reply_to=taken(stage))
    assert "就这样办结" not in str(stage.lines) and kinds(stage)[-1] == "note"


def test_a_word_of_thanks_under_a_card_is_no_progress(stage: Stage) -> None:
    card = taken(stage)
    for said in ("收到", "好的", "OK", "👍"):
        assert stage.say("w1", said, ROOM, reply_to=card) == []
    assert "note" not in kinds(stage)


@pytest.mark.parametrize("said", ["我请假三天", "我明天请假", "这周出差，下周一回来", "我明天不在"])
def test_who_will_be_away_hears_who_changes_the_roster_and_what_is_in_hand(stage: Stage, said: str) -> None:
    assert "跟苏小邻说一声" in texts(stage.say("d2", said), "private:d2")
    assert "手上还有" not in texts(stage.since, "private:d2")
    taken(stage)
    assert "您手上还有诉求1件，先转给同事" in texts(stage.say("w1", said), "private:w1")
    assert "值班表" not in texts(stage.say("u9", said), "private:u9")


def test_a_shopkeeper_asks_what_waits_to_be_collected(stage: Stage) -> None:
    for line in ("我要绑定我家的积分 51830274", "确认", "我想用积分换菜籽油", "确认"):
        stage.say("u1", line)
    assert "等居民来取的1份" in texts(stage.say("shop", "待办"), "private:shop")
    assert "来取的" not in texts(stage.say("w1", "待办"), "private:w1")


@pytest.mark.parametrize("said", ["我要离职了", "我下个月调走了", "李文涛离职了，他的单子怎么办"])
def test_who_leaves_for_good_hears_what_becomes_of_their_work(stage: Stage, said: str) -> None:
    taken(stage)
    out = texts(stage.say("w1", said), "private:w1")
    assert "跟苏小邻说一声" in out and "自动退回" in out
    assert ("诉求1件" in out) == said.startswith("我")
    assert "自动退回" not in texts(stage.say("w1", "张三丰离职了，公司不给证明"), "private:w1")
    assert "自动退回" not in texts(stage.say("u9", said), "private:u9")


def test_a_number_typed_in_private_tells_how_that_case_stands_to_who_may_see_it(stage: Stage) -> None:
    number = stage.report("u1")
    for said in (number, f"{number} 到哪一步了"):
        out = texts(stage.say("w1", said), "private:w1")
        assert f"{number} 楼道照明" in out and "第一网格 3号楼" in out and "经办 还没有人，今天 09:30前" in out
    assert number not in texts(stage.say("w6", number), "private:w6")  # another community's
    assert "经办" not in texts(stage.say("u1", number), "private:u1")
    assert "没有超时" in texts(stage.say("d1", "哪些件超时了"), "private:d1")
    stage.tick("2026-01-05T11:00:00+08:00")
    assert f"超时的诉求：\n{number} 楼道照明" in texts(stage.say("d1", "超时的有哪些"), "private:d1")
    assert "超时的诉求" not in texts(stage.say("u9", "超时的有哪些"), "private:u9")


@pytest.mark.parametrize(
    "said", ["怎么转派", "转派给李文涛", "照片怎么传", "办结了还能改吗", "这件不该给我", "怎么退回"]
)
def test_how_a_step_is_made_is_told_and_calls_nobody(stage: Stage, said: str) -> None:
    out = stage.say("w1", said)
    assert "卡片上的按钮" in texts(out, "private:w1") and not texts(out, "private:d1")
    assert "卡片上的按钮" not in texts(stage.say("u9", said), "private:u9")
