"""Neighbours with one matter: suggested, joined, told each alone, decided by the majority, split again."""

from __future__ import annotations

from sqlalchemy import select

from storage.tables import case, case_event, case_party
from tests.support.stage import ROOM, Stage, texts


def joined(stage: Stage, who: str, text: str = "3号楼楼道的灯不亮，幸福里小区的") -> str:
    """Reports the same and goes along with the neighbours; the own number."""
    stage.say(who, text)
    out = stage.press(who, "一起跟进")
    return texts(out, f"private:{who}").split("编号 ")[1].split("。")[0]


def states(stage: Stage) -> list[str]:
    with stage.world.database.read() as conn:
        return list(conn.execute(select(case.c.status).order_by(case.c.id)).scalars())


def resolved(stage: Stage) -> list[dict[str, object]]:
    stage.press("w1", "接单", ROOM)
    stage.press("w1", "办结", ROOM)
    stage.press("w1", "已办结", ROOM)
    return stage.say("w1", "换了灯泡，401的李阿姨13912345678说亮了", ROOM)


def test_weeks_later_each_neighbour_is_asked_alone_and_what_broke_again_is_one_case(stage: Stage) -> None:
    first = stage.report()
    second = joined(stage, "u2")
    third = joined(stage, "u3")
    resolved(stage)
    for who in ("u1", "u2", "u3"):
        stage.press(who, "满意") if "满意" in stage.buttons(f"private:{who}") else None
    stage.press("u1", "不用再问了") if "不用再问了" in stage.buttons("private:u1") else None
    out = [*stage.since, *stage.tick("2026-01-27T09:30:00+08:00")]
    asked = {who: texts(out, f"private:{who}") for who in ("u1", "u2", "u3")}
    numbers = {"u1": first, "u2": second, "u3": third}
    heard = [who for who, said in asked.items() if f"回访：{numbers[who]}" in said]
    assert len(heard) >= 2
    assert all(other not in asked[who] for who in heard for other in numbers.values() if other != numbers[who])
    one, two = heard[-2:]
    opened = texts(stage.press(one, "又坏了"), f"private:{one}")
    assert "另开一件" in opened
    along = texts(stage.press(two, "又坏了"), f"private:{two}")
    assert "和邻居的合在一起办了" in along
    assert states(stage)[-2:] == ["submitted", "merged"]
    assert "已经记下了" in texts(stage.press(one, "还好"), f"private:{one}") + stage.since[0]["text"]


def test_a_similar_report_is_suggested_without_words_or_names(stage: Stage) -> None:
    stage.report(text="幸福里小区3号楼楼道灯坏了三天了，我妈张秀英差点摔跤")
    out = stage.say("u2", "3号楼楼道灯不亮了，幸福里小区")
    said = texts(out, "private:u2")
    assert "已有1位邻居" in said
    assert "张秀英" not in said and "三天" not in said
    assert stage.buttons("private:u2") == ["一起跟进", "不是同一件，单独办"]


def test_neighbours_have_one_case_and_one_card_and_each_their_own_number(stage: Stage) -> None:
    first = stage.report()
    cards = len([line for line in stage.lines if line.get("chat") == ROOM and line["type"] == "say"])
    second = joined(stage, "u2")
    assert first != second
    assert states(stage) == ["submitted", "merged"]
    assert len([line for line in stage.lines if line.get("chat") == ROOM and line["type"] == "say"]) == cards
    taken = stage.press("w1", "接单", ROOM)
    assert first in texts(taken, "private:u1") and second not in texts(taken, "private:u1")
    assert second in texts(taken, "private:u2") and first not in texts(taken, "private:u2")
    mine = texts(stage.say("u2", "我的诉求"), "private:u2")
    assert second in mine and "共2位" in mine and "正在办理" in mine


def test_what_staff_write_for_several_is_scrubbed(stage: Stage) -> None:
    stage.report()
    joined(stage, "u2")
    out = resolved(stage)
    for who in ("u1", "u2"):
        said = texts(out, f"private:{who}")
        assert "换了灯泡" in said and "13912345678" not in said and "401" not in said


def test_the_majority_of_those_who_answer_closes(stage: Stage) -> None:
    stage.report()
    joined(stage, "u2")
    joined(stage, "u3")
    resolved(stage)
    assert "记下了" in texts(stage.press("u1", "没解决，重办"), "private:u1")
    assert states(stage)[0] == "resolved"
    stage.press("u2", "满意")
    assert states(stage)[0] == "resolved"
    out = stage.press("u3", "满意")
    assert states(stage)[0] == "closed"
    assert "多数邻居" in texts(out, "private:u1")


