"""What people say who want to see, change or lose what is held of them, or bind accounts; and near misses."""

from __future__ import annotations

import pytest

from flows.mine.words import binding, moved, own_data
from flows.words import MINE, word

OWN = [
    *(
        "查看我的个人信息",
        "把我的手机号删了",
        "你们有我什么信息",
        "删除我的所有信息",
        "我想注销",
        "我要注销账号",
        "帮我把我的电话改一下",
    ),
    *(
        "你们留了我哪些资料？",
        "我的数据能不能导出",
        "我信息你们都存了啥",
        "你们收集了我哪些信息",
        "删掉我的名字",
        "怎么查我的信息",
        "把我的资料全部清空吧",
        "请把我的电话号码删除",
    ),
]
NOT_OWN = [
    *(
        "我的手机号13800001234",
        "楼道灯坏了",
        "注销",
        "不注销了",
        "我想死",
        "物业泄露我的信息",
        "查一下电话",
        "查积分",
        "我的诉求",
    ),
    *(
        "邻居拍了我的照片要他删掉",
        "公司把我的信息卖了怎么办",
        "注销营业执照要带什么",
        "户口注销怎么办",
        "我想改名字要什么手续",
    ),
]
BIND = [
    "绑定其他账号",
    "怎么绑定账号",
    "怎么把微信和这里绑在一起",
    "合并账号",
    "我想把两个账号合并",
    "绑定微信",
    "能不能把网页和微信绑定",
]
NOT_BIND = ["解绑", "微信绑定银行卡怎么解", "绑定户码", "我要绑定家庭", "狗没绑绳", "绑定码 12345678", "社保卡绑定医院"]
MOVED = [
    "换手机了",
    "我换手机了",
    "换了个手机号怎么办",
    "我换微信了",
    "旧账号登不上了",
    "手机丢了怎么办",
    "刚换了新号码",
]
NOT_MOVED = ["换届选举", "换洗衣液", "换个志愿时段", "路灯换了没", "手机丢在公交上了谁捡到了"]


@pytest.mark.parametrize("said", OWN)
def test_a_wish_about_own_data(said: str) -> None:
    assert word(said) in MINE


@pytest.mark.parametrize("said", NOT_OWN)
def test_something_else(said: str) -> None:
    assert word(said) not in MINE


@pytest.mark.parametrize(("said", "wanted"), [*((s, True) for s in BIND), *((s, False) for s in NOT_BIND)])
def test_accounts_to_be_put_together(said: str, wanted: bool) -> None:
    assert binding(word(said)) is wanted


@pytest.mark.parametrize(("said", "wanted"), [*((s, True) for s in MOVED), *((s, False) for s in NOT_MOVED)])
def test_another_phone(said: str, wanted: bool) -> None:
    assert moved(word(said)) is wanted


def test_nothing_else_is_taken_for_it() -> None:
    assert not own_data("我的") and not own_data("") and not binding("账号") and not moved("换")
