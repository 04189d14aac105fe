"""Who a case goes to: passed on to anybody who may have it, filed for others, put together and taken apart by staff."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from storage import cases
from storage.tables import case, case_event, case_party
from tests.support.stage import Stage, texts

ROOM, TOWN = "group:staff-xfl-1", "group:staff-liuxi"


def card_of(stage: Stage, number: str, chat: str = ROOM) -> str:
    """The message id of the card of a case."""
    said = (line for line in stage.lines if line.get("chat") == chat and line["type"] == "say")
    return str(next(line for line in said if number in line["text"])["id"])


def states(stage: Stage) -> list[str]:
    with stage.world.database.read() as conn:
        return list(conn.execute(select(case.c.status).order_by(case.c.id)).scalars())


def owner(stage: Stage) -> str:
    return next(t for t in reversed(stage.shown(ROOM)) if "状态" in t).split("状态：")[1].split("\n")[0]


def test_a_case_is_passed_to_a_department_and_to_whom_is_named(stage: Stage) -> None:
    stage.report()
    stage.press("w1", "接单", ROOM)
    stage.press("w1", "转派", ROOM)
    assert "部门、专员" in stage.buttons(ROOM)
    stage.press("w1", "部门、专员", ROOM)
    assert any(b.startswith("窦经理（安居物业") for b in stage.buttons(ROOM))
    stage.press("w1", next(b for b in stage.buttons(ROOM) if b.startswith("窦经理")), ROOM)
    assert "窦经理" in owner(stage)
    stage.press("l1", "转派", ROOM)
    stage.say("l1", "李文涛", ROOM)
    assert "李文涛" in owner(stage)


def test_a_name_nobody_has_is_asked_again(stage: Stage) -> None:
    stage.report()
    stage.press("w1", "接单", ROOM)
    stage.press("w1", "转派", ROOM)
    assert stage.say("w1", "大家中午吃什么", ROOM) == []
    stage.say("w1", "秦大爷", ROOM)
    assert "秦大爷" in owner(stage)


def test_a_specialist_is_asked_to_come_along(stage: Stage) -> None:
    stage.report()
    stage.press("w1", "接单", ROOM)
    stage.press("w1", "转派", ROOM)
    stage.press("w1", "请专员一起办", ROOM)
    stage.press("w1", next(b for b in stage.buttons(ROOM) if b.startswith("喻警官")), ROOM)
    assert states(stage) == ["assigned"]
    assert texts(stage.since, "private:dep-police")


def test_staff_put_two_cases_together_and_apart(stage: Stage) -> None:
    first = stage.report()
    second = stage.report("u2", "幸福里小区5号楼垃圾三天没人清了，臭得很")
    stage.press("l1", "接单", ROOM)
    out = stage.say("l1", f"合并 {first}", ROOM, reply_to=card_of(stage, second))
    assert states(stage) == ["submitted", "merged"]
    assert second in texts(out, "private:u2") and first not in texts(out, "private:u2")
    out = stage.say("l1", "拆开", ROOM, reply_to=card_of(stage, first))
    assert states(stage) == ["submitted", "accepted"]
    assert "单独办理" in texts(out, "private:u2")
    assert "没有和这件合在一起" in texts(stage.say("l1", "拆开", ROOM, reply_to=card_of(stage, first)), ROOM)
    assert "没有找到编号" in texts(stage.say("l1", "合并 991231-7", ROOM, reply_to=card_of(stage, first)), ROOM)


@pytest.mark.parametrize("pressed", [0, 1], ids=("older", "younger"))
def test_two_cases_are_held_in_one_order_whichever_is_pressed(
    stage: Stage, pressed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else two merges at once may wait for each other for ever (PostgreSQL)."""
    both = [stage.report(), stage.report("u2", "幸福里小区5号楼垃圾三天没人清了，臭得很")]
    taken: list[int] = []
    lock = cases.lock
    monkeypatch.setattr(cases, "lock", lambda conn, id: (taken.append(id), lock(conn, id)))
    stage.say("l1", f"合并 {both[1 - pressed]}", ROOM, reply_to=card_of(stage, both[pressed]))
    assert states(stage) == ["submitted", "merged"] and taken[:2] == sorted(set(taken)) and len(set(taken)) == 2


def test_cases_of_two_grids_are_not_put_together(stage: Stage) -> None:
    stage.report()
    second = stage.report("u2", "梧桐苑3号楼垃圾三天没人清了，臭得很")
    out = stage.say("l1", f"合并 {second}", ROOM, reply_to=card_of(stage, "260105-1"))
    assert "不在一个网格" in texts(out, ROOM)


