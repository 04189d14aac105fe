"""What 小邻 says outside the four flows: greeting, menu, danger, hand-over, groups."""

from __future__ import annotations

from nlu.understanding import Hazard

GREETING = (
    "您好，我是小邻，咱们社区的助手。有什么事直接说就行，"
    "比如“3栋楼道灯坏了”“公司不给结工资怎么办”。也可以点下面的菜单："
)
MENU = "您想办哪件事？直接说一句话，或者点一下："
HELP = (
    "我是小邻，一个程序，不是真人，后面有社区的工作人员。我能帮您：\n"
    "· 登记诉求：反映问题、求助、建议，登记后随时能查进度\n"
    "· 法律咨询：先查法条，说不清的转给社区的法律明白人和法律顾问\n"
    "· 志愿服务：看活动、报名、退出\n"
    "· 道德银行：查积分、看规则、换东西\n"
    "随时可以发：取消、返回、帮助、人工。\n"
    "您说的话只用来办您的事；群里的闲聊我不留。"
)
THANKS = "不客气，应该的。还有事随时叫我。"
CHATTER = "我在呢。有事直接说就行，或者发「帮助」看看我能做什么。"
EMPTY = "这条消息是空的，我没看到内容。请打字说一下什么事，或者点菜单："
UNSURE = "我没太听明白，您是想："
UNCLEAR = "我没听懂，换个说法再说一次？也可以点下面的菜单："
VOICE_HERE = "语音我还听不了，麻烦您打字回答一下。"
NOD = "好的，有事随时叫我。"
VOICE = "语音我还听不了，麻烦您打字说一下，或者点下面的菜单："
STALE = "这一步已经过去了，请看最新的一条。"
FROM_GROUP = "您在群里说的“{text}”，我来帮您登记，这里只有您看得到。"
STALE_LINK = "这个链接已经失效了，或者不是给您的。有什么事直接跟我说就行："
HERE = "我在呢，您说。"
ANGRY = "让您着急了，对不起。您说说是什么事、在哪里，我马上帮您登记；想找真人就发「人工」。"
STALE_BUTTON = "这个按钮已经失效了，请看最新的一条，或者重新说一遍。"
CANCELLED = "好的，这件先不办了。有事随时叫我。"
NOTHING_TO_CANCEL = "现在没有正在办的事。想办什么，直接说就行："
NOTHING_TO_GO_BACK = "前面没有步骤了。想办什么，直接说就行："
SWITCHED = "好，先说这件，刚才的「{title}」我给您留着。"
RESUMED = "刚才的「{title}」还没办完，我们接着来。"
FLOW_GONE = "刚才那件事的办法变了，麻烦您重新说一遍。"
SORRY = "对不起，我这边出了点问题，您的消息已经留下了，工作人员会看到。您可以过一会儿再发一次。"

HAND_OVER = "好的，我请社区的工作人员来，编号 {number}。他们一接就会在这里回复您，您可以先把事情写下来，我一起转过去。"
HAND_OVER_TRIES = "看来我没能听明白，换工作人员来帮您，编号 {number}。他们一接就会在这里回复您。"
HAND_OVER_OPEN = "已经在帮您找工作人员了，编号 {number}，请稍等。您写的我都会转过去。"
HAND_OVER_NOTED = "记下了，等工作人员接手时一起转给他（编号 {number}）。"
LEGAL_NOTED = "记下了，和您的问题（编号 {number}）一起转给{who}。"
ALARM_MORE = "收到，值班人员会看到。情况有变就再打 110、119、120。"
NO_STAFF = "这里还没有接上社区的工作人员。您可以打 12345 找政府热线，急事打 110、119、120。"
RELAYED = "已转给工作人员。"
HAND_OVER_CARD = "有居民要找人工\n编号 {number}\n{question}"
HAND_OVER_CLAIMED = "工作人员已经接手了，直接在这里说就行。说完了可以发「结束人工」。"
HAND_OVER_CLOSED = "这次人工服务结束了，我还在这里。有事随时说。"
STAFF_HINT = "已接手。直接回复这条消息，居民就能看到；办完点「结束」。"
STAFF_LINE = "居民（{number}）：{text}"
ASKER_LINE = "{who}：{text}"

