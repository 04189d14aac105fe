"""A name called in a group, and what only sounds like it."""

from __future__ import annotations

import pytest

from flows.called import called, unnamed


@pytest.mark.parametrize(
    "line",
    [
        "小邻",
        "小邻呢",
        "小邻呢？",
        "小邻在吗",
        "小邻，路灯不亮了",
        "怎么投诉啊，小邻",
        "喂 小邻",
        "小鄰呢",
        "小邻 还是吵",
        "小邻小邻",
        "小邻帮我登记一下",
        "嗨，小邻！",
        "小邻你好",
        "这事找谁？小邻呢？",
    ],
)
def test_called(line: str) -> None:
    assert called(line)


@pytest.mark.parametrize(
    "line",
    [
        "小邻居们好",
        "小邻居，来玩",
        "小邻家的狗真可爱",
        "小邻里超市今天打折",
        "问问小邻吧",
        "你问小邻去",
        "昨天小邻发的通知看了吗",
        "我家小邻居",
        "小邻近的超市",
        "邻居",
        "隔壁的小邻居",
        "小邻发的通知看了吗",
        "小邻上次说周三来水，大家都看到了吧，到时候记得接水，别忘了告诉老人",
    ],
)
def test_not_called(line: str) -> None:
    assert not called(line)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("小邻 还是吵", "还是吵"),
        ("怎么投诉啊，小邻", "怎么投诉啊"),
        ("小邻居们好", "小邻居们好"),
        ("@小邻 催办", "催办"),
        ("小邻", ""),
    ],
)
def test_the_rest(line: str, said: str) -> None:
    assert unnamed(line) == said
