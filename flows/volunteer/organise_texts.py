"""What 小邻 asks organisers who open an activity or a need."""

from __future__ import annotations

NOT_AN_ORGANISER = (
    "发布和管理活动要由社区的志愿组织者来办。您有好点子的话，跟我说「人工」，我请社区的人跟您聊；"
    "想参加活动就说「报名活动」。"
)
YOURS = "您组织的活动，点一场看名单、出签到码、确认时长："
NONE_YET = "这阵子还没有您组织的活动。"
NEW, NEEDS, MORE = "发布新活动", "发布需求或岗位", "新增班次"
AREA = "在哪里办？"
TITLE = "活动叫什么名字？"
PLACE = "在哪儿集合？"
TIMES = "什么时候？比如「周六 9:00-11:00」「12月6日 下午2点到4点」；每周都有就发「每周六 9:00-11:00 共8次」。"
CAPACITY = "每场要多少人？"
BAD_CAPACITY = "请发一个数字，比如「20」，最多2000人。"
EMPTY = "这条没有字，请写一句，没有就发「没有」。"
BAD_LINE = "请写2到{longest}个字。"
ABOUT = "要做什么、带什么？一两句话就行，没有就发「没有」。"
AGE = "年龄有要求吗？"
SKILLS = "要会什么手艺吗？比如「理发」「陪诊」「修理」，报名时我会先问一句；没有就发「没有」。"
BAD_SKILLS = "没听出是哪样手艺。说「理发」「陪诊」「修理」「量血压」这样的就行；没有要求就发「没有」。"
DEADLINE = "报名到什么时候截止？"
RISK = "有什么风险要提醒、买了保险没有？比如「爬高处，已买意外险」；没有就发「没有」。"
TELL = "要发一张报名卡片到居民群吗？"
SUMMARY = (
    "请核对：\n「{title}」\n地点：{place}\n时间：\n{times}\n"
    "每场{capacity}人\n说明：{about}\n年龄：{age}\n要会：{skills}\n报名截止：{deadline}\n风险和保险：{risk}\n发布吗？"
)
OPENED = "发布好了，一共{count}场{where}。发「管理活动」就能看名单、出签到码、确认时长。"
NOTHING_TO_ADD_TO = "这阵子没有您组织的活动，加不了班次。要办新的，发「发布活动」。"
WHICH = "给哪项活动加班次？"
CAPACITY_LAST = "上一场是{count}人。"
THIS = "这项活动"
MORE_SUMMARY = "请核对：给「{title}」加这些场次：\n{times}\n每场{capacity}人\n加吗？"
SENT = "，第一场的报名卡片已经发到居民群"

KIND = "要发布需求，还是岗位？"
NEED_TITLE = "需要什么？一句话说清楚，比如「给3号楼独居老人换纱窗」。"
NEED_ABOUT = "还有什么要交代的？没有就发「没有」。别写具体门牌和电话，有人认领了您再告诉他。"
NEED_SUMMARY = "请核对：\n{kind}：{title}\n{about}\n发布吗？"
NEED_OPENED = "发布好了。有人认领、报完成，我都会告诉您。"
