"""What residents read about their own data: what is held, why, and what they can do about it."""

from __future__ import annotations

FIELDS = {
    "phone": "手机号",
    "name": "称呼",
    "room": "门牌",
    "display_name": "志愿者名字",
    "birth": "出生日期",
    "guardian": "监护人",
    "guardian_phone": "监护人电话",
}
PURPOSES = {  # what a consent is called, and what ends with it
    "phone": "留手机号，方便经办人联系",
    "name": "留称呼，方便称呼您",
    "display_name": "在群里显示名字",
    "guardian": "监护人同意孩子使用",
    "news": "有新活动时提醒",
    "certificate": "开志愿服务证明",
    "volunteer": "登记志愿者",
    "volunteer_guardian": "监护人同意孩子做志愿者",
    "volunteer_board": "上志愿达人榜",
    "volunteer_help": "请志愿者帮忙",
    "check_in": "双报到",
    "ranking": "参加积分排名",
    "legal_contact": "让答复您的法律工作者联系您",
    "no_push": "不收推送",
}
VERSIONS = {  # the words that were agreed to, by version; a new text is a new version
    "phone-1": "方便留个手机号吗？只在需要联系您时由经办人使用，不会出现在群里，随时可以要求删除。",
    "name-1": "我该怎么称呼您？只在私聊里、开证明时用，不会出现在群里，随时可以要求删除。",
    "guardian-1": "我是孩子的监护人，知道孩子在用小邻反映事情，同意社区为办这件事使用孩子留下的内容。",
}
NOTHING = "您没有在我这里留下手机号、名字这些信息。"
HELD = "您在我这里留下的，都只用来办您的事："
FIELD = "· {name}：{value}"
AGREED = "您同意过的："
CONSENT = "· {purpose}（{day}）"
COUNTS = "另外有您登记的诉求 {cases} 件、咨询和人工对话 {threads} 次、志愿报名 {sign_ups} 次。"
HINT = "想看全部内容点「拿一份」；要改、要撤回、要删，点下面的按钮，马上办。"
COPY, FIX_PHONE, FIX_NAME, ERASE = "拿一份", "改手机号", "改称呼", "全部删除"
BIND, UNBIND = "绑定其他账号", "绑定的账号"
LEAVE_PHONE, LEAVE_NAME = "留手机号", "留称呼"
WITHDRAW = "撤回：{purpose}"
WITHDRAWN = "已撤回「{purpose}」。{gone}以后不再为这个用途使用。"
WITHDRAWN_FIELD = "{name}也删掉了，"
WITHDRAWN_VOLUNTEER = "留的名字、出生日期、特长也删掉了，没开始的报名退掉了，"
NOT_AGREED = "这一项您没有同意过，或者已经撤回了。"
ASK_PHONE = "请发新的11位手机号。只在需要联系您时由经办人使用，不会出现在群里。"
BAD_PHONE = "手机号应为11位数字，请再发一次；不改了就发「取消」。"
PHONE_KEPT = "改好了，现在是 {phone}。"
ASK_NAME = VERSIONS["name-1"]
BAD_NAME = "称呼请写1到20个字；不改了就发「取消」。"
NAME_KEPT = "好的，{name}，记下了。"

ERASE_FIRST = "删之前跟您说清楚："
ERASE_CASES = "· 正在办的 {numbers} 会替您撤回，不再有人跟进。"
ERASE_SHARED = "· {numbers} 有邻居一起反映，会接着办，但里面不再有您的话和您的名字，结果也不会再告诉您。"
ERASE_SIGN_UPS = "· 还没开始的志愿报名（{count} 次）会取消，位子让给别人。"
ERASE_BOOKINGS = "· 预约 {numbers} 会替您取消。"
ERASE_MEDIATIONS = "· 调解 {numbers} 会替您撤回，并告诉对方和调解员已经结束。"
ERASE_WORK = "· 您作为工作人员办件时说的，是那件事的记录，会留着；工作账号照常用。"
ERASE_POINTS = "· 积分是全家的，不会少；账上只有编号，没有名字。"
ERASE_REST = (
    "· 手机号、称呼、您说过的话、发过的照片和语音都会删掉，找不回来。\n"
    "· 已经发到工作人员手机上的消息，我收不回来。\n"
    "· 一小时以后，连这个聊天账号我也不再记得。"
)
ERASE_ASK = "确定全部删除吗？"
ERASE_YES, ERASE_NO = "确定删除", "先不删"
KEPT = "好的，都还在。"
ERASED = "删好了。您留下的手机号、称呼、说过的话和照片，我这里都没有了。以后有事，随时可以重新找我。"
OWNER_TOLD = "{number}：居民要求删除自己的信息，这件结束了，请也删掉您手机上的相关消息。"

GUARDIAN = (
    "小朋友，谢谢你来找我。你还没满14岁，要请爸爸妈妈或者其他监护人一起来。\n"
    "请家长看一下这句话，同意就点下面的按钮：\n“{words}”\n"
    "有危险的话不用等，马上打 110、119、120，也可以打 12355。"
)
GUARDIAN_WAITS = (
    "等爸爸妈妈或者别的监护人看过上面那句话，点一下「我是家长，同意」，我们就接着说。\n"
    "着急的事，请身边的大人打 12345；有危险打 110、119、120。"
)
GUARDIAN_YES = "我是家长，同意"
GUARDIAN_KEPT = "谢谢家长。孩子说过的，家长随时可以发「我的信息」查看、修改或者删除。现在请把事情说一遍："
GUARDIAN_FIRST = "改信息要请家长先同意，请家长点上面的「我是家长，同意」。"

JOINED = "您和邻居一起反映的，"
MY_COPY = "这是您在我这里的全部内容（{day}）："
NO_MORE = "就这些，没有别的了。"
