"""The rules of complaints: what kind of act a message is, what may stand on a card, the clocks and the colour."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flows.catalogue import Catalogue
from flows.complaint.desks import INTENT, desk
from flows.domain.calendar import add_working
from flows.domain.case import ALIVE, Case
from flows.domain.scrub import scrubbed as scrubbed
from flows.facts import Facts, ServiceView
from nlu.dates.spoken import NAMES
from nlu.late import regex

OTHER = "other"
OPENERS = regex(
    r"^(?=.*(?:反映|反应|投诉|举报|登记|上报|报修|求助|咨询|建议|意见|问题|情况|事|话))"
    r"(?:你好|您好|请问|小邻|我|们|想|要|来|有|对|[给向跟和](?:社区|你们|您)|这里|这边|好的?|行|麻烦[你您]?|请|帮个?忙?|[,，])*"
    r"(?:反映|反应|投诉|举报|登记|上报|报修|求助|咨询|提|说)?(?:一?下|一?些|一?点|几点|一?个|一?件|一?条)*(?:小|好)?"
    r"(?:诉求|问题|情况|事情?|建议|意见|话)?(?:想|要)?(?:[跟和]你们|[跟和]您)?(?:说|讲|反映|提)?(?:一下)?(?:啊|呀|吧|呢|哦)?$"
)
QUESTION = regex(
    r"[?？]|吗|呢$|怎么(办|弄|申请|查)|如何|什么时候|何时|多少|是否|能不能|可不可以|哪里|在哪|要不要|需要什么|咋|什么(材料|手续|条件|流程)|带(什么|啥)|啥时候|多久|几点|几月|几号(?!楼)|哪天"
)
SUGGESTION = regex(r"建议|希望能?|能不能(增加|设|装|加)|提议|要是能")
UNHAPPY = regex(
    r"不太?满意|^(怎么|咋)?(还是?|根本|压根)(就)?没(有|给)?我?(修|弄|清|搞|疏通|处理)好|^(问题)?(还|根本|都)?(没|没有|未)(给?我?)(解决|修好|弄好)|^还是(不|坏|漏|没|堵|返|臭|吵|黑|老样子|那样)"
)
AS_BEFORE = regex(  # 灯还是不亮: of what was said to be done
    r"(?:[一-龥\d]{0,8}?)(?:还是|还|又|仍然?|照样|根本)(?:不亮|不来|不通|不行|不好|不灵|不转|不动|不响|不热|漏|臭|堵|吵|坏|黑|脏|响|停|老样子|那样|这样|一样|没好|没来|没人来|没修|没弄|没换|没清|没水|没电|没气|没动静|那么?[吵臭脏黑]|这么[吵臭脏黑])[了的着]?"
    r"|[一-龥]{0,4}?(?:都|也|还|就|压根|根本)?没(?:有|给)?(?:修|弄|清|搞|换|疏通|清理|处理)(?:好|完|干净|通)"
    r"|[修弄清搞换]了?[跟和]没[修弄清搞换](?:一?个?样|似的)?|等于没[修弄清搞换]|白[修弄清搞换]了?"
    r"|没人来过|没来过人|没看见人来"
)
ANYBODY = regex(  # 有人管吗
    r"(?:到底|究竟|还|那|这事?|我那事|有没有|有|没)*+人来?(?:管|处理|理)(?:没有|没|吗|么|啊|呀|呢){1,3}"
)
DONE_YET = regex(r"(?:修|弄|搞|处理|解决|办|清|换)(?:好|完)?了?(?:没有?|吗|么)|(?:那|都|现在|已经)*好了(?:没有?|吗|么)")
PLEASED = regex(r"(很|非常|挺|比较|特别)?满意(了|的|啊)?")
RATED = regex(  # 1分, 打五星, 差评: of what was said to be done
    r"(?:我|那|就)*(?:给|打|评)?(?:你们?|您|他们?|这个)?(?:打|评)?(?:(?P<marks>[0-5零一二两三四五])(?:分|颗?星)|(?P<good>好评)|(?P<bad>差评))[吧啊了]?"
)
AMENDS = regex(
    r"(我)?还?(想|要)?再?补充(?!医疗|保险|养老|协议|申报)"
    r"|(?!.*(?:户口|证上|证件|合同|档案|系统里|名字写)).{0,12}(?:刚才|前面)?[说写报填发打]错了?(?:$|[,，。 ]|是|应该)"
    r"|(?:刚才|前面|我|的|登记|报)*(?:地址|位置|地点|地方|楼号|门牌号?|电话|手机号|号码|时间)"
    r"(?:不对|[说写报填发打弄搞]?错了?)(?:$|[,，。 ]|是|应该)"
    r"|(?:我?搬家了?[,，。 ]*)?(?:帮我|把|我的)*(?:地址|位置)(?:要|得)?[改换](?:一下|了)?$"
)
MORE = regex(r"(刚才|刚刚|之前|上次|那个?|这个?).{1,10}补充(一下|说明|点)?")  # 刚才那个路灯再补充一下
RATHER = regex(  # 对了，是5幢前面，不是3幢
    r"(?:对了|不对|哎呀?|错了|说错了|写错了|[,，。 ])*"
    r"(?:(?:应该)?是[^,，。]{1,10}[,，。 ]?不是[^,，。]{1,10}|不是[^,，。]{1,10}[,，。 ]?(?:而?是)[^,，。]{1,10})"
)
CORRECTS = regex(r"(?:不对|错了|说错了|写错了|等等|哎呀?)[啊呀,，。 ]*(?:应该)?是[^,，。]{1,10}")  # 不对，是B座
HOW_MANY = regex(
    r"我?(?:一共|总共|都|到底)*(?:报|登记|反映)了?几件(?:事情?)?[了啊呀呢]*|第[一二三四五]件(?:事情?)?(?:怎么样|咋样|呢|到哪一?步)了?"
)
NUMBERED = regex(r"[\da-z一二三四五六七八九十](?:号楼?|栋|幢|座|单元|组)")
NUMBER = regex(r"\d{6}-\d+")  # of a case
WITHDRAW = regex(
    r"撤(回|销|单|了吧)(?!.*(报名|兑换|[吗么?？]))|不用(修|来|派人|处理)了|自己(已经|都|就)?(修|弄|搞|换|清|解决)好?了(?!.*(?:没(?!事)|不(?!用|要|必)|还|坏|贵))"
)
MAY_WITHDRAW = regex(
    r"(?:我|还|现在|刚才|刚刚|登记|报|反映|的|这个?|那个?|这件|诉求|事情?)*(?:能不能|可不可以|能|可以|怎么|如何|咋)(?:不能)?撤(?:回|销|单|掉|了)?(?:一下|来|诉求|工单|登记)?(?:[吗么不呢啊]|行吗)*"
)
WAITS = regex(  # 大概几天能弄好: of what was reported
    r"(?:那|请问|你们|你|您|他们|师傅|我的?|这个?|事情?|大概|估计|最快|到底|究竟|还|要|得|需要|等)*(?:多久|多长时间|几天|什么时候|啥时候|何时|几时|好久)(?:才|能|会|可以|给|来|有|人|去|上门|把|它)*"
    r"(?:弄好|弄完|好|有结果|有人来|答复|修好|修|搞好|办好|处理|处理好|解决|来人|人来|人管|上门|搞定|清理|清走|到账|发下来|补发|发)[啊呀呢吗么]*"
)
HOW_LONG = regex(r"(?:那|请问|大概|一般|还|要|得|需要|等)*(?:多久|多长时间|几天)[啊呀呢嘛]*")
HURRY = regex(r"(?:请|麻烦|能不能|可以|你们?|您|帮我|帮忙|再|给我)*催(?:一?下|一催|办)")
COMES = regex(
    r"(?:那|你们?|您|师傅|他们|到底)*好久(?:能|会|才)?(?:来人?|修|派人来?|弄)(?:看|修|弄|管)?(?:一?[下哈])?[啊呀嘛么吗哦]*|(?:师傅|人|你们|他们|维修的?|电工|那|今天|明天|大概)*(?:几点|什么时候|啥时候|多会儿|何时|今天|明天|到底)"
    r"(?:能|会|才|可以|有人|师傅|人)*(?:来|到|过来|上门|来修|来看|来人|派人来?)(?:一?下)?[吗啊呀呢了]*"
)
STANDS = regex(  # 到哪一步了, 我那个事有进展吗
    r"(?:请问|你们?|我|的|说|报|反映|登记|上次|前天|昨天|那个?|这个?|件|事情?|诉求|问题|现在|到底|都|已经)*"
    r"(?:(?:办|处理|弄|修|搞|走|进行|解决|进展)?(?:到|得|的)?(?:哪一?步|哪儿?|哪里|怎么?样|咋样|啥样|什么(?:程度|地步|情况|样))了?"
    r"|(?:有没有|有)?(?:什么|啥|点)?(?:进展|消息|结果|下文|动静|回音|回复|眉目)了?)[吗么没啊呀呢]*"
)
_TAKEN_UP = regex(r"到哪|办|处理|弄|修|搞|步|解决|进展|消息|结果|下文|动静|回音|回复|眉目")
BROKEN = regex(r"坏|漏|堵|吵|脏|臭|没人|不亮|乱|破|裂|断|停[水电气]|扰民|投诉|举报|拖欠|占")


def act_of(text: str) -> str:
    """complaint, question or suggestion: a question ends 已答复."""
    if SUGGESTION.search(text) and not BROKEN.search(text):
        return "suggestion"
    if QUESTION.search(text) and not BROKEN.search(text):
        return "question"
    return "complaint"


def meant_by(text: str) -> str | None:
    """The intent of what is said in set phrases; None: it isn't one."""
    if desk(text):
        return INTENT
    if text in ("登记诉求", "诉求登记") or is_opener(text):
        return "report_problem"
    if text in ("我的诉求", "我的工单", "查进度", "进度", "进度查询"):
        return "case_status"
    if len(text) <= 30 and HURRY.match(text):
        return "nudge_case"
    if text in ("催办", "催", "催一下", "催一催"):
        return "nudge_case"
    if NUMBER.match(text) and len(text) < 20:
        return "case_status"
    if AS_BEFORE.fullmatch(text.strip("啊呀呢 ")):
        return "rate_case"
    if RATED.fullmatch(text):
        return "rate_case"
    if len(text) <= 14 and (UNHAPPY.search(text) or PLEASED.fullmatch(text)):
        return "rate_case"
    if len(text) <= 18 and any(said.fullmatch(text) for said in (WAITS, ANYBODY, HOW_LONG, COMES, DONE_YET, HOW_MANY)):
        return "case_status"
    if len(text) <= 18 and STANDS.fullmatch(text) and _TAKEN_UP.search(text):
        return "case_status"
    if (
        AMENDS.match(text)
        or MORE.fullmatch(text)
        or ((RATHER.fullmatch(text) or CORRECTS.fullmatch(text)) and NUMBERED.search(text))
    ):
        return "amend_case"
    if MAY_WITHDRAW.fullmatch(text) or text in ("撤", "撤了", "撤掉", "我要撤"):
        return "withdraw_case"
    return "withdraw_case" if len(text) <= 14 and WITHDRAW.search(text) else None


