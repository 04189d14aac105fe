"""What staff ask of their work in a word or a question (待办, 今天有几件没办): the group's open cases, or one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import balances, calls, casework, discreet, figures, households, lookups, showing
from bot import shop as shop_desk
from bot.volunteering import ahead
from flows.complaint import digest
from flows.domain.thread import LEGAL
from flows.effects import Effect, Say
from flows.points import panel_texts
from flows.words import word
from nlu.late import regex
from storage import caselists, cases, colleagues, desk, desk_talk, people, shop
from storage.community import staff_for

if TYPE_CHECKING:
    from bot.turn import Scene

ALONE = frozenset({"待办", "工单", "任务", "我的待办", "我的任务", "待办工单", "在办"})  # asked without calling 小邻
ADMIN = "administrator"
AWAY = regex(
    r"(?:我|今天|明天|后天|这几天|最近|这周|下周|下个月|(?:周|星期)[一二三四五六日天]|[\d一二两三四五六七八九十]+[号日]|上午|下午|从|起|开始|想|要|得|准备|[,，])*"
    r"(?:请(?:个|[\d一二两三四五六七八九十半]+天)?[病事年婚产丧]?假|休[年病产婚]?假|出差|调个?班|调休|不值班|值不了班|不上班|不在(?:岗|单位|社区)?)"
    r"(?:[\d一二两三四五六七八九十半]+个?(?:天|周|星期|礼拜|月)|了|一下|怎么办|找谁|到[^,，]{1,8}|[^,，]{1,6}回来)?(?:[,，].{1,16})?"
)
GONE = regex(  # 我要离职了, 王晓敏调走了，她的单子怎么办
    r"(?:(?P<me>我)|(?P<who>[一-龥]{2,4}?))?(?:今天|明天|下周|下个?月|月底|这个?月|[\d一二三四五六七八九十]+[号月日]|要|准备|马上|已经|刚|就|快|[,，])*"
    r"(?:离职|辞职|退休|调走|调岗|调离|不干|调到.{1,8})(?:了|啦)?(?:[,，]?.{0,20})?"
)
ASKED = regex(
    r"(?:看看?|查|查一?下|请问)?(?:我|我们|咱们|本?网格|今天|现在|目前|手上|手头|手里|这边|还|都|一共)*(?:有)?"
    r"(?:(?:几件|哪些|多少件?|几个|几单)(?:诉求|工单|任务|案子|活|事)?(?:没办|在办|要办|没接|超时|待办|没办完)?(?:的|了|完|结)?"
    r"|(?:的)?(?:待办|工单|任务|在办)(?:的)?(?:有)?(?:几件|哪些|多少件?|什么|几个)?)(?:啊|呀|吗|呢)?"
)


def of_group(scene: Scene) -> list[Effect] | None:
    """The open cases of a staff group's area, or the card of one by its number; None where neither was asked."""
    if scene.staff is None or scene.chat.area is None:
        return None
    if scene.said.addressed and (found := lookups.NUMBER.fullmatch(word(scene.said.text))):
        return _card(scene, found[1])
    if not _asked(scene):
        return None
    conn, world, area = scene.conn, scene.world, scene.chat.area
    hidden = discreet.hidden(conn, world, area, scene.chat.id)
    cases = [c for c in _open(scene, caselists.open_in(conn, area)) if c.number not in hidden]
    return [Say(digest.work(cases, scene.now, casework.zone(conn, world, area)))]


def _card(scene: Scene, number: str) -> list[Effect]:
    """The card of a case of the group's area, said anew."""
    conn, area = scene.conn, scene.chat.area or 0
    row = next((one for one in caselists.open_in(conn, area) if one.number == number), None)
    case = cases.by_number(conn, number)
    if row is None or case is None or number in discreet.hidden(conn, scene.world, area, scene.chat.id):
        return [Say(digest.NO_SUCH)]
    return showing.anew_here(conn, scene.world, scene.now, case)


def told(scene: Scene) -> list[Effect] | None:
    """What a member of staff hears, in private, of their own work; None when they did not speak of it."""
    asked = of_one(scene) or lookups.told(scene) or balances.told(scene)
    return asked or away(scene) or gone(scene) or shop_desk.stock(scene)


