"""What 小邻 says to somebody who registers as a volunteer."""

from __future__ import annotations

from flows.domain.volunteering import SKILLS as ALL_SKILLS

AGREE = (
    "登记志愿者要留：怎么称呼您、出生日期、特长和方便的时间（未满18岁还要监护人的称呼和电话）。"
    "这些加密保存，只用来安排活动、核对年龄、开证明，您的称呼只给您那场活动的组织者看。"
    "随时可以发「注销志愿者」删掉。同意吗？"
)
NOT_AGREED = "好的，没有登记，什么也没留。不登记也能报名大部分活动，跟我说「报名活动」就行。"
NAME = "怎么称呼您？名单和证明上就写这个名字（开证明要用真名）。"
BAD_NAME = "名字请写20个字以内的汉字或字母，不带数字和符号，再发一次。"
BIRTH = "您的出生日期？比如 1968-05-04，或者 1968年5月4日。"
BAD_DATE = "没看懂这个日期，请按 1968-05-04 这样发一次（年、月、日都要有）。"
NO_DATE = "日历上没有这一天，请核对一下再发。"
ODD_DATE = "这个出生日期对不上，请核对一下年份再发。"
GUARDIAN = "您还没满18岁，要有监护人同意。监护人怎么称呼？"
GUARDIAN_CHILD = "您还没满14岁，要监护人同意，活动时也要监护人陪着。监护人怎么称呼？"
GUARDIAN_PHONE = "监护人的手机号是多少？"
BAD_PHONE = "手机号应为11位数字，请再发一次。"
GUARDIAN_OK = "监护人同意您参加志愿活动吗？（最好请监护人来点）"
GUARDIAN_FIRST = "要监护人同意了才能登记。跟家里商量好，再发「登记志愿者」就行。这次什么也没留。"
WITH_GUARDIAN = "活动时请监护人陪着一起来。"
PLACE = "您在哪个社区？"
SKILLS = (
    "有什么特长？可以说几样，比如"
    + "、".join(label for label, _ in list(ALL_SKILLS.values())[:6])
    + "；没有就发「没有」。"
)
BAD_SKILLS = (
    "我记得住的特长有：" + "、".join(label for label, _ in ALL_SKILLS.values()) + "。挑几样发给我，没有就发「没有」。"
)
NO_SKILLS = "没有特别的"
TIMES = "一般什么时候有空？平时白天、晚上、周末，可以说几样，都行就发「都行」。"
BAD_TIMES = "请说平时白天、晚上还是周末，都行就发「都行」。"
BOARD = "群里的活动名单和达人榜上，怎么显示您？"
SUMMARY = "请核对：\n名字：{name}\n出生日期：{birth}\n特长：{skills}\n时间：{times}\n名单和达人榜：{shown}\n登记吗？"
REGISTERED_ALREADY = "您已经登记过志愿者了。要改资料，再发一次「登记志愿者」。"
WRONG_CODE = "这个登记码不对，或者已经用过、过期了。请向社区再要一个，或者直接发「登记志愿者」。"
IS_IT_YOU = "社区照您签的登记表记下了志愿者「{name}」。是您本人吗？连上以后，报名、时长和证明都在这里办。"
NOT_BOUND = "好的，没有连上。登记码别给别人用。"
BOUND = "连上了，{name}，谢谢您！要改资料发「登记志愿者」，要删掉发「注销志愿者」。"
SEE = "看看有什么活动"
DONE = "登记好了，{name}，谢谢您！{child}有合适的活动跟我说「报名活动」；要改资料再发一次「登记志愿者」。"
