"""A case is kept from whom it is about (信访工作条例 2022 art. 30), and from those with an interest in it (art. 28)."""

from __future__ import annotations

from sqlalchemy import select

from bot.effects import Here, Writer
from flows.effects import CardKey, Option, Privately, Say
from flows.errors import Refused
from storage import desk, desk_list, kept, people
from storage.desk_list import Filters
from storage.tables import case, case_bar, chat
from tests.support.stage import Stage, texts

ROOM, OFFICE, TOWN, LEADERS = "group:staff-xfl-1", "group:staff-xfl", "group:staff-liuxi", "group:leaders-liuxi"


def finished(stage: Stage, who: str = "u1") -> list[dict[str, object]]:
    for label in ("不留", "没有照片", "确认"):
        if label in stage.buttons(f"private:{who}"):
            out = stage.press(who, label)
    return out


def listed(stage: Stage, key: str) -> list[str]:
    """The cases a member of staff finds on the staff page."""
    with stage.world.database.read() as conn:
        staff = people.staff_by_key(conn, key)
        assert staff
        who = desk.member(conn, staff)
        assert who
        found, _ = desk_list.cases(conn, who, Filters(status="all"), stage.player.channel.now)
        return [line.number for line in found]


def heard_by(stage: Stage, words: str) -> set[str]:
    return {str(line["chat"]) for line in stage.lines if words in str(line.get("text", "")) and line.get("chat")}


def test_a_complaint_about_a_worker_never_reaches_the_worker(stage: Stage) -> None:
    stage.say("u1", "举报幸福里小区网格员王晓敏收了商户的钱不管占道，3号楼门口")
    assert "王晓敏" in texts(stage.since, "private:u1")
    stage.press("u1", "反映王晓敏")
    assert "不会给被反映的一方看到" in texts(finished(stage), "private:u1")
    assert heard_by(stage, "商户") == {"private:u1", TOWN}
    assert heard_by(stage, "反映的是：王晓敏（本人看不到这件）") == {TOWN}  # who has to look into it knows of whom
    assert listed(stage, "w1") == []
    assert len(listed(stage, "d1")) == 1
    assert "没有权限" in texts_of(stage.press("w1", "接单", TOWN))
    assert "接单成功" in texts_of(stage.press("d1", "接单", TOWN))


def texts_of(lines: list[dict[str, object]]) -> str:
    return "\n".join(str(line.get("text")) for line in lines)


def test_nor_does_one_about_the_property_company(stage: Stage) -> None:
    stage.say("u1", "幸福里小区3号楼物业乱收费，服务态度差，投诉好几次不理")
    assert "安居物业" in texts(stage.since, "private:u1")
    stage.press("u1", "反映安居物业")
    finished(stage)
    assert "private:dep-property" not in heard_by(stage, "乱收费")
    assert heard_by(stage, "乱收费") == {"private:u1", TOWN}
    assert listed(stage, "dep-property") == []
    with stage.world.database.read() as conn:
        assert conn.execute(select(case.c.department)).scalar_one() != "安居物业"


def test_nor_one_about_the_neighbourhood_office(stage: Stage) -> None:
    stage.say("u1", "投诉居委会的人态度恶劣，办事推诿，我住幸福里小区3号楼")
    stage.press("u1", "反映社区居委会")
    finished(stage)
    rooms = heard_by(stage, "推诿") - {"private:u1"}
    assert rooms == {LEADERS}
    assert listed(stage, "l1") == listed(stage, "l2") == []


def test_who_is_only_asked_to_come_is_not_kept_away(stage: Stage) -> None:
    stage.say("u1", "幸福里小区3号楼楼道灯坏了，跟物业说了一直没人管")
    stage.press("u1", "不是，请他们来处理")
    finished(stage)
    assert ROOM in heard_by(stage, "楼道灯")
    with stage.world.database.read() as conn:
        assert conn.execute(select(case_bar.c.id)).all() == []


def about_the_lamp(stage: Stage) -> str:
    """A complaint about the worker that is about a lamp as well; its number."""
    stage.say("u1", "幸福里小区3号楼楼道灯坏了，跟网格员王晓敏说了三次，她一直不管")
    stage.press("u1", "反映王晓敏")
    return texts(finished(stage), "private:u1").split("编号 ")[1].split("。")[0]


def test_what_is_broken_again_is_kept_from_them_too(stage: Stage) -> None:
    number = about_the_lamp(stage)
    for label in ("接单", "办结", "已办结"):
        stage.press("d1", label, TOWN)
    stage.say("d1", "换了灯泡", TOWN)
    stage.press("u1", "满意")
    stage.tick("2026-01-26T09:30:00+08:00")
    stage.press("u1", "又坏了")
    assert heard_by(stage, f"上次是 {number}") == {TOWN}
    assert listed(stage, "w1") == [] and len(listed(stage, "d1")) == 2


def test_it_is_not_put_together_with_one_they_see(stage: Stage) -> None:
    stage.say("u2", "幸福里小区5号楼垃圾三天没人清了，臭得很")
    open_to_all = texts(finished(stage, "u2"), "private:u2").split("编号 ")[1].split("。")[0]
    about_the_lamp(stage)
    card = str(next(line for line in reversed(stage.lines) if line.get("chat") == TOWN and line["type"] == "say")["id"])
    out = stage.say("d1", f"合并 {open_to_all}", TOWN, reply_to=card)
    assert "请分开办" in texts(out, TOWN)
    with stage.world.database.read() as conn:
        assert set(conn.execute(select(case.c.status)).scalars()) == {"submitted"}


