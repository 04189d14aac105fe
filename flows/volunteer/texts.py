"""What 小邻 says about volunteering: whole sentences, and how a shift is written down."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flows.domain.volunteering import SKILLS, labels
from flows.facts import ShiftView
from nlu.dates.spoken import NAMES

PICK = "谢谢您愿意出力！下面这些正在招人，想去哪一场？"
PICK_FITTING = "这几场合您的意，想去哪一场？"
PICK_OTHER = "您说的时间或活动眼下没有，正在招人的是这些，看看哪一场方便？"
PICK_CLASH = "这一场和您已经报名的「{title}」（{when}）时间撞上了，我先不给您报。别的还有这些，看看哪一场方便？"
PICK_ONLY_CLASH = (
    "眼下招人的活动，时间都和您已经报名的「{title}」（{when}）撞上了。想换的话，发「取消报名」先退掉那一场。"
)
MORE = "还有{count}场没列出来。说说哪天有空、想做什么，我帮您挑。"
NONE_OPEN = "谢谢您有这份心！眼下没有正在招人的活动。有了新活动，要我告诉您一声吗？"
ALL_MINE = "眼下招人的活动您都报上了，真好。有了新活动，要我告诉您一声吗？"
DONATE = "谢谢您的心意！捐钱捐物我这里还办不了，跟我说「人工」，我请社区的人和您接上头。"
TELL = "好的，记下了，一有新活动我就来告诉您。不想等了，跟我说「不用通知志愿活动」。"
NO_NEWS = "好的，有新活动不通知您了。想看的时候，跟我说「报名活动」就行。"
DONT_TELL = "好的。想看活动时，跟我说「报名活动」就行。"
NOT_FOUND = "没找到您说的这一场，请从上面选一个，或者说说哪天有空。"
SEVERAL = "合适的不止一场，请从上面选一个，回复序号也可以。"
CLASH = "这一场和您已经报名的「{title}」（{when}）时间撞上了，换一场吧。"
STARTED = "这一场已经开始，报不了名了，换一场吧。"
MINE_ALREADY = "这一场您已经报过名了，不用再报。"

NEEDS_SKILL = "「{title}」这个岗位需要会{skills}，您会吗？"
UNSKILLED = "那这一场先不报。别的活动也缺人，跟我说「报名活动」再看看。"
JOIN = "{detail}\n给您报名吗？"
AGES = "要年满{age}周岁，"
UNKNOWN_AGE = "「{title}」要年满{age}周岁。您还没登记过出生日期，先登记一下，再报这一场："
TOO_YOUNG = "「{title}」要年满{age}周岁，您还报不了这一场，看看别的好吗？"
CHILD = "带孩子来很好：大人报名，孩子由大人照看着来就行。孩子自己要记时长，先发「登记志愿者」，要监护人同意。"
COMPANION = "欢迎一起来！大人各报各的名，好留位子、上保险：请他也来跟我说一声。孩子由大人照看着来就行，不用报名。"
ELDER = "年纪大没关系，报名不设上限，身体吃得消就来，轻的活也有；哪场另有年龄要求，报的时候我会说。"
LATE = "晚到、早走都没关系，先跟组织的人说一声；到了照样签到，时长按实际的记。"
CHANGE_SHIFT = "可以换：先看看还有哪几场，报上合适的；原来那场记得退掉，好让别人补上。"
SEE_OTHERS = "看还有哪几场"
CANNOT_COME = "没关系。这次来不了，点「取消报名」，位子就让给别人；到时候要是又有空了，再报就行。"
RAIN = "改时间或者取消，组织的人一定，我马上在这里告诉您；没收到通知就照常。"
WILL_REMIND = "放心，快到时间我会在这里提醒您。"
TOLD_BELOW = "时间、地点和要做什么都写在下面；没写要带什么，人来就行。"
NOT_JOINED = "好，这次就不报了。以后想来，发「志愿活动」就行。"
NO_NEED = "报名不用填名字和电话，回「确认」就报上了。"
MINOR = "未满18岁也能来，要监护人同意：先发「登记志愿者」，我会问监护人的电话；有的活动有年龄要求。"
ADULTS = "（未满18周岁请先发「登记志愿者」，要监护人同意。）"
FIRST_TIME = "\n开证明、记名字要登记一下，发「登记志愿者」就行。"
JOIN_WAITING = "{detail}\n人已经满了，您可以先排队，排在第{turn}个。有人退出，就按先后补上。要排队吗？"
JOINED = "报好了！「{title}」，{when}，在{place}。{remind}来不了的话，跟我说「取消报名」。"
JOINED_REMIND = "到时候我会提醒您。"
QUEUED = "已经帮您排上队了：「{title}」，{when}。有了空位我马上告诉您；不想等了，跟我说「取消报名」。"
GONE = "真不巧，这一场刚刚停止报名了。跟我说「报名活动」，看看别的？"

PICK_MINE = "您想退哪一场？"
NOT_THAT = "您的报名里没有这一场，请从上面选一个。"
NONE_MINE = "您现在没有报名中的活动，不用退。想看看有什么活动，跟我说「报名活动」。"
LEAVE = "要退掉「{title}」（{when}，{place}）吗？退了以后，位子就让给别人了。"
LEAVE_QUEUE = "要退出「{title}」（{when}）的排队吗？"
SWAP = "想换时段，可以退掉这一场再报别的；和别人对换，点「找人替我或对换」。"
YES_LEAVE = "退掉"
NO_LEAVE = "先不退"
STAND_IN = "找人替我或对换"
STAND_IN_CODE = (
    "把这段话发给愿意接替您的人：\n"
    "请帮我接一场志愿活动「{title}」（{when}，{place}）。给小邻发「接班 {{code}}」就行。\n"
    "他接下之前，名单上还是您。想和您对换一场的，让他发「换班 {{code}}」，您点了同意才算。"
)
STANDING_IN = "{who}接替您去「{title}」（{when}）了，您不用去了。"
LATE_LEFT = "「{title}」（{when}）{who}刚刚退出，离开始不到{hours}小时。{next}"
NEXT_ASKED = "已经在问候补的人。"
NOBODY_NEXT = "没有候补的人。"
KEPT = "好的，没有退，名单上还有您。"
LEFT = "已经退了「{title}」（{when}）。谢谢您提前说一声，下次有空再来。"
LEFT_QUEUE = "好的，「{title}」不排队了。下次有空再来。"
ALREADY_LEFT = "这一场您已经不在名单上了，不用再退。"

RECORD = "您报名的活动：\n{lines}"
RECORD_NONE = "您现在没有报名中的活动。想看看有什么活动，跟我说「报名活动」。"

MOVED_UP = (
    "好消息：「{title}」空出一个位子，轮到您了！{when}，在{place}。您来吗？位子给您留到{until}，过时就让给后面的人。"
)
I_COME = "我来"
NOT_COMING = "来不了"
PASSED = "好的，「{title}」的位子让给后面的人了。谢谢您说一声，下次有空再来。"
LAPSED = "「{title}」的位子等不及，让给后面的人了。下次有空再来。"
TOO_LATE = "这个位子已经让给后面的人了，或者这一场取消了。看看别的？跟我说「报名活动」。"
REMIND_EVE = "明天有您报名的活动：「{title}」，{when}，在{place}。来不了的话，现在跟我说「取消报名」还来得及找人补上。"
REMIND_SOON = "提醒您：「{title}」今天{hour}开始，在{place}。辛苦您了，路上慢点。"
NEWS = "您上回等的志愿活动来了：\n{lines}\n想去就跟我说「报名活动」。"


def when(shift: ShiftView, zone: ZoneInfo) -> str:
    """3月7日周六 9:00—11:00."""
    return span(shift.starts_at, shift.ends_at, zone)


def span(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> str:
    start, end = starts_at.astimezone(zone), ends_at.astimezone(zone)
    until = hour(end) if end.date() == start.date() else f"{day(end)} {hour(end)}"
    return f"{day(start)} {hour(start)}—{until}"


def day(at: datetime) -> str:
    return f"{at.month}月{at.day}日周{NAMES[at.weekday()]}"


def hour(at: datetime) -> str:
    return f"{at.hour}:{at.minute:02d}"


def label(shift: ShiftView, zone: ZoneInfo) -> str:
    """A shift as a button: 敬老院理发 3月7日周六 9:00，差3人."""
    return f"{label_mine(shift, zone)}，{places(shift)}"


def label_mine(shift: ShiftView, zone: ZoneInfo) -> str:
    start = shift.starts_at.astimezone(zone)
    return f"{short(shift.title)} {day(start)} {hour(start)}"


def short(title: str) -> str:
    return title if len(title) <= 20 else f"{title[:19]}…"


def places(shift: ShiftView) -> str:
    left = shift.capacity - shift.taken
    return f"差{left}人" if left > 0 and not shift.waiting else "已满可排队"


def detail(shift: ShiftView, zone: ZoneInfo) -> str:
    lines = [f"「{shift.title}」", f"时间：{when(shift, zone)}", f"地点：{shift.place}"]
    if shift.about:
        lines.append(f"要做什么：{shift.about}")
    if shift.skills:
        lines.append(f"需要会：{labels(shift.skills, SKILLS)}")
    if shift.min_age:
        lines.append(f"年龄：{shift.min_age}周岁以上")
    if shift.risk:
        lines.append(f"请留意：{shift.risk}")
    lines.append(f"要{shift.capacity}人，已报{shift.taken}人")
    return "\n".join(lines)


def full(shift: ShiftView) -> str:
    """Below the detail in a group, where nobody is told their place: one can only queue; "" while there is room."""
    if shift.taken < shift.capacity and not shift.waiting:
        return ""
    return "已满，可以排队" + (f"，{shift.waiting}人在排队" if shift.waiting else "")


def needs_skill(shift: ShiftView) -> str:
    return NEEDS_SKILL.format(title=shift.title, skills=labels(shift.skills or (), SKILLS))


def filled(text: str, shift: ShiftView, zone: ZoneInfo, **more: object) -> str:
    """A text with the shift's title, time and place in it."""
    return text.format(title=shift.title, when=when(shift, zone), place=shift.place, **more)


def line(shift: ShiftView, zone: ZoneInfo) -> str:
    state = {"waiting": "，排队中", "offered": "，等您答复来不来"}.get(shift.mine or "", "")
    return f"· 「{shift.title}」，{when(shift, zone)}，{shift.place}{state}"