def test_who_rates_after_the_majority_hears_that_it_is_closed(stage: Stage) -> None:
    stage.report()
    for who in ("u2", "u3", "u4", "u5"):
        joined(stage, who)
    resolved(stage)
    for who in ("u2", "u3", "u4"):
        stage.press(who, "满意")
    assert states(stage)[0] == "closed"
    assert "已经结案了" in stage.press("u5", "满意")[0]["text"]


def test_the_majority_opens_it_again(stage: Stage) -> None:
    stage.report()
    joined(stage, "u2")
    joined(stage, "u3")
    resolved(stage)
    stage.press("u1", "没解决，重办")
    out = stage.press("u2", "没解决，重办")
    assert states(stage)[0] == "accepted"
    assert "还没解决" in texts(out, "private:u3")
    with stage.world.database.read() as conn:
        assert set(conn.execute(select(case_party.c.rating)).scalars()) == {None}


def test_silence_counts_for_nobody(stage: Stage) -> None:
    stage.report()
    joined(stage, "u2")
    joined(stage, "u3")
    resolved(stage)
    stage.press("u1", "没解决，重办")
    stage.tick("2026-01-13T12:00:00+08:00")
    assert states(stage)[0] == "accepted"


def test_it_is_split_again_by_the_resident(stage: Stage) -> None:
    stage.report()
    second = joined(stage, "u2")
    stage.say("u2", "我的诉求")
    out = stage.press("u2", "不是同一件事")
    assert states(stage) == ["submitted", "accepted"]
    assert second in texts(out, "private:u2")
    assert second in texts(out, ROOM)
    taken = stage.press("w1", "接单", ROOM)  # the newest card: the one that was split off
    assert texts(taken, "private:u2") and not texts(taken, "private:u1")


def test_who_withdraws_takes_back_the_own_report_only(stage: Stage) -> None:
    first = stage.report()
    joined(stage, "u2")
    stage.say("u1", "我的诉求")
    assert "点一下就行" in texts(stage.say("u1", "3"), "private:u1")  # typed, or pressed, by mistake: not yet
    assert states(stage) == ["submitted", "merged"]
    assert "邻居们的还在" in texts(stage.press("u1", f"撤回 {first} 楼道照明与楼道设施"), "private:u1")
    assert states(stage) == ["submitted", "merged"]
    taken = stage.press("w1", "接单", ROOM)
    assert texts(taken, "private:u2") and not texts(taken, "private:u1")
    stage.withdraw("u2")
    assert states(stage)[1] == "withdrawn"


def test_the_same_person_says_it_again(stage: Stage) -> None:
    stage.report()
    stage.say("u1", "幸福里小区3号楼楼道灯还是坏的，没人来修")
    assert "是同一件事吗" in texts(stage.since, "private:u1")
    stage.press("u1", "是，补充进去")
    resolved(stage)
    assert states(stage) == ["resolved"]
    stage.say("u1", "幸福里小区3号楼楼道灯又坏了")
    assert "没解决" in texts(stage.since, "private:u1")
    stage.press("u1", "是，请接着办")
    with stage.world.database.read() as conn:
        kinds = list(conn.execute(select(case_event.c.kind)).scalars())
    assert kinds[-2:] == ["reopen", "add"]
    assert states(stage) == ["accepted"]


def test_another_place_another_service_and_other_kinds_are_not_offered(stage: Stage) -> None:
    stage.report()
    stage.say("u2", "幸福里小区5号楼楼道灯坏了三天了")
    assert "邻居" not in texts(stage.since, "private:u2")
    stage.say("u3", "幸福里小区3号楼楼上装修天天吵得睡不着")
    stage.say("u4", "幸福里小区3号楼楼上装修噪音吵得睡不着")
    assert "邻居反映" not in texts(stage.since, "private:u4")


def test_not_the_same_goes_on_alone(stage: Stage) -> None:
    stage.report()
    stage.say("u2", "3号楼楼道灯不亮了，幸福里小区")
    stage.press("u2", "不是同一件，单独办")
    for label in ("不留", "没有照片", "确认"):
        stage.press("u2", label)
    assert states(stage) == ["submitted", "submitted"]