def is_opener(text: str) -> bool:
    """Whether the message only says that there is something to report."""
    return bool(OPENERS.match(text.strip(" 。！!，,.？?")))


def service_of(facts: Facts, key: str) -> ServiceView:
    """The service of that key as this community offers it; an unknown one is 其他诉求, with the community itself."""
    return service_in(facts.services, facts.catalogue, key)


def service_in(services: Mapping[str, ServiceView], catalogue: Catalogue, key: str) -> ServiceView:
    """The same with what an area offers, and the catalogue for the rest."""
    if key in services:
        return services[key]
    known = catalogue.services.get(key)
    if known is None:
        return ServiceView(OTHER, "其他诉求", "", "社区居委会", 60, 40)
    return ServiceView(
        key,
        known.name,
        known.category,
        known.department,
        known.acknowledge_minutes,
        known.resolve_hours,
        known.follow_up_days,
    )


def clocks(facts: Facts, service: ServiceView, now: datetime) -> tuple[datetime, datetime]:
    """When a case must be taken, and when it must have a result: working time from now."""
    taken = add_working(facts.hours, now, timedelta(minutes=service.acknowledge_minutes))
    return taken, add_working(facts.hours, now, timedelta(hours=service.resolve_hours))


def colour(case: Case, now: datetime, neighbours: int = 0) -> str:
    """黄, 橙 or 红 of a case, never of a person."""
    return shade(case, now, neighbours)[0]


