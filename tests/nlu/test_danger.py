"""Danger: what is heard, what is not, on sentences written for this test and on development data where it is there."""

from __future__ import annotations

import json
import os
import string
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.choosing import PAUSE
from nlu.danger import CLASSES, WEIGHTS, danger, hear, heard_cues, heard_events, tellable, told, uncourteous
from nlu.danger_words import CUES
from nlu.linear import load_head
from nlu.normalize import fold, normalize
from nlu.pieces import branches, piece
from nlu.understanding import Hazard
from tests.support.hearing import apart, heard, measured

SHARED = os.environ.get("LINLI_SHARED")

# Events told plainly, and what people put behind them when they write to an office.
PLAIN = [
    "楼下着火了",
    "3栋2单元着火了",
    "有人要跳楼",
    "煤气泄漏了",
    "漏煤气了",
    "我爸晕倒了",
    "孩子不见了",
    "有人拿刀砍人",
    "电梯困人了",
    "电线掉水里了",
    "有人触电了",
    "我不想活了",
    "老人摔倒起不来了",
    "闻到很浓的煤气味",
    "有人掉河里了",
]
ENDINGS = (
    *("", "，我的电话13800000000", "，在幸福里3号楼", "，谢谢"),
    *("，请社区赶紧派人来", "，已经打119了", "，麻烦登记一下", "，麻烦尽快处理"),
)

HAPPENING = [
    ("锅里的油烧起来了，火都窜到柜子上了", {Hazard.FIRE}),
    ("隔籬單位着咗火，成條走廊都係煙", {Hazard.FIRE}),
    ("俺家西屋起火嘞，恁快来人", {Hazard.FIRE}),
    ("厨房着伙了快来", {Hazard.FIRE}),
    ("一开门满屋煤汽味，我老婆头晕站不起来", {Hazard.GAS}),
    ("烧着炭取暖，我爸妈怎么叫都叫不醒", {Hazard.GAS, Hazard.INJURY}),
    ("邻居修水泵触电了，人躺在水里", {Hazard.ELECTRIC}),
    ("我妈突然说不出话，右边身子动不了", {Hazard.INJURY}),
    ("妈妈摔倒了一直不说话 我七岁", {Hazard.INJURY}),
    ("宝宝噎住了，脸都紫了", {Hazard.INJURY}),
    ("我老公喝醉了拿刀追我，我躲在厕所", {Hazard.VIOLENCE, Hazard.CRIME}),
    ("有人在撬我家的门，我一个人不敢出声", {Hazard.CRIME}),
    ("自称警察的人让我马上把钱转到安全账户，我在银行了", {Hazard.CRIME}),
    ("我不想活了，药都准备好了", {Hazard.SUICIDE}),
    ("我走了以后，猫就拜托你们了，下辈子再谢", {Hazard.SUICIDE}),
    ("我爸有老年痴呆，下午出去到现在没回来", {Hazard.MISSING}),
    ("两个娃掉堰塘里头了，快来救人", {Hazard.DROWNING}),
    ("電梯卡住了，我和孩子被關在裡面", {Hazard.COLLAPSE}),
    ("工地沟塌了，下面埋着两个人", {Hazard.COLLAPSE}),
]
NOT_HAPPENING = [
    "今天热死了，谁家有冰棍",
    "笑死我了哈哈哈",
    "这首歌最近真火",
    "去年我家厨房着过火，多亏邻居帮忙",
    "火已经扑灭了，人都没事",
    "周五下午消防演习，大家听到警报不要慌",
    "打架把人打成轻伤要判几年",
    "昨晚追剧，男主坠崖那集看哭了",
    "楼道里堆满纸箱，万一着火跑都跑不掉，请清一下",
    "灭火器过期了，去哪里换",
    "煤气卡没钱了在哪充值",
    "路灯坏了三天没人修",
    "志愿者救人能加多少分",
    "我家猫不见了，橘色的",
    "好的，明天见",
    "",
    "？？？",
]

# What only reads like trouble: feared, long ago, or of a thing.
FEARED = [
    "合同没到期房东突然要涨房租，我不同意他就让我搬走",
    "孩子她爸跟我没领证，我刚跟前夫办完离婚，这下能给闺女落户了吗",
    "我们小区有人在楼道里堆电动车电池充电，怕着火",
    "充电桩离楼太近，担心起火",
    "楼道堆满杂物，着火了都跑不出去",
    "消防通道被车堵了，着火了消防车进不来",
    "电箱门开着，小孩碰到会触电",
    "池塘没护栏，怕孩子掉水里",
    "高压线离阳台太近，怕触电",
    "门口的树要倒了，怕压到人",
    "奶奶走了，我想把她的低保停掉",
    "我没工作会不会判给他",
    "掉了一块下来，砸在台阶上，脸盆那么大",
    "5号楼电梯又停了，老人下不来",
    "我是理发店的，隔壁张阿姨一个人住，她家暖气不热好几天了，她不会用手机",
    "我家孩子在小区被狗咬了，主人不管",
    "我家燃气灶打不着火",
    "我的狗走丢了，在幸福里附近",
    "孩子丢了一只鞋在操场",
    "他们说不给钱就不给钱，我能去哪告",
    "不想活动了，取消报名吧",
    "大姐走了没留下儿女，爹妈也早不在了，房子归我们几个弟妹吗",
    "妈今儿晚饭不用等我，我在外头吃",
    "楼下的燃气管道生锈了，怕漏气，来人看看吧",
    "我家猫从昨晚跑出去到现在没回来，脖子上有铃铛",
    "雨伞落在网约车上了，司机电话打不通",
]

