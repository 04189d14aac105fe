"""Short questions that go on with the matter before them, and those that name one of their own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.further import asks_further


@pytest.mark.parametrize(
    "text",
    ["要带什么材料", "需要准备哪些证据？", "去哪里办", "去哪申请啊", "要多久", "多长时间能有结果", "要收费吗",
     "找谁", "怎么申请", "什么时候能答复", "流程是什么", "要花钱吗"],
)  # fmt: skip
def test_a_question_how_to_go_on(text: str) -> None:
    assert asks_further(text)


@pytest.mark.parametrize(
    "text",
    ["路灯坏了找谁", "什么时候来电", "积分怎么换东西", "去哪里报名志愿者", "身份证丢了去哪补办", "谢谢", "",
     "低保要带什么材料", "房东不退押金怎么办", "楼上漏水找谁", "我想问问老板拖欠工资三个月了去哪里告他比较好"],
)  # fmt: skip
def test_a_matter_of_its_own(text: str) -> None:
    assert not asks_further(text)


@given(st.text(max_size=40))
def test_any_text_is_told(text: str) -> None:
    assert asks_further(text) in (True, False)
