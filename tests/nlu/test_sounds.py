"""What people and voice input mix up sounds alike; what they don't does not."""

from __future__ import annotations

import pytest

from nlu.sounds import sound


def spoken(text: str) -> list[str]:
    return [sound(c) for c in text]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("星福里", "幸福里"),
        ("信福理", "幸福里"),
        ("无同院", "梧桐苑"),
        ("烟流桥", "烟柳桥"),
        ("实磨村", "石磨村"),
        ("蓝山", "南山"),
        ("制造", "自造"),
    ],
)
def test_alike(said: str, meant: str) -> None:
    assert spoken(said) == spoken(meant)


@pytest.mark.parametrize(("one", "other"), [("北桥", "南桥"), ("新村", "新城"), ("东门", "西门"), ("一", "二")])
def test_not_alike(one: str, other: str) -> None:
    assert spoken(one) != spoken(other)


def test_what_is_no_common_character_is_its_own_sound() -> None:
    assert spoken("3a號") == ["3", "a", "號"]


def test_the_whole_alphabet_is_in_the_order_of_its_sounds() -> None:
    common = [bytes([a, b]).decode("gb2312", "ignore") for a in range(0xB0, 0xD8) for b in range(0xA1, 0xFF)]
    sounds = [sound(c) for c in common if c]
    assert len(sounds) == 3755
    assert (sounds[0], sounds[-1]) == ("a", "zuo")
    assert 250 < len(set(sounds)) < 396