# None of these holds a word of danger; none was trained on.
UNLISTED = ["隔壁出租屋里拴着个女的 脚上有链子 说是他媳妇"]


@pytest.mark.parametrize("event", PLAIN)
def test_what_is_told_to_an_office_is_heard_like_a_cry(event: str) -> None:
    assert not [ending for ending in ENDINGS if heard(event + ending)[0] is None]


@pytest.mark.parametrize(("text", "hazards"), HAPPENING)
def test_danger_happening_now_is_heard_and_named(text: str, hazards: set[Hazard]) -> None:
    now, concern = heard(text)
    assert now in hazards
    assert concern is None


@pytest.mark.parametrize("text", NOT_HAPPENING)
def test_what_only_sounds_like_danger_raises_no_alarm(text: str) -> None:
    assert heard(text)[0] is None


@pytest.mark.parametrize("text", ["开关按了也没反应", "按门铃没反应", "开门按钮按了都没反应"])
def test_a_thing_that_does_not_answer_is_nobody_hurt(text: str) -> None:
    assert heard(text) == (None, None)
    assert heard("我爸倒在地上叫他没反应")[0] is Hazard.INJURY


@pytest.mark.parametrize(
    "text",
    [
        *("我爸没反应", "老伴怎么叫都没反应", "他一点反应都没有"),
        *("老人走失一天了，在3号楼", "我爷爷走失两天了，住5号楼2单元", "小孩被狗咬伤出血了，3栋楼下"),
        *("救命 轿厢里 出不去", "孩子遛狗走丢了"),
    ],
)
def test_few_words_are_enough(text: str) -> None:
    assert heard(text)[0] is not None


# Few words by kinds, in pairs that differ in one thing: what is danger, and its neighbour.
SHORT = [
    ("老人躺在地上", "老人躺在椅子上晒太阳"),
    ("门口躺着个人", "门口停着个车"),
    ("楼顶站着个人", "楼顶有人种菜"),
    ("天台边上坐着个姑娘", "天台上有人晾被子"),
    ("烟好大", "油烟好大"),
    ("有烟", "有烟味"),
    ("天台有烟", "天台有烟头"),
    ("有什么东西烧着的味道", "有什么东西发霉的味道"),
    ("打火花了", "打火机坏了"),
    ("外面有人打架", "外面有人打篮球"),
    ("电梯不动了，里面有人", "电梯不动了"),
    ("电梯停在半路，我们在里头", "扶梯不动了"),
    ("孩子掉河里了", "鞋子掉河里了"),
    ("捡球掉水里了", "球掉水里了"),
    ("人掉水里了", "帽子掉水里了"),
    ("天花板砸下来压着人", "天花板往下掉灰"),
    ("他把经理打了，满脸是血", "我给经理打了，他说马上来"),
    ("我爸眼睛突然看不见了", "你好，我眼睛看不见，用读屏软件"),
]


@pytest.mark.parametrize(("told", "beside"), SHORT)
def test_few_words_are_told_from_their_neighbours(told: str, beside: str) -> None:
    assert heard(told)[0] is not None
    assert heard(beside)[0] is None


@pytest.mark.parametrize(
    ("text", "hazard"),
    [
        ("厨房窗帘卷起来了，一片红，水泼上去没用", Hazard.FIRE),
        ("我爸打完胰岛素没吃早饭，现在叫他他不认人", Hazard.INJURY),
        ("剖腹产第二天，发烧说胡话", Hazard.INJURY),
        ("爷爷穿着拖鞋说要回厂里上班，门开着，人不在", Hazard.MISSING),
        ("幼儿园说孩子让舅舅接走了，可我没有弟弟", Hazard.MISSING),
        ("下水救人的也没影了，两个都没上来", Hazard.DROWNING),
    ],
)
def test_what_is_said_first_fits_what_happened_not_a_word_beside_it(text: str, hazard: Hazard) -> None:
    assert heard(text)[0] is hazard


@pytest.mark.parametrize("text", ["楼道里有股焦糊味", "家里有股味道像是漏气", "天花板要塌了"])
def test_what_is_only_smelt_or_about_to_give_way_is_heard_or_asked_about(text: str) -> None:
    assert any(heard(text))


