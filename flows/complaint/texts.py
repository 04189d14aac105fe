"""What residents and staff read about complaints."""

from __future__ import annotations

from flows.domain.case import Ending, Status

ASK_DESCRIPTION = "您说，遇到什么事了？在哪里、从什么时候开始，一句话说清就行，也可以直接发照片。"
TOO_SHORT = "再多说一点好吗？比如“3栋2单元楼道灯坏了三天”。"
PHOTO_SEEN = "照片收到了。是什么事、在哪里？一句话说清就行。"
PLACE_SEEN = "位置收到了。那里出什么事了？一句话说清就行。"
SEE_PHOTO = "（见照片）"
ASK_SERVICE = "您反映的是哪一类？说不准就选「其他」。"
NO_SERVICE = "请选一类，都不像就选「其他」。"
ASK_PLACE = "在什么位置？比如“幸福里3号楼”，也可以发定位。"
ASK_PLACE_AGAIN = "请说一下位置，比如小区和楼号、路名，或者附近的店。"
ROUGHLY_WHERE = "说个大概就行：哪个小区、哪条路，或者附近有什么店；发个定位也可以。"
ASK_WHICH = "您说的是哪一处？"
ASK_COMMUNITY = "是哪个小区或者社区？说小区名、楼号都行，也可以选："
ASK_ABOUT = "您是要反映『{names}』本身吗？是的话，这件不会给他们看到，也不派给他们，直接交上一级。"
KEPT_FROM = "这件不会给被反映的一方看到。"
ASK_PHONE = "方便留个手机号吗？只在需要联系您时由经办人使用，不会出现在群里，随时可以要求删除。"
PHONE_KEPT = "{phone}（只给经办人联系用，随时可删）"
PHONE_PLEASE = "好，请把11位手机号发过来；不想留就选「不留」。"
BAD_PHONE = "手机号应为11位数字，请再发一次；不想留就选「不留」。"
ASK_PHOTO = "有照片的话请直接发过来，没有就点「没有照片」。"
NO_PHOTO = "没收到照片。请发一张图片，或者点「没有照片」。"
CONFIRM = "请确认：\n您反映的是『{service}』\n情况：{description}\n位置：{place}\n电话：{phone}\n照片：{photos}"
RECEIPT = (
    "已登记，编号 {number}。\n{acknowledge} 前会有人接手，{resolve} 前给您结果，每一步我都会告诉您。\n"
    "想看进度，发「我的诉求」就行。"
)
HOW_LONG = "登记好以后，{acknowledge} 前会有人接手，{resolve} 前给您结果。"
RECEIPT_UNSTAFFED = "已登记，编号 {number}。这里还没有接上社区，暂时没有人处理；着急的事请打 12345。"
NO_CASES = "您现在没有登记过的诉求。要反映什么，直接说就行。"
MY_CASES = "您的诉求："
MY_CASE = "{number} {title}（{place}）\n{status}{owner}{due}"
MY_ASKED = "，等您补充：{asked}"
MY_THERE = "，已到：{there}"
MY_MISSING = "，还没到：{missing}"
WITHDRAW_WHICH = "要撤回的话，点一下就行："
NOTHING_TO_WITHDRAW = "您没有正在办的诉求，不用撤回。"
QUESTION_RECEIPT = (
    "已经替您问社区了，编号 {number}。\n{acknowledge} 前会有人接手，{resolve} 前答复您，就发在这里。\n"
    "想看进度，发「我的诉求」就行。"
)
QUESTION_CONFIRM = "我替您问社区，请确认：\n『{service}』\n想问：{description}\n电话：{phone}"
QUESTION_CONFIRM_AT = "我替您问社区，请确认：\n『{service}』\n想问：{description}\n位置：{place}\n电话：{phone}"
RATE_WHICH = "没办好的话点一下，我请他们接着办；办好了就点「满意」："
PRAISED = "谢谢您，有您这句话就好。"
AMEND_WHICH = "要补充哪一件？点一下："
ASK_MORE = "请说要补充什么，也可以发照片。经办人会看到。"
MORE_SHORT = "再多说一点好吗？一句话或者一张照片都行。"
ADDED = "好，已经补充进去了，经办人会看到。"
AMEND_LATER = "好，先把这件登记完，最后确认的时候可以修改。"
NUDGED = "已经帮您催了，经办人会看到。"
NUDGE_WHICH = "要催哪一件？"
NUDGED_TOO_OFTEN = "这件今天已经催过了，经办人都看到了，明天再催好吗？"
NOTHING_OPEN = "您没有正在办的诉求，不用催。要反映什么，直接说就行。"

