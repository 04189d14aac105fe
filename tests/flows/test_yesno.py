"""Yes and no as people say them."""

from __future__ import annotations

import pytest

from flows.choosing import pick
from flows.complaint.flow import NO_PHOTO, SKIP
from flows.complaint.together import NEW_WORDS, YES_WORDS
from flows.flow import EDIT, NO, YES, Choice, Sense
from tests.flows.test_kernel import turn as told

TOGETHER = (
    Choice("yes", "一起跟进", YES_WORDS, Sense.YES),
    Choice("new", "不是同一件，单独办", NEW_WORDS, Sense.NO),
)
AGREED = (
    "好 好的 好呀 好吧 好好好 嗯嗯 确认 一起 一起吧 可以 可以的 行 行吧 中 要得 那就一起吧 好，一起跟进吧 "
    "是的呢 对对 OK 没问题，谢谢 👌"
)
REFUSED = "不 不是 不是的 不用 不用了 不要 没有 没有啊 算了 不用，谢谢 那就不用了 單獨辦 不了不了 我不想 冇 唔使"
NEITHER = "不留 不给 不知道 不清楚 没看懂 不懂什么意思 是6号楼 不是，是6号楼的 可以不可以 好像是 行不行 为什么"
NOTHING = (
    "不 没 没有 不留 不想留 不想留电话 我没手机 不方便 不太方便留 跳过 算了 没有啊 暂时没有 不用，谢谢 没带手机 不给"
)
SOMETHING = "好 可以 不知道 为什么要留 没问题 没事 没听懂 139 有 怎么留呢"


@pytest.mark.parametrize("said", AGREED.split(" "))
def test_agreed(said: str) -> None:
    found = pick(TOGETHER, told(said))
    assert found and found.key == "yes"


@pytest.mark.parametrize("said", REFUSED.split(" "))
def test_refused(said: str) -> None:
    found = pick(TOGETHER, told(said))
    assert found and found.key == "new"


@pytest.mark.parametrize("said", NEITHER.split(" "))
def test_neither(said: str) -> None:
    assert pick(TOGETHER, told(said)) is None


@pytest.mark.parametrize("choice", [SKIP, NO_PHOTO], ids=("phone", "photo"))
@pytest.mark.parametrize("said", NOTHING.split(" "))
def test_nothing_to_give(choice: Choice, said: str) -> None:
    assert pick((choice,), told(said)) == choice


@pytest.mark.parametrize("said", SOMETHING.split(" "))
def test_no_refusal(said: str) -> None:
    assert pick((SKIP,), told(said)) is None


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        *((text, YES) for text in ("好的好的", "就这样吧", "谢谢啦", "发吧")),
        *((text, EDIT) for text in ("不对", "不是", "写错了")),
        *((text, NO) for text in ("不用", "不用了")),
        *((text, None) for text in ("先不确认", "不", "不是，是3号楼")),
    ],
)
def test_the_confirmation(said: str, meant: Choice | None) -> None:
    assert pick((YES, EDIT, NO), told(said)) == meant
