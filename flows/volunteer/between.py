"""What is said while a shift is being chosen and is no choice: a sentence that fits several, a child who comes too."""

from __future__ import annotations

import re
from dataclasses import replace

from flows.effects import Say
from flows.flow import CONFIRM, Flow, Outcome, State, Turn, resume
from flows.volunteer import texts

CHILD = re.compile(
    r"孩子|小孩|娃|女儿|儿子|闺女|宝宝|孙子|孙女|外孙|未成年|[小中]学生|初[中一二三]|高[中一二三]|(?<![0-9])(?:[0-9]|1[0-7]|[一二三四五六七八九]|十[一二三四五六七]?)(?:周?岁)"
)
LONGEST = 30


def child(flow: Flow, state: State, turn: Turn) -> Outcome | None:
    """A child is mentioned: who signs up, and who has to agree; then the open question again."""
    text = turn.said.understood.text
    if state.asking not in ("shift", CONFIRM) or turn.said.answer or len(text) > LONGEST or not CHILD.search(text):
        return None
    asked = resume(flow, state, turn)
    return replace(asked, effects=(Say(texts.CHILD), *asked.effects))