def test_who_has_an_interest_steps_aside(stage: Stage) -> None:
    number = stage.report()
    stage.press("w1", "接单", ROOM)
    stage.press("w1", "回避", ROOM)
    assert states(stage) == ["accepted"]
    assert number in "".join(stage.shown(TOWN))  # the next group up, where nobody has to look away
    assert "反映的是" not in "".join(stage.shown(TOWN))  # it complains of nobody
    assert "没有权限" in "".join(line["text"] for line in stage.press("w1", "接单", TOWN))
    stage.press("d1", "接单", TOWN)
    assert states(stage) == ["assigned"]


def test_a_worker_files_for_a_neighbour_who_binds_the_case_later(stage: Stage) -> None:
    stage.say("w1", "代报 幸福里小区5号楼下水道堵了往外冒水")
    stage.press("w1", "给居民一个码")
    out = stage.press("w1", "确认")
    code = texts(out, "private:w1").split("绑定码 ")[1].split(" ")[0]
    assert "下水道" in texts(out, ROOM)
    taken = stage.press("w1", "接单", ROOM)
    assert "请转告居民" in texts(taken, "private:w1")
    assert "不能替居民" in texts(stage.say("w2", code), "private:w2")
    assert "连上了" in texts(stage.say("u7", code), "private:u7")
    assert "正在办理" in texts(stage.say("u7", "我的诉求"), "private:u7")
    stage.press("w1", "写进展", ROOM)
    stage.say("w1", "疏通车下午到", ROOM)
    out = stage.press("w1", "发给居民", ROOM)
    assert "疏通车下午到" in texts(out, "private:u7") and not texts(out, "private:w1")
    assert "连上了" not in texts(stage.say("u8", code), "private:u8")  # once
    with stage.world.database.read() as conn:
        assert conn.execute(select(case_event.c.actor).order_by(case_event.c.id)).scalars().first().startswith("staff:")


def test_a_worker_files_from_the_work_group(stage: Stage) -> None:
    stage.say("w1", "代群众反映：幸福里小区2号楼楼道灯坏了", ROOM)
    stage.press("w1", "不用，我来转告", ROOM)
    stage.press("w1", "确认", ROOM)
    assert states(stage) == ["submitted"]
    assert stage.say("u9", "代报 幸福里小区2号楼楼道灯坏了") and states(stage) == ["submitted"]  # residents don't


def test_me_too_in_the_group_is_asked_alone(stage: Stage) -> None:
    stage.say("u1", "3号楼楼道灯坏了三天了，黑咕隆咚的，物业没人修", "group:g1", at="2026-01-05T10:00:00+08:00")
    stage.tick("2026-01-05T10:01:30+08:00")
    offered = len(stage.shown("group:g1"))
    assert offered == 1
    stage.say("u2", "我家这边也是", "group:g1", at="2026-01-05T10:02:00+08:00")
    assert "一起反映" in stage.last("group:g1")["text"] and "灯" not in stage.last("group:g1")["text"]
    stage.say("u4", "你好")  # has a private chat
    out = stage.say("u4", "我们楼也是", "group:g1", at="2026-01-05T10:03:00+08:00")
    assert texts(out, "group:g1") == "" and "一起反映吗" in texts(out, "private:u4")
    stage.report("u1", "幸福里小区3号楼楼道灯坏了")
    stage.press("u4", "一起反映")
    if "不是，请他们来处理" in stage.buttons("private:u4"):
        stage.press("u4", "不是，请他们来处理")
    assert "已有1位邻居" in stage.last("private:u4")["text"]
    stage.press("u4", "一起跟进")
    with stage.world.database.read() as conn:
        assert len(conn.execute(select(case_party.c.id).where(case_party.c.role == "neighbour")).all()) == 1


@pytest.mark.parametrize("said", ["给城管", "转给综合执法队", "派给城管去办吧"])
def test_a_department_is_meant_as_staff_call_it(stage: Stage, said: str) -> None:
    stage.report()
    stage.press("w1", "接单", ROOM)
    stage.press("w1", "转派", ROOM)
    stage.say("w1", said, ROOM)
    assert "邹队长" in owner(stage)


@pytest.mark.parametrize("said", ["给环保大队", "环保大队", "转给王五"])
def test_a_department_that_is_not_there_is_said_to_be_so_in_the_group(stage: Stage, said: str) -> None:
    stage.report()
    stage.press("w1", "接单", ROOM)
    stage.press("w1", "转派", ROOM)
    assert "没找到「" in texts(stage.say("w1", said, ROOM), ROOM)
    assert "王晓敏" in owner(stage)