def shade(case: Case, now: datetime, neighbours: int = 0) -> tuple[str, tuple[str, ...]]:
    """The colour and why: waiting time, nudges and returns, how many it affects, whether somebody may get hurt."""
    if case.status not in ALIVE:
        return "yellow", ()
    late = bool(case.resolve_due and not case.suspended_at and now >= case.resolve_due)
    untaken = bool(case.acknowledge_due and case.owner is None and now >= case.acknowledge_due)
    weights = (
        (3 * bool(case.hazard), "拖不得" if case.hazard == "standing" else "可能伤人"),
        (2 * late, "超过办理时限"),
        (int(untaken and not late), "没人接单"),
        (min(case.nudges, 2), f"催办{case.nudges}次"),
        (min(case.reopened, 2), "要求重办"),
        ((neighbours >= 2) + (neighbours >= 5), f"{neighbours + 1}人反映"),
    )
    weight = sum(w for w, _ in weights)
    reasons = tuple(why for w, why in weights if w)
    return ("red" if weight >= 3 else "orange" if weight else "yellow"), reasons


def masked(phone: str) -> str:
    """138****0000; of a landline the area code and the last four figures, 0431-****1234."""
    number = phone.partition("转")[0]
    head = phone[:3] if len(number) == 11 and "-" not in number else phone[: phone.find("-") + 1]
    return f"{head}****{number[-4:]}"


def spoken(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """A moment as people say it: 今天 17:30, 明天 09:00, 3月4日（周三）17:30."""
    local, here = at.astimezone(zone), now.astimezone(zone)
    days = (local.date() - here.date()).days
    clock = f"{local:%H:%M}"
    if days in (0, 1, 2):
        return f"{('今天', '明天', '后天')[days]} {clock}"
    return f"{local.month}月{local.day}日（周{NAMES[local.weekday()]}）{clock}"
