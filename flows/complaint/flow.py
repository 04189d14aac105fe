"""The complaint conversation: what, which service, where, contact, photo, confirm; and the resident's own cases."""

from __future__ import annotations

from dataclasses import replace

from flows.complaint import about, asking, asking_time, desks, elsewhere, happened, kind, rights, texts, together
from flows.complaint.after import afterwards, photo_of_it
from flows.complaint.asking import asks
from flows.complaint.between import between
from flows.complaint.filing import FILE
from flows.complaint.handling import FLOWS as STAFF_FLOWS
from flows.complaint.locate import place_text, where
from flows.complaint.opening import described, opened
from flows.complaint.own import FLOWS as OWN_FLOWS
from flows.complaint.own import amend, asked_after, my_cases, nudge, rate, withdraw
from flows.complaint.phone import number_and_hint
from flows.complaint.rules import OTHER, masked, meant_by, service_of
from flows.effects import Consent, Effect, KeepPersonal, Say
from flows.flow import Answers, Ask, Choice, Flow, Outcome, Sense, State, Turn
from nlu.script import kept

ON = ("确认", "确定", "提交", "登记", "直接登记", "就这样", "就这些", "没了", "继续", "下一步", "好了")  # goes past it
SKIP = Choice("", "不留", ("随便", "都行", "无所谓", *ON), Sense.NOTHING)
NO_PHOTO = Choice(
    asking.NO_PHOTO,
    "没有照片",
    ("拍不了", "手机拍不了", "拍不到", "拍不清", "拍不清楚", "发不了", "不会发", *ON),
    Sense.NOTHING,
)
PHONE_TEXT = "phone-1"  # version of ASK_PHONE: what the resident agreed to


def _summary(answers: Answers, turn: Turn) -> str:
    if not together.alone(answers, turn):  # agreed to by a press already
        return ""
    photos = answers.get("photos")
    plain = texts.CONFIRM
    if asks(answers, turn):
        plain = texts.QUESTION_CONFIRM_AT if place_text(answers, turn) else texts.QUESTION_CONFIRM
    number, hint = number_and_hint(answers["phone"])
    phone = texts.PHONE_KEPT.format(phone=masked(number)) + (f"，{hint}" if hint else "") if number else "不留"
    return plain.format(
        service=service_of(turn.facts, answers["service"]).name,
        description=kept(described(answers, turn)),
        when=happened.line(answers, turn),
        place=kept(place_text(answers, turn)),
        phone=phone,
        photos=f"{len(photos)}张" if isinstance(photos, list) else "没有",
    )


def _finish(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    known = together.agreed(answers, turn)
    if known and known.relation != "neighbours":
        return together.again(known, answers)
    told = opened(answers, turn)
    if known:
        return (replace(told, joins=known.case, receipt=texts.TOGETHER_RECEIPT),)
    if not answers["phone"]:
        return (told,)
    number, hint = number_and_hint(answers["phone"])
    if hint:
        told = replace(told, description=f"{told.description}\n（电话：{hint}）")
    kept_phone = KeepPersonal(turn.person, "phone", number)
    return (Consent(turn.person, "phone", PHONE_TEXT), kept_phone, replace(told, reachable=True))


def _between(state: State, turn: Turn) -> Outcome | None:
    return between(FLOW, state, turn)


def _instead(state: State, turn: Turn) -> Outcome | None:
    if photo := photo_of_it(state, turn):
        return photo
    if not elsewhere.told(turn):
        return asked_after(state, turn)
    told = asking.first_description(turn, {})
    return elsewhere.ended(replace(state, answers={"description": told} if told else {}), turn)


def _keeps(answers: Answers, turn: Turn) -> Answers:
    """What a question of law right afterwards may be about (他不承认咋办)."""
    return {"told": str(answers["description"]["text"])[:500], "area": where(answers, turn)[0]}


def _goes_on(turn: Turn, before: Answers) -> Answers | Say | None:
    return elsewhere.after_all(turn, before) or desks.further(turn, before) or afterwards(turn, before)


FLOW = Flow(
    name="complaint",
    title="登记诉求",
    intents=frozenset({"report_problem", "case_status", "nudge_case"}),
    needs=frozenset({"my_cases", "phone", "places"}),
    asks=(
        Ask(
            "description",
            asking.ask_description,
            asking.typed_description,
            fill=asking.first_description,
            name="情况",
            also=("内容", "描述"),
            free=True,
            drops=("service", "about", "together", "when"),
        ),
        Ask(
            "service",
            texts.ASK_SERVICE,
            kind.service,
            choices=kind.services,
            fill=kind.fill_service,
            name="类别",
            also=("分类", "类型"),
            drops=("together",),
            falls_to=OTHER,
        ),
        Ask(
            "place",
            texts.ASK_PLACE,
            asking.place,
            fill=asking.fill_place,
            name="位置",
            also=("地址", "地点", "地方"),
            free=True,
            late=True,
            beside=rights.law_first,
        ),
        Ask("which", asking.ask_which, asking.which, choices=asking.candidates, when=asking.several, falls_to="0"),
        Ask(
            "community",
            texts.ASK_COMMUNITY,
            asking.community,
            choices=asking.communities,
            when=asking.anywhere,
            falls_to="0",
        ),
        Ask("about", about.question, choices=about.choices, when=about.asked),
        Ask(
            "together",
            together.question,
            choices=together.choices,
            when=together.offered,
            falls_to=together.NEW,
            looked=True,
        ),
        Ask(
            "when",
            asking_time.question,
            asking_time.parse,
            choices=asking_time.choices,
            when=asking_time.matters,
            fill=asking_time.fill,
            name="时间",
            also=("时候", "几点", "日期", "哪天"),
            free=True,
            late=True,
            again=asking_time.doubted,
            falls_to=asking_time.UNSURE.key,
        ),
        Ask(
            "phone",
            texts.ASK_PHONE,
            asking.phone,
            choices=lambda _a, t: (asking.only(SKIP, t, asking.OF_PHONES, asking.OF_PHOTOS),),
            when=together.alone,
            fill=asking.fill_phone,
            name="电话",
            also=("手机", "号码"),
            late=True,
            falls_to=SKIP.key,
        ),
        Ask(
            "photos",
            texts.ASK_PHOTO,
            asking.photo,
            choices=lambda _a, t: (asking.only(NO_PHOTO, t, asking.OF_PHOTOS, asking.OF_PHONES),),
            when=lambda a, t: together.alone(a, t) and not asks(a, t),
            fill=asking.fill_photos,
            name="照片",
            also=("图片", "相片"),
            late=True,
            falls_to=NO_PHOTO.key,
        ),
    ),
    confirm=_summary,
    finish=_finish,
    look=together.look,
    ahead=True,
    instead=_instead,
    keeps=_keeps,
    goes_on=_goes_on,
    otherwise=_between,
    entries={
        "case_status": my_cases,
        "nudge_case": nudge,
        "withdraw_case": withdraw,
        "rate_case": rate,
        "amend_case": amend,
        desks.INTENT: desks.answer,
    },
    words=meant_by,
)
FLOWS = (FLOW, FILE, *OWN_FLOWS, *STAFF_FLOWS)
