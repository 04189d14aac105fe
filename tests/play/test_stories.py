"""Stories through the whole assistant: people in private, in groups and on duty, on a simulated clock."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

from PIL import Image
from sqlalchemy import select

from storage import codes, people
from storage.tables import case, case_file, chat, file, outbox, person, thread
from tests.support.stage import ROOM, Stage, texts


def status(stage: Stage) -> list[str]:
    with stage.world.database.read() as conn:
        return list(conn.execute(select(case.c.status).order_by(case.c.id)).scalars())


def test_one_sentence_is_enough_for_what_and_where(stage: Stage) -> None:
    stage.say("u1", "幸福里小区3号楼楼道灯坏了三天了")
    stage.press("u1", "不留")
    summary = texts(stage.press("u1", "没有照片"), "private:u1")
    assert "幸福里小区3号楼" in summary
    assert "楼道照明" in summary
    assert stage.buttons("private:u1") == ["确认", "修改", "取消"]


def test_a_summary_can_be_changed_before_it_is_sent(stage: Stage) -> None:
    stage.say("u1", "幸福里小区3号楼楼道灯坏了三天了")
    stage.press("u1", "不留")
    stage.press("u1", "没有照片")
    stage.press("u1", "修改")
    stage.press("u1", "位置")
    out = stage.say("u1", "幸福里小区5号楼")
    assert "幸福里小区5号楼" in texts(out, "private:u1")
    stage.press("u1", "确认")
    assert "5号楼" in stage.last(ROOM)["text"]


def test_back_and_cancel_work_at_every_step(stage: Stage) -> None:
    stage.say("u1", "幸福里小区3号楼楼道灯坏了三天了")
    stage.press("u1", "不留")
    assert "手机号" in texts(stage.say("u1", "返回"), "private:u1")
    stage.say("u1", "取消")
    assert "我看看能做什么" not in texts(stage.say("u1", "取消"), "private:u1")
    assert status(stage) == []


def test_only_one_of_two_pressers_becomes_the_owner(stage: Stage) -> None:
    stage.report()
    stage.press("w1", "接单", ROOM)
    number = len(stage.lines)
    late = stage.player.channel.shown  # the card as it was: its old button is still known to the platform
    old = next(key for key, shown in late.items() if shown.chat == ROOM)
    out = stage.step(type="press", chat=ROOM, message=old, choice="c999", **{"from": "l1"})
    assert [line["type"] for line in out] == ["notice"]
    assert len(stage.lines) > number
    with stage.world.database.read() as conn:
        owner = conn.execute(select(case.c.owner_id)).scalar_one()
        assert people.staff_by_id(conn, [owner])[0].name == "王晓敏"


def test_the_owner_is_taken_once_even_through_an_old_button(stage: Stage) -> None:
    stage.report()
    card = next(line for line in stage.lines if line.get("chat") == ROOM and line.get("choices"))
    token = stage.player.channel.shown[card["id"]].choices[card["choices"][0]["id"]]
    stage.press("w1", "接单", ROOM)
    stage.player.channel.shown["old"] = type(stage.player.channel.shown[card["id"]])(ROOM, {"c0": token}, "")
    out = stage.step(type="press", chat=ROOM, message="old", choice="c0", **{"from": "l1"})
    assert "已经有同事接了" in out[0]["text"]
    assert status(stage) == ["assigned"]


def test_staff_of_another_grid_may_not_press(stage: Stage) -> None:
    stage.report()
    out = stage.press("w2", "接单", ROOM)
    assert [line["type"] for line in out] == ["notice"]
    assert status(stage) == ["submitted"]


def test_a_reply_to_the_card_is_progress_the_resident_reads_after_one_tap(stage: Stage) -> None:
    stage.report()
    stage.press("w1", "接单", ROOM)
    card = next(line["id"] for line in stage.lines if line.get("chat") == ROOM)
    assert not texts(stage.say("w1", "下午三点电工过去", ROOM, reply_to=card), "private:u1")
    out = stage.press("w1", "发给居民", ROOM)
    assert "下午三点电工过去" in texts(out, "private:u1")


def test_unresolved_goes_round_again_and_nudging_is_limited(stage: Stage) -> None:
    stage.report()
    assert "已经帮您催了" in texts(stage.say("u1", "帮我催一下"), "private:u1")
    assert "明天再催" in texts(stage.say("u1", "再帮我催一下"), "private:u1")
    stage.press("w1", "接单", ROOM)
    stage.press("w1", "办结", ROOM)
    stage.press("w1", "已办结", ROOM)
    stage.say("w1", "换了灯泡", ROOM)
    stage.press("u1", "没解决，重办")
    assert status(stage) == ["accepted"]
    assert "要求重办" in texts(stage.since, ROOM)


def test_a_result_nobody_rates_closes_after_a_week(stage: Stage) -> None:
    stage.report()
    stage.press("w1", "接单", ROOM)
    stage.press("w1", "办结", ROOM)
    stage.press("w1", "已答复", ROOM)
    stage.say("w1", "已经解释清楚", ROOM)
    stage.tick("2026-01-12T08:00:00+08:00")
    assert status(stage) == ["resolved"]
    stage.tick("2026-01-12T12:00:00+08:00")
    assert status(stage) == ["closed"]


def test_a_case_nobody_takes_is_reminded_of(stage: Stage) -> None:
    stage.report()
    out = stage.tick("2026-01-05T09:30:00+08:00")
    assert "还没有人接" in texts(out, ROOM)


def test_danger_comes_first_and_is_pressed_until_somebody_takes_it(stage: Stage) -> None:
    stage.say("u1", "幸福里小区3号楼楼道灯坏了三天了")
    out = stage.say("u1", "着火了！！3号楼楼上冒火了快来人")
    assert out[0]["text"].startswith("先打 119")
    assert "编号" in texts(out, "private:d1")
    assert "着火" not in "".join(text for c in ("group:g1", ROOM) for text in stage.shown(c))
    again = stage.tick("2026-01-05T09:05:00+08:00")
    assert [line["at"][14:16] for line in again if line["chat"] == "private:d1"] == ["02", "04"]
    assert any(line["chat"] == "private:admin" for line in again)  # it is heard more widely
    stage.press("d1", "接下")
    assert not stage.tick("2026-01-05T09:20:00+08:00")
    stage.press("d1", "结束")
    assert "位置" in texts(stage.say("u1", "返回"), "private:u1")  # the flow was suspended, not lost


def test_words_of_danger_in_a_group_go_to_nobody_but_the_duty(stage: Stage) -> None:
    out = stage.say("u2", "救命啊我家煤气泄漏了，有人晕倒了", "group:g1")
    assert texts(out, "group:g1") and "煤气" not in texts(out, "group:g1")
    assert "煤气" in texts(out, "private:d1") or "煤气" in "".join(
        texts(out, f"private:{d}") for d in ("d2", "l1", "w1")
    )


def test_three_answers_nobody_understands_call_a_person(stage: Stage) -> None:
    stage.say("u1", "我要反映问题，幸福里小区3号楼楼道灯坏了三天了")
    for _ in range(4):  # a phone and a photo needn't be given: each question gives way
        out = stage.say("u1", "啊这个嘛")
    assert "请确认" in texts(out, "private:u1")
    for _ in range(3):
        out = stage.say("u1", "啊这个嘛")
    assert "工作人员" in texts(out, "private:u1")
    with stage.world.database.read() as conn:
        assert conn.execute(select(thread.c.kind)).scalars().all() == ["handover"]


def test_a_person_talks_both_ways_while_the_assistant_is_silent(stage: Stage) -> None:
    stage.say("u1", "人工")
    stage.press("d1", "接下")
    out = stage.say("u1", "我想查积分")
    assert [line["chat"] for line in out if line["type"] == "say"] == ["private:d1"]
    assert "带身份证来" in texts(stage.say("d1", "带身份证来社区就行"), "private:u1")
    stage.say("u1", "结束人工")
    assert "道德银行" in texts(stage.say("u1", "我想查我家积分"), "private:u1") or "绑定" in texts(
        stage.since, "private:u1"
    )


def test_another_matter_in_between_is_done_and_the_first_resumed(stage: Stage) -> None:
    stage.say("u1", "幸福里小区3号楼楼道灯坏了三天了")
    out = stage.say("u1", "公司不签劳动合同违法吗，能要赔偿吗")
    assert "劳动合同法" in texts(out, "private:u1")
    out = stage.press("u1", "解决了")
    assert "手机号" in texts(out, "private:u1")


def test_a_photo_is_kept_without_its_metadata(stage: Stage, tmp_path: Path) -> None:
    picture = Image.new("RGB", (40, 30), "red")
    exif = picture.getexif()
    exif[0x010E] = "secret place"
    shot = tmp_path / "a.jpg"
    picture.save(shot, exif=exif)
    stage.say("u1", "幸福里小区3号楼楼道灯坏了三天了", photos=[str(shot)])
    stage.press("u1", "不留")
    stage.press("u1", "确认")
    with stage.world.database.read() as conn:
        assert conn.execute(select(case_file.c.purpose)).scalars().all() == ["report"]
        path = conn.execute(select(file.c.path)).scalar_one()
    kept = (stage.world.data_dir / path).read_bytes()
    assert b"secret place" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()


def test_what_is_no_photo_is_said_to_be_none(stage: Stage, tmp_path: Path) -> None:
    fake = tmp_path / "a.jpg"
    fake.write_bytes(b"not a picture")
    out = stage.say("u1", "楼道灯坏了", photos=[str(fake), str(tmp_path / "gone.jpg")])
    assert "照片没收到" in texts(out, "private:u1")


def test_voice_is_answered_honestly_and_a_pin_finds_the_grid(stage: Stage) -> None:
    assert "语音" in texts(stage.step(type="voice", chat="private", **{"from": "u1"}), "private:u1")
    stage.say("u1", "楼道灯坏了", location=[30.40106, 119.90179])
    stage.press("u1", "不留")
    assert "3号楼" in texts(stage.press("u1", "没有照片"), "private:u1")


def test_a_link_opens_only_for_whom_it_was_made(stage: Stage) -> None:
    stage.say("u1", "@小邻 3号楼楼道灯坏了三天了", "group:g1", addressed=True)
    assert "失效" in texts(stage.follow("u2", "group:g1"), "private:u2")
    assert "手机号" in texts(stage.follow("u1", "group:g1"), "private:u1")
    assert "失效" in texts(stage.follow("u1", "group:g1"), "private:u1")  # once


def test_a_two_line_report_is_offered_once_and_a_false_alarm_never(stage: Stage) -> None:
    stage.say("u1", "3号楼门口井盖没了，晚上差点掉下去", "group:g1", at="2026-01-05T10:00:00+08:00")
    stage.say("u2", "就是，我也看见了井盖没了", "group:g1", at="2026-01-05T10:00:20+08:00")
    stage.tick("2026-01-05T10:03:00+08:00")
    assert len(stage.shown("group:g1")) == 1


def test_staff_bind_a_chat_with_a_code_once(stage: Stage) -> None:
    with stage.world.database.write() as conn:
        staff = people.staff_by_key(conn, "w2")
        now, lifetime = stage.player.channel.now, timedelta(days=1)
        code = codes.issue(conn, kind="staff", subject={"staff": staff}, now=now, lifetime=lifetime, digits=8)
    assert "已绑定" in texts(stage.say("newphone", code), "private:newphone")
    with stage.world.database.read() as conn:
        found = people.person_for(conn, "play", "newphone", stage.player.channel.now)
        assert people.staff_of(conn, found.id).name == "李文涛"  # type: ignore[union-attr]
    assert "已绑定" not in texts(stage.say("other", code), "private:other")


def test_a_group_that_moves_or_drops_us_is_handled(stage: Stage) -> None:
    stage.report()
    stage.step(type="migrate", chat=ROOM, to="group:staff-new", **{"from": "w1"})
    stage.press("w1", "接单", ROOM) if "接单" in stage.buttons(ROOM) else None
    stage.report("u5", "幸福里小区2号楼下水道堵了冒脏水")
    assert stage.shown("group:staff-new")
    stage.step(type="leave", chat="group:staff-new", **{"from": "w1"})
    stage.report("u6", "幸福里小区1号楼单元门坏了关不上")
    with stage.world.database.read() as conn:
        assert conn.execute(select(chat.c.state).where(chat.c.address == "group:staff-new")).scalar_one() == "left"
        others = select(outbox.c.payload).join(chat).where(chat.c.channel == "web", chat.c.role == "staff")
        assert any("单元门" in row["text"] for row in conn.execute(others).scalars())  # another room has it: not lost


def test_who_writes_traditional_is_answered_so(stage: Stage) -> None:
    out = stage.say("u1", "我想做義工，這個週末有什麼活動")
    assert any(c in texts(out, "private:u1") for c in "們個時動願")
    with stage.world.database.read() as conn:
        assert conn.execute(select(person.c.script).where(person.c.script == "hant")).first()


def test_a_rejected_case_says_why_and_can_go_on(stage: Stage) -> None:
    stage.report()
    stage.press("l1", "不予受理", ROOM)
    out = stage.say("l1", "这是业主家里的灯，请联系物业", ROOM)
    assert "原因：这是业主家里的灯" in texts(out, "private:u1")
    stage.press("u1", "请上一级处理")
    assert status(stage) == ["accepted"]


def test_a_phone_reaches_the_owner_alone_and_can_be_deleted(stage: Stage) -> None:
    stage.say("u1", "幸福里小区3号楼楼道灯坏了三天了")
    stage.say("u1", "13912345678")
    stage.press("u1", "没有照片")
    stage.press("u1", "确认")
    out = stage.press("w1", "接单", ROOM)
    assert "13912345678" in texts(out, "private:w1")
    assert "13912345678" not in "".join(
        text for line in stage.lines if line.get("chat") == ROOM for text in line["text"]
    )
    assert "139****5678" in texts(stage.say("u1", "我的信息"), "private:u1")
    stage.press("u1", "撤回：留手机号，方便经办人联系")
    assert "没有留下" not in texts(stage.since, "private:u1")
    assert "您没有在我这里留下手机号" in texts(stage.say("u1", "我的信息"), "private:u1")
    stage.say("u1", "幸福里小区5号楼下水道堵了往外冒水")
    assert "手机号" in stage.last("private:u1")["text"]  # it is asked for anew
