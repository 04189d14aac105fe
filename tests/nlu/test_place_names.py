"""Places whose names begin like a little word (和平小区, 都市花园, 同心村) are found whole."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.slots import find_slots

NAMES = re.findall(
    r"\S+",
    """
和平小区 都市花园 同心村 和谐家园 在水一方小区 到家公寓 的士公司小区 把酒苑 和顺苑 对山小区 住邦公寓
从化新村 离石小区 有福家园 个旧小区 那里花开小区 我爱我家小区 你好花园 他山花园 到贤巷 和睦里小区
都江花园 都会广场 了然苑 的卢苑 家和花园 家乐公寓 希望小学 希望家园 希望小区 社区花园 住友公寓 同心小区
同乐村 同德花园 和平路 和平里小区 和平街 和平村 每安村 修远路 走马村 过街楼村 一心路
沿江路 修文路 修水路 全福村 本溪路 各庄村 农科村 乡约小区 进贤村 他石村 那曲小区 水泥厂家属院
公路局家属院 铁路新村 道北小区 都乐公园 和记广场 在田小学 有朋中学 和平医院 同仁医院 建国门广场
和兴市场 都匀车站 和静小区 都景花园 都梁花园 在渊小区 同福家园 同安新村 同济医院 全兴村 修德路 进步村
希望路 家天下小区 都昌村
""",
)
SENTENCES = (
    "{}停水了",
    "我住{}，没有电",
    "我们{}的路灯不亮",
    "反映一下{}3号楼漏水",
    "在{}门口有人打架",
    "{}有个井盖坏了",
    "投诉{}的物业",
)
NONE = re.findall(
    r"\S+",
    "这个小区 我们小区的花园 他们小区 全村停电 同村的人 我们都去公园 把花园踩坏了 和邻居在小区 修路 希望路灯早点修 "
    "修水管的 我家小区 到小区 我们村没水 有个小区",
)


@given(st.sampled_from(NAMES), st.sampled_from(SENTENCES))
def test_a_name_is_never_cut(name: str, sentence: str) -> None:
    assert name in (find_slots(sentence.format(name)).place or "")


@pytest.mark.parametrize("text", NONE)
def test_a_little_word_is_no_name(text: str) -> None:
    assert find_slots(text).place is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("我们阳光小区停水了", "阳光小区"),
        ("希望小区能装监控", None),
        ("希望小区3号楼", "希望小区3号楼"),
        ("从和平小区到同心村的路坏了", "和平小区"),
    ],
)
def test_where_it_begins(text: str, place: str | None) -> None:
    found = find_slots(text).place
    assert found is None if place is None else found is not None and found.startswith(place)
