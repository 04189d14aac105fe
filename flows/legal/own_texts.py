"""What a resident reads about their own consultations: where they stand, and that one is taken back."""

from __future__ import annotations

OPEN = "法律咨询 {number}，{opened} 问的，还在等{who}来接。{when}{ahead}有了答复我马上发给您。"
AHEAD = "前面还有{count}件。"
TAKEN = "法律咨询 {number}，{who} {claimed} 接下了，还没有答复。{hurried}有了答复我马上发给您。"
MORE_ASKED = "法律咨询 {number}，{who} {answered} 答复过，您后来说的还没有回。{hurried}有了答复我马上发给您。"
HURRIED = "我会提醒他您在等。"
ANSWERED = "法律咨询 {number}，{who} {answered} 答复过您，就在上面。还不明白，直接接着问；清楚了就点「解决了」。"
CLOSED = "法律咨询 {number}，{who} {answered} 答复过您，{closed} 结束了。还有不明白的，直接再问就行。"
GONE = "法律咨询 {number}，{closed} 结束了，没有等到答复。还想问，直接再说一遍就行。"
PICTURE = (
    "照片我没有转给答您的人：上面可能看得出您是谁。请把要紧的几句打字发来；想让他看原件，点下面，把怎么联系您告诉他。"
)
NONE = "您没有在等答复的法律咨询。法律上的事直接说就行；反映过的问题，发「我的诉求」看进展。"
CASES_TOO = "反映过的问题，发「我的诉求」看进展。"
LET_BE = "好的，这件先不问了。有事随时叫我。"
WHICH = "您不想等哪一件了？点一下就撤回；不点，我就接着等。"
TAKE_BACK = "不用问了"
TAKE_BACK_ONE = "撤回咨询 {number}"
ASK_ANEW = "再问问"
