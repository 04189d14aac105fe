"""A good answer becomes a guide: nothing personal in it, reviewed by another, citations right, for the next one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient

from bot.presses import Desk
from storage.tables import law_answer, staff
from tests.support.stage import Stage, on_stage, texts
from tests.web.house import House
from tests.web.office import csrf

QUESTION = "邻居家的公鸡每天凌晨打鸣，法律上能管吗"
ANSWER = (
    "张小凤您好，先商量；不成请居委会调解。《民法典》第二百八十八条要求相邻各方团结互助、公平合理。我电话13812345678"
)


@pytest.fixture
def stage() -> Iterator[Stage]:
    with on_stage() as found:
        found.report()  # so it is known where they live
        yield found


def drafted(stage: Stage) -> str:
    """A resident was helped, and the guide makes a draft of the answer; the draft."""
    stage.say("u1", QUESTION)
    stage.press("u1", next(label for label in stage.buttons("private:u1") if "找人" in label or "请人" in label))
    stage.press("b2", "无利害关系，接")
    stage.say("b2", ANSWER)
    stage.press("u1", "解决了")
    stage.press("u1", "有帮助")
    return texts(stage.press("b2", "整理成解答"), "private:b2")


def edits(stage: Stage, who: str, text: str) -> str:
    return texts(stage.say(who, text, reply_to=stage.last(f"private:{who}")["id"]), f"private:{who}")


def test_the_next_one_gets_it_with_the_kind_of_its_author(stage: Stage) -> None:
    draft = drafted(stage)
    assert "公鸡" in draft and "第二百八十八条" in draft
    assert "张小凤" not in draft and "13812345678" not in draft
    out = stage.press("b2", "提交复核")
    assert "请复核一条解答（法律明白人写的" in texts(out, "private:adviser")
    assert "公开" in texts(stage.press("adviser", "通过，公开"), "private:b2")
    said = texts(stage.say("u9", "请问邻居养的公鸡凌晨打鸣，法律上怎么规定的"), "private:u9")
    assert "先商量；不成请居委会调解" in said
    assert "法律明白人的解答，经另一位法律工作者复核" in said and "尤阿姨" not in said
    assert "公鸡" not in texts(stage.say("u8", "公司不签劳动合同违法吗，能要赔偿吗"), "private:u8")


def test_nothing_is_public_before_the_review(stage: Stage) -> None:
    drafted(stage)
    stage.press("b2", "提交复核")
    assert "先商量" not in texts(stage.say("u9", QUESTION), "private:u9")


def test_a_wrong_citation_is_mended_before_it_is_submitted(stage: Stage) -> None:
    drafted(stage)
    assert "能不能管" in edits(stage, "b2", "问：公鸡打鸣能不能管\n答：看民法典第9999条。")
    assert "第九千九百九十九条不存在" in stage.press("b2", "提交复核")[0]["text"]
    assert "第二百八十八条" in edits(stage, "b2", "看《民法典》第二百八十八条。")
    assert "已提交" in stage.press("b2", "提交复核")[0]["text"]


def test_a_reviewer_sends_it_back_with_a_reason(stage: Stage) -> None:
    drafted(stage)
    stage.press("b2", "提交复核")
    out = stage.say("adviser", "再写上找谁调解", reply_to=stage.last("private:adviser")["id"])
    assert "退回来了：再写上找谁调解" in texts(out, "private:b2")
    assert "还在作者手里改" in stage.press("adviser", "通过，公开")[0]["text"]
    assert "人民调解委员会" in edits(stage, "b2", "请人民调解委员会调解。")


def test_a_guide_whose_article_changed_is_not_shown(stage: Stage) -> None:
    drafted(stage)
    stage.press("b2", "提交复核")
    with stage.world.database.write() as conn:
        stage_marks = {"民法典第二百八十八条": "another text"}
    stage.press("adviser", "通过，公开")
    with stage.world.database.write() as conn:
        conn.execute(update(law_answer).values(cited=stage_marks))
    stage.world.law.shelf(None)  # type: ignore[attr-defined]  # what is kept is read anew
    assert "先商量" not in texts(stage.say("u9", QUESTION), "private:u9")


def test_who_was_not_helped_makes_no_guide(stage: Stage) -> None:
    stage.say("u1", QUESTION)
    stage.press("u1", next(label for label in stage.buttons("private:u1") if "找人" in label or "请人" in label))
    stage.press("b2", "无利害关系，接")
    stage.say("b2", ANSWER)
    stage.press("u1", "解决了")
    out = stage.press("u1", "没帮上")
    assert "整理成解答" not in str([line.get("choices") for line in out])


class Pages:
    """The staff pages of the program on the stage, as one member of staff after the other sees them."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        clock = lambda: stage.player.channel.now  # noqa: E731
        self.house = House(folder, clock, database=stage.world.database, desk=Desk(stage.world))

    def of(self, who: str) -> TestClient:
        with self.house.database.read() as conn:
            id = conn.execute(select(staff.c.id).where(staff.c.key == who)).scalar_one()
        client = TestClient(self.house.app, headers={"sec-fetch-site": "same-origin", "accept": "text/html"})
        assert client.post("/staff/signin", data={"code": self.house.sign_in_code(id)}).status_code == 200
        return client

    def act(self, who: TestClient, path: str, **fields: Any) -> str:
        data = {"csrf": csrf(who.get(path).text), **fields}
        return who.post(f"{path}/act", data=data, follow_redirects=True).text


def test_written_reviewed_and_taken_back_on_the_staff_pages(stage: Stage, tmp_path: Path) -> None:
    drafted(stage)
    pages = Pages(stage, tmp_path)
    author, adviser, other = pages.of("b2"), pages.of("adviser"), pages.of("w12")
    assert "公鸡" in author.get("/staff/guides").text
    assert "公鸡" not in adviser.get("/staff/guides").text  # not submitted yet
    path = "/staff/guides/1"
    assert other.get(path).status_code == adviser.get(path).status_code == 404
    wrong = {"question": "公鸡打鸣能管吗", "answer": "看《民法典》第九千条。"}
    assert "第九千条不存在" in pages.act(author, path, step="submit", **wrong)
    right = {"question": "公鸡打鸣能管吗", "answer": "先商量，看《民法典》第二百八十八条。我电话13812345678"}
    assert "已提交" in pages.act(author, path, step="submit", **right)
    page = adviser.get(path).text
    assert "引用的法条都对得上" in page and "13812345678" not in page
    assert "通过，公开" not in author.get(path).text  # nobody reviews their own
    assert "已退回" in pages.act(adviser, path, step="return", note="写上找谁调解")
    pages.act(author, path, step="submit", **right)
    assert "已公开" in pages.act(adviser, path, step="approve")
    question = "公鸡打鸣，法律上能管吗"
    assert "先商量" in texts(stage.say("u9", question), "private:u9")
    assert "已撤下" in pages.act(adviser, path, step="withdraw", note="说法过时")
    assert "先商量" not in texts(stage.say("u8", question), "private:u8")
    stage.tick("2026-01-05T12:00:00+08:00")
    assert "说法过时" in stage.shown("private:b2")[-1]
