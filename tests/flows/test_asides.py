"""Questions about the asking itself, told apart from matters that use the same words."""

import pytest

from flows import asides


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("能不能匿名", asides.UNNAMED),
        ("我想匿名举报", asides.UNNAMED),
        ("可以匿名吗？", asides.UNNAMED),
        ("别让饭店老板知道是我", asides.UNNAMED),
        ("千万别告诉楼上是我说的", asides.UNNAMED),
        ("能不能别说是我说的", asides.UNNAMED),
        ("不要说是我投诉的", asides.UNNAMED),
        ("会不会泄露我的信息", asides.UNNAMED),
        ("邻居会不会知道是我投诉的", asides.UNNAMED),
        ("谁能看到", asides.UNNAMED),
        ("请一定要保密啊", asides.UNNAMED),
        ("我怕他们报复", asides.UNNAMED),
        ("要实名吗", asides.UNNAMED),
        ("要钱吗", asides.FREE),
        ("那收费吗？", asides.FREE),
        ("法律咨询要钱吗", asides.FREE),
        ("你们这个是免费的吗", asides.FREE),
        ("要电话干嘛", asides.WHY_PHONE),
        ("为什么要留手机号", asides.WHY_PHONE),
        ("不留电话行不行", asides.WHY_PHONE),
        ("为什么要问我地址", asides.WHY_PLACE),
        ("问时间干嘛", asides.WHY_TIME),
        ("要是没人管怎么办", asides.UNSOLVED),
        ("一直不处理呢", asides.UNSOLVED),
        ("我能替我妈反映吗", asides.FOR_OTHERS),
        ("你们几点上班", asides.HOURS),
        ("找谁投诉", asides.RIGHT_HERE),
        ("跟谁说啊", asides.RIGHT_HERE),
        ("周末有人吗", asides.HOURS),
    ],
)
def test_a_question_about_the_asking(said: str, answer: str) -> None:
    assert asides.told(said) == answer


@pytest.mark.parametrize(
    "said",
    [
        "物业泄露了我的手机号",
        "物业泄露业主信息犯法吗",
        "物业费要多少钱",
        "楼道灯坏了没人管怎么办",
        "停车收费吗",
        "老板不给钱怎么办",
        "谁投诉",
        "谁举报的",
        "匿名信骂我怎么办",
        "谁看到我家的狗了",
        "别让他们再吵了",
        "社区食堂几点有人",
        "小区的门晚上没人管怎么办",
        "打官司要钱吗",
        "",
        "不管",
        "邻居报复我，往我家门口倒垃圾",
    ],
)
def test_a_matter_of_its_own(said: str) -> None:
    assert asides.told(said) == ""
