"""The words of the staff pages: how states, roles, steps and pages are called there."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from flows.catalogue import load_catalogue
from flows.complaint.buttons import LABELS

CATALOGUE = Path(__file__).parents[2] / "flows" / "catalogue.yml"

STATUS = {
    "submitted": "待接单",
    "accepted": "待派人",
    "assigned": "办理中",
    "called_out": "多部门办理",
    "resolved": "待评价",
    "closed": "已结案",
    "rejected": "不予受理",
    "withdrawn": "居民撤回",
    "merged": "已并案",
}
ENDING = {"answered": "已答复", "settled": "已办结", "impossible": "客观无法解决"}
COLOUR = {"red": "红", "orange": "橙", "yellow": "黄"}
LEVEL = {"grid": "网格", "community": "社区", "subdistrict": "街道", "city": "市级"}
ROLE = {
    "grid_worker": "网格员",
    "grid_leader": "网格长",
    "building_leader": "楼栋长",
    "household_leader": "联户长",
    "community_staff": "社区工作人员",
    "department": "部门",
    "duty_leader": "值班领导",
    "mediator": "调解员",
    "legal_guide": "法律明白人",
    "legal_adviser": "法律顾问",
    "volunteer_organiser": "志愿组织者",
    "shopkeeper": "店主",
    "points_panel": "积分评议",
    "supervisor": "督办",
    "administrator": "管理员",
}
# Pages of the staff page in their order, and which of them concern roles that work on one kind of matter only.
PAGES = {
    "cases": ("诉求", "/staff"),
    "counter": ("窗口登记", "/staff/counter"),
    "legal": ("法律咨询", "/staff/queue/legal"),
    "handover": ("转人工", "/staff/queue/handover"),
    "alarm": ("紧急", "/staff/queue/alarm"),
    "mediations": ("调解", "/staff/mediations"),
    "bookings": ("预约", "/staff/bookings"),
    "alerts": ("预警", "/staff/alerts"),
    "burden": ("工作量", "/staff/burden"),
    "points": ("积分", "/staff/points"),
    "volunteers": ("志愿", "/staff/volunteers"),
    "chat": ("工作群", "/staff/chat"),
}
# The same by what one comes for: a phone shows these, and of the one open its pages.
GROUPS = {
    "要办的": ("cases", "alarm", "handover", "legal"),
    "来访": ("counter", "bookings", "mediations"),
    "社区": ("alerts", "volunteers", "points", "burden"),
    "工作群": ("chat",),
}
FEW = 5  # pages that fit beside each other on a phone
OF_ONE_KIND = {
    "legal_guide": ("legal", "mediations", "chat"),
    "legal_adviser": ("legal", "mediations", "chat"),
    "mediator": ("mediations", "chat"),
    "volunteer_organiser": ("volunteers", "chat"),
    "points_panel": ("points", "chat"),
    "shopkeeper": ("chat",),
    "department": ("cases", "bookings", "chat"),
}
STEP = {
    "open": "居民反映",
    "accept": "受理",
    "take": "接单",
    "assign": "转派",
    "return": "退回",
    "step_aside": "回避",
    "call_out": "吹哨",
    "ask_call": "申请吹哨",
    "grant_call": "同意吹哨",
    "refuse_call": "没有吹哨",
    "invite": "请专员一起办",
    "report_in": "报到",
    "note": "进展",
    "tell": "发给居民",
    "add": "居民补充",
    "nudge": "居民催办",
    "suspend": "等居民回复",
    "resume": "继续办理",
    "ask_time": "申请延期",
    "extend": "同意延期",
    "deny": "不同意延期",
    "escalate": "请上级处理",
    "supervise": "督办",
    "resolve": "办结",
    "rate": "居民评价",
    "lapse": "七天无回复，自动结案",
    "reopen": "居民要求重办",
    "reject": "不予受理",
    "withdraw": "居民撤回",
    "merge": "并案",
    "split": "拆案",
    "confirm": "回访：还好",
    "recur": "回访：又坏了",
}
MOVE = {str(action): label for action, label in LABELS.items()} | {"deny": "不同意延期"}
ORDER = (
    "take",
    "report_in",
    "grant_call",
    "refuse_call",
    "extend",
    "deny",
    "resolve",
    "note",
    *MOVE,
)  # what waits first
NEXT = (  # what a case waits for, told apart from what one also may: what was asked for comes first
    frozenset({"grant_call", "extend"}),
    frozenset({"take", "report_in", "resolve"}),
)
NOTE = {
    "return": "为什么退回（派单的同事会看到）",
    "reject": "不予受理的原因（居民会看到）",
    "call_out": "为什么请他们到场",
    "ask_call": "为什么要吹哨（街道来定）",
    "note": "进展（先只有同事看得到，可以再发给居民）",
    "suspend": "想请居民补充什么（私下问他，时限先停着）",
    "ask_time": "为什么要延期（上一级要批，居民会看到）",
    "supervise": "督办意见（经办人会看到）",
}
KIND = {"legal": "法律咨询", "handover": "转人工", "alarm": "紧急情况"}
THREAD = {"open": "待接", "claimed": "在答", "closed": "已结束"}
GUIDE = {"draft": "草稿", "review": "等复核", "published": "已公开", "withdrawn": "已撤下", "dropped": "不要了"}
AUTHOR = {"asker": "居民", "staff": "回复", "wrong": "回复（已更正）", "bot": "小邻"}


@cache
def services() -> Mapping[str, tuple[str, str]]:
    """Service key to (category, name), of the default catalogue."""
    catalogue = load_catalogue(CATALOGUE.read_text("utf-8"))
    return {s.key: (c.name, s.name) for c in catalogue.categories for s in c.services}


def service(key: str) -> str:
    """How a service is called; a community's own one keeps its key."""
    return services()[key][1] if key in services() else "其他诉求"


def next_of(moves: Collection[str]) -> frozenset[str]:
    """Which of these moves a case waits for."""
    return next((waited for waited in NEXT if waited.intersection(moves)), frozenset())


def groups(shown: Sequence[tuple[str, str, str]], section: str) -> list[tuple[str, str, bool, list[Any]]]:
    """(title, path of its first page, whether `section` is in it, its pages) of each group; one for few pages."""
    if len(shown) <= FEW:
        return [("", shown[0][2], True, list(shown))]
    found = []
    for title, sections in GROUPS.items():
        pages = [page for page in shown if page[0] in sections]
        if pages:
            found.append((title, pages[0][2], section in sections, pages))
    return found


def pages(roles: Collection[str]) -> list[tuple[str, str, str]]:
    """(section, title, path) of the pages that concern somebody with these roles; all, unless each is of one kind."""
    some = {page for role in roles for page in OF_ONE_KIND.get(role, tuple(PAGES))}
    return [(section, *PAGES[section]) for section in PAGES if section in some]
