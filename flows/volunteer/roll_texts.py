"""What 小邻 says to organisers about a shift, and to volunteers about what organisers did."""

from __future__ import annotations

MISSING = "「{title}」（{when}）开始了。应到{due}人，已签到{here}人，还没到的：{names}。"
LIST = "「{title}」\n{when}，{place}\n报名{taken}/{capacity}"
NOBODY = "还没有人报名。"
STATES = {
    "waiting": "候补",
    "offered": "候补转正，等答复",
    "confirmed": "已报名",
    "absent": "没签到",
    "here": "已签到",
}
CREDITED = "已确认{time}"
SERVED = "{time}{how}，待确认"
FORGOT = "（忘签退，按结束时间算）"
NEIGHBOUR = "邻居（没留名字）"
UNNAMED = "没留名字的{count}位"
CODE = "签到码"
MOVE = "改时间"
CALL_OFF = "取消这一场"
CONFIRM = "全部确认"
FIX = "改 {number}. {name}"
NOTHING_TO_CONFIRM = "没有要确认的时长：没人签到，或者都确认过了。没签到但确实来了的，点「改」补上。"
ODD_TIME = "一次活动最多记24小时，请核对一下。"
SAME_TIME = "和现在记的一样，不用改。"
NOTE_FORGOT = "忘签退，按结束时间算"
NOTE_BACK = "更正"
NOTE_FIXED = "更正后"
TOO_EARLY = "活动还没结束，结束以后再确认时长。"
CONFIRMED = "确认好了，{count}人的时长已经记上，也告诉他们了。"
RECORDED = "记上了，也告诉本人了。"
FIXED = "改好了，原来的记录冲正、新的记上了，也告诉本人了。"
ASK_TIME = "给{name}记多久？发「2小时」「1.5」或者「90分钟」；没来就发「0」。"
BAD_TIME = "没看懂，请发「2小时」「1.5」或者「90分钟」这样的数。"
YOURS = "{title}您服务了{time}，已经确认，累计{total}。谢谢您！"
TAKEN_BACK = "{title}有一条时长核实后更正，扣回{time}，现在累计{total}。有疑问请找组织者，或者发「人工」。"
NEAR = "再有{left}就满{hours}小时，可以得嘉许了，加油！"
REACHED = "满{hours}小时了，了不起！已经报给组织者，由他们授予嘉许。"
GRANT = "授予嘉许"
ASK_GRANT = "{name}的志愿服务满{hours}小时，可以授予嘉许了。"
GRANTED = "恭喜您！因为您的志愿服务满{hours}小时，{who}授予您{star}嘉许。谢谢您为大家做的一切！"
GRANTED_STAFF = "已授予，也告诉本人了。"
OFF = "抱歉，您报名的「{title}」（{when}，{place}）取消了{why}，不用去了。想看看别的活动，跟我说「报名活动」。"
OFF_DONE = "已经取消，名单上的{count}人都通知了。"
OFF_ALREADY = "这一场已经取消过了。"
OFF_OVER = "这一场已经结束了，不用取消。"
OVER = "这一场已经结束了，时间改不了。"
ASK_REASON = "为什么取消？（比如下雨。报名的人会看到）"
PLACE_CODE = (
    "「{title}」现在的签到码：{code}\n请在现场给大家看，每5分钟换一个，点一下就是最新的。"
    "要扫码的话，工作台这一场的页面上有二维码。"
)
AGAIN = "换新的码"
CODE_LATER = "开始前45分钟起才有签到码。"
NOT_YOURS = "这场活动不归您组织。"
CAME_NOT = "您不在这一场的名单上，签不了到。先跟我说「报名活动」。"

CARD = "【志愿活动】"
CARD_OFF = "【志愿活动】这一场取消了"
CARD_NAMES = "已报名：{names}等"
CARD_JOIN = "我要去"
CARD_JOINED = "报好了！{when}，{place}。来不了请私信我「取消报名」。"
CARD_QUEUED = "人已经满了，给您排上队了，有空位我私信您。"
CARD_MINE = "这一场您已经报过名了。"
CARD_AGE = "这一场要年满{age}周岁，请先私信我「登记志愿者」。"
CARD_SKILL = "这一场要会点手艺，请私信我「报名活动」，问您一句就报上。"
CARD_YOUNG = "这一场要年满{age}周岁，您还报不了。"
