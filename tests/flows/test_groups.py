"""When to speak in a group: decisions over a short memory, with canned understanding."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.nlu import embedded_engine
from flows.group_memory import KEEP_LINES, Line, Memory, pending_text, whole
from flows.groups import (
    OFFERS_AN_HOUR,
    Answer,
    Decision,
    Offer,
    Silent,
    Wait,
    decide,
    problem,
    remember,
    settle,
)
from nlu.embedded import EmbeddedEngine
from nlu.understanding import Hazard, Slots, Understanding

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@cache
def engine() -> EmbeddedEngine:
    return embedded_engine(second=False).quick()


def seen(
    text: str,
    complaint: float = 0.95,
    local: float = 0.95,
    service: str = "street_light",
    danger: Hazard | None = None,
    place: str | None = None,
) -> Understanding:
    flow = "complaint" if complaint > 0.5 else None
    ranking = (("complaint", complaint), ("chatter", 1 - complaint))
    return Understanding(
        text,
        flow,
        "report_problem",
        complaint,
        ranking=ranking,
        service=service,
        local=local,
        danger=danger,
        slots=Slots(place=place),
    )


def say(person: str, text: str, **known: object) -> Line:
    flags = {name: bool(known.pop(name)) for name in ("addressed", "reply_to_bot", "reply_to_person") if name in known}
    return Line(person, text, seen(text, **known), **flags)  # type: ignore[arg-type]


def chat(person: str, text: str, **known: object) -> Line:
    return say(person, text, complaint=0.03, local=0.03, **known)


def talk(*lines: Line, memory: Memory = Memory(), step: int = 20) -> tuple[list[Decision], Memory]:  # noqa: B008 (frozen)
    """The decision on each line, `step` seconds apart, and the memory after the last."""
    decisions = []
    for n, line in enumerate(lines):
        now = NOW + timedelta(seconds=step * n)
        decisions.append(decide(memory, line, now))
        memory = Memory.from_json(json.loads(json.dumps(remember(memory, line, now, decisions[-1]).to_json())))
    return decisions, memory


DARK = "3号楼门口路灯坏了，晚上黑漆漆的"


def test_a_clear_local_problem_is_offered_once() -> None:
    decisions, memory = talk(say("a", DARK, place="3号楼"), say("b", "3号楼门口路灯坏好久啦", place="3号楼"))
    assert decisions[0] == Offer("a", DARK, "street_light", "3号楼")
    assert isinstance(decisions[1], Silent) and decisions[1].joins is not None
    assert memory.open_reports[0].joined == ("b",)


def test_my_home_too_joins_the_open_report_silently() -> None:
    decisions, memory = talk(say("a", DARK), chat("b", "我家这边也是"), chat("c", "我也看见了"))
    assert [type(d) for d in decisions] == [Offer, Silent, Silent]
    assert memory.open_reports[0].joined == ("b", "c")


def test_the_same_trouble_at_another_place_is_another_matter() -> None:
    decisions, _ = talk(say("a", DARK, place="3号楼"), say("b", "9号楼后面的路灯坏了一排", place="9号楼"))
    assert [type(d) for d in decisions] == [Offer, Offer]


@pytest.mark.parametrize(
    "text",
    [
        "@小孙 6号楼路灯坏了",  # somebody else was asked
        "我们公司楼下路灯坏了一个月没人修",
        "老家那条街路灯全坏了",
        "以前这条路上路灯老坏",
        "路灯修好了，真亮",
        "哈哈路灯坏了正好看星星",
        "【通知】今晚路灯检修，请大家注意",
        "专业维修路灯楼道灯，上门快",
        "新闻里那个小区路灯坏了没人管",
    ],
)
def test_what_is_not_ours_or_not_open_is_left_alone(text: str) -> None:
    assert decide(Memory(), Line("a", text, engine().understand(text)), NOW) == Silent()


@pytest.mark.parametrize(
    "text",
    [
        "6号楼门口路灯又灭了",
        "走南门的看一下 台阶那块地砖翘起来半边了 天黑绊倒两个了",
        "不知道归谁管 河边那段护栏让车撞飞了 孩子放学都从那过",
        "报了物业四天没人来 8栋电梯关门还是夹人",
        "跟大伙说一声 后巷电线垂到人头那么高了",
    ],
)
def test_what_is_told_to_all_in_many_ways_is_offered(text: str) -> None:
    assert isinstance(decide(Memory(), Line("a", text, engine().understand(text)), NOW), Offer | Wait)


@pytest.mark.parametrize("text", ["", "好", "[图片]", "😂😂😂", "早上好各位", "晚上吃什么"])
def test_talk_is_left_alone(text: str) -> None:
    assert decide(Memory(), chat("a", text), NOW) == Silent()


def test_who_addresses_it_is_always_answered() -> None:
    for line in (
        chat("a", "在吗", addressed=True),
        chat("a", "3栋", reply_to_bot=True),
        say("a", "@小邻 路灯坏了", addressed=True),
    ):
        assert decide(Memory(), line, NOW) == Answer()


def test_danger_never_waits_and_is_said_once() -> None:
    fire = say("a", "四楼着火了", danger=Hazard.FIRE)
    again = say("b", "火好大快跑", danger=Hazard.FIRE)
    decisions, memory = talk(fire, again, say("c", "有人晕倒了", danger=Hazard.INJURY))
    assert decisions == [Answer(Hazard.FIRE), Silent(), Answer(Hazard.INJURY)]
    assert decide(memory, again, NOW + timedelta(minutes=6)) == Answer(Hazard.FIRE)


def doubtful(person: str = "a", text: str = "好像楼道灯坏了几盏") -> Line:
    return say(person, text, complaint=0.8, local=0.8)


def test_a_doubtful_matter_waits_less_than_a_minute_and_is_then_offered() -> None:
    (decision,), memory = talk(doubtful())
    assert isinstance(decision, Wait)
    assert NOW < decision.until <= NOW + timedelta(seconds=60)
    assert settle(memory, decision.until - timedelta(seconds=1)) == ((), memory)
    offers, after = settle(memory, decision.until)
    assert offers == (Offer("a", "好像楼道灯坏了几盏", "street_light", ""),)
    assert settle(after, decision.until)[0] == ()
    assert after.open_reports[0].person == "a"


@pytest.mark.parametrize("text", ["没事了", "修好了", "哦原来是跳闸", "问到了", "物业说下午来弄", "收到 马上来"])
def test_a_waiting_matter_is_dropped_when_somebody_settles_it(text: str) -> None:
    _, memory = talk(doubtful(), chat("b", text))
    assert settle(memory, NOW + timedelta(seconds=70))[0] == ()


def test_other_talk_does_not_drop_it() -> None:
    _, memory = talk(doubtful(), chat("b", "晚上吃面"))
    assert len(settle(memory, NOW + timedelta(seconds=70))[0]) == 1


def test_offers_are_few_an_hour() -> None:
    things = ("水管", "围栏", "井盖", "滑梯", "长椅", "扶手", "台阶", "门禁")
    lines = [
        say(f"p{n}", f"{n}号楼{thing}又坏掉啦", service=thing, place=f"{n}号楼", complaint=0.8, local=0.8)
        for n, thing in enumerate(things, 1)
    ]
    memory = Memory()
    for n, line in enumerate(lines):
        now = NOW + timedelta(minutes=2 * n)
        memory = remember(memory, line, now, decide(memory, line, now))
        memory = settle(memory, now + timedelta(minutes=1))[1]
    assert len(memory.offers) == OFFERS_AN_HOUR
    later = NOW + timedelta(hours=2)
    assert not isinstance(decide(memory, lines[-1], later), Silent)


def test_no_offer_in_the_middle_of_a_row() -> None:
    _, memory = talk(chat("a", "你骂谁呢"), chat("b", "骂你怎么了 嘴巴放干净点"))
    assert decide(memory, say("c", DARK), NOW + timedelta(minutes=1)) == Silent()
    assert isinstance(decide(memory, say("c", DARK), NOW + timedelta(minutes=10)), Offer)


def test_two_lines_of_one_person_are_understood_together() -> None:
    _, memory = talk(chat("a", "3号楼2单元"), chat("b", "嗯"))
    soon = NOW + timedelta(seconds=40)
    assert pending_text(memory, "a", soon) == "3号楼2单元"
    assert pending_text(memory, "c", soon) is None
    assert pending_text(memory, "a", NOW + timedelta(minutes=3)) is None
    joined = Line("a", "灯又不亮了", seen("3号楼2单元，灯又不亮了", place="3号楼2单元"))
    assert isinstance(decide(memory, joined, soon), Offer)


def test_a_problem_told_in_several_lines_is_offered_with_all_of_them() -> None:
    first = Line("a", "砸下来一块，脸盆那么大", seen("3号楼门头那块水泥，砸下来一块，脸盆那么大"))
    more, thanks = chat("a", "今早七点多的事，幸亏没人"), chat("a", "哈哈我命大")
    (offer, *silent), memory = talk(first, more, thanks, chat("b", "我去看看"))
    assert offer == Offer("a", first.understanding.text, "street_light", "")
    assert [type(d) for d in silent] == [Silent, Silent, Silent]
    assert whole(memory, "a", offer.text) == f"{offer.text}，{more.text}"
    assert whole(memory, "b", offer.text) == offer.text


def test_what_waits_is_offered_with_what_is_told_meanwhile() -> None:
    _, memory = talk(doubtful(), chat("a", "从三楼到五楼都黑着"), chat("a", "算了我自己弄好了"))
    assert memory.waiting == ()
    _, memory = talk(doubtful(), chat("a", "从三楼到五楼都黑着"))
    (offer,), _ = settle(memory, NOW + timedelta(seconds=70))
    assert offer.text == "好像楼道灯坏了几盏，从三楼到五楼都黑着"


def test_what_was_answered_is_not_joined() -> None:
    _, memory = talk(chat("a", "3号楼", addressed=True))
    assert pending_text(memory, "a", NOW + timedelta(seconds=5)) is None


def test_a_reply_to_a_neighbour_counts_for_less() -> None:
    assert problem(say("a", DARK, complaint=0.8, local=0.8, reply_to_person=True)) < problem(
        say("a", DARK, complaint=0.8, local=0.8)
    )


def test_memory_forgets_after_half_an_hour_and_stays_small() -> None:
    _, memory = talk(*(chat("a", f"第{n}句") for n in range(60)), step=1)
    assert len(memory.lines) == KEEP_LINES
    after = remember(memory, chat("b", "早"), NOW + timedelta(hours=1))
    assert [h.text for h in after.lines] == ["早"]


LINES = st.builds(
    lambda person, text, strength, danger, flags: Line(
        person, text, seen(text, strength, strength, danger=danger), *flags
    ),
    st.sampled_from("abc"),
    st.one_of(st.text(max_size=30), st.sampled_from([DARK, "没事了", "我家也是", "你骂谁", "@x 在吗"])),
    st.sampled_from([0.02, 0.6, 0.8, 0.99]),
    st.sampled_from([None, None, None, Hazard.FIRE]),
    st.tuples(st.booleans(), st.booleans(), st.booleans(), st.booleans()),
)


@given(st.lists(LINES, max_size=25))
def test_whatever_is_said_memory_is_json_and_offers_are_bounded(lines: list[Line]) -> None:
    decisions, memory = talk(*lines)
    _, memory = settle(memory, NOW + timedelta(hours=1) - timedelta(seconds=1))
    for line, decision in zip(lines, decisions, strict=True):
        if line.addressed or line.reply_to_bot:
            assert isinstance(decision, Answer)
        if isinstance(decision, Wait):
            assert decision.until - NOW <= timedelta(seconds=20 * len(lines) + 60)
    assert len(memory.offers) <= 5
