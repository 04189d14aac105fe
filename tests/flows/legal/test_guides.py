"""Guides: each sentence of law is held against its article, and a question gets a guide only when it fits."""

from __future__ import annotations

from datetime import date

import pytest

from flows import facts
from flows.legal import texts
from flows.legal.article import Article
from flows.legal.guides import Guide, amounts, find_guide, parse_guides, problems
from flows.legal.shown import further
from storage.law_guides import read_guides

DAY = date(2026, 3, 1)
TEXT = "用人单位自用工之日起超过一个月不满一年未与劳动者订立书面劳动合同的，应当向劳动者每月支付二倍的工资。"
ROW = {
    "key": "no-contract",
    "title": "没签劳动合同",
    "when": ["没签|不签 合同"],
    "unless": ["租房"],
    "say": [{"text": "超过1个月不满一年没签的，每月付两倍工资。", "law": "劳动合同法", "article": 82}],
    "go": "打 12333",
    "bring": "工资流水",
}


def lookup(law: str, number: str) -> Article | None:
    if (law, number) == ("劳动合同法", "第八十二条"):
        return Article(1, "中华人民共和国劳动合同法", number, "", TEXT, DAY, DAY, None, "2012-12-28")
    return None


def guide(text: str | None = None, article: int = 82) -> Guide:
    row = dict(ROW)
    if text:
        row["say"] = [{"text": text, "law": "劳动合同法", "article": article}]
    return parse_guides([row])[0]


def test_a_right_guide_has_no_problems() -> None:
    assert problems(guide(), lookup) == []


@pytest.mark.parametrize(
    ("text", "article", "complaint"),
    [
        ("超过一个月没签的，每月付三倍工资。", 82, "3倍"),
        ("超过15日没签的，每月付二倍工资。", 82, "15日"),
        ("没签的，由劳动行政部门罚款。", 82, "劳动行政部门"),
        ("没签的可以找法院。", 82, "法院"),
        ("超过一个月没签的，每月付二倍工资。", 999, "does not exist"),
    ],
)
def test_a_seeded_error_is_found(text: str, article: int, complaint: str) -> None:
    (problem,) = problems(guide(text, article), lookup)
    assert complaint in problem


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("三十日", {"30日"}),
        ("30天", {"30日"}),
        ("两年", {"2年"}),
        ("百分之八十", {"80%"}),
        ("三分之二以上", {"2/3"}),
        ("七十二小时", {"72小时"}),
        ("十万元", {"100000元"}),
        ("不满八岁", {"8周岁"}),
        ("第三人一起商量", set()),
    ],
)
def test_amounts_are_written_one_way(text: str, found: set[str]) -> None:
    assert amounts(text) - {"3人"} == found


def test_a_guide_fits_only_when_every_group_does() -> None:
    guides = (guide(),)
    assert find_guide("公司一直没签合同", guides) is guides[0]
    assert find_guide("合同写好了", guides) is None
    assert find_guide("租房没签合同", guides) is None
    assert find_guide("", guides) is None


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ("怎么起诉", "court-how"),
        ("打官司要多少钱", "court-fee"),
        ("去哪告他", "court-where"),
        ("要请律师吗", "court-lawyer"),
        ("不服一审判决怎么办", "court-appeal"),
        ("借钱不还怎么起诉", "loan"),  # what is about the matter goes first
        ("押金不退", "rent-deposit"),
        ("单位押金不退", None),
        ("邻居家装修把我家天花板震裂了，能赔吗", "renovation-damage"),
        ("装修公司没按合同做，墙裂了", None),
        ("婆婆去世了，存折在小叔子那，怎么要回来", "estate-held"),
        ("我爸去世了，房子怎么分", "inheritance"),
        ("上班路上被车撞算不算工伤", "work-injury"),
        ("工地上摔了腰，老板说没签合同不算工伤", "work-injury"),
        ("二房东跑了，房东要赶我走", "rent-thrown-out"),  # no employer
        ("干了半年活包工头跑了，工钱一分没拿到", "subcontractor"),
        ("押一付三，没到期提前退租", "rent-early"),
        ("离了婚他一直不给孩子生活费", "child-support"),
        ("离婚的时候他偷偷转走了钱", "marital-hidden"),
        ("借条丢了，钱还能要吗", "loan-proof"),
        ("借钱不还，没打借条", "loan"),
        ("信用卡还不起会坐牢吗", "card-overdue"),
        ("精神病人打人谁赔", "mental-attack"),  # no question of who decides for the old
        ("公司倒闭了，工资找谁要", "employer-gone"),
        ("聚会喝酒喝死了，同桌要赔吗", "drinking-death"),
        ("孩子才13岁就怀孕了", "minor-pregnant"),
        ("怀孕了公司要开除我", "pregnant-dismissed"),
        ("干到59岁单位把我辞了", "dismissed"),
        ("房东半夜自己拿钥匙开我门", "rent-thrown-out"),
        ("老公在外面有人了", "unfaithful"),
        ("孩子偷了超市东西才12岁", "child-stole"),
        ("我儿子被派出所带走了", "detention"),
    ],
)
def test_the_guide_nearest_to_the_matter_is_found_and_one_about_courts_stands_back(asked: str, key: str | None) -> None:
    found = find_guide(asked, read_guides())
    assert (found.key if found else None) == key


def test_what_is_asked_further_is_answered_by_the_sentence_that_says_it() -> None:
    law = "业主不能以没接受服务为理由不交。物业不能用停水、停电的方式催费。"
    fee = facts.Guide("fee", "物业费", (law, "先找业委会。", "带上：合同。"), None)
    assert further(fee, "我要是不交他们停我水电呢").paragraphs == (
        texts.FURTHER,
        "物业不能用停水、停电的方式催费。",
        "先找业委会。",
    )
    assert further(fee, "带什么材料").paragraphs == (texts.FURTHER, "带上：合同。")
