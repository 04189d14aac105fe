"""Questions about the services themselves, and matters that use the same words."""

from __future__ import annotations

import pytest

from flows import asides, explained

ASKED = {
    explained.POINTS_FOR: "你们这个积分有什么用 / 积分能干嘛 / 积分可以用来做什么 / 攒了积分有啥好处",
    explained.ONE_HOUSEHOLD: "一家人的积分是一起算的吗 / 我们家的积分是分开算的吗",
    explained.MOVED_AWAY: "搬家了积分怎么办 / 要是搬走了，积分还在吗",
    explained.HOURS_FOR: "志愿服务有什么好处 / 做志愿者有钱拿吗 / 志愿时长有什么用 / 当志愿者有工资吗",
    explained.WHO_MAY: "志愿者要什么条件 / 当志愿者有什么要求吗 / 谁可以当志愿者",
    explained.GUIDES: "法律明白人是谁 / 法律明白人是干什么的 / 你们的法律顾问是什么人",
    explained.GRID: "网格员是干什么的 / 我们这片网格员是谁 / 网格员管什么",
    explained.POLICE: "这里能报警吗 / 你能帮我报警吗",
    explained.HOTLINE: "12345和你们什么关系 / 你们是12345吗",
    explained.OFFICIAL: "你们是官方的吗 / 你是骗子吗 / 这个靠谱吗",
    explained.TYPING: "我不会打字怎么办 / 可以发语音吗",
    asides.HOURS: "晚上能办吗 / 周末可以办吗",
    asides.UNNAMED: "投诉了会不会被打击报复 / 举报了会不会被报复",
    asides.FREE: "你们的律师收费吗 / 法律顾问收费吗",
}
MATTERS = """
报警 / 要报警吗 / 我要报警 / 网格员不管事 / 网格员态度差 / 积分怎么查 / 积分有多少 / 怎么花了这么多钱
电梯几天能修好 / 工资多久能发 / 什么时候能修好 / 骗子打电话来 / 物业是骗子 / 志愿者在小区乱贴
我要当志愿者 / 律师收费吗多少钱 / 晚上能办喜事放鞭炮吗 / 搬家公司乱收费 / 打字机坏了 / 打12345没人管
你们多久能来修 / 问题多久了没解决 / 投诉多久了都没人管 / 积分被扣了怎么办
"""


@pytest.mark.parametrize(
    ("said", "answer"), [(said, answer) for answer, all in ASKED.items() for said in all.split(" / ")]
)
def test_what_is_asked_of_a_service_is_explained(said: str, answer: str) -> None:
    assert asides.told(said) == answer


@pytest.mark.parametrize("said", [said for line in MATTERS.split("\n") for said in line.split(" / ") if said])
def test_a_matter_that_uses_the_same_words_is_a_matter(said: str) -> None:
    assert asides.told(said) == ""
