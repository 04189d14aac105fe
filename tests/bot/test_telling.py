"""What `linli demo` prints: Chinese broken anywhere, but no button, number or stop torn away."""

from bot.telling import wrapped


def test_lines_are_as_long_as_they_may_be_and_tear_nothing() -> None:
    text = "已登记，编号 260105-1。明天 09:00 前会有人接手（不用等在家里）。\n[确认]　[修改]"
    assert wrapped(text, 24).splitlines() == [
        "已登记，编号 260105-1。",
        "明天 09:00 前会有人接手",
        "（不用等在家里）。",
        "[确认]　[修改]",
    ]
    assert wrapped("", 24) == "" and wrapped("一二三", 1) == "一\n二\n三"
