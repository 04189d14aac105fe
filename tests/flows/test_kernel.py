"""The kernel and the router: how a declared flow asks, and that no flow has a state one can't leave."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows import flow as kernel
from flows.effects import Say
from flows.errors import Unclear
from flows.facts import Articles, Facts, FindArticles
from flows.flow import Answers, Ask, Choice, Flow, Outcome, Said, State, Turn
from nlu.understanding import Understanding
from tests.support.facts import ME, MONDAY, ZONE

# -- a small flow of its own ----------------------------------------------------------------------------------------


def number(turn: Turn, _answers: Answers) -> int:
    if not turn.said.text.isdecimal():
        raise Unclear("请回复一个数字。")
    return int(turn.said.text)


def found_number(turn: Turn, _answers: Answers) -> int | None:
    return next((int(word) for word in turn.said.text.split() if word.isdecimal()), None)


def length(turn: Turn, _answers: Answers) -> str:
    if len(turn.said.text) < 2:
        raise Unclear("请写清楚一点。")
    return turn.said.text


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


def test_a_button_holds_until_something_was_answered() -> None:
    """A press may come after the line that was typed after it: asked again, the question is the same one."""
    asked = after().state
    again = after("什么都行").state
    assert again.step > asked.step and again.since == asked.step
    resumed = kernel.resume(SHOP, State.from_json(again.to_json()), turn()).state
    assert resumed.since == asked.step
    assert after("1").state.since == after("1").state.step


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


def test_a_number_where_none_is_offered_is_no_wish_to_change_something() -> None:
    free = replace(SHOP, asks=(SHOP.asks[0], Ask("where", "送到哪里？", length)))
    assert after("红色", "1", flow=free).state.asking == "where"
    assert after("红色", "改", flow=free).state.asking == kernel.CHANGE


def test_another_matter_is_heard_where_it_is_asked_what_to_change() -> None:
    outcome = kernel.advance(SHOP, after("红色", "2", "要", "修改").state, turn("多少钱一个", intent="price"))
    assert outcome == Outcome(outcome.state, (Say("一块钱一个。"),))
    assert outcome.state.suspended[0].asking == kernel.CHANGE


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
