"""What is said in a mediation: to the one who asks for it, to the other side, to the mediator, to the offices."""

from __future__ import annotations

KINDS = {
    "neighbours": "邻里",
    "family": "家庭",
    "labour": "劳动报酬",
    "property": "物业",
    "boundary": "土地草场边界",
    "other": "其他",
}
SAID = {**KINDS, "other": "民间"}  # before 纠纷
SIDES = {"": "登记情况", "a": "甲方", "b": "乙方"}

# -- asking for it ---------------------------------------------------------------------------------------------------
ASK_KIND = "可以请社区的调解员帮忙。先选一下是哪一类："
ASK_AREA = "事情在哪个社区（村）？"
ASK_WORDS = "说说是怎么回事、您想怎么解决。只有调解员看得到，对方看不到。"
ASK_WORDS_STAFF = "说说是怎么回事。只有调解员看得到，双方都看不到。别写人名、手机号。"
ASK_CASE = "要挂到哪件诉求上？发编号，没有就选「不挂」。"
NO_CASE = "没找到这个编号，请再看看，或者选「不挂」。"
SHORT = "再多写几个字，调解员好知道是什么事。"
CONFIRM = (
    "请确认：请人调解一件{kind}纠纷，您愿意坐下来谈。\n调解自愿、不收钱，不影响您以后打官司；对方不愿意就不能调解。\n"
    "双方都同意以后，您登记过的姓名和楼号会私下告诉调解员，好看要不要回避。"
)
CONFIRM_STAFF = "请确认：登记一件{kind}纠纷的调解，会给双方各一个邀请码，都同意才开始。\n情况：{words}"
OPENED = (
    "登记好了，编号 {number}。现在要问对方愿不愿意，我不会把您写的话给他看。\n"
    "请把这句话转给对方：\n“社区可以帮我们调解，打开小邻，发邀请码 {code} 就能看到，愿不愿意都可以。”\n"
    "邀请码14天内有效，只能用一次。对方回答了我马上告诉您。"
)
OPENED_STAFF = (
    "登记好了，编号 {number}。请把邀请码分别交给双方，让他们私下发给小邻：\n"
    "甲方：{code_a}\n乙方：{code_b}\n14天内有效，各用一次。都同意了才会请调解员。"
)
OPENED_HERE = "登记好了，编号 {number}。双方的邀请码已经私下发给您。"
OTHERS_AREA = "您的岗位不能登记这里的调解，请找这个社区的同事。"
IF_NOT = (
    "对方不愿意，或者14天没有回音，我会告诉您，这次调解就结束了，谁也不能勉强谁。"
    "那时您还可以向我做法律咨询、登记诉求，或者打 12348。"
)
HOW_LONG = "对方一回答我就告诉您，最多等14天。双方都愿意了就请调解员，再约时间。发「我的调解」随时看到哪一步了。"
WHO_KNOWS = "对方只知道有人想调解这类事，看不到您写的话；话只给调解员看。邀请码由谁转、什么时候转，您来定。"
BINDING = "双方确认过的约定，都要照办。30天内双方一起到法院申请司法确认，不收费，确认后谁不照办可以申请强制执行。"
WHO_MEDIATES = "社区的调解员来谈，要和双方都没有亲属、利害关系。接下以后我告诉您是谁，有顾虑可以换一位。"
HANDED = "不用当面说：把那句话发给他、写张纸条都行；不方便的话发「人工」，请社区的同事替您转交邀请码。"
WHERE = "时间和地点由调解员跟双方商量，定下来我告诉您，会提前提醒。"

