"""What a person need not be sent: news nobody asked for this time. What answers them, and danger, always comes."""

from __future__ import annotations

from flows.effects import Consent, Effect, Say, WithdrawConsent

PURPOSE = "no_push"  # kept like a consent: since when, and that it was taken back
VERSION = "1"
OUT = frozenset(
    {
        "退订",
        "td",
        "不想再收到提醒了",
        "不想收到提醒",
        "不想再收到通知",
        "不想收到消息",
        "别再发提醒了",
        "别给我发消息了",
        "别发了",
        "不要再发消息了",
        "不要推送",
        "别推送了",
        "不要再推送",
        "取消推送",
        "关闭推送",
        "别再推送",
        "不再接收通知",
        "不想收通知",
    }
)
BACK = frozenset({"恢复推送", "打开推送", "恢复订阅"})
SAID_OUT = (
    "好的，以后不给您推送活动消息之类的了。您办的事有进展、有危险要提醒时，还是会告诉您。想恢复就发「恢复推送」。"
)
SAID_BACK = "好的，恢复了。不想收了随时发「退订」。"


def out(person: int) -> tuple[Effect, ...]:
    return (Consent(person, PURPOSE, VERSION), Say(SAID_OUT))


def back(person: int) -> tuple[Effect, ...]:
    return (WithdrawConsent(person, PURPOSE), Say(SAID_BACK))
