"""What a legal guide or adviser reads who will be away, and who is back."""

from __future__ import annotations

from datetime import datetime, timedelta

from flows.legal.desk_texts import day

ASK_UNTIL = "好的。到哪天为止？点一下，或者写“到周五”“三天”“下周一回来”。"
TOO_LONG = "最长记两个月。更久的，请管理员改值班表。"
UNTIL = {1: "今天一天", 2: "到明天", 3: "三天", 7: "一周"}
TAKEN = "记下了：{span}您不在，新来的法律咨询发给别人。提前回来，发「我回来了」。"
ALL_AWAY = "这段时间没有别人能答，新来的我告诉居民等到有人回来，也告诉他们可以打 12348。"
IN_HAND = "您手上还有{numbers}，居民在等。要转给别人就点下面；不点，就还是您来答。"
HAND_ON = "转出 {number}"
BACK = "欢迎回来。新来的法律咨询又会发给您。"
WAITS = "现在还有{count}条在等人接，发「待办」看。"


def span(since: datetime, until: datetime, now: datetime) -> str:
    """今天一天, 明天到1月9日（周五）, both days included; the hour where the last day is not a whole one."""
    whole = (until.hour, until.minute) == (0, 0)
    last = until - timedelta(minutes=1) if whole else until
    first, end = day(since, now), day(last, now)
    if not whole:
        return f"{first}到{end} {until:%H:%M} "
    return f"{first}一天" if first == end else f"{first}到{end}"