# -- the two sides ---------------------------------------------------------------------------------------------------
INVITED = (
    "有人希望请社区的调解员，帮忙和您一起解决一件{kind}方面的事（编号 {number}）。\n"
    "调解不收钱，完全自愿，谈不成也不影响您走别的路。您愿意吗？您的回答只有“愿意”或“不愿意”会告诉对方。\n"
    "双方都同意以后，您登记过的姓名和楼号会私下告诉调解员，好看要不要回避。"
)
YES, NO = "愿意调解", "不愿意"
CONSENTED = "好的，记下了您愿意。等另一方也同意，我就请调解员。"
CONSENTED_BOTH = "双方都同意了（编号 {number}），正在请调解员。调解员接下后我马上告诉您。"
REFUSED_MINE = "好的，不勉强。以后想谈了，随时找我。"
REFUSED = "编号 {number} 的调解，有一方不愿意，所以不能进行。您还可以打 12348 问问法律上的办法，或者向我做法律咨询。"
LAPSED = "编号 {number} 的调解，另一方一直没有回答，先结束了。想再试一次，直接跟我说“想调解”。"
TELL_WORDS = "您想跟调解员说的话，可以现在写给我，只有调解员看得到。不写也行，见面再说。"
TOLD = "收到，只给调解员看。"
TAKEN = "调解员{name}接下了（编号 {number}）。已确认和双方没有亲属或利害关系；您有顾虑的话，可以要求换一位。"
OBJECT = "换一位调解员"
WRITE = "写给调解员"
WITHDRAW = "不想调解了"
CHANGED = "编号 {number} 换一位调解员，找到了我告诉您。"
TIME = "调解员约您 {when}，在{place}，和对方一起谈。方便吗？"
CAN, CANNOT = "可以", "换个时间"
COMING = "好的，等另一方也确认。"
ARRANGED = "约好了：{when}，在{place}。我会提前提醒您。"
NOT_THEN = "好的，我请调解员另约时间。"
NOT_THEN_TOLD = "{number} 约的时间有一方不方便，请再约一个。"
REMIND = "提醒：{when}，在{place}，谈编号 {number} 的事。临时来不了请点「换个时间」。"
READ_BACK = "调解员记下了双方的约定（编号 {number}），请看对不对：\n{agreement}"
RIGHT, WRONG = "没错，我同意", "写得不对"
CONFIRMED = "好的，等另一方也确认。"
SETTLED = (
    "双方都确认了，编号 {number} 调解成功。\n约定：{agreement}\n"
    "30天内（{until}前）双方可以一起到法院申请司法确认，确认后有强制执行力，不收费。请评价这次调解："
)
CORRECTED = "好的，我请调解员改过再给您看。"
CORRECTED_TOLD = "{number} 有一方说记得不对，请问清楚后重新记一次。"
FAILED = (
    "编号 {number} 这次没有谈成，调解结束了。您还可以申请仲裁、找有关部门，或者向法院起诉；"
    "拿不准的话打 12348，或者向我做法律咨询。也请评价这次调解："
)
COURT = "提醒：编号 {number} 的调解约定，可以在{until}前双方一起到法院申请司法确认。已经办了就不用管。"
RATED = "谢谢您的评价。"
WITHDRAWN_MINE = "好的，调解结束了。以后想谈了，随时找我。"
WITHDRAWN = "编号 {number} 的调解，有一方不再参加，先结束了。您还可以打 12348，或者向我做法律咨询。"
RATINGS = (("满意", 5), ("一般", 3), ("不满意", 1))
HAND_OVER = (
    "经办人想把编号 {number} 转给{office}一起处理，要您同意才转。您同意吗？转过去的只有这件事的登记，不含您写的话。"
)
ALLOW, DENY = "同意转", "不同意"
ALLOWED = "好的，等另一方也同意。"
DENIED_MINE = "好的，不转，还按原来的办。"
HANDED_OVER = "双方都同意了，编号 {number} 转给{office}，他们会联系您。"
CODE_WRONG = "这个邀请码用过了，或者过期了，请向给您码的人要一个新的。"
CODE_OWN = "这个邀请码是给另一方的，请转给他，不用自己发。"

MINE_NONE = "您现在没有在调解的事。想请人调解，直接说“我想调解”。"
MINE_LINE = "{kind}纠纷 {number}：{state}。"
MINE_MEETS = "见面：{when}，{place}。"
MINE_AGREED = "约定：{agreement}"
MINE_WAITS = "您已经回答了，在等另一方。"

