"""What platforms are given is whole, in order, within their limits and readable."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import Abilities, Act, Choice, Outbound
from bot.render import render, split, utf8, utf16

RICH = Abilities(edits=True, buttons=True, longest=40)
POOR = Abilities(edits=False, buttons=False, longest=2048, measure=utf8, link=lambda code: f"https://x.example/{code}")
YES, NO = Choice("t1", "确认"), Choice("t2", "修改")
LINK = Choice("", "私聊我", link="abc")


def say(text: str, **more: object) -> Outbound:
    return replace(Outbound(act=Act.SAY, chat="c", text=text), **more)  # type: ignore[arg-type]


def test_a_short_text_goes_as_it_is() -> None:
    out = say("您好。", choices=((YES, NO),), reply_to="m1")
    assert render(out, RICH) == (out,)


def test_a_long_text_is_parted_between_sentences_and_the_last_part_has_the_buttons() -> None:
    text = "第一句话说完了。第二句话也说完了！第三句话在这里？第四句话是最后一句，没有别的了。"
    parts = render(say(text, choices=((YES,),), reply_to="m1", photo="a.jpg"), replace(RICH, longest=20))
    assert [p.text for p in parts] == [
        "第一句话说完了。第二句话也说完了！",
        "第三句话在这里？",
        "第四句话是最后一句，没有别的了。",
    ]
    assert [p.choices for p in parts] == [(), (), ((YES,),)]
    assert [p.reply_to for p in parts] == ["m1", None, None]
    assert [p.photo for p in parts] == ["a.jpg", None, None]


def test_without_buttons_choices_are_numbered() -> None:
    (only,) = render(say("可以吗？", choices=((YES, NO), (LINK,))), POOR)
    assert only.text == "可以吗？\n回复 1 确认\n回复 2 修改\n私聊我：https://x.example/abc"
    assert only.choices == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "对吗？对就点「确认」，不对点下面的按钮，或者点「取消」。",
            "对吗？对就回复「确认」，不对回复下面的数字，或者点「取消」。",
        ),
        ("也可以点下面的菜单：", "也可以回复下面的数字："),
        ("點下面的按鈕，或者點「确认」", "回覆下面的數字，或者回覆「确认」"),
    ],
)
def test_where_nothing_can_be_pressed_no_words_say_so(text: str, said: str) -> None:
    (only,) = render(say(text, choices=((YES, NO),)), POOR)
    assert only.text.startswith(f"{said}\n回复 1")
    for unchanged in (render(say(text, choices=((LINK,),)), POOR), render(say(text, choices=((YES,),)), RICH)):
        assert unchanged[0].text.startswith(text[:20])


def test_numbers_are_not_torn_from_each_other() -> None:
    *_, last = render(say("很长的一句话。" * 200, choices=((YES, NO),)), POOR)
    assert last.text.endswith("\n回复 1 确认\n回复 2 修改")


def test_a_group_that_cannot_show_links_gets_them_as_text() -> None:
    shy = replace(RICH, group_links=False, link=lambda code: f"https://x.example/{code}")
    (there,) = render(say("请私聊", choices=((LINK,),)), shy, group=True)
    assert there.text == "请私聊\n私聊我：https://x.example/abc"
    (private,) = render(say("请私聊", choices=((LINK,),)), shy)
    assert private.choices == ((LINK,),)


def test_an_edit_stays_an_edit_where_it_can_be_made() -> None:
    out = replace(say("新的"), act=Act.EDIT, message="m7")
    assert render(out, RICH) == (out,)


@pytest.mark.parametrize("abilities, text", [(POOR, "新的"), (RICH, "一句话。" * 30)])
def test_an_edit_that_cannot_be_made_is_said_anew(abilities: Abilities, text: str) -> None:
    parts = render(replace(say(text), act=Act.EDIT, message="m7"), abilities)
    assert {(p.act, p.message) for p in parts} == {(Act.SAY, None)}


def test_a_notice_becomes_a_message_where_nothing_can_be_pressed() -> None:
    out = replace(say("已接单"), act=Act.NOTICE, callback="c1")
    assert render(out, RICH) == (out,)
    assert render(out, POOR)[0].act is Act.SAY


def test_what_no_platform_takes_is_left_out() -> None:
    (only,) = render(say("a\0b\ud800c\x07\nd\te"), RICH)
    assert only.text == "abc\nd\te"


def test_an_emoji_of_many_code_points_is_not_torn() -> None:
    family = "👨‍👩‍👧‍👦"
    assert split(family * 9, 11, utf16) == [family] * 9


@given(st.text(max_size=300), st.integers(20, 80), st.sampled_from([len, utf8, utf16]))
def test_parts_are_short_enough_and_nothing_is_lost(text: str, longest: int, measure: object) -> None:
    assert callable(measure)
    text = text.encode("utf-8", "ignore").decode()
    parts = split(text, longest, measure)
    assert all(measure(part) <= max(longest, 64) for part in parts)  # one character may have 16 code points
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_a_very_long_text_is_split_quickly() -> None:
    parts = split("啊" * 200_000, 4096, utf16)
    assert len(parts) == 49
