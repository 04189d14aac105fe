"""What 小邻 says about teams of volunteers."""

from __future__ import annotations

NONE = "这里还没有志愿队伍。想出力的话，跟我说「报名活动」。"
ALL_MINE = "这里的队伍您都在了。发「我的队伍」看看。"
REGISTER_FIRST = "队长要知道怎么称呼您，先登记一下，再发「加入队伍」："
MINE = "您在「{name}」，队长{leader}{about}"
LED = "您带的「{name}」有{count}人：{names}"
NOBODY = "还没有人"
OTHERS = "这里的队伍："
LINE = "· {name}（{count}人）{about}"
JOIN = "加入队伍"
NOT_IN_ANY = "您现在不在哪支队伍里，不用退。"
WHICH = "想加入哪支队伍？"
WHICH_LEAVE = "退出哪支队伍？"
WHICH_AGAIN = "没有这支队伍，请从上面选一支。"
THIS = "这支队伍"
CONFIRM = "加入「{name}」？队长会看到您登记的称呼；队里有新活动，我私下告诉您。"
CONFIRM_LEAVE = "退出「{name}」？以后队里的活动不再告诉您；已经报名的活动不变。"
JOINED = "您是「{name}」的一员了！队里有新活动，我第一时间告诉您。要退出发「退出队伍」。"
LEFT = "已经退出「{name}」。谢谢您一路同行。"
TOLD_LEADER = "{who}加入了「{name}」，现在一共{count}人。"
GONE = "这支队伍已经不在了，看看别的？发「我的队伍」。"
TEAM_NEWS = "「{name}」有新活动：{detail}"
WHOSE = "是哪支队伍的活动？"
NO_TEAM = "不是队伍的活动"


def about(text: str) -> str:
    return f"：{text}" if text else ""
