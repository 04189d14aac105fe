"""What staff and residents read of alerts."""

from __future__ import annotations

KINDS = {"fraud": "防诈骗提醒", "storm": "天气预警", "other": "紧急通知"}
DANGER = frozenset({"storm"})  # told at night too

ASK_KIND = "要发哪一种？（发什么都要另一位同事批准）"
ASK_AREA = "发到哪个范围？下面各级的群都会收到。"
ASK_TEXT = "请写要发的内容，群众看得懂的两三句话。别写人名、手机号、门牌号。"
ASK_UNTIL = "到什么时候为止有效？过了就不再发。"
SHORT = "太短了，至少写清是什么事、要大家怎么做。"
LONG = "太长了，请控制在500字以内。"
PRIVATE = "里面好像有手机号、证件号或门牌号，群里不能发，请去掉再发一次。"
CONFIRM = "请确认：\n【{kind}】{text}\n范围：{area}，有效到 {until}。\n确认后送另一位同事批准。"
NO_AREA = "您现在的岗位不能起草预警，请找社区或街道值班的同事。"
WHICH_AREA = "没找到这个范围，请从上面选一个。"

DRAFTED = "已送审，编号 {number}。批准后会马上发出，您会收到回音。"
TO_APPROVE = "有一条预警等您批准\n编号 {number}，{drafter}起草\n【{kind}】{text}\n范围：{area}，有效到 {until}。"
STILL_TO_APPROVE = (
    "预警 {number} 还没有人批准，请看一下；到时没批准就不发了。\n"
    "{drafter}起草\n【{kind}】{text}\n范围：{area}，有效到 {until}。"
)
LAPSED = "预警 {number} 到有效期还没有人批准，没有发出。要发请重新拟一条，再给能批准的同事打个电话。"
NO_APPROVER = "您这一级没有别的同事能批准，请上一级来发这条预警。"
APPROVED = "已批准，正在发往{groups}个群。"
APPROVED_TOLD = "预警 {number} 批准了，正在发往{groups}个群。"
REFUSED = "已退回，不会发出。"
REFUSED_TOLD = "预警 {number} 没有批准，没有发出。想知道原因可以问问批准的同事。"
WITHDRAWN = "已撤回，没有发出。"
ENDED = "已解除，没发出的不再发了。"

ASK = "【{kind}】{text}\n有效到 {until}。收到请点「已收到」，通知到群众后点「已传达」。"
ASK_PRIVATE = "【{kind}】{text}\n有效到 {until}。这条给您负责的{areas}：请点「已收到」，通知到群众后点「已传达」。"
TELL = "【{kind}】{text}\n有效到 {until}。"
AGAIN = "这条预警还没有人确认，请看一下：\n{said}"
NAMED = "预警 {number} 有{count}处还没有回音，请打个电话问一下：\n{lines}"
SILENT = "· {area}：{names}"
NOBODY = "没有登记能联系上的负责人"
MORE = "……还有{more}处，请到工作台看"

RECEIVED = "已记下，谢谢。通知到群众后请点「已传达」。"
PASSED = "已记下，辛苦了。"
AGAIN_RECEIVED = "这里已经确认过了，谢谢。"

CARD = "预警 {number}（{state}）\n【{kind}】{text}\n范围：{area}，有效到 {until}。\n{reach}"
STATE = {
    "drafted": "待批准",
    "running": "发送中",
    "refused": "未批准",
    "withdrawn": "已撤回",
    "ended": "已解除",
    "expired": "已过期",
}
REACH = "送达{sent}/{groups}个群，{received}/{branches}处已收到，{passed}处已传达。"
FAILED = "{failed}个群送不到（群没了或机器人不在群里）。"
REACH_LINE = "· {area}：送达{sent}/{groups}，已收到{received}/{branches}"
OVER = "预警 {number} 已到有效期，不再发送。{reach}"

SEE = "看送达"
END = "解除"
YES, NO, BACK = "批准发出", "不批准", "撤回"
GOT, DONE = "已收到", "已传达"
