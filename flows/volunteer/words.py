"""Set phrases of volunteering, and sentences about an activity of the area: known without asking the engine."""

from __future__ import annotations

from collections.abc import Iterable

from nlu.late import regex

_TO = r"(?:[到一二两三四五六日天半个]|周|星期|礼拜|小时|[上下]午?|\d{1,2}[点号日:：]?)*"  # 推迟一天, 改期到下周日
PHRASES: tuple[tuple[str, str], ...] = tuple(
    (intent, rf"(?:你好|您好|请问|小邻)?[,，]?(?:{pattern})[了呢啊呀吧吗嘛]?")
    for intent, pattern in (
        ("check_in", r"(?:我要|我来|我到了)?[,，]?(?:签到|签个到|打卡)\D{0,4}(?:\d{4})?"),
        ("check_out", r"(?:我要|我)?[,，]?(?:签退|结束服务|下班签退)\D{0,4}(?:\d{4})?"),
        ("stand_in", r"(?:接班|接替|替班)\D{0,3}\d{6}"),
        ("swap", r"(?:换班|对换)\D{0,3}\d{6}|(?:我?(?:想|要))?(?:[和跟]\S{0,4})?(?:换个?班|对换|调班)"),
        (
            "register_volunteer",
            r"(?:我要|我想|怎么|如何|想)?(?:登记|注册)(?:当|成为|做|一下|成)?(?:一名|个)?志愿者|志愿者(?:登记|注册)"
            r"|(?:改|修改)(?:一下)?志愿者(?:资料|信息|登记)",
        ),
        (
            "unregister_volunteer",
            r"(?:我要|帮我|我想)?(?:注销志愿者|退出志愿者|不想?当志愿者了?|取消志愿者登记|注销志愿者登记)",
        ),
        (
            "volunteer_certificate",
            r"(?:我要|我想|帮我|怎么|给我|想)?(?:开|打|要|办|申请|领)?(?:一?[份张个])?(?:我的)?"
            r"(?:志愿者?(?:服务)?(?:时长)?|义工|服务时长|时长)(?:证明|证书)(?:怎么开|在哪开|怎么办|开一下)?",
        ),
        ("leave_board", r"(?:我)?不想?上(?:达人)?榜|下榜|把我(?:的)?名字从榜上(?:拿下来|去掉)|榜上不要(?:有)?我"),
        ("join_board", r"(?:我要|我想|可以)?上(?:达人)?榜[,，]?(?:打码|实名|显示名字)?"),
        (
            "volunteer_board",
            r"(?:看看?|查|志愿者?)?(?:本月|上月|今年|本年|这个月)?(?:达人榜|志愿者?排行榜|志愿者?排名)",
        ),
        ("report_in", r"(?:我要|我来|我们单位|单位|党员)?(?:来)?(?:双报到|社区报到|到社区报到|报到)"),
        (
            "community_needs",
            r"(?:看看?|有)?(?:社区)?(?:需求清单|岗位清单|需求列表|(?:有)?(?:什么|哪些|啥)需求)|(?:我要|我想)?认领(?:需求|岗位)",
        ),
        ("community_resources", r"(?:看看?)?(?:资源清单|资源列表)"),
        ("my_promises", r"我认领的.{0,8}|认领的(?:需求|岗位).{0,8}"),
        (
            "ask_volunteer",
            r"(?:我要|我想|帮我|能不能)?(?:找|请|要|叫|派)(?:一?[个位名])?志愿者.{0,30}|(?:我要|想|需要)(?:找人)?陪诊",
        ),
        ("join_team", r"(?:我?(?:要|想|能))?(?:加入|参加|报名?|进)(?:志愿)?(?:[\u4e00-\u9fff]{0,6}?队伍?|一?支?队伍)"),
        ("leave_team", r"(?:我?(?:要|想))?(?:退出|离开)(?:志愿)?(?:队伍|小队|[\u4e00-\u9fff]{1,4}队)"),
        ("my_teams", r"(?:看看?)?(?:我的|有(?:哪些|什么)|哪些|都有什么)(?:志愿)?(?:队伍|小队|团队)"),
        ("bind_volunteer", r"(?:志愿者?)?登记码\D{0,3}\d{8}"),
        ("add_shifts", r"(?:我要|帮我)?(?:新增|增加|加开|再开|再加|加)(?:一?[个场]|几[个场])?(?:班次|场次|时段)"),
        (
            "volunteer_record",
            r"我?(?:都|还)?报(?:名|了名)?了?(?:些)?(?:啥|什么|哪些|哪场|哪几场)(?:活动)?|我报了?(?:哪些|什么|啥)活动",
        ),
        (
            "volunteer_record",  # of what one has signed up for
            r"(?:我?报名?的?|我的|这次|那次|[今明后]天的?|(?:下?周|星期|礼拜)[一二三四五六日天末]的?)*(?:志愿)?(?:活动|[那这]场)"
            r"(?:是不是|有没有)?(?:改|推迟|延期|延后|顺延|取消|挪)(?:到|了|时间|期|成|在)*(?:吗|没有?|几点|什么时候|啥时候|哪天|何时)",
        ),
        (
            "organise",
            r"(?:管理|组织|我(?:要)?(?:组织|管理|负责)的)(?:志愿)?活动|(?:我要|我来)?(?:发布|新建|新增|新开|创建)(?:一?[个场])?(?:志愿)?活动"
            r"|(?:把)?(?:我的|我们的)?活动(?:要|得)?(?:改期|改时间|改个时间|延期|推迟|顺延)"
            rf"{_TO}|(?:下雨|雨太大|天气不好)[了,，]*(?:活动)?(?:要|得)?(?:取消|不办|改期|延期|推迟|顺延){_TO}"
            r"|活动管理|我的志愿活动管理|(?:看看?|查)?(?:活动|报名|志愿者?)(?:的)?名单",
        ),
        (
            "join_activity",
            r"(?:怎么|如何|咋|咋样|在哪里?|哪里能?|怎样)(?:才能)?(?:报名|参加|报)(?:参加)?(?:社区)?(?:志愿者?|义工|公益)?(?:服务)?(?:活动)?"
            r"|.{0,12}(?:想|可以|愿意|打算)(?:去|来)?(?:做|干)(?:点|些)?(?:好事|公益|义工|志愿)(?:活动)?",
        ),
    )
)
_COMPILED = tuple((intent, regex(pattern)) for intent, pattern in PHRASES)

_JOINING = regex(
    r"我|俺|想|要|来|去|也|报名?|参加|加入|那个|这个|的|活动|志愿|怎么|咋|如何|几点|什么时候|啥时候|在哪里?|哪里|还|有|没|名额|"
    r"吗|嘛|么|呢|吧|啊|呀|了|请问|可以|能|给|帮|一下|一个|周[一二三四五六日天末]|下|上午|下午|晚上|明天|后天|集合|开始|人|招|缺|[,，。？?!！、~\s+1]"
)


def phrase(text: str) -> str | None:
    """The intent of a set phrase."""
    return next((intent for intent, pattern in _COMPILED if pattern.fullmatch(text)), None)


def about_an_activity(text: str, titles: Iterable[str]) -> bool:
    """Whether a sentence says the title of an activity and nothing else but that one wants to go, or when and where."""
    plain = text.strip(" 　。.!！~、,，?？「」“”\"'")
    for title in titles:
        if title in plain and not _JOINING.sub("", plain.replace(title, "")):
            return True
        if len(plain) >= 4 and plain in title:
            return True
    return False
