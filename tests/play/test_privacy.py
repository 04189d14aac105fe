"""What groups and cards are told never holds what belongs to a person, whatever people write and in whatever order."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from bot.effects import Here, Writer
from bot.gate import NAME_SHOWN, for_others
from flows.effects import Room, Say
from nlu.persons import Persons
from storage import people, personal
from storage.tables import case, chat
from tests.support.stage import ROOM, Stage, on_stage, texts

SEED = 20260105
NAMES = ("郭晓楠", "尉迟明", "欧阳静")
TROUBLES = ("楼道灯坏了", "下水道堵了往外冒水", "电梯停了两天", "垃圾三天没人收", "半夜装修吵得睡不着")


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with on_stage() as found:
        story(found, 99, random.Random(SEED))  # each test may be the only one a worker is given
        yield found


def canaries(dice: random.Random) -> dict[str, str]:
    born = f"{1960 + dice.randrange(50)}0{dice.randrange(1, 10)}{dice.randrange(10, 29)}"
    return {
        "phone": f"1{dice.choice('3578')}{dice.randrange(10**9):09d}",
        "id": f"330105{born}{dice.randrange(1000, 9999)}",
        "room": f"{dice.randrange(11, 29)}0{dice.randrange(1, 5)}",
        "plate": f"浙A{dice.randrange(10**5):05d}",
        "mail": f"q{dice.randrange(10**6)}@example.com",
    }


def story(stage: Stage, n: int, dice: random.Random) -> list[str]:
    """One resident with everything a group must not hear, from the group to the end of a case; what must not leak."""
    who, secret, name = f"canary{n}", canaries(dice), dice.choice(NAMES)
    trouble = dice.choice(TROUBLES)
    text = (
        f"@小邻 {trouble}，我住3号楼2单元{secret['room']}室，我叫{name}，电话{secret['phone']}，"
        f"身份证{secret['id']}，车牌{secret['plate']}，邮箱{secret['mail']}"
    )
    stage.say(who, text, "group:g1", addressed=True)
    stage.follow(who, "group:g1")
    for _ in range(6):
        labels = stage.buttons(f"private:{who}")
        pressed = next((label for label in ("确认", "没有照片", "不留", "不清楚") if label in labels), None)
        if pressed is None:
            break
        stage.press(who, pressed)
    stage.press("w1", "接单", "group:staff-xfl-1")
    stage.press("w1", "办结", "group:staff-xfl-1")
    stage.press("w1", "已办结", "group:staff-xfl-1")
    stage.say("w1", f"已经给{secret['phone']}回过电话，修好了", "group:staff-xfl-1")
    return [*secret.values(), name]


def test_no_group_ever_reads_what_is_personal(stage: Stage) -> None:
    dice = random.Random(SEED)
    for n in range(12):
        kept_back = story(stage, n, dice)
        groups = [line for line in stage.lines if str(line.get("chat", "")).startswith("group:")]
        leaks = [(word, line["text"]) for word in kept_back for line in groups if word in line["text"]]
        assert not leaks, f"seed {SEED}, story {n}"


def test_a_residents_group_hears_no_case_at_all(stage: Stage) -> None:
    public = {line["text"] for line in stage.lines if line.get("chat") == "group:g1"}
    assert public
    assert not [text for text in public for word in ("26", "号楼", "诉求", *TROUBLES) if word in text]


def test_a_name_somebody_has_given_us_is_known_exactly(stage: Stage) -> None:
    stage.say("canary99", "我的信息")
    stage.press("canary99", "留称呼")
    stage.say("canary99", "云中鹤")
    with stage.world.database.read() as conn:
        first = conn.execute(select(case.c.id).order_by(case.c.id)).scalars().first()
        assert for_others(conn, stage.world, "和云中鹤约好了", about=first) == "和［姓名］约好了"
        assert for_others(conn, stage.world, "和云中鹤约好了") == "和云中鹤约好了"


def test_a_name_is_shown_while_its_bearer_agrees_and_no_longer(stage: Stage) -> None:
    now = stage.player.channel.now
    with stage.world.database.write() as conn:
        person = people.person_for(conn, "play", "canary98", now).id
        personal.keep(conn, person, "name", "青山客", now)

        def read() -> str:
            return for_others(conn, stage.world, "感谢青山客帮忙", named=[person])

        assert read() == "感谢［姓名］帮忙"
        people.agreed(conn, person, NAME_SHOWN, "display_name-1", now)
        assert read() == "感谢青山客帮忙"
        people.withdrew(conn, person, NAME_SHOWN, now)
        assert read() == "感谢［姓名］帮忙"


def test_what_a_recogniser_finds_is_hidden_when_it_can_be_a_name(stage: Stage) -> None:
    class Tagger(Persons):
        def _named(self, text: str) -> tuple[str, ...]:
            return tuple(word for word in ("罗跃进", "高层", "小孙", "钱志") if word in text)

    stage.world.persons = Tagger()
    with stage.world.database.read() as conn:
        shown = for_others(conn, stage.world, "灯是罗跃进弄坏的，他比高层的小孙还吵")
        colleague = for_others(conn, stage.world, "先请：钱志远，别找钱志")
    stage.world.persons = None
    assert shown == "灯是［姓名］弄坏的，他比高层的小孙还吵"
    assert colleague == "先请：钱志远，别找［姓名］"  # a recogniser may find half of a colleague's name


def test_the_staff_group_sees_the_case(stage: Stage) -> None:
    cards = stage.shown("group:staff-xfl-1")
    assert any(trouble in card for card in cards for trouble in TROUBLES)


def test_whatever_a_group_is_told_without_a_card_is_scrubbed_last_of_all() -> None:
    with on_stage() as stage:
        now = stage.player.channel.now
        with stage.world.database.write() as conn:
            room = conn.execute(select(chat.c.id).where(chat.c.address == ROOM)).scalar_one()
            said = Say("来之前打 13800000001，我叫欧阳明", to=Room(room))
            Writer(conn, stage.world, Here(now, "clock")).write([said])
        told = texts(stage.tick(now.isoformat()), ROOM)
    assert "来之前打" in told and "13800000001" not in told and "欧阳明" not in told
