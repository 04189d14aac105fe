"""Acting on the staff pages: each step is what the button in chat does; legal questions are answered there too."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Connection, func, select
from starlette.testclient import TestClient

from bot.console.cases import offered
from flows.domain.case import Action, Event, Role, apply
from storage import cases, threads
from storage.tables import audit
from tests.web.office import Office, csrf

# -- acting -----------------------------------------------------------------------------------------------------------


def act(client: TestClient, path: str, **fields: Any) -> Any:
    return client.post(f"{path}/act", data={"csrf": csrf(client.get(path).text), **fields}, follow_redirects=True)


def test_a_step_is_what_the_button_in_chat_does(office: Office) -> None:
    client = office.sign_in(office.house.hire("甲", ("community_staff", office.areas["home"], None)))
    page = act(client, f"/staff/cases/{office.case}", action="reject", note=" 不归我们管 ")
    assert "已记下" in page.text
    ((_, action, args, note),) = office.house.desk.acts
    assert (action, args, note) == ("case.reject", {"case": office.case}, "不归我们管")


def move(conn: Connection, case: int, kind: str, staff: int, data: Mapping[str, Any], now: datetime) -> None:
    before = cases.load(conn, case)
    event = Event(before.version + 1, kind, now, f"staff:{staff}" if staff else "person:1", data)
    cases.append(conn, before, event, apply(before, event))


def test_what_was_typed_for_a_refused_step_stands_there_still(office: Office) -> None:
    with office.house.database.write() as conn:
        move(conn, office.case, "take", office.worker, {"owner": office.worker}, office.house.clock())
    office.house.desk.refusal = "请再写一句下一步怎么办。"
    client = office.sign_in(office.worker)
    page = act(client, f"/staff/cases/{office.case}", action="resolve", ending="impossible", note="等明年改造").text
    assert "请再写一句下一步怎么办。" in page and ">等明年改造</textarea>" in page
    assert 'value="impossible" required checked' in page and page.count("<details open>") == 1


def test_what_the_owner_asked_and_was_told_is_read_whole_by_nobody_else(office: Office) -> None:
    with office.house.database.write() as conn:
        for kind, actor, data in (
            ("take", office.worker, {"owner": office.worker}),
            ("suspend", office.worker, {"note": "是3单元几楼"}),
            ("add", 0, {"note": "三楼和四楼都不亮", "asked": True}),
        ):
            move(conn, office.case, kind, actor, data, office.house.clock())
    mine = office.sign_in(office.worker).get(f"/staff/cases/{office.case}").text
    assert "是3单元几楼" in mine and "三楼和四楼都不亮" in mine
    other = office.house.hire("甲", ("grid_leader", office.areas["g1"], None))
    seen = office.sign_in(other).get(f"/staff/cases/{office.case}").text
    assert "某楼和某楼都不亮" in seen and "三楼" not in seen and "3单元" not in seen


def test_what_was_asked_for_stands_out_before_what_one_also_may(office: Office) -> None:
    with office.house.database.write() as conn:
        move(conn, office.case, "take", office.worker, {"owner": office.worker}, office.house.clock())
    client = office.sign_in(office.house.hire("乙", ("community_staff", office.areas["home"], None)))
    standing_out = r'class="(?:main|next)"[^>]*>([^<]+)<'
    assert re.findall(standing_out, client.get(f"/staff/cases/{office.case}").text)[0] == "办结"
    with office.house.database.write() as conn:
        move(conn, office.case, "ask_time", office.worker, {"days": 3, "note": "等配件"}, office.house.clock())
    page = client.get(f"/staff/cases/{office.case}").text
    assert re.findall(standing_out, page)[0] == "同意延期" and 'class="next">办结' not in page


def test_who_may_call_out_is_not_asked_to_ask_for_it(office: Office) -> None:
    with office.house.database.write() as conn:
        move(conn, office.case, "take", office.worker, {"owner": office.worker}, office.house.clock())
        case = cases.load(conn, office.case)
    mine, above = offered(case, frozenset({Role.OWNER})), offered(case, frozenset({Role.SUBDISTRICT}))
    assert mine[:2] == [Action.RESOLVE, Action.NOTE] and Action.ASK_CALL in mine
    assert Action.CALL_OUT in above and Action.ASK_CALL not in above


@pytest.mark.parametrize(
    ("fields", "args"),
    [
        ({"action": "resolve", "ending": "settled", "note": "好了"}, {"ending": "settled"}),
        (
            {"action": "resolve", "ending": "impossible", "next_step": " 列入计划 "},
            {"ending": "impossible", "next_step": "列入计划"},
        ),
        ({"action": "ask_time", "days": "7", "note": "等料"}, {"days": 7}),
        ({"action": "ask_time", "days": "x"}, {}),
        ({"action": "assign", "owner": "7"}, {"owner": 7}),
        ({"action": "assign", "owner": "x"}, {}),
        ({"action": "call_out", "departments": "城管， 物业,,"}, {"departments": ["城管", "物业"]}),
    ],
)
def test_what_a_step_takes_along(office: Office, fields: dict[str, str], args: dict[str, Any]) -> None:
    client = office.sign_in(office.worker)
    act(client, f"/staff/cases/{office.case}", **fields)
    assert office.house.desk.acts[0][2] == {"case": office.case, **args}


def test_a_form_of_another_session_is_refused(office: Office) -> None:
    client = office.sign_in(office.worker)
    foreign = csrf(office.sign_in(office.worker).get(f"/staff/cases/{office.case}").text)
    for token in ("", "x", foreign):
        answer = client.post(f"/staff/cases/{office.case}/act", data={"csrf": token, "action": "take"})
        assert answer.status_code == 403
    assert not office.house.desk.acts


def test_nobody_acts_on_what_they_cannot_see(office: Office) -> None:
    client = office.sign_in(office.worker)
    token = csrf(client.get(f"/staff/cases/{office.case}").text)
    for path in (f"/staff/cases/{office.other_case}/act", f"/staff/threads/{office.thread}/act"):
        assert client.post(path, data={"csrf": token, "action": "take"}).status_code == 404
    assert not office.house.desk.acts


def test_a_link_cannot_put_words_on_the_page(office: Office) -> None:
    client = office.sign_in(office.worker)
    assert "您被停职" not in client.get("/staff?said=您被停职").text


# -- legal questions --------------------------------------------------------------------------------------------------


def takes(office: Office, guide: int) -> None:
    """The guide has said that there is no conflict of interest."""
    with office.house.database.write() as conn:
        threads.change(conn, office.thread, 1, office.house.clock(), state="claimed", owner_id=guide)


def test_the_question_is_shown_to_who_took_it_and_never_who_asked(office: Office) -> None:
    hired = office.house.hire("尤阿姨", ("legal_guide", office.areas["home"], None))
    guide = office.sign_in(hired)
    for path in ("/staff/queue/legal", f"/staff/threads/{office.thread}"):
        page = guide.get(path).text
        assert "L260302-1" in page
        assert "老板拖欠工资" not in page and "第五十条" not in page
    takes(office, hired)
    page = guide.get(f"/staff/threads/{office.thread}").text
    assert "老板拖欠工资" in page and "第五十条" in page
    assert "13812345678" not in page


def test_once_taken_only_its_owner_sees_it_and_overseers_see_how_many_wait(office: Office) -> None:
    takes(office, office.house.hire("尤阿姨", ("legal_guide", office.areas["home"], None)))
    other = office.sign_in(office.house.hire("施", ("legal_guide", office.areas["home"], None)))
    overseer = office.sign_in(office.house.hire("督", ("supervisor", office.areas["home"], None)))
    for client in (other, overseer):
        assert "L260302-1" not in client.get("/staff/queue/legal").text
        assert client.get(f"/staff/threads/{office.thread}").status_code == 404
    assert "0件待接，1件在答" in overseer.get("/staff/queue/legal").text
    assert "尤阿姨（法律明白人）1件" in overseer.get("/staff/queue/legal").text
    assert "件在答" not in other.get("/staff/queue/legal").text


@pytest.mark.parametrize(("role", "where"), [("mediator", "home"), ("legal_guide", "far"), ("grid_worker", "g1")])
def test_others_do_not_see_it(office: Office, role: str, where: str) -> None:
    client = office.sign_in(office.house.hire("甲", (role, office.areas[where], None)))
    assert "L260302-1" not in client.get("/staff/queue/legal").text
    assert client.get(f"/staff/threads/{office.thread}").status_code == 404


def test_an_answer_goes_through_the_desk(office: Office) -> None:
    hired = office.house.hire("尤阿姨", ("legal_guide", office.areas["home"], None))
    takes(office, hired)
    guide = office.sign_in(hired)
    act(guide, f"/staff/threads/{office.thread}", action="reply", text="先去劳动监察投诉。")
    ((_, action, args, note),) = office.house.desk.acts
    assert (action, args["thread"], note) == ("thread.reply", office.thread, "先去劳动监察投诉。")


def test_a_doubtful_citation_is_asked_back_and_sent_only_then(office: Office) -> None:
    hired = office.house.hire("尤阿姨", ("legal_guide", office.areas["home"], None))
    takes(office, hired)
    guide = office.sign_in(hired)
    path = f"/staff/threads/{office.thread}"
    page = act(guide, path, action="reply", text="看民法典第九千条。")
    assert "《民法典》第九千条不存在。" in page.text and "看民法典第九千条。</textarea>" in page.text
    assert not office.house.desk.acts
    act(guide, path, action="reply", text="看民法典第九千条。", anyway="1")
    assert office.house.desk.acts[0][2]["anyway"] is True


def answered_and_over(office: Office, guide: int) -> None:
    with office.house.database.write() as conn:
        threads.change(conn, office.thread, 1, office.house.clock(), state="claimed", owner_id=guide)
        threads.add_line(conn, office.thread, "staff", "三个月内可以不签。", office.house.clock())
        threads.change(conn, office.thread, 2, office.house.clock(), state="closed")


def test_an_answer_is_corrected_after_the_end_its_citations_checked(office: Office) -> None:
    hired = office.house.hire("尤阿姨", ("legal_guide", office.areas["home"], None))
    answered_and_over(office, hired)
    guide = office.sign_in(hired)
    path = f"/staff/threads/{office.thread}"
    assert "更正这条" in guide.get(path).text and 'value="reply"' not in guide.get(path).text
    page = act(guide, path, action="correct", answer="0", text="看民法典第九千条。")
    assert "《民法典》第九千条不存在。" in page.text and "看民法典第九千条。</textarea>" in page.text
    act(guide, path, action="correct", answer="0", text="满一个月就要签。")
    ((_, action, args, note),) = office.house.desk.acts
    assert (action, args["answer"], note) == ("thread.correct", 0, "满一个月就要签。")


def test_a_colleague_finds_what_has_ended_by_its_number_and_sees_no_word_of_it_before(office: Office) -> None:
    answered_and_over(office, office.house.hire("尤阿姨", ("legal_guide", office.areas["home"], None)))
    other = office.sign_in(office.house.hire("施", ("legal_guide", office.areas["home"], None)))
    assert "L260302-1" not in other.get("/staff/queue/legal").text
    assert "L260302-1" in other.get("/staff/queue/legal?number=l260302-1").text
    page = other.get(f"/staff/threads/{office.thread}").text
    assert "无利害关系，看并更正" in page and "更正这条" not in page
    assert "三个月" not in page and "老板拖欠工资" not in page
    far = office.sign_in(office.house.hire("远", ("legal_guide", office.areas["far"], None)))
    assert "没有找到这个编号" in far.get("/staff/queue/legal?number=L260302-1").text


def test_reading_a_question_leaves_a_trace(office: Office) -> None:
    guide = office.sign_in(office.house.hire("尤阿姨", ("legal_guide", office.areas["home"], None)))
    guide.get(f"/staff/threads/{office.thread}")
    with office.house.database.read() as conn:
        count = conn.execute(select(func.count()).where(audit.c.action == "read_thread")).scalar_one()
    assert count == 1