@pytest.mark.parametrize("text", ["老人证丢了", "孩子走失手环", "我家猫走失三天了", "跟物业说了都没反应"])
def test_the_same_words_about_something_else_raise_no_alarm(text: str) -> None:
    assert heard(text)[0] is None


@pytest.mark.parametrize("text", UNLISTED)
def test_danger_told_without_any_word_that_is_looked_for_is_heard_unless_overheard(text: str) -> None:
    folded = hear(fold(normalize(text)))
    assert not heard_events(folded)
    assert heard(text)[0] is not None
    assert heard(text, overheard=True) == (None, None)


def test_only_the_number_of_the_house_is_left_out_behind_a_cry() -> None:
    assert uncourteous("着火了,在幸福里3号楼2单元") == uncourteous("着火了,5栋") == "着火了"
    assert uncourteous("快来,人倒在3号楼") == "快来,人倒在3号楼"


def test_weights_fit_the_hazards() -> None:
    assert list(CLASSES) == ["none", *(hazard.value for hazard in Hazard)]
    assert load_head(WEIGHTS, CLASSES).weights.shape[1] == len(CLASSES)


@given(st.text(max_size=400))
def test_any_string_gives_at_most_one_of_alarm_and_concern(text: str) -> None:
    now, concern = danger(text)
    assert now is None or concern is None


@pytest.mark.parametrize(
    "unit", ["着火了快来人", "人车冰水电", "不想活", "孩子在", string.printable, "\ud800\x00", "转" * 40 + "账"]
)
def test_a_megabyte_costs_no_more_than_a_letter(unit: str) -> None:
    danger("先热身")
    start = time.process_time()
    danger(unit * (1_000_000 // len(unit)))
    assert time.process_time() - start < 0.5


def test_told_sideways_it_is_heard_as_often_as_the_docs_say() -> None:
    """Lines of ours that no head was trained on; docs/understanding.md gives the two figures."""
    recall, false = measured(apart("danger"))
    assert recall >= 0.60
    assert false <= 0.06


@pytest.mark.skipif(not SHARED, reason="SKIPPED: LINLI_SHARED does not say where the development data is")
def test_development_data() -> None:
    data = Path(str(SHARED)) / "data"

    def rows(name: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (data / f"{name}.jsonl").read_text("utf-8").splitlines() if line]

    recall, false = measured(rows("danger"))
    chatter = rows("chatter") + rows("venting")
    overheard, told = (
        sum(heard(row["text"], overheard=said)[0] is not None for row in chatter) / len(chatter)
        for said in (True, False)
    )
    assert recall >= 0.92
    assert false <= 0.06
    assert max(overheard, told) <= 0.003


@pytest.mark.parametrize("hazard", CLASSES[1:])
def test_all_that_is_told_can_be_looked_up(hazard: str) -> None:
    cues = [min(piece(branch).words or {""}) for cue in CUES.values() for branch in branches(cue)[:2]]
    text = " ".join(cues)
    names = told(heard_cues(text), [f"{hazard} 2", f"{hazard} 1"])
    assert {f"{hazard} {cue}" for cue in CUES} <= set(names) <= tellable().keys()
    assert len(names) == len(set(names))


@pytest.mark.parametrize("said", FEARED)
def test_what_only_reads_like_trouble_raises_no_alarm(said: str) -> None:
    assert heard(said)[0] is None


@pytest.mark.parametrize(
    "said",
    [
        "爸走了，我也不想活了，房子留给我弟",
        "厨房着火了，灶台打不着火",
        "孩子走丢了，狗也不见了",
        "妈走了，三天没人发现，房里有味",
        "大狗扑倒了人，还在咬",
        "厨房着火了，怕烧到隔壁",
        "屋里燃气味很大，怕爆炸",
        "水漫到腰了，怕淹死人",
        "墙塌了压着人，怕再塌",
        "他拿刀追我，我怕他砍死我",
        "着火了我们跑不出去",
        "阳台塌了砸在地上，压着两个人",
        "电梯停了，老人困在里面下不来",
        "电梯停了出不去，老人喘不上气",
        "独居老人几天没下楼，她家停水三天了",
        "电线掉下来了，孩子碰到倒地不动",
    ],
)
def test_what_is_harmless_beside_it_takes_nothing_from_a_cry(said: str) -> None:
    assert heard(said)[0] is not None


def test_alone_it_hears_what_the_engine_hears() -> None:
    """`danger` is asked where there is no time for an understanding, which hears several clauses in parts too."""
    lines = [row["text"] for name in ("danger", "danger_second", "danger_fourth") for row in apart(name)]
    said = {clause for text in (*FEARED, *lines) for clause in PAUSE.split(text)}
    assert len(said) > 1000
    for overheard in (False, True):
        assert not [text for text in said if danger(text, overheard=overheard) != heard(text, overheard=overheard)]
