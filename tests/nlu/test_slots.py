"""Slots: whole spans as written, nothing guessed."""

import pytest

from nlu.normalize import normalize
from nlu.slots import find_slots, numeral


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("3号楼2单元楼道灯坏了", "3号楼2单元"),
        ("三栋二单元电梯停了", "三栋二单元"),
        ("３號樓2單元501漏水", "3号楼2单元501"),
        ("3-2-501没水", "3-2-501"),
        ("6#楼下垃圾没人收", "6#楼"),
        ("我家住在阳光苑12栋", "阳光苑12栋"),
        ("人民路与建设街交叉口红绿灯不亮", "人民路与建设街交叉口"),
        ("希望村三组没水", "希望村三组"),
        ("昨晚翠湖花园北门路灯不亮", "翠湖花园北门"),
        ("楼上漏水", None),
        ("路灯坏了", None),
    ],
)
def test_place(text: str, place: str | None) -> None:
    assert find_slots(normalize(text)).place == place


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("每天半夜楼上蹦迪", "每天半夜"),
        ("昨晚十点半开始漏水", "昨晚十点半"),
        ("上周五晚上十点半停电", "上周五晚上十点半"),
        ("周六上午8点到10点打扫", "周六上午8点到10点"),
        ("晚上11点到凌晨2点施工", "晚上11点到凌晨2点"),
        ("坏了三天了", "三天了"),
        ("周一到周五早上六点就施工", "周一到周五早上六点"),
        ("二〇二五年三月坏的", "二〇二五年三月"),
        ("10号晚上8点停水", "10号晚上8点"),
        ("8.15晚上八点吵架", "8.15晚上八点"),
        ("大年初一晚上放炮", "大年初一晚上"),
        ("腊月二十三停电", "腊月二十三"),
        ("国庆前就坏了", "国庆前"),
        ("天天晚上十一点以后跳绳", "天天晚上十一点以后"),
        ("这两天一直停水", "这两天"),
        ("3号楼没水", None),
    ],
)
def test_time(text: str, time: str | None) -> None:
    assert find_slots(normalize(text)).time == time


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("电话138 1234 5678", "13812345678"),
        ("打１３８１２３４５６７８", "13812345678"),
        ("座机0477-8123456", "04778123456"),
        ("订单号1381234567890", None),
        ("12345", None),
    ],
)
def test_phone(text: str, phone: str | None) -> None:
    assert find_slots(normalize(text)).phone == phone


def test_people_and_numbers() -> None:
    assert find_slots("报名两个人").people == 2
    assert find_slots("十二户没水").people == 12
    assert find_slots("坏了3盏灯").number == 3
    assert find_slots("灯坏了").people is None
    assert find_slots("三十多户都没水").people == 30
    assert find_slots("十几户没水").people is None  # nobody knows how many: asked, not guessed
    assert find_slots("10号晚上8点停水").place is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("十", 10), ("十二", 12), ("二十", 20), ("两百零五", 205), ("一二三", 123), ("30", 30), ("几", None), ("", None)],
)
def test_numeral(text: str, value: int | None) -> None:
    assert numeral(text) == value


def test_a_heap_of_digits_is_no_time_and_is_not_searched_for_one() -> None:
    assert find_slots("1" * 300).time is None
