"""What is for one person and can't go to them alone: the group hears one neutral line, and nothing else."""

from __future__ import annotations

from flows.assistant import texts
from tests.support.stage import Stage

GROUP = "group:g1"


def filed(stage: Stage, who: str = "u1") -> None:
    """A case that began in the group."""
    stage.say(who, "@小邻 幸福里3号楼楼道灯坏了三天了没人修", GROUP, addressed=True)
    stage.follow(who, GROUP)
    for label in ("不留", "没有照片", "确认"):
        if label in stage.buttons(f"private:{who}"):
            stage.press(who, label)
    assert "已登记" in stage.last(f"private:{who}")["text"]


def test_who_shows_a_phone_is_told_privately_once_a_day(stage: Stage) -> None:
    filed(stage)
    out = stage.say("u1", "师傅打我电话13800001234", GROUP)
    assert [line["text"] for line in out if line["chat"] == "private:u1"] == [texts.EXPOSED]
    assert not [line for line in out if line["chat"] == GROUP]
    assert not [line for line in stage.say("u1", "就是13800001234", GROUP) if line["text"] == texts.EXPOSED]
    again = stage.say("u1", "再说一遍13800001234", GROUP, at="2026-01-06T09:30:00+08:00")
    assert texts.EXPOSED in [line["text"] for line in again]


def test_a_group_is_told_once_what_is_read_and_kept_where_nobody_saw_the_assistant_join(stage: Stage) -> None:
    stage.say("u1", "大家早", GROUP)
    assert not stage.shown(GROUP)
    stage.say("u1", "@小邻 在吗", GROUP, addressed=True)
    stage.say("u2", "@小邻 在吗", GROUP, addressed=True)
    assert stage.shown(GROUP) == [f"{texts.LINE_HELLO}\n{texts.GROUP_KEEPS}", texts.LINE_HELLO]


def test_whose_chat_was_never_opened_gets_a_line_that_quotes_nothing(stage: Stage) -> None:
    out = stage.say("u7", "我身份证330105198801011234要交给谁", GROUP)
    assert [line["text"] for line in out] == [texts.LINE_EXPOSED]
    followed = stage.follow("u7", GROUP)
    assert followed[0]["text"] == texts.EXPOSED
    assert followed[0]["chat"] == "private:u7"


def test_a_result_that_must_wait_is_announced_once_and_comes_when_the_person_does(stage: Stage) -> None:
    filed(stage)
    stage.step(type="block", chat="private", **{"from": "u1"})
    before = len(stage.shown(GROUP))
    stage.press("w1", "接单", "group:staff-xfl-1")
    stage.press("w1", "办结", "group:staff-xfl-1")
    stage.press("w1", "已办结", "group:staff-xfl-1")
    stage.say("w1", "换了灯泡，亮了", "group:staff-xfl-1")
    assert stage.shown(GROUP)[before:] == [texts.LINE_PRIVATE]
    heard = stage.follow("u1", GROUP)
    assert any("换了灯泡" in line["text"] for line in heard if line["chat"] == "private:u1")


def test_the_link_is_for_one_person_only(stage: Stage) -> None:
    filed(stage)
    stage.step(type="block", chat="private", **{"from": "u1"})
    stage.press("w1", "接单", "group:staff-xfl-1")
    heard = stage.follow("u2", GROUP)
    assert heard[0]["text"] == texts.STALE_LINK
    assert not [line for line in heard if "诉求 2" in line["text"]]


def test_a_group_hears_nothing_of_a_case_when_its_owner_asks_the_assistant_there(stage: Stage) -> None:
    filed(stage)
    line = [texts.LINE_AWAY]
    for said in ("催办", "我的诉求", "撤回", "积分", "签到", "我的时长"):
        out = stage.say("u1", f"@小邻 {said}", GROUP, addressed=True)
        assert [one["text"] for one in out if one["chat"] == GROUP] == line, said
        assert [one for one in out if one["chat"] == "private:u1"], said
    stage.press("w1", "接单", "group:staff-xfl-1")
    stage.press("w1", "办结", "group:staff-xfl-1")
    stage.press("w1", "已办结", "group:staff-xfl-1")
    stage.say("w1", "换了灯泡，亮了", "group:staff-xfl-1")
    out = stage.say("u1", "@小邻 不满意", GROUP, addressed=True)
    assert [one["text"] for one in out if one["chat"] == GROUP] == line
    assert "没办好的话点一下" in stage.shown("private:u1")[-1]


def test_a_case_from_a_private_chat_is_nobodys_business_in_a_group(stage: Stage) -> None:
    stage.report("u3", "幸福里3号楼楼道灯坏了三天了")
    stage.step(type="block", chat="private", **{"from": "u3"})
    before = len(stage.shown(GROUP))
    stage.press("w1", "接单", "group:staff-xfl-1")
    assert len(stage.shown(GROUP)) == before
