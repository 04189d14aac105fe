"""What 小邻 tells a member of staff who asks for help: what their own roles may say, nothing of others'."""

from __future__ import annotations

from collections.abc import Collection

_CASES = ("grid_worker", "grid_leader", "community_staff", "duty_leader", "supervisor", "administrator")
_LEGAL = ("legal_guide", "legal_adviser")
_HELP: tuple[tuple[tuple[str, ...], str], ...] = (
    ((*_CASES, "building_leader", "household_leader", "department"), "待办：手上在办的诉求"),
    (("duty_leader", "supervisor", "administrator", "community_staff"), "这个月办得怎么样：一共几件、解决多少"),
    (_CASES, "代报：替居民登记诉求"),
    ((*_CASES, "mediator"), "登记纠纷：请调解员"),
    (_CASES, "发预警：要另一位同事批准才发"),
    ((*_CASES, "volunteer_organiser"), "管理活动：名单、签到码、改时间、取消一场、发布新活动"),
    ((*_CASES, "points_panel"), "给某某家加分：后面写事由，另一位批准才记；积分待办：等批的；更正积分：记错了的"),
    (_LEGAL, "法律咨询来了先点「无利害关系，接」，再回复那条问题；结束以后再回复，就是更正"),
    (_LEGAL, "休假到周五：这几天的咨询发给别人；回来发「我回来了」"),
    (("shopkeeper",), "居民的取货码：直接发给我，就核销了"),
)
_HEAD = "您是工作人员，还可以发："
_PAGE = "表格、名单和积分明细在工作台上，没有登录链接就向管理员要一个。"


def office_help(roles: Collection[str]) -> str:
    """The lines for these roles, one below the other."""
    lines = [f"· {line}" for whose, line in _HELP if any(role in roles for role in whose)]
    return "\n".join((_HEAD, *lines, _PAGE)) if lines else _PAGE
