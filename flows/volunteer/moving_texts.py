"""What 小邻 says when a shift gets another time: to the organiser, and to everybody on its list."""

from __future__ import annotations

ASK = (
    "「{title}」现在定在{when}。改到什么时候？比如「周日 9:00-11:00」；只换日子就发「周日」，只换钟点就发「下午2点」。"
)
SURE = "请核对：\n「{title}」\n原来：{was}\n改到：{when}\n{told}改吗？"
TOLD = "名单上的{count}人马上会收到通知，来不了的点一下就能退。"
TOLD_NOBODY = "还没有人报名。"
DONE = "改好了，名单上的{count}人都通知了，提醒也跟着改了。"
SAME = "和现在的时间一样，不用改。"
THERE_ALREADY = "这项活动在那个时间已经有一场了，换个时间吧。"
BEGUN = "已经有人签到了，这一场的时间改不了。要再办一场，点「新增班次」。"
NO_TIME = "开始和结束的时间都要填。"

MOVED = (
    "您报名的「{title}」改时间了：原来是{was}，现在改到{when}，还是在{place}。{clash}能来的话不用回，名单上还有您；"
    "来不了就点下面。"
)
MOVED_QUEUE = "您排队的「{title}」改时间了：原来是{was}，现在改到{when}，还是在{place}。{clash}还想排的话不用回。"
MOVED_OFFER = (
    "「{title}」改时间了：原来是{was}，现在改到{when}，还是在{place}。给您留的位子还在，您来吗？"
    "位子留到{until}，过时就让给后面的人。"
)
CLASH = "这个时间和您报的另一场撞上了，请看看去哪一场。"
LEAVE = "来不了，退掉"
LEAVE_QUEUE = "不排了"