STATUS = {
    Status.SUBMITTED: "等待接单",
    Status.ACCEPTED: "已受理，正在派人",
    Status.ASSIGNED: "正在办理",
    Status.CALLED_OUT: "几个部门正在一起办",
    Status.RESOLVED: "已有结果，等您评价",
    Status.CLOSED: "已结案",
    Status.REJECTED: "不予受理",
    Status.WITHDRAWN: "您已撤回",
    Status.MERGED: "已并入另一件",
}
CARD_STATUS = {Status.RESOLVED: "已有结果，等居民评价", Status.WITHDRAWN: "居民已撤回"}  # as staff read it
ENDING = {Ending.ANSWERED: "已答复", Ending.SETTLED: "已办结", Ending.IMPOSSIBLE: "客观无法解决"}

TAKEN = "您的诉求 {number}（{title}）已有人接手，正在办理。"
ACCEPTED = "您的诉求 {number}（{title}）社区已受理，正在派人。"
ASSIGNED = "您的诉求 {number}（{title}）已转给更合适的同事办理。"
CALLED = "您的诉求 {number}（{title}）需要几个部门一起办，已经请他们到场：{departments}。"
SOME_DEPARTMENTS = "有关部门"
REPORTED = "您的诉求 {number}：{department}已经到场。{still}"
STILL_COMING = "还在等：{missing}。"
ALL_THERE = "请的部门都到了。"
NOTED = "您的诉求 {number} 有新进展：{note}"
REJECTED = "您的诉求 {number}（{title}）没有受理，原因：{note}\n不同意的话可以要求重办，或者请上一级处理。"
RESOLVED = "您的诉求 {number}（{title}）{ending}：{note}\n您满意吗？"
IMPOSSIBLE = "您的诉求 {number}（{title}）客观上解决不了：{note}\n下一步：{next_step}\n这样答复您，您认可吗？"
MORE_PHOTOS = "处理后的照片："
UNHAPPY_WAYS = "对不起，让您不满意了。还没解决的话，我请他们重办，或者请上一级来处理；也可以就这样结案："
RATED_FOLLOW = "谢谢您的评价，这件诉求结案了。\n过{weeks}周我再来问一句，看它是不是还好好的。"
DONT_ASK = "不用再问了"
NOT_ASKED = "好，这件就不再打扰您了。"
FOLLOW = "回访：{number}（{title}，{place}）办好有一阵子了，现在还好吗？"
STILL_FINE = "那就好，谢谢您告诉我！"
AGAIN = "又出现了（上次是 {number}）：{description}"
AGAIN_RECEIPT = "知道了，我给您另开一件，编号 {number}，马上派人再去，上次的经过他们看得到。"
ASKED = (
    "您的诉求 {number}（{title}），经办人想问您：\n{note}\n"
    "您的原话只有经办人看得到。补充了他们就接着办，这段时间不算在办理时限里。"
)
ASKED_AGAIN = "您的诉求 {number}（{title}）还等着您补充：\n{note}"
ANSWER = "现在补充"
ANSWERED_TO = "居民补充了：{note}\n时限继续走，请接着办。"
NO_ANSWER = "{number} 居民一直没有补充，时限继续走了。能办的先办，办不了就写清楚原因答复。"
EXTENDED = "您的诉求 {number}（{title}）需要多一点时间，延到{due}，原因：{note}"
RATED = "谢谢您的评价，这件诉求结案了。"
REOPENED = "好，已经重新办理，会再派人跟进。"
ESCALATED = "好，已经请上一级来处理，编号不变。"
NO_HIGHER = "已经是最高一级在办了。可以点催办，或者打 12345 反映。"
SENT_UP = "您的诉求 {number}（{title}）已经请上一级来办，有人接手就告诉您。"
WITHDRAWN = "好的，这件诉求已撤回。"
LAPSED = "您的诉求 {number}（{title}）已办完七天，我先把它结案了。还有问题的话再告诉我。"

