"""Every question of every flow: whoever stands there is answered, can leave, and loses nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.flow import Said
from flows.registry import registry
from tests.flows.transcripts import NOTHING, Talk
from tests.flows.walk import ANSWERS, OPENERS, SETTINGS, Question, holds, kept, place_in, twin, wanted

LONG = "楼上天天漏水没有人管怎么办呢" * 143  # 2,002 characters
COMPLAINT = "楼道灯坏了三天没人管"
WAYS = kept()


def step(talk: Talk, said: str) -> list[str]:
    return talk.play(f"> {said}")


def leave(talk: Talk) -> None:
    """End what a person has taken over, then cancel whatever is open and what that had interrupted."""
    if any(t.kind == "handover" and t.state != "closed" for t in talk.place.facts.threads):
        step(talk, "结束人工")
    for _ in range(1 + len(talk.state.suspended)):
        assert step(talk, "取消")


@cache
def _there(question: Question) -> Talk:
    return WAYS[question].talk()


def at(question: Question) -> Talk:
    return twin(_there(question))


def everywhere(check: Callable[[Question], None]) -> Callable[[], None]:
    """The check at every question there is, as one test that names those where it fails."""

    def test() -> None:
        wrong = []
        for question in WAYS:
            try:
                check(question)
            except AssertionError as error:
                wrong.append(f"{'-'.join(question)}: {error}")
        assert not wrong, "\n".join(wrong)

    return test


def test_every_question_of_every_flow_can_be_reached() -> None:
    unknown = wanted() - WAYS.keys()
    assert not unknown, f"python -m tests.flows.walk looks for a way to {sorted(unknown)}"


@everywhere
def test_it_is_reached(question: Question) -> None:
    assert holds(question, WAYS[question]), "python -m tests.flows.walk looks for another way"


@everywhere
def test_an_empty_message_is_answered_and_loses_nothing(question: Question) -> None:
    talk = at(question)
    before = talk.state
    assert step(talk, "")
    assert talk.state.flow == before.flow and dict(talk.state.answers) == dict(before.answers)


@everywhere
def test_cancel_leaves_at_every_question(question: Question) -> None:
    talk = at(question)
    leave(talk)
    assert talk.state.flow == "" and talk.state.suspended == ()


@everywhere
def test_back_and_help_are_answered_everywhere(question: Question) -> None:
    assert step(at(question), "返回")
    helped = at(question)
    assert step(helped, "帮助")
    assert helped.state.asking == at(question).state.asking


@everywhere
def test_two_thousand_characters_and_a_photo_are_answered(question: Question) -> None:
    assert step(at(question), LONG)
    assert step(at(question), "（照片）")


@everywhere
def test_a_stale_button_changes_nothing(question: Question) -> None:
    talk = at(question)
    before = talk.stored
    asking = talk.state.asking or ""
    assert talk.hear(Said("", NOTHING, answer=(asking, "yes", talk.state.step - 1)))
    assert talk.stored == before


@everywhere
def test_a_button_of_another_choice_list_is_no_answer(question: Question) -> None:
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
        assert talk.play(f"> {line}"), line
        state = talk.state
        assert state.flow == "" or state.flow in registry().by_name
        assert len(state.suspended) <= 2
    leave(talk)
    assert talk.state.flow == ""
