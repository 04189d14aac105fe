"""The grammar danger is trained on: what a template says is drawn, the same each time."""

import random

import pytest

from nlu.understanding import Hazard
from tools import danger_grammar


def test_a_template_is_drawn_in_all_its_ways_and_no_other() -> None:
    grammar = danger_grammar.Grammar({"谁": "我爸|<娃>", "娃": "孩子", "前": "喂", "后": "快"}, random.Random(1))
    drawn = {text for _ in range(400) for text in [grammar.draw("<谁>(摔|跌(倒|伤))了")]}
    assert {"我爸摔了", "孩子跌倒了", "孩子跌伤了", "我爸跌伤了"} <= drawn
    assert not any(mark in text for text in drawn for mark in "()|<>?")


@pytest.mark.parametrize("template", ["(a|b", "a)b"])
def test_a_template_whose_brackets_do_not_fit_is_refused(template: str) -> None:
    with pytest.raises(ValueError, match="bracket"):
        danger_grammar.parsed(template)


def test_what_is_drawn_is_the_same_each_time_and_of_every_hazard() -> None:
    once = list(danger_grammar.drawn(3, count=1, framed=1))
    assert once == list(danger_grammar.drawn(3, count=1, framed=1))
    assert {hazard for _, hazard, _ in once} == {"none", *(hazard.value for hazard in Hazard)}
    assert not [text for _, _, text in once if any(mark in text for mark in "()|<>")]
