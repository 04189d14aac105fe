"""What a group may read of what people write: what has to go goes, and what only looks like it stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.domain.scrub import exposes, scrubbed, sealed

ROOT = Path(__file__).parents[2]
GOES = [  # (what is written, what must not be there any more)
    ("我叫郭晓楠，电话13800001234", ("郭晓楠", "13800001234")),
    ("邻居王建国半夜装修", ("王建国",)),
    ("邻居王建国不听劝", ("王建国",)),
    ("尉迟明 138 0000 1234", ("尉迟明", "0000 1234")),
    ("联系人：欧阳静，手机 +86-138-0000-1234", ("欧阳静", "0000-1234")),
    ("找李秀英，她管", ("李秀英",)),
    ("离婚孩子归谁，余美玲", ("余美玲",)),
    ("暖气不热，余一诺", ("余一诺",)),
    ("何大强：树枝压到电线了", ("何大强",)),
    ("电梯停了两天 易焱", ("易焱",)),
    ("垃圾没人收\n欧阳既白", ("欧阳既白",)),
    ("业主王航投诉楼上漏水", ("王航",)),
    ("电话一三八零零零零一二三四", ("一三八零零零零一二三四",)),
    ("座机0571-88886666打不通", ("88886666",)),
    ("身份证330105198801011234", ("330105198801011234",)),
    ("身份证３３０１０５１９８８０１０１１２３X", ("３３０１", "3301")),
    ("证件 330105 19880101 123x", ("19880101",)),
    ("护照E12345678", ("E12345678",)),
    ("车牌浙A12345堵在门口", ("A12345",)),
    ("浙a·D12345挡道", ("12345",)),
    ("加v: abc_12345", ("abc_12345",)),
    ("微信同号 wxid_abc123", ("abc123",)),
    ("QQ 1234567", ("1234567",)),
    ("问@张三丰 去", ("张三丰",)),
    ("发到 a.b-c@mail.example.cn", ("example",)),
    ("卡号6222 0212 3456 7890 123", ("3456",)),
    ("幸福里3号楼2单元501室漏水", ("2单元", "501")),
    ("3号楼2单元501门口堆着纸箱", ("501",)),
    ("我家在2单元，楼上漏水", ("2单元",)),
    ("3-2-501漏水", ("501",)),
    ("我住501，楼上漏水", ("501",)),
    ("住十栋三单元五零一", ("三单元", "五零一")),
]
STAYS = [
    "路灯W03号坏了",
    "路灯杆号XF-0123不亮",
    "318路公交不停站",
    "幸福里3号楼楼道灯坏了",
    "幸福里3号楼2单元楼道灯坏了",
    "三单元的电梯停了",
    "3号楼和12栋都停水",
    "请打12345，火警119，急救120，报警110，反诈96110",
    "物业电话0571-88886666没人接",
    "王大妈家对面的井盖松了",
    "李师傅修好了",
    "人民路12号门口积水",
    "张家口路5号漏水",
    "王家庄村口的桥塌了",
    "3月4日17:30停电，花了1200元",
    "全楼100多户停水",
    "帮我叫个车",
    "这是高兴的事",
    "灯又坏了，马上来人，高温，周末，万分感谢，谢谢了",
    "水管漏水，单元门口，时间：周一，周边，管道，费用，关于停水",
]
OURS = [  # whole messages of ours
    "早上好，今天的诉求：\n在办1200件，其中新的100件，超时12件。\n· 260105-1 路灯，今天 10:00前",
    "🟡 诉求 260105-1\n路灯故障\n位置：幸福里3号楼\n状态：等待接单\n接单时限：1月5日（周一）10:00",
    "请到社区服务中心302室办理",
    "蓝色预警：今天18时到明天8时有150毫米大雨，请1至3楼的邻居把东西搬高。",
]


@pytest.mark.parametrize(("text", "gone"), GOES)
def test_what_belongs_to_somebody_goes(text: str, gone: tuple[str, ...]) -> None:
    for shown in (scrubbed(text), sealed(text)):
        assert not [word for word in gone if word in shown], shown


@pytest.mark.parametrize("text", STAYS)
def test_what_belongs_to_everybody_stays(text: str) -> None:
    assert scrubbed(text) == text
    assert sealed(text) == text


@pytest.mark.parametrize("text", OURS)
def test_messages_of_ours_are_read_as_they_were_written(text: str) -> None:
    assert sealed(text) == text


def test_a_colleague_is_named_and_nobody_else() -> None:
    said = "王建国，这件转给您了，邻居李秀英不在家"
    assert sealed(said, {"王建国"}) == "王建国，这件转给您了，邻居［姓名］不在家"


def test_twice_is_once() -> None:
    for text, _ in GOES:
        assert sealed(sealed(text)) == sealed(text)
        assert scrubbed(scrubbed(text)) == scrubbed(text)


@pytest.mark.parametrize("text", ["我电话13800001234", "身份证330105198801011234", "打到6222021234567890123"])
def test_numbers_others_can_abuse_are_noticed(text: str) -> None:
    assert exposes(text)


@pytest.mark.parametrize("text", ["物业0571-88886666", "编号260105-1", "快递取件码12-3-4567", "接龙 3栋502 两箱"])
def test_other_numbers_are_left_alone(text: str) -> None:
    assert not exposes(text)


def test_ordinary_talk_is_hardly_ever_touched() -> None:
    """Our own examples of group talk and complaints: fewer than three lines in a thousand lose anything to `sealed`."""
    lines = [
        line.strip().removeprefix("- ")
        for name in ("chatter.yml", "hard.yml", "complaint/nlu.yml", "complaint/hard.yml")
        for line in (ROOT / "flows" / name).read_text("utf-8").splitlines()
    ]
    touched = [line for line in lines if sealed(line) != line]
    assert len(lines) > 5000
    assert len(touched) < 0.003 * len(lines), touched


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("三楼和四楼都不亮，一楼是好的", "某楼和某楼都不亮，某楼是好的"),
        ("幸福里3号楼2单元5楼漏水", "幸福里3号楼漏水"),
        ("3楼2单元漏水", "3号楼漏水"),
        ("三层楼梯坏了", "某楼楼梯坏了"),
    ],
)
def test_a_sentence_stays_one_without_its_floors(said: str, read: str) -> None:
    assert scrubbed(said) == read


@pytest.mark.parametrize("told", ["停车费一个月涨到400", "房东扣了300，不退"])
def test_a_sum_is_no_room(told: str) -> None:
    assert scrubbed(told) == told
