"""What 小邻 says about needs, posts and resources of a community, and to a neighbour who asks for a volunteer."""

from __future__ import annotations

from datetime import datetime

from flows.volunteer import texts

KINDS = {"need": "需求", "post": "岗位"}
STATES = {"open": "正在找人", "promised": "有人接了"}
ASKABLE = ("hospital", "carry", "haircut", "repair", "company", "tutor", "meal", "health", "phone")
NO_COMMUNITY = "这里还没有接上社区，办不了。请打社区的电话问一下。"
WHERE = "在哪个社区？"

UNIT = "您是哪个单位或者党支部的？"
OFFER = "能给社区出点什么？比如「会议室周末可借」「每月义诊一次」；暂时没有就发「没有」。"
ANYTHING = "随时听招呼"
REPORT_SUMMARY = "请核对：\n单位：{unit}\n能提供：{offer}\n单位和资源会列在本社区的资源清单里，不带您的名字。报到吗？"
REPORTED = "报到好了，谢谢您！发「需求清单」看看社区需要什么，认领一项；认领过的发「我认领的」。"

NEEDS = "社区现在需要这些，点一下就认领："
LINE = "{number}. 【{kind}】{title}{about}"
PROMISE = "认领第{number}项"
NEEDS_WHERE = "各社区的需求不一样，先报个到，我就知道给您看哪里的。"
NO_NEEDS = "社区现在没有等人认领的需求和岗位。想出力的话，跟我说「报名活动」。"
RESOURCES = "来社区报到的单位和能提供的：\n{lines}"
NO_RESOURCES = "还没有单位来报到。单位或党员要报到，发「双报到」。"
MINE = "您认领的：{title}"
ASKED = "您请人帮的忙：{title}，{state}"
NO_MORE = "不用了"
NOTHING_MINE = "您现在没有认领的事。发「需求清单」看看社区需要什么。"
HOW_LONG = "辛苦您了！用了多久？发「2小时」「1.5」或者「90分钟」。"

WHAT = "想请志愿者帮什么忙？"
OTHER = "其他"
OTHER_TITLE = "帮个小忙"
WHEN = "什么时候？比如「周三上午」「明天下午2点」。"
BAD_WHEN = "没看懂哪一天，请说「周三上午」「明天下午2点」这样的时间。"
PAST = "这个时间已经过了，请再说一个。"
ADDRESS = "到哪里找您？地址加密保存，只告诉接下的那一位志愿者，办完就删。"
NOTE = "还有什么要交代的？比如「要推轮椅」。别写姓名和电话；没有就发「没有」。"
HELP_SUMMARY = (
    "请核对：\n帮忙：{what}\n时间：{when}\n地址：{address}（只告诉接下的那一位）\n交代：{note}\n现在去问志愿者吗？"
)
ASKING = "好的，我一次问几位合适的志愿者，有人接下马上告诉您。不用了发「我认领的」，或者跟我说「人工」。"


def more(about: str) -> str:
    return f"（{about}）" if about else ""


def moment(at: datetime) -> str:
    return f"{texts.day(at)} {texts.hour(at)}"