LINE_AWAY = "已私信您，我们私下说。"
LINE_LINK = "这事我们私下说，点这里就行，只有您看得到："
LINE_LEGAL = "法律问题请私聊，点这里就行，只有您看得到："
LINE_OFFER = "看着像是要人来处理的事，要不要我帮您登记？点一下私下说："
LINE_HELLO = "我在。要反映问题、问法律、报名志愿活动、查积分，点这里私下说："
LINE_PRIVATE = "有一位邻居等的回复到了，本人点这里私下看，别人打不开："
LINE_EXPOSED = "刚才有条消息里带了个人号码，群里人都看得到，发的人请长按它，点「撤回」或者「删除」。有事点这里私下说："
EXPOSED = (
    "您刚才在群里发的消息里有手机号、证件号或者卡号，群里人都看得到。长按那条消息，点「撤回」或者「删除」就没有了。"
    "要我办的事，在这里说就行，只有您看得到。"
)
LINE_THANKS = "不客气。"
GROUP_HELLO = "大家好，我是小邻。有问题要反映，@我 说一声就行；个人的事点链接私下说。闲聊我不记也不插话。"
LINK = "私下说"

PUBLIC_DANGER = "遇到危险请先打：火警 119，急救 120，报警 110。人先到安全的地方。"

HOTLINES: dict[Hazard, str] = {
    Hazard.FIRE: "先打 119！马上离开着火的地方，走楼梯不坐电梯，用湿毛巾捂住口鼻。",
    Hazard.GAS: "先别开灯、别点火、别在屋里打电话。开窗，关总阀，人到室外，再打 119 和燃气公司抢修电话。",
    Hazard.ELECTRIC: "先别碰触电的人和电线！断开电源，打 120；电线落地请离开八米以外，打 119 和 95598。",
    Hazard.INJURY: "先打 120！说清地址和情况，尽量别移动伤者，有人懂急救的请先施救。",
    Hazard.VIOLENCE: "先打 110！请先离开到安全的地方，能锁门就锁门，有人受伤同时打 120。",
    Hazard.CRIME: "先打 110！别追、别硬拦，先保证自己安全。已经转了钱的，请马上打 110 并联系银行。",
    Hazard.SUICIDE: "我很担心您。请现在就打 12356（心理援助，24小时），或者 110、120。身边有人的话，请让他陪着您。",
    Hazard.MISSING: "先打 110，不用等 24 小时。准备好照片、穿着、最后见到的时间和地点。",
    Hazard.DROWNING: "先打 119 和 110！别贸然下水，找绳子、竹竿、救生圈抛给他；被水围住就往高处走。",
    Hazard.COLLAPSE: "先打 119！人都离开危险的地方，别进去，别站在下面，有人受伤打 120。",
    Hazard.CHILD: "先打 110！也可以打 12355（青少年热线）。先让孩子到安全的地方，陪着他。",
}
ALARM_STAFFED = "我已经通知值班人员，他会马上联系您。方便的话告诉我具体地点。"
ALARM_UNSTAFFED = "这里没有值班人员在线，请一定先打电话。"
ALARM_NOTED = "收到，已经转给值班人员。"
ALARM_CARD = "紧急：{kind}\n编号 {number}\n{question}\n请马上接手并联系居民，没人接的话每2分钟再通知一次。"
ALARM_AGAIN = "紧急求助 {number} 还没有人接，请马上接手。"
ALARM_CLAIMED = "值班人员已经看到了，正在联系您。"
CONCERN: dict[Hazard, str] = {
    Hazard.SUICIDE: "听起来您很不容易。您现在安全吗？想说话的话，12356 全天有人接听，也可以跟我说「人工」。",
}
CONCERN_OTHER = "现在有危险吗？有的话请先打电话：火警 119，急救 120，报警 110，再告诉我地点。"
KINDS: dict[Hazard, str] = {
    Hazard.FIRE: "火情",
    Hazard.GAS: "燃气泄漏",
    Hazard.ELECTRIC: "触电",
    Hazard.INJURY: "受伤或急病",
    Hazard.VIOLENCE: "暴力伤害",
    Hazard.CRIME: "正在发生的案件",
    Hazard.SUICIDE: "可能轻生",
    Hazard.MISSING: "有人走失",
    Hazard.DROWNING: "溺水或洪水",
    Hazard.COLLAPSE: "坍塌或被困",
    Hazard.CHILD: "未成年人受侵害",
}
LEGAL_CLAIMED = "社区的{who}已经看到您的问题，会在这里回复您。"
MY_DATA = (
    "您在我这里留下的：\n手机号：{phone}（{since}，只给经办人联系您用）\n"
    "要删掉的话，点下面的按钮，我马上删，办着的事不受影响。"
)
MY_DATA_NONE = "您没有在我这里留下手机号。您登记过的诉求可以发「我的诉求」看。"
MY_DATA_ERASE = "删除手机号"
MY_DATA_ERASED = "删好了，您的手机号我这里已经没有了。"
SINCE = "您同意时留下的"
THREAD_MORE = "您说，我转过去。"
PHOTO_REFUSED = "照片没收到（太大，或者不是图片），麻烦再发一次。文字我收到了。"
