"""The limit of time that an article sets for whoever claims something, and for nobody else."""

from __future__ import annotations

import pytest

from flows.legal.deadlines import LONGEST, deadline_of

LIMITS = {
    "劳动争议申请仲裁的时效期间为一年。仲裁时效期间从当事人知道或者应当知道其权利被侵害之日起计算。": "时效期间为一年",
    "向人民法院请求保护民事权利的诉讼时效期间为三年。法律另有规定的，依照其规定。": "三年",
    "公民、法人或者其他组织不服复议决定的，可以在收到复议决定书之日起十五日内向人民法院提起诉讼。": "十五日内",
    "受遗赠人应当在知道受遗赠后六十日内，作出接受或者放弃受遗赠的表示；到期没有表示的，视为放弃受遗赠。": "六十日内",
    "撤销权自债权人知道或者应当知道撤销事由之日起一年内行使。": "一年内",
}
NONE = (
    "被告应当在收到起诉状副本之日起十五日内向人民法院提交作出行政行为的证据。",
    "仲裁庭裁决劳动争议案件，应当自劳动争议仲裁委员会受理仲裁申请之日起四十五日内结束。",
    "赔偿义务机关决定赔偿的，应当制作赔偿决定书，并自作出决定之日起十日内送达赔偿请求人。",
    "女方在怀孕期间、分娩后一年内或者终止妊娠后六个月内，男方不得提出离婚。",
    "租赁期限届满，承租人应当返还租赁物。",
    "试用期最长不得超过六个月。",
)


@pytest.mark.parametrize("text", LIMITS)
def test_a_limit_for_who_claims_is_found(text: str) -> None:
    found = deadline_of(text)
    assert LIMITS[text] in found and len(found) <= LONGEST and found.rstrip("。") in text


@pytest.mark.parametrize("text", NONE)
def test_what_binds_others_or_is_no_limit_is_none(text: str) -> None:
    assert deadline_of(text) == ""
