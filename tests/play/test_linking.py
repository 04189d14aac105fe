"""One person on several channels: bound by a code, told where they last were, let go again, forgotten everywhere."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import Connection, select

from storage import codes, households
from storage.tables import account, audit, case, household, sign_up
from storage.verify import verify
from tests.play.test_volunteers import activity, joined
from tests.support.stage import Stage, texts

OLD, NEW = "private:old", "wechat:private:new"


def filed(stage: Stage, who: str, text: str, **more: str) -> str:
    stage.say(who, text, **more)
    stage.say(who, "13877776666", **more)
    shown = next(line for line in reversed(stage.lines) if line.get("choices"))["chat"]
    for label in ("没有照片", "确认"):
        if label in stage.buttons(shown):
            stage.press(who, label, channel=more.get("channel", "play"))
    with stage.world.database.read() as conn:
        return str(conn.execute(select(case.c.number).order_by(case.c.id.desc())).scalars().first())


def code_of(stage: Stage, who: str = "old") -> str:
    found = re.search(r"\d{8}", texts(stage.say(who, "绑定其他账号"), f"private:{who}"))
    assert found
    return found[0]


def person(conn: Connection, channel: str, who: str) -> int:
    found = select(account.c.person_id).where(account.c.channel == channel, account.c.address == who)
    return int(conn.execute(found).scalar_one())


def bound(stage: Stage) -> None:
    stage.say("new", f"绑定码 {code_of(stage)}", channel="wechat")
    stage.press("new", "都是我本人，绑定", channel="wechat")


def test_everything_follows_to_the_other_channel_and_comes_back_alone(stage: Stage) -> None:
    foreign = filed(stage, "other", "幸福里3号楼电梯停了两天")
    mine = filed(stage, "old", "幸福里3号楼楼道灯坏了三天了")
    theirs = filed(stage, "new", "幸福里5号楼下水道堵了往外冒水", channel="wechat")
    asked = texts(stage.say("new", f"绑定码{code_of(stage)}", channel="wechat"), NEW)
    assert "同一个人" in asked and mine not in asked and "楼道灯" not in asked
    assert mine not in texts(stage.say("new", "我的诉求", channel="wechat"), NEW)  # not before it was confirmed
    out = stage.press("new", "都是我本人，绑定", channel="wechat")
    assert "绑好了" in texts(out, NEW) and "不是您本人操作" in texts(out, OLD)
    for who, chat, channel in (("old", OLD, "play"), ("new", NEW, "wechat")):
        shown = texts(stage.say(who, "我的诉求", channel=channel), chat)
        assert mine in shown and theirs in shown and foreign not in shown
    stage.tick("2026-01-05T09:05:00+08:00")
    stage.say("new", "谢谢", channel="wechat")
    # The last channel used gets the answer, the other a hint that says nothing of it, once.
    stage.press("w1", "接单", "group:staff-xfl-1")
    got, hinted = texts(stage.since, NEW), texts(stage.since, OLD)
    assert mine in got or theirs in got
    assert hinted == "您在微信里有新消息，请到那边看。"
    stage.say("w1", "已经约了师傅", "group:staff-xfl-1", reply_to=stage.last("group:staff-xfl-1")["id"])
    assert OLD not in [line.get("chat") for line in stage.since]
    # Let go: what was one stays with the other account, and here begins somebody new.
    listed = stage.say("old", "解绑")
    assert "聊天（就是这里）、微信" in texts(listed, OLD)
    gone = stage.press("old", "解绑微信")
    assert "已解绑" in texts(gone, OLD) and "看不到" in texts(gone, NEW)
    assert "没有您登记过" in texts(stage.say("new", "我的诉求", channel="wechat"), NEW)
    assert theirs in texts(stage.say("old", "我的诉求"), OLD)
    with stage.world.database.read() as conn:
        assert verify(conn) == []
        acts = conn.execute(select(audit.c.action)).scalars().all()
        assert "account.link" in acts and "account.unlink" in acts


def test_who_lets_this_account_go_hears_it_here_and_the_other_there(stage: Stage) -> None:
    bound(stage)
    stage.say("new", "解绑", channel="wechat")
    gone = stage.press("new", "解绑这里", channel="wechat")
    assert "已经解绑" in texts(gone, NEW) and "已解绑，那边" not in texts(gone, NEW)
    assert "微信已解绑，那边看不到您的事了" in texts(gone, OLD)


def test_who_signed_up_on_both_keeps_one_place_and_the_other_goes_to_who_waits(stage: Stage) -> None:
    activity(stage, capacity=2)
    assert "报好了" in joined(stage, "old")
    stage.say("new", "公园拔草", channel="wechat")
    assert "报好了" in texts(stage.say("new", "确认", channel="wechat"), NEW)
    assert "排上队了" in joined(stage, "waits")
    bound(stage)
    assert "绑好了" in texts(stage.since, NEW) and "轮到您了" in texts(stage.since, "private:waits")
    with stage.world.database.read() as conn:
        held = select(sign_up.c.person_id).where(sign_up.c.state == "confirmed")
        assert conn.execute(held).scalar_one() == person(conn, "play", "old")


def test_a_code_works_once_for_a_short_time_and_is_not_guessed(stage: Stage) -> None:
    first = code_of(stage)
    assert "早就绑在一起" in texts(stage.say("old", f"绑定码 {first}"), OLD)
    stage.tick("2026-01-05T09:11:00+08:00")
    assert "重新拿一个" in texts(stage.say("new", f"绑定码 {first}", channel="wechat"), NEW)
    second = code_of(stage)
    stage.say("new", f"绑定码 {second}", channel="wechat")
    assert "没有绑定" in texts(stage.press("new", "不是，先不绑", channel="wechat"), NEW)
    stage.press("new", "都是我本人，绑定", channel="wechat")
    assert "重新拿一个" in texts(stage.say("third", f"绑定码 {second}", channel="wechat"), "wechat:private:third")
    for n in range(10):
        stage.say("guess", f"绑定码 1234567{n}")
    assert "试错的次数太多" in texts(stage.say("guess", f"绑定码 {code_of(stage)}"), "private:guess")
    for _ in range(3):
        stage.say("old", "绑定其他账号")
    assert "明天再来" in stage.last(OLD)["text"]


def test_staff_are_not_bound_to_somebody_elses_account(stage: Stage) -> None:
    assert "工作账号" in texts(stage.say("w1", f"绑定码 {code_of(stage)}"), "private:w1")


def test_two_households_are_refused_with_what_to_do(stage: Stage) -> None:
    code = code_of(stage)
    stage.say("new", "你好", channel="wechat")
    with stage.world.database.write() as conn:
        homes = conn.execute(select(household.c.id).order_by(household.c.id)).scalars().all()
        for home, channel, who in zip(homes, ("play", "wechat"), ("old", "new"), strict=False):
            households.join(conn, home, person(conn, channel, who), stage.player.channel.now)
    assert "退出那一户" in texts(stage.say("new", f"绑定码 {code}", channel="wechat"), NEW)


def test_a_half_filled_form_goes_on_where_it_was(stage: Stage) -> None:
    code = code_of(stage)
    stage.say("new", "幸福里5号楼下水道堵了往外冒水", channel="wechat")
    stage.say("new", f"绑定码 {code}", channel="wechat")
    stage.press("new", "都是我本人，绑定", channel="wechat")
    stage.say("new", "13877776666", channel="wechat")
    for label in ("没有照片", "确认"):
        stage.press("new", label, channel="wechat")
    assert "已登记" in stage.last(NEW)["text"]
    assert "下水道" in texts(stage.say("old", "我的诉求"), OLD)


def test_who_is_erased_is_erased_on_every_channel(stage: Stage) -> None:
    filed(stage, "old", "幸福里3号楼楼道灯坏了三天了")
    filed(stage, "new", "幸福里5号楼下水道堵了往外冒水", channel="wechat")
    bound(stage)
    stage.say("old", "我的信息")
    stage.press("old", "全部删除")
    stage.press("old", "确定删除")
    stage.tick("2026-01-05T10:30:00+08:00")
    for who, chat, channel in (("old", OLD, "play"), ("new", NEW, "wechat")):
        assert "没有您登记过" in texts(stage.say(who, "我的诉求", channel=channel), chat)
    with stage.world.database.read() as conn:
        assert verify(conn) == []
        assert not [d for d in conn.execute(select(case.c.description)).scalars() if "坏" in d or "堵" in d]


def test_a_code_given_at_the_counter_binds_too(stage: Stage) -> None:
    number = filed(stage, "old", "幸福里3号楼楼道灯坏了三天了")
    with stage.world.database.write() as conn:
        now = stage.player.channel.now
        subject = {"person": person(conn, "play", "old")}
        code = codes.issue(conn, kind="account", subject=subject, now=now, lifetime=timedelta(hours=1), digits=8)
    stage.say("new", code, channel="wechat")  # the bare number is enough
    stage.press("new", "都是我本人，绑定", channel="wechat")
    assert number in texts(stage.say("new", "我的诉求", channel="wechat"), NEW)
