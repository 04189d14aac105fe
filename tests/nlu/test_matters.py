"""Several matters in one message: where it is cut, and that one matter told in many clauses stays one."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.catalogue import load_catalogue
from nlu.embedded import EmbeddedEngine
from nlu.matters import _INNER, LONGEST, MOST, matters, parts
from nlu.understanding import Understanding

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def engine() -> EmbeddedEngine:
    catalogue = load_catalogue((ROOT / "flows" / "catalogue.yml").read_text("utf-8"))
    return EmbeddedEngine.load(ROOT / "nlu" / "weights", catalogue.labels(), second=False)


@pytest.mark.parametrize(
    ("text", "flows"),
    [
        ("二单元楼道灯坏了。另外问一下我家还有多少积分", ["complaint", "points"]),
        ("路灯坏了三天了，还有就是物业费能不能不交，法律上怎么说", ["complaint", "legal"]),
        ("1、楼道灯不亮 2、垃圾没人收 3、楼上天天半夜蹦迪", ["complaint", "complaint", "complaint"]),
        (
            "你好，三件事：1、3号楼2单元楼道灯不亮；2、小区门口垃圾没人清；3、我想问下公司不给交社保怎么办",
            ["complaint", "complaint", "legal"],
        ),
        ("我想报名周末的志愿活动，对了，我家的积分能换什么", ["volunteer", "points"]),
    ],
)
def test_matters_are_told_apart(engine: EmbeddedEngine, text: str, flows: list[str]) -> None:
    seen = engine.understand(text)
    assert [seen.flow, *(other.flow for other in seen.others)] == flows
    assert seen.text == text and seen.first and seen.first in text


@pytest.mark.parametrize(
    "text",
    [
        "电梯坏了，还有多久能修好",
        "路灯坏了，还有人摔了，你们管不管",
        "楼上漏水把我家泡了，找物业也不管，能不能起诉他",
        "离婚孩子归谁，另外彩礼要退吗",
        "合伙做生意，一个出钱不管事，另外一个管事不出钱，利润怎么分",
        "电梯坏了，另外谢谢你们",
        "1、3号楼都停水了",
    ],
)
def test_one_matter_stays_one(engine: EmbeddedEngine, text: str) -> None:
    assert not engine.understand(text).others


def test_a_complaint_without_a_place_happened_where_the_first_did(engine: EmbeddedEngine) -> None:
    seen = engine.understand("阳光苑12栋路灯坏了，另外下水道堵了臭得很")
    assert [other.text for other in seen.others] == ["阳光苑12栋，下水道堵了臭得很"]


def test_what_only_counts_the_matters_is_no_part_of_the_first(engine: EmbeddedEngine) -> None:
    seen = engine.understand("我有两个问题：1、5号楼楼道灯不亮；2、公司不给交社保怎么办")
    assert seen.first == "5号楼楼道灯不亮"


def test_danger_is_of_the_whole_message(engine: EmbeddedEngine) -> None:
    assert engine.understand("我想查积分。另外楼下着火了，好大的烟").danger


def test_no_message_costs_more_than_its_parts() -> None:
    asked: list[str] = []

    def understand(text: str) -> Understanding:
        asked.append(text)
        return Understanding(text, "points", "ask_balance", 0.9)

    for text in ("另外查积分。" * 700, "，另外查" * (LONGEST // 4), "1、灯坏。" * 50):
        asked.clear()
        matters(text, understand)
        assert len(asked) <= MOST + 1 and sum(map(len, asked)) <= LONGEST


def test_parts_lose_no_words() -> None:
    assert parts("灯坏了。另外，积分多少") == ("灯坏了。", "另外，积分多少")
    assert parts("灯坏了") == ("灯坏了",) and parts("") == () and parts("1、灯坏") == ("1、灯坏",)


@given(
    st.lists(st.sampled_from(["停水", "，", " ", "\n", "另外", "1、", "②", "三是", "第二,", "另,", "最后问"])).map(
        "".join
    )
)
def test_what_is_cut_holds_what_is_looked_for_first(text: str) -> None:
    assert len(parts(text)) < 2 or _INNER.search(text)
