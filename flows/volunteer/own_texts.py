"""What 小邻 says of somebody's own hours, coming and leaving, certificates, the leaderboard and standing in."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flows.domain.volunteering import spoken
from flows.volunteer_facts import HoursView

ABOUT_HOURS = ("时长", "小时", "钟头", "星级", "嘉许", "时常", "时数", "记录")
HOURS = (
    "已经确认的志愿服务一共{total}，最近的是：\n{lines}\n"
    "有不对的，跟那场活动的组织者说，核实后会更正。要证明就发「志愿证明」。"
)
NO_HOURS = "现在还没有确认过的时长。活动结束、组织者确认以后，我会告诉您记了多少。"
REGISTER = "登记志愿者"
NOT_REGISTERED = "您没有登记过志愿者，不用注销。"
UNREGISTER_SURE = (
    "注销后，您留下的名字、出生日期、特长都会删掉，没开始的报名也会退掉；服务过的时长留着，但不再带名字。要注销吗？"
)
UNREGISTERED = "已经注销，留下的资料都删了。谢谢您出过的力，想回来随时发「登记志愿者」。"
STAYED = "好的，没有注销。"

CERTIFICATE_RULE = "本证明依据《志愿服务条例》第十九条，根据志愿服务记录如实出具，不收取费用。"  # printed on it

ASK_NUMBER = "请把现场的四位签到码发给我（组织者手机上有，每几分钟换一次）。"
ASK_NUMBER_OUT = "请把现场的四位签到码发给我，给您签退。已经走了的话发「取消」就行，组织者会按结束时间确认。"
WRONG_NUMBER = "这个码不对，或者已经换了。请看组织者那里最新的四位数，再发一次。"
NO_NUMBER = "签到码是四位数字，在组织者那里，请看一下再发。"
CAME = "签到好了，「{title}」辛苦您！{end}结束，走的时候发「签退」。"
CAME_ALREADY = "您已经签过到了，走的时候发「签退」就行。"
NOT_CAME = "您现在没有签到过的活动，不用签退。"
LEFT = "签退好了，「{title}」谢谢您！组织者确认以后，我把时长告诉您。"
NO_SHIFT = "您今天没有报名的活动。想看看有什么活动，跟我说「报名活动」。"
TOO_EARLY = "「{title}」（{when}）还没到签到的时候，{opens}起可以签到。"

NOTHING_TO_CERTIFY = "现在还没有确认过的时长，开不了证明。活动结束、组织者确认以后随时可以开，不收钱。"
CERTIFICATE_CHECK = (
    "扫证明上的二维码，或者打开证明上印的网址输入编号，马上知道真假，谁都可以查。\n只显示有效还是无效和打了码的名字。"
)
CERTIFICATE_NAME = "证明上写的是登记时留的名字。先发「改志愿者资料」把名字改对，再发「志愿证明」重开一张就好。"
CERTIFY_WHO = "开证明要写名字。先花一分钟登记一下，登记完再发「志愿证明」："
CERTIFIED = (
    "证明开好了，编号 {number}。点开就能保存，链接7天内有效，过了再发一次「志愿证明」就行：\n{link}\n"
    "凭编号可以在网上核对真假，只显示有效还是无效和打了码的名字。"
)

MONTH, YEAR = "本月", "今年"
HERE = "本社区"
BOARD = "{place}{period}志愿达人榜（只列愿意上榜的邻居）："
BOARD_LINE = "第{rank}名　{name}　{hours}"
BOARD_FOOT = "想上榜发「上榜」，打码发「上榜打码」，不想上发「不上榜」。"
BOARD_EMPTY = "达人榜上还没有人。榜上只列愿意上榜的邻居，想上榜发「上榜」。"
BOARD_WHO = "上榜要知道怎么称呼您，先登记一下："
ON_BOARD = "好的，您在榜上显示为「{name}」。不想上了发「不上榜」。"
OFF_BOARD = "好的，达人榜和活动名单上都不显示您了。"


def line(entry: HoursView, zone: ZoneInfo) -> str:
    on = entry.on.astimezone(zone)
    back = (
        "（更正，扣回）"
        if entry.minutes < 0
        else f"（{entry.note}）"
        if entry.note and entry.note != entry.title
        else ""
    )
    sign = "-" if entry.minutes < 0 else ""
    return f"· {on.month}月{on.day}日 {entry.title} {sign}{spoken(abs(entry.minutes))}{back}"
