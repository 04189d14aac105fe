"""我的信息: shown, copied, corrected, withdrawn, erased; and nothing of it is left in any table, nor on the disk."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from flows.assistant.optional import PURPOSE
from flows.mine.flow import GUARDIAN
from flows.mine.texts import PURPOSES
from storage import people, person_copy
from storage.tables import account, audit, booking, case, chat, mediation, metadata, outbox, person
from storage.verify import verify
from tests.support.stage import LAMP, Stage, texts

PHONE, NAME = "13877776666", "郭晓楠"
CANARY = "蓝鲸木马"  # stands in everything the person says


def filed(stage: Stage, who: str, text: str, *, phone: str = PHONE, photo: Path | None = None) -> str:
    more = {"photos": [str(photo)]} if photo else {}
    stage.say(who, text, **more)
    stage.say(who, phone)
    for label in ("没有照片", "确认"):
        if label in stage.buttons(f"private:{who}"):
            stage.press(who, label)
    assert "已登记" in stage.last(f"private:{who}")["text"]
    with stage.world.database.read() as conn:
        return str(conn.execute(select(case.c.number).order_by(case.c.id.desc())).scalars().first())


def anywhere(stage: Stage, *canaries: str) -> list[tuple[str, str]]:
    """Every cell of every table that holds one of these."""
    found = []
    with stage.world.database.read() as conn:
        for table in metadata.sorted_tables:
            for row in conn.execute(select(table)):
                for name, value in row._mapping.items():
                    told = json.dumps(value, ensure_ascii=False, default=str) if not isinstance(value, bytes) else ""
                    found += [(f"{table.name}.{name}", told[:120]) for word in canaries if word in told]
    return found


def lived(stage: Stage, folder: Path) -> None:
    """A person leaves words wherever words can be left: group, case, photo, thread, forms, links."""
    photo = folder / "p.jpg"
    Image.new("RGB", (8, 8), "red").save(photo)
    stage.say("u1", f"@小邻 {CANARY}幸福里3号楼楼道灯坏了，我叫{NAME}", "group:g1", addressed=True)
    filed(stage, "u1", f"{CANARY}幸福里3号楼2单元501室楼道灯坏了三天了", photo=photo)
    stage.press("w1", "接单", "group:staff-xfl-1")
    stage.say("u1", "我的信息")
    stage.press("u1", "留称呼")
    stage.say("u1", NAME)
    stage.say("u1", "人工")
    stage.say("u1", f"{CANARY}我要问养老金的事")
    taker = next(
        line["chat"].removeprefix("private:") for line in reversed(stage.lines) if "接下" in str(line.get("choices"))
    )
    stage.press(taker, "接下")
    stage.say(taker, "请带身份证来")
    stage.say("u1", f"{CANARY}好的")
    stage.say("u1", "结束人工")
    stage.say("u1", f"{CANARY}幸福里5号楼下水道堵了往外冒水")  # a form half filled in
    stage.say("u1", f"{CANARY}大家早", "group:g1")


def test_what_is_held_is_shown_copied_corrected_and_withdrawn(stage: Stage) -> None:
    number = filed(stage, "u1", "幸福里3号楼楼道灯坏了三天了")
    shown = texts(stage.say("u1", "我的信息"), "private:u1")
    assert "138****6666" in shown and "留手机号" in shown and PHONE not in shown
    copied = texts(stage.press("u1", "拿一份"), "private:u1")
    assert all(word in copied for word in (PHONE, number, "楼道灯坏了三天了", "phone-1", "方便留个手机号吗"))
    stage.say("u1", "我的信息")
    stage.press("u1", "改手机号")
    assert "11位" in texts(stage.say("u1", "138"), "private:u1")
    assert "139****0000" in texts(stage.say("u1", "13900000000"), "private:u1")
    stage.say("u1", "我的信息")
    out = texts(stage.press("u1", next(b for b in stage.buttons("private:u1") if "撤回" in b)), "private:u1")
    assert "手机号也删掉了" in out
    assert anywhere(stage, "13900000000") == [] or all("inbox" in where for where, _ in anywhere(stage, "13900000000"))
    assert "没有在我这里留下" in texts(stage.say("u1", "我的信息"), "private:u1")


def test_nothing_is_left_after_deletion(stage: Stage, tmp_path: Path) -> None:
    lived(stage, tmp_path)
    assert {where.split(".")[0] for where, _ in anywhere(stage, CANARY, NAME, PHONE)} >= {"inbox", "outbox", "case_"}
    kept = list(stage.world.data_dir.rglob("*.jpg"))
    assert kept
    stage.say("u1", "我的信息")
    asked = texts(stage.press("u1", "全部删除"), "private:u1")
    assert "会替您撤回" in asked and "260105-1" in asked
    assert "删好了" in texts(stage.press("u1", "确定删除"), "private:u1")
    stage.tick("2026-01-05T09:10:00+08:00")
    assert anywhere(stage, CANARY, NAME, PHONE) == []
    assert not list(stage.world.data_dir.rglob("*.jpg"))
    card = [line for line in stage.lines if line.get("chat") == "group:staff-xfl-1"][-1]
    assert "已撤回" in card["text"] and "已按居民要求删除" in card["text"]
    with stage.world.database.read() as conn:
        assert verify(conn) == []
        assert [a for a in conn.execute(select(audit.c.action)).scalars() if a == "erase"]


def test_appointments_and_mediations_are_copied_told_and_ended(stage: Stage) -> None:
    stage.say("u1", "我想调解，和楼上邻居吵架了")
    stage.press("u1", "幸福里社区")
    stage.say("u1", f"{CANARY}他天天半夜拖椅子")
    stage.press("u1", "确认")
    invited = re.search(r"\d{10}", stage.last("private:u1")["text"])
    stage.say("u2", f"邀请码 {invited[0] if invited else ''}")
    stage.press("u2", "愿意调解")
    stage.press("lg2", "没有，我来调解")
    for said in (
        "我想预约居住证明",
        "幸福里社区",
        "明天 09:00",
        "替别人办",
        f"{CANARY}我是她女儿，她同意了",
        f"{CANARY}腿脚不便",
        "确认",
    ):
        stage.say("u1", said)
    stage.press("l1", "接下", "group:staff-xfl")
    stage.say("u1", "我的信息")
    copied = texts(stage.press("u1", "拿一份"), "private:u1")
    assert "【调解 " in copied and "半夜拖椅子" in copied and "【预约】" in copied and "腿脚不便" in copied
    stage.say("u1", "我的信息")
    asked = texts(stage.press("u1", "全部删除"), "private:u1")
    assert "会替您取消" in asked and "告诉对方和调解员" in asked
    out = stage.press("u1", "确定删除")
    assert "先结束了" in texts(out, "private:u2")
    assert "居民取消了预约" in texts(out, "private:l1") and "居民取消 U" in texts(out, "group:staff-xfl")
    stage.tick("2026-01-05T09:10:00+08:00")
    assert anywhere(stage, CANARY) == []
    with stage.world.database.read() as conn:
        assert conn.execute(select(booking.c.state)).scalars().all() == ["cancelled"]
        assert conn.execute(select(mediation.c.state)).scalars().all() == ["withdrawn"]


def test_an_hour_later_the_account_is_forgotten_and_coming_back_is_a_new_beginning(stage: Stage) -> None:
    filed(stage, "canaryaccount", "幸福里3号楼楼道灯坏了三天了")
    stage.say("canaryaccount", "我的信息")
    stage.press("canaryaccount", "全部删除")
    stage.press("canaryaccount", "确定删除")
    stage.tick("2026-01-05T10:30:00+08:00")
    assert anywhere(stage, "canaryaccount") == []
    with stage.world.database.read() as conn:
        assert "canaryaccount" not in conn.execute(select(chat.c.address)).scalars().all()
        before = len(conn.execute(select(person.c.id)).all())
    assert "没有您登记过" in texts(stage.say("canaryaccount", "我的诉求"), "private:canaryaccount")
    with stage.world.database.read() as conn:
        assert len(conn.execute(select(person.c.id)).all()) == before + 1


def test_who_writes_again_within_the_hour_is_not_cut_off(stage: Stage) -> None:
    filed(stage, "u1", "幸福里3号楼楼道灯坏了三天了")
    stage.say("u1", "我的信息")
    stage.press("u1", "全部删除")
    stage.press("u1", "确定删除")
    stage.tick("2026-01-05T09:20:00+08:00")
    again = filed(stage, "u1", "幸福里3号楼电梯坏了没人修")
    stage.tick("2026-01-05T10:40:00+08:00")
    assert again in texts(stage.say("u1", "我的诉求"), "private:u1")


def test_keeping_it_changes_nothing(stage: Stage) -> None:
    filed(stage, "u1", "幸福里3号楼楼道灯坏了三天了")
    stage.say("u1", "我的信息")
    stage.press("u1", "全部删除")
    assert "都还在" in texts(stage.press("u1", "先不删"), "private:u1")
    assert "138****6666" in texts(stage.say("u1", "我的信息"), "private:u1")


def erased(stage: Stage, who: str) -> str:
    stage.say(who, "我的信息")
    asked = texts(stage.press(who, "全部删除"), f"private:{who}")
    assert "删好了" in texts(stage.press(who, "确定删除"), f"private:{who}")
    return asked


def test_what_neighbours_report_together_goes_on_and_what_was_withdrawn_stands(stage: Stage) -> None:
    number = stage.report("u1")
    stage.say("u2", LAMP)
    together = texts(stage.press("u2", "一起跟进"), "private:u2")
    stage.report("u1", "幸福里5号楼垃圾三天没人清了")
    stage.withdraw("u1")
    asked = erased(stage, "u1")
    assert number in asked and "会替您撤回" not in asked
    with stage.world.database.read() as conn:
        assert conn.execute(select(case.c.status).where(case.c.number == number)).scalar_one() == "submitted"
    assert "合在一起办" in together and "等待接单" in texts(stage.say("u2", "我的诉求"), "private:u2")


def test_whoever_has_taken_a_question_hears_that_it_is_over(stage: Stage) -> None:
    stage.say("u1", "公司不签劳动合同违法吗")
    stage.press("u1", "找人")
    stage.press("u1", "幸福里社区")
    stage.press("b2", "无利害关系，接")
    erased(stage, "u1")
    assert "居民要求删除自己的信息，这件结束了" in texts(stage.since, "private:b2")


def test_who_works_here_deletes_their_own_words_and_not_what_others_were_told(stage: Stage) -> None:
    number = filed(stage, "u1", "幸福里3号楼楼道灯坏了三天了")
    stage.press("w1", "接单", "group:staff-xfl-1")
    stage.say("w1", "我的信息")
    assert "是那件事的记录，会留着" in texts(stage.press("w1", "全部删除"), "private:w1")
    assert "删好了" in texts(stage.press("w1", "确定删除"), "private:w1")
    with stage.world.database.read() as conn:
        mine = select(outbox.c.payload).join(chat, chat.c.id == outbox.c.chat_id).where(chat.c.address == "u1")
        assert any(number in str(payload) for payload in conn.execute(mine).scalars())
        room = select(outbox.c.payload).join(chat, chat.c.id == outbox.c.chat_id).where(chat.c.role == "staff")
        assert {} not in conn.execute(room).scalars().all()


def test_a_child_is_served_with_a_guardian_only(stage: Stage) -> None:
    out = texts(stage.say("u1", "我今年10岁，我们楼的滑梯坏了"), "private:u1")
    assert "监护人" in out and "12355" in out
    assert "监护人" in texts(stage.say("u1", "滑梯坏了会夹手"), "private:u1")
    stage.say("u1", "我的信息")
    assert "家长先同意" in texts(stage.press("u1", "留手机号"), "private:u1")
    stage.say("u1", "滑梯坏了")
    assert "谢谢家长" in texts(stage.press("u1", "我是家长，同意"), "private:u1")
    assert "监护人" not in texts(stage.say("u1", "幸福里3号楼旁边滑梯坏了会夹手"), "private:u1")
    assert "监护人同意" in texts(stage.say("u1", "我的信息"), "private:u1")


def test_a_child_in_danger_is_heard_at_once(stage: Stage) -> None:
    assert "119" in texts(stage.say("u1", "我今年10岁，家里着火了救命"), "private:u1")


@pytest.mark.parametrize(
    "said", ["我儿子10岁", "我在小学门口看到一个坑", "我是小学的老师", "我10岁的儿子摔了", "我住10岁"]
)
def test_grown_ups_are_not_taken_for_children(stage: Stage, said: str) -> None:
    assert "监护人" not in texts(stage.say("u1", said), "private:u1")


def test_a_copy_is_json(stage: Stage) -> None:
    filed(stage, "u1", "幸福里3号楼楼道灯坏了三天了")
    with stage.world.database.read() as conn:
        id = conn.execute(select(account.c.person_id).where(account.c.address == "u1")).scalar_one()
        copy = json.loads(json.dumps(person_copy.everything(conn, id)))
        assert people.agrees(conn, id, "phone")
    assert copy["personal"] == {"phone": PHONE}
    assert copy["cases"][0]["description"].endswith("楼道灯坏了三天了")
    assert copy["cases"][0]["history"][0]["step"] == "open"


def test_asked_for_in_words_of_ones_own_it_is_shown_and_an_open_question_keeps_its_answer(stage: Stage) -> None:
    filed(stage, "own", "幸福里3号楼楼道灯坏了")
    assert "138****6666" in texts(stage.say("own", "你们留的我的电话是多少"), "private:own")
    asked = texts(stage.say("own", "都删了吧"), "private:own")
    assert "会替您撤回" in asked and "确定全部删除吗？" in asked
    stage.say("own", "幸福里5号楼电梯坏了")
    assert "没有照片" in texts(stage.say("own", "我的电话别留了"), "private:own")


def test_a_volunteer_reads_what_was_left_and_takes_it_back(stage: Stage) -> None:
    for line in ("登记志愿者", "同意", "林小满", "1968年5月4日", "幸福里社区", "没有", "都行", "显示名字", "确认"):
        stage.say("u1", line)
    out = texts(stage.say("u1", "我的信息"), "private:u1")
    assert "志愿者名字：林小满" in out and "出生日期：1968" in out and "· 登记志愿者（" in out
    assert not re.search("[a-z_]{4,}", out + "".join(stage.buttons("private:u1")))
    assert "没开始的报名退掉了" in texts(stage.press("u1", "撤回：登记志愿者"), "private:u1")
    assert "林小满" not in texts(stage.say("u1", "我的信息"), "private:u1")


def test_every_purpose_somebody_agrees_to_has_a_name() -> None:
    root = Path(__file__).parents[2]
    said = "".join(path.read_text("utf-8") for top in ("flows", "bot") for path in (root / top).rglob("*.py"))
    used = set(re.findall(r'(?<!Withdraw)Consent\([^,()]+(?:\([^()]*\))?, "(\w+)"', said)) | {GUARDIAN, PURPOSE}
    assert len(used) > 8 and used <= PURPOSES.keys()
