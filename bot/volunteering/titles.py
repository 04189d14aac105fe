"""A message that says the title of an activity near by is about volunteering."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows import subject
from flows.volunteer.words import about_an_activity
from flows.words import word
from nlu.late import regex
from nlu.normalize import normalize
from nlu.understanding import Understanding
from storage import volunteers

if TYPE_CHECKING:
    from bot.turn import Scene


ROLL = regex(  # 周六人够吗, 公园拔草报了几个人, 还差一个人怎么办
    r".{0,20}?(?:人(?:手)?(?:够|齐|满)(?:了)?(?:吗|没有?|不够)?|(?:够不够|够|齐)人(?:吗|没)?|(?:还)?(?:差|缺|少)(?:几|多少|[\d一二两三四五六七八九十]+)个?人?"
    r"|(?:都)?(?:有|报了?|来了?)(?:几|多少|哪些|谁)个?(?:人|志愿者)?(?:报名?|来|参加)?|人(?:手)?不够|缺人|没人报名?|名单|谁(?:还)?没(?:来|到)|(?:怎么|在哪里?)?确认(?:一下)?时长|的时长(?:记|算)?(?:错|不对)|下(?:大)?雨了?[,，]?(?:活动)?(?:要|得)?(?:取消|改期|不办))(?:了)?(?:怎么办|咋办)?[啊呀吗呢]?"
)


def _asks_of_shifts(scene: Scene, understood: Understanding) -> bool:
    """Whether somebody who organises volunteers asks how many have signed up."""
    roles = {held.role for held in scene.staff.roles} if scene.staff else set()
    if "volunteer_organiser" not in roles or understood.danger or scene.talk().get("flow"):
        return False
    return ROLL.fullmatch(word(scene.said.text)) is not None


def heard(scene: Scene, understood: Understanding) -> Understanding:
    """A sentence that says the title of an activity near by is about volunteering, whatever else it looks like."""
    text = scene.said.text.strip()
    if _asks_of_shifts(scene, understood):
        return understood.but(flow="volunteer", intent="organise", confidence=1.0)
    if not text or len(text) > 60 or understood.danger or scene.talk().get("flow"):
        return understood
    if understood.flow == "volunteer" and understood.confidence >= subject.VERY_SURE:
        return understood
    area = scene.chat.area or scene.person.area
    here = scene.world.community_of(scene.conn, area)
    known = volunteers.titles(scene.conn, scene.now, here.id if here else None)
    if not about_an_activity(normalize(text), known):
        return understood
    return understood.but(flow="volunteer", intent="join_activity", confidence=1.0)