SAME_AS_MINE = "您报过的 {number}（{place}）还在办，是同一件事吗？"
SAME_AS_DONE = "您报过的 {number}（{place}）前些天有了结果。是同一件事没解决，还是另外一件？"
NEIGHBOURS_TOO = "已有{people}位邻居反映了差不多的事，一起跟进吗？一起跟进只是合着办、合着催，谁说了什么互相看不到。"
TOGETHER_RECEIPT = (
    "好，和邻居的合在一起办了，您的编号 {number}。\n有进展、有结果我都会单独告诉您。\n"
    "想看进度，发「我的诉求」就行；发现不是同一件事，在那里点一下就能分开。"
)
MERGED_INTO = "您的诉求 {number}（{title}）和邻居反映的是同一件事，合在一起办了，进展照样单独告诉您。"
SPLIT_OFF = "您的诉求 {number}（{title}）单独办理了，会有人来接手。"
SPLIT_AWAY = "和这件不是一回事的一份已经分出去，另有卡片。"
VOTED = "谢谢，记下了。这件有{people}位邻居一起反映，多数人说解决了才结案。"
CLOSED_BY_MOST = "您的诉求 {number}（{title}），一起反映的多数邻居说解决了，这件结案了。您那里要是还没好，再告诉我。"
REOPENED_BY_MOST = "您的诉求 {number}（{title}），一起反映的邻居说还没解决，已经请他们接着办。"
LEFT = "好的，您这份撤回了；邻居们的还在接着办。"
MERGED_NOTICE = "已并到 {number}。"
CARD = "{mark} 诉求 {number}{why}\n{title}\n{description}\n位置：{place}\n状态：{status}\n{clock}"
CARD_SUSPENDED = "在等居民补充，时限先停着"
CARD_ASKED = "（已申请延期，等批）"
CARD_LEAD = "牵头：{lead}"
CARD_THERE = "已报到：{there}"
CARD_MISSING = "还没到：{missing}"
CARD_LOG = "现场记录："
CARD_NOTE = "进展：{note}"
OWNER = "（{name}）"
ASSIGNED_TO = "{name}，这件转给您了，请看上面的卡片。"
CONTACT = "{number} 居民留的联系电话：{phone}\n居民同意您联系时用，请别转到群里。"
ADDED_TO = "居民补充：{note}"
OWNER_LEFT = "原来的经办人不在岗了"
RETURNED_TO = "退回：{note}\n请另派人接单。"
REOPENED_TO = "居民说没解决，要求重办，请接单。"
NUDGED_TO = "居民催办第{nudges}次，请看一下。"
ESCALATED_TO = "居民请上一级处理 {number}（{title}），请接单。"
CALLED_TO = "吹哨：{departments}请在{until}前到场，到了点「报到」。{lead}\n原因：{note}"
LED_BY = "由{lead}牵头。"
REPORTED_TO = "{department}已经到场报到。"
SENT_UP_TO = "{number}（{title}）下面请你们这一级来办，请接单或者转派。"
TIME_ASKED = "{number} 经办人申请延期{days}天，请批一下：\n{note}"
TIME_GIVEN = "{number} 同意延期，办到{due}。"
TIME_DENIED = "{number} 没有同意延期，请按原来的时限办。"
SUPERVISED_BY = "督办 {number}：{note}"
SUPERVISED = {
    "acknowledge": "督办：{number}（{title}）接单时限是{due}，过了还没有人接，请安排人。",
    "resolve": "督办：{number}（{title}）办理时限是{due}，{state}，请过问一下。",
    "accept": "督办：{number}（{title}）还没有受理，按信访工作条例最晚{due}要受理并告诉居民。",
    "finish": "督办：{number}（{title}）还没有办结，按信访工作条例最晚{due}要办结。",
    "report": "督办：{number}（{title}）吹哨到点了，{departments}还没有报到，请催一下或者另外安排。",
}

