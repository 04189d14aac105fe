"""`linli community check` says what a platform cannot do with a group."""

from __future__ import annotations

import pytest

from bot.community.check_platforms import (
    APPCHAT,
    BOT,
    FORMS,
    NO_WECHAT_GROUPS,
    ROBOT,
    ROBOT_RESIDENTS,
    STRANGERS,
    group,
)
from bot.community.schema import Group


@pytest.mark.parametrize(
    ("role", "address", "wrong", "known"),
    [
        ("staff", {"wecom": "app:w1|w2"}, [], []),
        ("staff", {"wecom": "appchat:xfl1"}, [], [APPCHAT]),
        ("staff", {"wecom": "robot:west"}, [], [ROBOT]),
        ("residents", {"wecom": "robot:west"}, [], [ROBOT_RESIDENTS]),
        ("residents", {"wecom": "bot:g1"}, [], [BOT]),
        ("residents", {"wecom": "app:w1"}, [], [f"app: {STRANGERS}"]),
        ("residents", {"wecom": "appchat:xfl1"}, [], [APPCHAT, f"appchat: {STRANGERS}"]),
        ("residents", {"wechat": "g1"}, [NO_WECHAT_GROUPS], []),
        ("staff", {"wecom": "xfl1"}, [FORMS], []),
        ("staff", {"wecom": "app:"}, [FORMS], []),
        ("staff", {"telegram": "-100"}, [], []),
    ],
    ids=str,
)
def test_what_a_group_cannot_do(role: str, address: dict[str, str], wrong: list[str], known: list[str]) -> None:
    made = Group.model_validate({"role": role, **address})
    assert group(made) == (wrong, known)
