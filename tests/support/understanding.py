"""An understanding by keywords, for tests of flows: it knows a few words well and is unsure of everything else."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlu.understanding import Hazard, LocalService, Slots, Understanding

# Looked through in this order; the first that stands in the text decides.
INTENTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("human", "ask_human", ("人工", "真人")),
    ("help", "ask_help", ("你是谁", "能做什么", "怎么用")),
    ("complaint", "case_status", ("我的诉求", "办到哪", "进度")),
    ("complaint", "nudge_case", ("催",)),
    (
        "points",
        "redeem",
        ("换东西", "兑换", "取货码", "换一", "换个", "不换了", "油不要了", "换桶", "换壶", "抵物业费"),
    ),
    ("points", "bind_household", ("绑定", "绑码")),
    ("points", "ask_statement", ("明细", "流水", "扣了我家", "记录")),
    ("points", "ask_rules", ("加几分", "扣几分", "加分", "积分规则", "影响低保", "提现")),
    ("points", "ask_balance", ("积分", "多少分", "余额", "几分")),
    ("volunteer", "cancel_shift", ("取消报名", "取消活动", "去不了", "不去了", "退出活动")),
    ("volunteer", "volunteer_record", ("我的报名", "时长", "志愿证")),
    ("volunteer", "join_activity", ("报名", "志愿", "活动", "义工", "敬老院", "扫雪", "帮老人")),
    (
        "legal",
        "ask_law",
        (
            "法律",
            "房东",
            "押金",
            "辞退",
            "离婚",
            "抚养",
            "继承",
            "遗产",
            "起诉",
            "仲裁",
            "赔偿",
            "法典",
            "合同法",
            "律师",
            "加班费",
        ),
    ),
    (
        "complaint",
        "report_problem",
        ("坏了", "漏水", "不亮", "没人管", "投诉", "反映", "报修", "噪音", "太吵", "停水", "建议", "堵了", "垃圾"),
    ),
)
CHATTER = (("greet", ("你好", "您好", "在吗")), ("thanks", ("谢谢", "辛苦了")), ("chatter", ("哈哈", "吃了吗", "天气")))
HAZARDS: tuple[tuple[Hazard, tuple[str, ...]], ...] = (
    (Hazard.FIRE, ("着火", "起火")),
    (Hazard.GAS, ("煤气泄漏", "燃气泄漏")),
    (Hazard.INJURY, ("晕倒", "流血")),
    (Hazard.VIOLENCE, ("正在打人", "拿着刀")),
    (Hazard.MISSING, ("走丢",)),
)
CONCERNS: tuple[tuple[Hazard, tuple[str, ...]], ...] = ((Hazard.SUICIDE, ("活着没意思", "不想活")),)
SERVICES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("street_light", ("路灯",)),
    ("water_supply", ("停水",)),
    ("sewer", ("下水道", "堵了")),
    ("noise_construction", ("工地",)),
    ("noise_home", ("太吵", "噪音")),
    ("corridor_light", ("楼道灯",)),
    ("property_service", ("物业",)),
    ("road_damage", ("路面", "坑")),
)
PLACE = re.compile(r"\d+(?:号楼|栋|幢)(?:\d+单元)?(?:\d+室)?")
PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


def _first(text: str, table: Sequence[tuple[Hazard, tuple[str, ...]]]) -> Hazard | None:
    return next((hazard for hazard, words in table if any(w in text for w in words)), None)


class Keywords:
    """The engine; `sure` is how confident it is of what it knows."""

    def __init__(self, sure: float = 0.95) -> None:
        self.sure = sure

    def understand(self, text: str, *, local_services: Sequence[LocalService] = ()) -> Understanding:
        flow, intent, confidence = self._meant(text)
        services = [key for key, words in SERVICES if any(w in text for w in words)]
        place, phone = PLACE.search(text), PHONE.search(text)
        return Understanding(
            text=text,
            flow=flow,
            intent=intent,
            confidence=confidence,
            ranking=((flow or "chatter", confidence),),
            service=(services or ["other"])[0],
            services=tuple((key, 0.8 if i == 0 else 0.1) for i, key in enumerate([*services, "other"])),
            danger=_first(text, HAZARDS),
            concern=_first(text, CONCERNS),
            slots=Slots(place=place and place.group(), phone=phone and phone.group()),
        )

    def _meant(self, text: str) -> tuple[str | None, str, float]:
        for flow, intent, words in INTENTS:
            if any(word in text for word in words):
                return flow, intent, self.sure
        for intent, words in CHATTER:
            if any(word in text for word in words):
                return None, intent, self.sure
        return None, "chatter", 0.3
