"""The kernel and the router: how a declared flow asks, and that no flow has a state one can't leave."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows import flow as kernel
from flows.effects import Say
from flows.errors import Unclear
from flows.facts import Articles, Facts, FindArticles
from flows.flow import Answers, Ask, Choice, Flow, Outcome, Said, State, Turn
from flows.registry import registry
from nlu.understanding import Understanding
from tests.flows.transcripts import NOTHING, Talk
from tests.support.facts import ME, MONDAY, ZONE

# -- a small flow of its own ----------------------------------------------------------------------------------------


def number(turn: Turn, _answers: Answers) -> int:
    if not turn.said.text.isdecimal():
        raise Unclear("请回复一个数字。")
    return int(turn.said.text)


def found_number(turn: Turn, _answers: Answers) -> int | None:
    return next((int(word) for word in turn.said.text.split() if word.isdecimal()), None)


COLOURS = (Choice("r", "红色", ("红的",)), Choice("g", "绿色"), Choice("b", "蓝色"))
SHOP = Flow(
    name="shop",
    title="买球",
    intents=frozenset({"buy", "price"}),
    asks=(
        Ask("colour", "什么颜色？", choices=lambda _a, _t: COLOURS, name="颜色"),
        Ask("count", "要几个？", number, fill=found_number, name="个数"),
        Ask("bag", "要袋子吗？", choices=lambda _a, _t: (kernel.YES, kernel.NO), when=lambda a, _t: a["count"] > 1),
    ),
    confirm=lambda a, _t: f"{a['count']}个{a['colour']}，对吗？",
    finish=lambda a, _t: (Say(json.dumps(dict(a), sort_keys=True)),),
    entries={"price": lambda state, _turn: Outcome(state, (Say("一块钱一个。"),))},
)


def turn(text: str = "", *, answer: tuple[str, str, int] | None = None, intent: str = "") -> Turn:
    understood = Understanding(text, "shop" if intent else None, intent or "chatter", 0.95 if intent else 0.2)
    return Turn(Said(text, understood, answer=answer), MONDAY, ME, Facts(), ZONE)


def after(*texts: str, flow: Flow = SHOP) -> Outcome:
    outcome = kernel.start(flow, turn(), State())
    for text in texts:
        assert isinstance(outcome, Outcome)
        state = State.from_json(json.loads(json.dumps(outcome.state.to_json())))
        outcome = kernel.advance(flow, state, turn(text))
    assert isinstance(outcome, Outcome)
    return outcome


def said(outcome: Outcome) -> str:
    return "\n".join(e.text for e in outcome.effects if isinstance(e, Say))


@pytest.mark.parametrize("answer", ["1", "红色", "红的", "红", " 红色。", "我要红色的"])
def test_a_choice_is_taken_by_number_label_or_word(answer: str) -> None:
    outcome = after(answer)
    expected = {"1": "r", "红": None}.get(answer, "r")
    assert outcome.state.answers.get("colour") == expected


@pytest.mark.parametrize("answer", ["4", "0", "紫色", "", "色", "红色还是绿色"])
def test_what_is_no_choice_is_asked_again(answer: str) -> None:
    outcome = after(answer)
    assert outcome.state.asking == "colour" and outcome.state.tries == 1
    assert [o.label for e in outcome.effects if isinstance(e, Say) for row in e.options for o in row] == [
        "红色",
        "绿色",
        "蓝色",
    ]


def test_all_answers_then_confirmed() -> None:
    assert after("红色", "3", "确认", "确认").state.flow == ""
    assert json.loads(said(after("红色", "3", "取消", "确认"))) == {"colour": "r", "count": 3, "bag": "no"}


def test_a_question_that_does_not_apply_is_left_out() -> None:
    assert json.loads(said(after("绿色", "1", "好的"))) == {"colour": "g", "count": 1}


def test_what_was_said_before_is_not_asked() -> None:
    outcome = kernel.start(SHOP, turn("给我 5 个"), State())
    assert isinstance(outcome, Outcome) and outcome.state.answers == {"count": 5}


def test_a_change_asks_only_that_again() -> None:
    outcome = after("绿色", "1", "修改", "颜色", "蓝色")
    assert said(outcome) == "1个b，对吗？"


def test_not_confirming_does_nothing() -> None:
    outcome = after("绿色", "1", "算了")
    assert outcome.state == State(step=outcome.state.step)
    assert "colour" not in said(outcome)


def test_three_unclear_answers_call_a_person_and_the_question_stays() -> None:
    outcome = after("红色", "很多", "很多", "很多")
    assert outcome.person_wanted and outcome.state.asking == "count"
    assert after("红色", "很多", "很多", "2").state.tries == 0


def test_a_step_back_forgets_the_last_answer_only() -> None:
    state = after("红色", "3").state
    outcome = kernel.back(SHOP, state, turn("返回"))
    assert isinstance(outcome, Outcome)
    assert (outcome.state.asking, dict(outcome.state.answers)) == ("count", {"colour": "r"})
    first = kernel.back(SHOP, after().state, turn("返回"))
    assert isinstance(first, Outcome) and first.state.asking == "colour"


def test_a_step_back_in_the_middle_of_a_change_goes_to_what_came_before_it() -> None:
    outcome = after("红色", "3", "好", "修改", "个数")
    assert outcome.state.asking == "count"
    back = kernel.back(SHOP, outcome.state, turn("返回"))
    assert isinstance(back, Outcome) and back.state.asking == "colour"


def test_a_question_removed_by_a_deploy_is_skipped_politely() -> None:
    shorter = replace(SHOP, asks=SHOP.asks[1:], confirm=lambda a, _t: f"{a['count']}个，对吗？")
    outcome = kernel.advance(shorter, after().state, turn("红色"))
    assert isinstance(outcome, Outcome)
    assert outcome.state.asking == "count" and "前面的内容都还在" in said(outcome)
    assert kernel.resume(shorter, after().state, turn()).state.asking == "count"


def test_another_matter_of_the_same_flow_is_answered_and_the_question_kept() -> None:
    state = after("红色").state
    outcome = kernel.advance(SHOP, state, turn("多少钱一个", intent="price"))
    assert isinstance(outcome, Outcome)
    assert said(outcome) == "一块钱一个。" and outcome.state.flow == ""
    assert kernel.stop(outcome.state).asking == "count"


def test_what_has_to_be_looked_up_is_asked_for_before_the_question_and_not_twice() -> None:
    query = FindArticles("球", date(2026, 3, 2))
    curious = replace(SHOP, look=lambda answers, _turn: query if "colour" in answers else None)
    state = kernel.start(curious, turn(), State())
    assert isinstance(state, Outcome)
    assert kernel.advance(curious, state.state, turn("红色")) == query
    answered = turn("红色")
    answered = replace(answered, facts=replace(answered.facts, answers={query: Articles(False, ())}))
    outcome = kernel.advance(curious, state.state, answered)
    assert isinstance(outcome, Outcome) and outcome.state.asking == "count"


def test_an_empty_confirmation_needs_none() -> None:
    trusting = replace(SHOP, confirm=lambda _a, _t: "")
    assert json.loads(said(after("红色", "1", flow=trusting))) == {"colour": "r", "count": 1}


def test_buttons_carry_the_step_they_belong_to() -> None:
    first = after()
    again = after("紫色")
    steps = [
        {o.args["step"] for e in x.effects if isinstance(e, Say) for r in e.options for o in r} for x in (first, again)
    ]
    assert steps == [{first.state.step}, {again.state.step}] and first.state.step != again.state.step


STATES = st.recursive(
    st.builds(
        State,
        flow=st.sampled_from(["", "shop", "gone"]),
        answers=st.dictionaries(
            st.text(max_size=5), st.one_of(st.integers(), st.text(max_size=9), st.none()), max_size=3
        ),
        asking=st.one_of(st.none(), st.text(max_size=5)),
        tries=st.integers(0, 3),
        step=st.integers(0, 99),
        unclear=st.integers(0, 3),
    ),
    lambda inner: st.builds(lambda a, b: replace(a, suspended=(b,)), inner, inner),
    max_leaves=3,
)


@given(STATES)
def test_a_state_is_json_and_back(state: State) -> None:
    assert State.from_json(json.loads(json.dumps(state.to_json()))) == state


# -- every flow there is --------------------------------------------------------------------------------------------

SETTINGS = (
    ("neighbours 2",),
    (),
    ("bound",),
    ("reserved", "signed-up 11", "signed-up 12"),
    ("signed-up 11",),
    ("unstaffed",),
    ("empty",),
    ("asked",),
    ("anywhere",),
    ("advised",),
    ("staff",),
    ("staff", "gifts"),
    ("organiser", "on 11"),
)
OPENERS = (
    "3号楼物业乱收费，投诉",
    "楼道灯坏了", "我要反映问题", "我的诉求", "我要咨询法律", "租房押金被房东扣了怎么要回来", "公鸡打鸣犯不犯法律",
    "我要报名", "取消报名", "我家有多少积分", "我想换东西", "换一瓶洗衣液", "绑定 XF8K27", "取消兑换", "人工", "你好",
    "申报加分", "送积分",
)  # fmt: skip
ANSWERS = (
    "3号楼物业乱收费没人管，投诉",
    "3号楼2单元",
    "5号楼",
    "红星路口",
    "13800000000",
    "12345678",
    "XF8K27",
    "方家",
    "洗衣液",
    "已经修好了",
    "来电让转账的都是骗子",
    "明天下午三点",
    "我是她女儿，她同意了",
    "（照片）",
    "嗯嗯啊啊",
    "1",
    "2",
    "确认",
)
ASIDE_ANSWERS = (
    "林小满",
    "2010-02-03",
    "13800000000",
    "都行",
    "周六上午9点到11点",
    "3号楼2单元",
    "（照片）",
    "1",
    "确认",
)
GIVEN: Mapping[str, Any] = {"case": 71, "thread": 51, "mediation": 61, "proposal": 81, "home": 42, "transfer": 5}
OFFERED = {"code": 81, "shift": 12, "giver": 9, "told": "有人请您接替，您接吗？"}
ASIDE_IN = ((), ("anywhere",), ("organiser", "on 11"))
ASIDE: Mapping[str, tuple[Mapping[str, Any], ...]] = {  # what the flows begun by another one know from it
    "volunteer_activity": ({}, {"title": "拔草", "place": "东门", "capacity": 3, "about": ""}),
    "volunteer_register": ({}, {"agree": "yes", "name": "林小满", "birth": "1968-05-04"}),
    "volunteer_stand_in": (OFFERED,),
    "volunteer_place": ({"do": "in"},),
    "volunteer_off": ({"shift": 11},),
    "volunteer_fix": ({"shift": 11, "person": 9, "name": "林小满"},),
    "volunteer_done": ({"need": 91},),
}
LONG = "楼上天天漏水没有人管怎么办呢" * 143  # 2,002 characters
COMPLAINT = "楼道灯坏了三天没人管"


def place_in(setting: tuple[str, ...]) -> Talk:
    talk = Talk()
    for part in setting:
        talk.place.setting(part)
    return talk


def twin(talk: Talk) -> Talk:
    other = copy.copy(talk)
    other.place = copy.copy(talk.place)
    other.options = list(talk.options)
    return other


def step(talk: Talk, said_or_pressed: str) -> list[str]:
    return talk.play(f"> {said_or_pressed}")


def leave(talk: Talk) -> None:
    """End what a person has taken over, then cancel whatever is open and what that had interrupted."""
    if any(t.kind == "handover" and t.state != "closed" for t in talk.place.facts.threads):
        step(talk, "结束人工")
    for _ in range(1 + len(talk.state.suspended)):
        assert step(talk, "取消")


def moves(talk: Talk) -> list[str]:
    """What may be said here: every button of the open question, and a few sentences."""
    buttons = [f"[{i}]" for i, o in enumerate(talk.options, 1) if o.action in ("answer", "begin", "law.text")]
    open_flow = registry().get(talk.state.flow)
    return [*buttons[:6], *(ASIDE_ANSWERS if open_flow and open_flow.aside else ANSWERS)]


def begun(setting: tuple[str, ...], open_flows: set[str]) -> Iterator[Talk]:
    for text in OPENERS:
        talk = place_in(setting)
        step(talk, text)
        yield talk
    for flow in registry().by_name.values():
        if flow.name not in open_flows or (flow.aside and setting not in ASIDE_IN):
            continue
        for known in ASIDE.get(flow.name, (GIVEN,)):
            talk = place_in(setting)
            if flow.title and not flow.aside:
                talk.hear(Said("", NOTHING, begin=flow.name))
            else:
                talk.ask(flow.name, known)
            yield talk


ASKED = {(flow.name, ask.slot) for flow in registry().by_name.values() for ask in flow.asks}


@cache
def explored(depth: int = 7) -> dict[tuple[str, str], Talk]:
    """A conversation standing at every question, found by walking: (flow, question) -> a talk. Flows whose questions
    are all found are walked no further."""
    found: dict[tuple[str, str], Talk] = {}
    for setting in SETTINGS:
        if found.keys() >= ASKED:
            break
        waiting = list(begun(setting, {flow for flow, _ in ASKED - found.keys()}))
        seen: set[tuple[str, str, str]] = set()
        for _ in range(depth):
            coming = []
            for talk in waiting:
                state = talk.state
                if not state.flow:
                    continue
                found.setdefault((state.flow, str(state.asking)), twin(talk))
                do = f"{sorted(state.answers)}{[state.answers.get(key) for key in ('do', 'solved', 'ending')]}"
                if (state.flow, str(state.asking), do) in seen:
                    continue
                if not any(flow == state.flow for flow, _ in ASKED - found.keys()):
                    continue
                seen.add((state.flow, str(state.asking), do))
                for move in moves(talk):
                    other = twin(talk)
                    step(other, move)
                    coming.append(other)
            waiting = coming
    return found


def test_every_question_of_every_flow_can_be_reached() -> None:
    assert explored().keys() >= ASKED


def at(question: tuple[str, str]) -> Talk:
    return twin(explored()[question])


QUESTIONS = sorted(ASKED)


@pytest.mark.parametrize("question", QUESTIONS, ids="-".join)
def test_an_empty_message_is_answered_and_loses_nothing(question: tuple[str, str]) -> None:
    talk = at(question)
    before = talk.state
    assert step(talk, "")
    assert talk.state.flow == before.flow and dict(talk.state.answers) == dict(before.answers)


@pytest.mark.parametrize("question", QUESTIONS, ids="-".join)
def test_cancel_leaves_at_every_question(question: tuple[str, str]) -> None:
    talk = at(question)
    leave(talk)
    assert talk.state.flow == "" and talk.state.suspended == ()


@pytest.mark.parametrize("question", QUESTIONS, ids="-".join)
def test_back_and_help_are_answered_everywhere(question: tuple[str, str]) -> None:
    assert step(at(question), "返回")
    helped = at(question)
    assert step(helped, "帮助")
    assert helped.state.asking == at(question).state.asking


@pytest.mark.parametrize("question", QUESTIONS, ids="-".join)
def test_two_thousand_characters_and_a_photo_are_answered(question: tuple[str, str]) -> None:
    assert step(at(question), LONG)
    assert step(at(question), "（照片）")


@pytest.mark.parametrize("question", QUESTIONS, ids="-".join)
def test_a_stale_button_changes_nothing(question: tuple[str, str]) -> None:
    talk = at(question)
    before = talk.stored
    asking = talk.state.asking or ""
    assert talk.hear(Said("", NOTHING, answer=(asking, "yes", talk.state.step - 1)))
    assert talk.stored == before


@pytest.mark.parametrize("question", QUESTIONS, ids="-".join)
def test_a_button_of_another_choice_list_is_no_answer(question: tuple[str, str]) -> None:
    talk = at(question)
    state = talk.state
    talk.hear(Said("", NOTHING, answer=(state.asking or "", "no such key", state.step)))
    assert talk.state.answers.get(state.asking or "") != "no such key"


LINES = st.lists(
    st.one_of(
        st.sampled_from((*OPENERS, *ANSWERS, "取消", "返回", "帮助", "", COMPLAINT, LONG)),
        st.text(max_size=30),
        st.integers(1, 6).map(lambda n: f"[{n}]"),
    ),
    max_size=14,
)


@settings(max_examples=60, deadline=None)
@given(setting=st.sampled_from(SETTINGS), lines=LINES)
def test_any_talk_is_answered_and_can_be_left(setting: tuple[str, ...], lines: list[str]) -> None:
    talk = place_in(setting)
    for line in lines:
        if line.startswith("[") and line.endswith("]") and line[1:-1].isdecimal():
            n = int(line[1:-1])
            if n > len(talk.options) or talk.options[n - 1].action not in ("answer", "begin", "menu", "law.text"):
                continue
        elif "\n" in line or "\r" in line or line.startswith("["):
            continue
        assert step(talk, line), line
        state = talk.state
        assert state.flow == "" or state.flow in registry().by_name
        assert len(state.suspended) <= 2
    leave(talk)
    assert talk.state.flow == ""
