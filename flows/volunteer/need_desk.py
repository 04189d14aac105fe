"""What follows when something needed is offered, promised, done, confirmed: who hears what, with which buttons."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flows.domain.volunteering import spoken
from flows.effects import Effect, Lane, Notice, Option, Privately, Recipient, Say
from flows.volunteer import texts
from flows.volunteer.roll import ORGANISERS

SOMEBODY = "一位志愿者"
OWN_WORK = "自己认领的不能自己确认，请别的同事来确认。"
NOT_OFFERED = "这一项没有问到您，或者已经有人接了。"
NOT_PROMISED = "这一项不是您认领的。"
OFFER = "有邻居想请志愿者帮忙：{title}{when}{about}\n您方便吗？接了以后才看得到地址。"
ACCEPT, DECLINE = "我来帮", "这次不行"
DECLINED = "好的，没关系，谢谢您。"
NOBODY = "有邻居请志愿者帮忙，问过的都没空，请您看看怎么安排：{title}{about}"
STILL = "附近的志愿者这会儿都没空，已经请社区的组织者来安排了，会有人联系您。"
TONIGHT = "夜里先不打扰大家，{hour}开始问志愿者。今晚就急用的话，跟我说「人工」。"
PROMISED = "谢谢您！「{title}」就交给您了。{address}办好了点「办好了」，去不了点「去不了」。"
ADDRESS = "地址：{address}（只告诉您，请不要转给别人）。"
DONE, GIVE_UP = "办好了", "去不了"
FOUND = "{who}接了您的「{title}」，会按约定的时间去。不用了就跟我说「人工」。"
TAKEN = "「{title}」有人认领了：{who}。"
GIVEN_UP = "「{title}」原来认领的人去不了，又空出来了。"
GIVEN_UP_ASKER = "原来接「{title}」的志愿者临时去不了，我马上再问别人。"
THANKS_GIVEN_UP = "好的，已经退了，谢谢您说一声。"
REPORTED = "「{title}」报完成了：{who}，用了{time}。属实的话请确认，时长就记上。"
CONFIRM, REFUSE = "属实，确认", "还没办好"
THANKS_DONE = "辛苦您了！组织者确认以后，时长就记上。"
ASKER_DONE = "{who}说您的「{title}」办好了。要是没有办好，跟我说「人工」。"
CONFIRMED = "确认好了，时长已经记上。"
REFUSED = "组织者看过「{title}」，觉得还没办好，请再看看，弄好了再点「办好了」。"
WITHDRAWN = "「{title}」不用办了，谢谢您。"
NO_NEED = "好的，已经撤下了。"


def offer(need: int, title: str, about: str, wanted_at: datetime | None, person: int, zone: ZoneInfo) -> Say:
    """A request, to one of the few; the address is not in it."""
    local = wanted_at.astimezone(zone) if wanted_at else None
    when = f"，{texts.day(local)} {texts.hour(local)}" if local else ""
    text = OFFER.format(title=title, when=when, about=f"（{about}）" if about else "")
    args = {"need": need}
    yes = Option(ACCEPT, "need.promise", args, person=person)
    no = Option(DECLINE, "need.decline", args, person=person)
    return Say(text, to=Privately(person), options=((yes, no),), lane=Lane.PUSH)


def declined() -> Say:
    return Say(DECLINED)


def nobody(title: str, about: str, to: Recipient) -> tuple[Effect, ...]:
    text = NOBODY.format(title=title, about=f"（{about}）" if about else "")
    return (Say(text, to=to, lane=Lane.PUSH),)


def still_looking(asker: int | None) -> tuple[Effect, ...]:
    return (Say(STILL, to=Privately(asker), lane=Lane.PUSH),) if asker else ()


def tonight(asker: int | None, until: datetime) -> tuple[Effect, ...]:
    """It is quiet till then (local): nobody is asked at night."""
    return (Say(TONIGHT.format(hour=texts.hour(until)), to=Privately(asker), lane=Lane.PUSH),) if asker else ()


def promised(need: int, title: str, address: str, who: str, asker: int | None, to: Recipient) -> tuple[Effect, ...]:
    """The one who promised gets the address; the neighbour, or the organiser, hears who comes."""
    where = ADDRESS.format(address=address) if address else ""
    done, back = (
        Option(label, action, {"need": need}) for label, action in ((DONE, "need.done"), (GIVE_UP, "need.give_up"))
    )
    mine = Say(PROMISED.format(title=title, address=where), options=((done, back),))
    if asker:
        return (mine, Say(FOUND.format(who=who, title=title), to=Privately(asker), lane=Lane.PUSH))
    return (mine, Say(TAKEN.format(title=title, who=who), to=to, lane=Lane.PUSH))


def own_steps(need: int) -> tuple[Option, Option]:
    """What the one who promised may do."""
    return Option(DONE, "need.done", {"need": need}), Option(GIVE_UP, "need.give_up", {"need": need})


def given_up(title: str, asker: int | None, to: Recipient) -> tuple[Effect, ...]:
    told = Say(GIVEN_UP_ASKER.format(title=title), to=Privately(asker), lane=Lane.PUSH) if asker else None
    return (Say(THANKS_GIVEN_UP), told or Say(GIVEN_UP.format(title=title), to=to, lane=Lane.PUSH))


def done(
    need: int, title: str, who: str, minutes: int, area: int, asker: int | None, to: Recipient
) -> tuple[Effect, ...]:
    args = {"need": need, "minutes": minutes}
    yes = Option(CONFIRM, "need.confirm", args, roles=ORGANISERS, area=area)
    no = Option(REFUSE, "need.refuse", args, roles=ORGANISERS, area=area)
    text = REPORTED.format(title=title, who=who, time=spoken(minutes))
    effects: tuple[Effect, ...] = (Say(THANKS_DONE), Say(text, to=to, options=((yes, no),), lane=Lane.PUSH))
    if asker:
        effects = (*effects, Say(ASKER_DONE.format(who=who, title=title), to=Privately(asker), lane=Lane.PUSH))
    return effects


def confirmed() -> Notice:
    return Notice(CONFIRMED)


def refused(title: str, person: int | None) -> tuple[Effect, ...]:
    told = (Say(REFUSED.format(title=title), to=Privately(person), lane=Lane.PUSH),) if person else ()
    return (*told, Notice(NO_NEED.replace("撤下", "退回")))


def withdrawn(title: str, person: int | None) -> tuple[Effect, ...]:
    told = (Say(WITHDRAWN.format(title=title), to=Privately(person), lane=Lane.PUSH),) if person else ()
    return (*told, Notice(NO_NEED))
