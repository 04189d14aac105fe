"""A limit of time in an article, for whoever has a claim: by when to sue, to apply, to complain."""

from __future__ import annotations

import re

from nlu.late import regex

_ASKS = r"(?:申请|提起|起诉|诉讼|仲裁|复议|请求|主张|行使|提出|异议|申诉|通知|检验|放弃|认定)"
_SPAN = r"[零一二两三四五六七八九十百0-9]+(?:个月|年|日|天|个工作日|周)"
_LIMIT = regex(
    rf"时效期间为{_SPAN}"
    rf"|(?:自|从|在|应当于|于)[^。；]{{2,48}}(?:之日起|之日|后|以后|前){_SPAN}(?:以?内|之内)[^。；]{{0,30}}{_ASKS}"
    rf"|{_ASKS}[^。；]{{0,24}}(?:自|从)[^。；]{{2,40}}之日起{_SPAN}(?:以?内|之内)"
    rf"|(?:超过|满){_SPAN}[^。；]{{0,12}}(?:不予保护|消灭|不再|视为|不得)"
)
_CLAIMS = regex(
    r"时效期间|撤销权|解除权|请求权|请求撤销|不服|异议|受遗赠|遗赠|申请再审|上诉|起诉|侵犯其|侵害|权利人|买受人|赔偿请求人|劳动者"
)
# Who is bound here is somebody who decides, answers or owes, not who asks for something.
_OTHERS = regex(
    r"答辩|提交作出|内结束|审结|送达|通知债权人|被告应当|被申请人|检察官|法官|仲裁庭|用人单位有证据|仲裁委员会(?:决定|应当)"
    r"|(?:机关|机构|部门|法院|委员会|政府|清算组)(?:决定赔偿|应当)|起诉状|抗诉|中止|不得提出|检察院|自作出决定"
)
LONGEST = 90  # characters of the sentence that is said first


def deadline_of(text: str) -> str:
    """The clause of an article that sets a limit for whoever claims something; "" when it sets none."""
    for part in re.finditer(r"[^。\n]+。?", text):
        sentence = part[0].strip()
        found = _LIMIT.search(sentence)
        if found is None or _OTHERS.search(sentence) or not _CLAIMS.search(sentence):
            continue
        if len(sentence) <= LONGEST:
            return sentence
        clauses = [c for c in re.split(r"(?<=[，；：])", sentence) if c]
        start = next(i for i in range(len(clauses)) if len("".join(clauses[: i + 1])) > found.start())
        short = clauses[start]
        for clause in clauses[start + 1 :]:
            if len(short) >= found.end() - found.start() and _LIMIT.search(short):
                break
            short += clause
        return f"{short.strip('，；：。')}。" if len(short) <= LONGEST and not _OTHERS.search(short) else ""
    return ""
