"""What the platforms' error codes mean for a message: each by its words in their lists (document 90313; 全局返回码)."""

from __future__ import annotations

import pytest

from bot.channels.base import SendError
from bot.channels.wechat.errors import send_error as by_wechat
from bot.channels.wecom.errors import send_error as by_wecom
from bot.channels.weixin.api import ApiError


def fate(error: SendError) -> str:
    if error.waits:
        return "waits"
    if error.gone:
        return error.gone
    if error.transient:
        return f"again, everybody {error.retry_after:.0f}" if error.everywhere else "again"
    return "never"


@pytest.mark.parametrize(
    ("codes", "member", "group"),
    [
        ((40031, 50002, 60011, 60111, 81013), "blocked", "never"),
        ((40050, 86001, 86003, 86008, 93000, 93004, 93008), "left", "left"),
        ((45009, 45033), "again, everybody 60", "again, everybody 60"),
        ((40013, 40056, 48002, 60020, 301002, 40001, 40014, 42001), "again, everybody 300", "again, everybody 300"),
        ((-1,), "again", "again"),
        ((40058, 42014, 42045, 44004, 86220, 99999), "never", "never"),
    ],
)
def test_wecoms(codes: tuple[int, ...], member: str, group: str) -> None:
    for code in codes:
        assert fate(by_wecom(ApiError(code, ""))) == member, code
        assert fate(by_wecom(ApiError(code, ""), group=True)) == group, code


@pytest.mark.parametrize(
    ("codes", "means"),
    [
        ((45015, 45047, 48001, 48002), "waits"),
        ((40003, 43004, 43019, 46004), "blocked"),
        ((45009, 48004, 50002), "again, everybody 1800"),
        ((45011, 40001, 40014, 42001), "again, everybody 60"),
        ((-1,), "again"),
        ((40007, 45002, 45065, 99999), "never"),
    ],
)
def test_wechats(codes: tuple[int, ...], means: str) -> None:
    for code in codes:
        assert fate(by_wechat(ApiError(code, ""))) == means, code