def test_nobody_is_asked_where_nobody_is_named(stage: Stage) -> None:
    stage.say("u1", "幸福里小区3号楼楼道灯坏了三天没人管")
    assert "本身吗" not in texts(stage.since, "private:u1")


def test_it_is_not_given_to_them_by_a_colleague_either(stage: Stage) -> None:
    stage.say("u1", "投诉网格员王晓敏态度不好，幸福里小区3号楼")
    stage.press("u1", "反映王晓敏")
    finished(stage)
    stage.press("d1", "接单", TOWN)
    stage.press("d1", "转派", TOWN)
    assert "王晓敏" not in "".join(stage.buttons(TOWN))
    with stage.world.database.read() as conn:
        w1, id = people.staff_by_key(conn, "w1"), conn.execute(select(case.c.id)).scalar_one()
        d1 = people.staff_by_key(conn, "d1")
    from bot.presses import Desk

    assert d1
    said = Desk(stage.world).act(
        staff_id=d1, action="case.assign", args={"case": id, "owner": w1}, note=None, now=stage.player.channel.now
    )
    assert "请换一位" in said and isinstance(said, Refused)  # the page keeps what was typed


def test_the_digest_of_their_group_does_not_count_it(stage: Stage) -> None:
    from bot import digests

    digests.keep_digests(stage.world, stage.player.channel.now)
    stage.say("u1", "投诉网格员王晓敏态度不好，幸福里小区3号楼")
    stage.press("u1", "反映王晓敏")
    number = texts(finished(stage), "private:u1").split("编号 ")[1].split("。")[0]
    out = stage.tick("2026-01-06T09:00:00+08:00")
    assert number not in texts(out, ROOM) + texts(out, OFFICE)


def test_nobody_handles_a_case_of_the_own_household(stage: Stage) -> None:
    stage.say("w1", "绑定 51830274")
    stage.say("u1", "60427719")  # another household
    stage.say("w1", "幸福里小区5号楼垃圾三天没人清了")
    finished(stage, "w1")
    assert listed(stage, "w1") == []
    assert "接单成功" not in texts_of(stage.press("w1", "接单", ROOM))


def test_the_lists_and_the_rule_say_the_same_of_everybody(stage: Stage) -> None:
    """What SQL leaves out of lists is what the one rule keeps out, for all staff there are and every case."""
    from flows.domain.interest import kept_out
    from storage import bars
    from storage.tables import staff as staff_table

    for who, text, press in (
        ("u1", "举报幸福里小区网格员王晓敏收了商户的钱不管占道，3号楼门口", "反映王晓敏"),
        ("u2", "幸福里小区3号楼物业乱收费", "反映安居物业"),
        ("u3", "投诉居委会的工作人员态度恶劣，我住幸福里小区3号楼", "反映社区居委会"),
        ("w2", "幸福里小区5号楼垃圾三天没人清了", ""),
    ):
        stage.say(who, text)
        if press:
            stage.press(who, press)
        finished(stage, who)
    with stage.world.database.read() as conn:
        ids = list(conn.execute(select(case.c.id)).scalars())
        everybody = people.staff_by_id(conn, conn.execute(select(staff_table.c.id)).scalars().all())
        for id in ids:
            kept = bars.of_case(conn, id)
            shown = select(case.c.id).where(case.c.id == id)
            for one in everybody:
                seen = conn.execute(shown.where(bars.visible(one))).first() is not None
                assert seen != kept_out(kept, bars.official(one)), (id, one.name)
    assert len(ids) == 4


def told(stage: Stage, *said: Say) -> list[dict[str, object]]:
    """What is heard of effects that the clock brings."""
    with stage.world.database.write() as conn:
        Writer(conn, stage.world, Here(stage.player.channel.now, "clock")).write(said)
    return stage.tick(stage.player.channel.now.isoformat())


def test_what_is_said_of_it_privately_goes_up_where_it_would_reach_them(stage: Stage) -> None:
    stage.say("w2", "投诉网格员王晓敏态度不好，幸福里小区3号楼")
    stage.press("w2", "反映王晓敏")
    finished(stage, "w2")
    with stage.world.database.read() as conn:
        about = CardKey("case", conn.execute(select(case.c.id)).scalar_one())
        persons = {who: people.person_for(conn, "play", who, stage.player.channel.now).id for who in ("w1", "w2", "d1")}
    stage.say("u7", "你好")
    with stage.world.database.read() as conn:
        persons["u7"] = people.person_for(conn, "play", "u7", stage.player.channel.now).id
    take = ((Option("接单", "case.take", {"case": about.subject}),),)
    heard = {
        who: {line["chat"] for line in told(stage, Say("请看这件", to=Privately(one), options=take))}
        for who, one in persons.items()
    }
    assert heard == {"w1": {TOWN}, "w2": {"private:w2"}, "d1": {"private:d1"}, "u7": {"private:u7"}}
    assert {line["chat"] for line in told(stage, Say("请看这件", to=Privately(persons["w1"]), about=about))} == {TOWN}


def test_where_no_group_may_hear_of_it_those_higher_up_do_who_are_not_meant(stage: Stage) -> None:
    with stage.world.database.write() as conn:
        conn.execute(chat.update().where(chat.c.role.in_(("staff", "leaders"))).values(area_id=None))
        kept.changed(conn)
    for who in ("u1", "d1"):  # of the two above them one reports it too
        stage.say(who, "举报幸福里小区网格员王晓敏收了商户的钱不管占道，3号楼门口")
        stage.press(who, "反映王晓敏")
        finished(stage, who)
        shown = {line["chat"] for line in stage.since if "商户" in str(line.get("text"))} - {f"private:{who}"}
        assert shown == {"u1": {"private:d1", "private:d2"}, "d1": {"private:d2"}}[who]