# -- the mediator and the desk ---------------------------------------------------------------------------------------
CARD = (
    "有一件{kind}纠纷请您调解\n编号 {number}，{area}。双方都同意调解。{sides}\n"
    "您和双方有没有亲属、同事或利害关系？有的话请回避。"
)
NO_NAME = "没有留姓名"
NOTHING, RECUSE = "没有，我来调解", "我要回避"
NOBODY = "编号 {number} 的{kind}纠纷（{area}），双方都同意，但没有合适的调解员，请帮忙找一位，或者转给派出所、司法所。"
WAITING = "编号 {number} 的{kind}纠纷（{area}）还没有人接，请看一下。"
MINE = "已接下，编号 {number}。\n{words}\n下一步：约时间，谈完了记下约定。"
WORDS_OF = "{side}：{words}"
NO_WORDS = "（双方都没有留话，见面谈。）"
PROPOSE, RECORD, FAIL, ASK_PLAN, OFFER = "约时间", "达成约定", "没谈成", "请街道研判", "转所联动"
RECUSED = "好的，请别的同事来。"
AGAIN = "编号 {number} 要换一位调解员，您这边先不用管了。"
ASK_WHEN = "约哪天几点？比如：明天下午两点、周三上午9点半。"
ASK_PLACE = "在哪里谈？"
PLACE_SHORT = "地点再写清楚一点，双方好找。"
PROPOSED = "已经问双方了，等他们确认。"
REMIND_MEDIATOR = "提醒：{number} 的双方 {when} 来谈，在{place}。"
ARRANGED_TOLD = "{number} 双方都来：{when}，{place}。"
ASK_AGREEMENT = "把双方的约定写下来，我念给双方确认。写清谁、做什么、到什么时候。"
RECORDED = "已经发给双方确认了。"
SETTLED_TOLD = "{number} 双方都确认了约定，辛苦了。"
FAILED_TOLD = "已记下没谈成，双方会知道还有哪些办法。"
ENDED_TOLD = "{number} 的调解结束了：{why}。"
WHY = {"withdrawn": "有一方不再参加"}
PLAN_ASKED = "请研判一件{kind}纠纷\n编号 {number}，{area}。\n{words}"
ASK_MEDIATOR = "双方写的话只给调解员看，情况请问{name}。"
MEDIATOR = "调解员"
WRITE_PLAN = "写意见"
ASK_PLAN_TEXT = "请写研判意见：怎么办、谁去、什么时候。会发回社区和调解员。"
PLANNED = "{kind}纠纷 {number} 的研判意见：\n{plan}"
PLAN_SENT = "意见已发回社区。"
PLAN_WAITS = "已请街道研判，意见会发回来。"
ASK_OFFICE = "转给哪个单位？双方都同意才会转。"
OFFERED = "已经问双方了，都同意才会转。"
OFFICE_CARD = "两所联动：有一件{kind}纠纷转给{office}\n编号 {number}，{area}。双方都同意转。请接手。"
OFFICE_TAKE = "接手"
DENIED = "{number} 有一方不同意转给{office}，还按原来的办。"
STATE = {
    "asked": "等双方同意",
    "consented": "等调解员",
    "taken": "调解中",
    "proposed": "在约时间",
    "arranged": "已约好",
    "recorded": "等双方确认约定",
    "settled": "调解成功",
    "failed": "没谈成",
    "refused": "有一方不愿意",
    "withdrawn": "有一方退出",
    "lapsed": "没有回音",
}
STEPS = {
    "open": "登记",
    "consent": "愿意调解",
    "refuse": "不愿意",
    "take": "接下",
    "recuse": "回避",
    "object": "要求换调解员",
    "ask_plan": "请街道研判",
    "plan": "研判意见",
    "propose": "约时间",
    "accept_time": "能来",
    "decline_time": "要换时间",
    "record": "记下约定",
    "confirm": "确认约定",
    "correct": "说记得不对",
    "fail": "没谈成",
    "rate": "评价",
    "offer_hand_over": "提出转交",
    "allow": "同意转交",
    "deny": "不同意转交",
    "withdraw": "退出",
    "lapse": "一直没有回答",
}
LABELS = {
    "take": NOTHING,
    "recuse": RECUSE,
    "propose": PROPOSE,
    "record": RECORD,
    "fail": FAIL,
    "ask_plan": ASK_PLAN,
    "plan": WRITE_PLAN,
    "offer_hand_over": OFFER,
}