ASK_ENDING = "办得怎么样？"
ASK_RESULT = "请写一句处理结果（居民会看到），也可以发照片。"
ASK_NEXT = "下一步怎么办？写一句，比如“已列入明年改造计划”“可以向某某部门申请”，居民会看到。"
ASK_QUESTION = "想请居民补充什么？写一句，我私下问他。居民回答以前，时限先停着。"
ASK_DAYS = "要延多久？"
ASK_REASON_TIME = "为什么要延期？写一句，上一级要批，批了居民会看到。"
ASK_FILED = "替居民登记：遇到什么事、在哪里？一句话说清就行，别写居民的姓名电话。"
FILE_CONFIRM = "替居民登记，请确认：\n『{service}』\n情况：{description}\n位置：{place}"
ASK_CONTACT = "居民想自己看进度、自己评价吗？想的话给他一个绑定码。"
FILED = "已登记，编号 {number}。有进展我先告诉您，请转告居民。"
FILED_CODE = (
    "已登记，编号 {number}。\n请把绑定码 {code} 交给居民：在和我的私聊里发这8位数，"
    "就能自己看进度、作评价，30天内有效。\n"
    "居民绑定以前，进展我先告诉您，请转告。"
)
RELAYED = "请转告居民：\n{text}"
CASE_BOUND = "连上了，工作人员替您登记的事以后直接在这里告诉您。"
CODE_FOR_RESIDENTS = "这个码要居民自己来绑定，工作人员不能替居民评价。"
ASK_WHICH_COLLEAGUE = "给哪一位？点一下，或者打名字："
WHICH_COLLEAGUE = "有几位：{names}。请点一下，或者写全名。"
NO_SUCH_COLLEAGUE = "没找到这位同事。请点上面的人，或者把名字写全。"
COME_ALONG = "请一起来办。"
LINE_ALSO = "还有哪家也这样的，点这里一起反映，只在私聊里说。"
ALSO = "一起反映"
STEPPED_ASIDE = "已记下您回避这件，另派别人办。"
ASIDE_TO = "经办人申报回避，请另派人接单。"
NOT_TOGETHER = "没有和这件合在一起的，不用拆。"
SPLIT_WHICH = "和这件合在一起的有：{numbers}。请回复“拆开 编号”。"
NO_SUCH_NUMBER = "没有找到编号 {number}，请照卡片上的写。"
ALSO_PRIVATE = "您刚才在群里说家里也这样，要一起反映吗？只在这里说。"
ASK_COLLEAGUE = "转给谁？点一下，或者直接打名字。"
ASK_REASON_RETURN = "为什么退回？写一句，派单的同事会看到。"
ASK_REASON_REJECT = "不予受理的原因？写一句，居民会看到。"
ASK_CALL_OUT = "请哪几个部门到场？写部门名和原因，比如“城管、物业，占道要一起清”，谁牵头也可以写上。"
ASK_NOTE = "写一句进展，居民会看到。"
RESULT_SHORT = "请写清楚一点，居民要看得懂。"
NO_COLLEAGUES = "这里没有别的同事可以转，请先退回，由社区来派。"
COLOURS = {"yellow": "🟡", "orange": "🟠", "red": "🔴"}
DUE_OWNER = "提醒：{number}（{title}）的办理时限是{due}，来不及的话先写一句进展。"
DUE_NAMED = "提醒：{number}（{title}）在{name}手上，办理时限是{due}，来不及的话先写一句进展。"
DUE_ROOM = "提醒：{number}（{title}）还没有人接，时限是{due}。"
MEDIATE = "请人调解"