def of_one(scene: Scene) -> list[Effect] | None:
    """The cases and talks a member of staff has in hand, the cases their department is called out to, what waits
    to be taken, and how it stands where they lead; None when that is not what was asked."""
    if scene.staff is None or not _asked(scene):
        return None
    zone = casework.zone(scene.conn, scene.world, None)
    cases = _open(scene, caselists.owned(scene.conn, scene.staff.id))
    parts = [digest.in_hand(cases, scene.now, zone)] if cases else []
    if found := calls.waiting(scene):
        rows = zip(_open(scene, [one.row for one in found]), found, strict=True)
        parts.append(digest.called([(case, one.here) for case, one in rows], scene.now, zone))
    if talks := digest.talks(desk_talk.in_hand(scene.conn, scene.staff.id)):
        parts.append(talks)
    shops = [post.department for post in scene.staff.roles if post.role == "shopkeeper" and post.department]
    if ready := [one for name in shops for one in shop.waiting_at(scene.conn, name, scene.now)]:
        parts.append(digest.TO_HAND_OUT.format(count=len(ready)))
    if decide := households.undecided(scene.conn, scene.staff):
        parts.append(panel_texts.TO_DECIDE.format(count=len(decide)))
    if agenda := ahead.work(scene.conn, scene.world, scene.staff, scene.now):
        parts.append(agenda)
    who = desk.member(scene.conn, scene.staff.id)
    if who and (waits := digest.waits(desk_talk.waits(scene.conn, who))):
        parts.append(waits)
    if who and any(post.role in figures.LEADING for post in who.posts):
        parts.append(digest.LED.format_map(desk.counts(scene.conn, who, scene.now)))
    return [Say("\n".join(parts) or digest.NOTHING_IN_HAND)]


def gone(scene: Scene) -> list[Effect] | None:
    """Somebody leaves for good, or a colleague did: who takes them off the list, and what becomes of their work; None
    when it is about nobody who works here."""
    found = GONE.fullmatch(word(scene.said.text)) if scene.staff and not scene.talk().get("flow") else None
    if scene.staff is None or found is None:
        return None
    if not found["me"] and not colleagues.named(scene.conn, found["who"] or ""):
        return None
    hands = digest.hands(len(caselists.owned(scene.conn, scene.staff.id)), []) if found["me"] else ""
    return [Say(digest.GONE.format(admin=_admins(scene)) + hands)]


def away(scene: Scene) -> list[Effect] | None:
    """请假, 出差, 明天不在: who changes the roster, and what is still in hand; None when that is not what was said, or
    only concerns legal questions, which have a leave of their own (bot/advising.py)."""
    if scene.staff is None or not says_away(scene) or all(post.role in LEGAL for post in scene.staff.roles):
        return None
    conn, staff = scene.conn, scene.staff
    hands = digest.hands(len(caselists.owned(conn, staff.id)), desk_talk.in_hand(conn, staff.id))
    return [Say(digest.AWAY.format(admin=_admins(scene)) + hands)]


def _admins(scene: Scene) -> str:
    """Who keeps the list of staff there, by name."""
    assert scene.staff
    conn, staff = scene.conn, scene.staff
    held = (one for post in staff.roles for one in staff_for(conn, post.area, ADMIN, scene.now, everyone=True))
    names = [one.name for one in people.staff_by_id(conn, list(held)) if one.id != staff.id]
    return "、".join(names[:2]) or digest.OFFICE


def says_away(scene: Scene) -> bool:
    """Whether a member of staff says that they will be away."""
    return not scene.talk().get("flow") and AWAY.fullmatch(word(scene.said.text)) is not None


def _asked(scene: Scene) -> bool:
    text = word(scene.said.text)
    called = scene.said.addressed or scene.said.private
    return text in ALONE or (called and ASKED.fullmatch(text) is not None)


def _open(scene: Scene, rows: list[caselists.Row]) -> list[digest.OpenCase]:
    return [
        digest.OpenCase(r.number, casework.title_of(scene.world, r.service), r.opened, r.due, r.owned, r.take_by)
        for r in rows
    ]
