"""Households behind the effects: codes are given, one leaves, one moves, staff look at entries."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from bot import pictures
from bot.bank import MAKERS, new_month, roles_over, zone_of
from bot.hourpoints import tell
from bot.world import World
from flows import effects as fx
from flows.domain.proposal import OFFICE, SECONDS, Proposal, State
from flows.errors import NotAllowed, Suspicious
from flows.points import panel, texts
from flows.points import panel_texts as words
from flows.points.flow import LINES, earlier
from flows.points.notice import masked
from storage import (
    codes,
    community,
    guesses,
    households,
    ledger,
    points,
    points_public,
    proposals,
    shop,
    totals,
)
from storage.households import Household

if TYPE_CHECKING:
    from bot.effects import Here
    from storage.people import Staff

CODE_LIVES = timedelta(days=7)


# -- households -------------------------------------------------------------------------------------------------------


def give_code(conn: Connection, world: World, here: Here, wanted: fx.GiveHouseholdCode) -> list[fx.Effect]:
    """A code for one more member, told to the member of staff. Raises NotAllowed."""
    home = _in_my_area(conn, world, here, wanted.household)
    if not households.may_have_code(conn, home.id, here.now):
        raise NotAllowed("这一户今天发的绑定码已经够多了，请明天再发。")
    plain = codes.issue(
        conn, kind="household", subject={"household": home.id}, now=here.now, lifetime=CODE_LIVES, digits=8
    )
    told = wanted.receipt.replace("{code}", plain)
    trace = fx.Audit(here.actor, "points.code", {"household": home.id})
    return [trace, fx.Say(told) if here.chat else fx.Notice(told)]  # without a chat: from the staff page


def _in_my_area(conn: Connection, world: World, here: Here, household: int) -> Household:
    home = households.get(conn, household)
    if not roles_over(conn, world, here.staff, home.area) & OFFICE:
        raise Suspicious(words.OUTSIDE, "points.outside", {"household": household})
    return home


def leave(conn: Connection, here: Here, person: int) -> list[fx.Effect]:
    """A member leaves; the others hear that somebody did, not who."""
    left = households.leave(conn, person, here.now)
    if left is None:
        return []
    trace = fx.Audit(here.actor, "points.left", {"household": left, "person": person})
    return [trace, *tell(conn, households.get(conn, left), words.MEMBER_LEFT)]


def move(conn: Connection, world: World, here: Here, wanted: fx.MoveHousehold) -> list[fx.Effect]:
    """A household moves to another community with its points."""
    home = _in_my_area(conn, world, here, wanted.household)
    balance = households.move(conn, home.id, wanted.area, by=here.actor, now=here.now)
    name = world.known(conn).places.place(wanted.area).name
    trace = fx.Audit(here.actor, "points.moved", {"household": home.id, "from": home.area, "to": wanted.area})
    return [trace, *tell(conn, home, words.MOVED_HOUSEHOLD.format(community=name, balance=balance))]


# -- what staff and members look at -----------------------------------------------------------------------------------


def entries(conn: Connection, world: World, here: Here, household: int) -> list[fx.Effect]:
    """What can be corrected of a household, each with a button."""
    home = _in_my_area(conn, world, here, household)
    zone = zone_of(conn, world, home.area)
    found = [e for e in proposals.correctable(conn, home) if e.key.startswith(MAKERS)]
    rows = tuple(
        (
            fx.Option(
                words.ENTRY.format(
                    day=texts.day(e.at, zone),
                    sign="加" if e.points > 0 else "扣",
                    points=abs(e.points),
                    memo=e.memo[:12],
                ),
                "proposal.correct",
                {"home": home.id, "transfer": e.id},
            ),
        )
        for e in found
    )
    text = words.ENTRIES if rows else words.NO_ENTRIES
    trace = fx.Audit(here.actor, "points.read", {"household": home.id})
    return [trace, fx.Say(text.format(name=home.name), options=rows)]


def undecided(conn: Connection, staff: Staff) -> list[Proposal]:
    """What a member of staff may decide: proposals as the second person, appeals as one of the panel."""
    second = [r.area for r in staff.roles if r.role in SECONDS]
    judge = [r.area for r in staff.roles if r.role == "points_panel"]
    proposed = proposals.undecided(conn, second, (State.PROPOSED,), 8)
    return proposed + proposals.undecided(conn, judge, (State.APPEALED,), 8)


def pending(conn: Connection, here: Here) -> list[fx.Effect]:
    """What waits for the member of staff here, each with its buttons."""
    found = undecided(conn, here.staff) if here.staff else []
    if not found:
        return [fx.Say(words.NONE_PENDING)]
    cards = [fx.Say(panel.review(p), options=panel.buttons(p)) for p in found]
    return [fx.Say(words.PENDING.format(count=len(found))), *cards]


def receipt(conn: Connection, world: World, here: Here, kept: fx.Reserve, code: str) -> fx.Say:
    """What was reserved, with its code in digits and as a QR to be read by the shopkeeper's phone."""
    photo = pictures.keep(conn, world.data_dir, pictures.qr(code), here.now)
    return fx.Say(kept.receipt.replace("{code}", code), fx.Privately(kept.person), photo=photo)


def show_codes(conn: Connection, world: World, here: Here, household: int) -> list[fx.Effect]:
    """The codes of what waits to be collected, said privately to the member who asks."""
    if here.person is None or here.person not in households.members(conn, household):
        raise Suspicious(words.NOT_BOUND, "points.codes_outside", {"household": household})
    zone = zone_of(conn, world, households.get(conn, household).area)
    lines = [
        texts.CODE_LINE.format(title=view.title, code=code, shop=counter, day=texts.day(view.expires_at, zone))
        for view, code, counter in shop.codes_of(conn, household, here.now)
    ]
    text = texts.CODES.format(lines="\n".join(lines)) if lines else texts.MINE_NONE
    return [fx.Say(text, fx.Privately(here.person))]


def statement(conn: Connection, world: World, here: Here, household: int, before: int) -> list[fx.Effect]:
    """Earlier entries, said privately to a member."""
    home = _mine(conn, here, household)
    lines = points.statement(conn, home.account, before)
    text = texts.statement(lines[:LINES], zone_of(conn, world, home.area))
    return [fx.Say(text, _privately(here), options=earlier(lines))]


def _mine(conn: Connection, here: Here, household: int) -> Household:
    """The household, if the person here belongs to it. Raises NotAllowed."""
    if here.person is None or here.person not in households.members(conn, household):
        raise Suspicious(words.NOT_BOUND, "points.outside", {"household": household})
    return households.get(conn, household)


def _privately(here: Here) -> fx.Privately:
    assert here.person is not None
    return fx.Privately(here.person)


def join_ranking(conn: Connection, here: Here, household: int, on: bool) -> list[fx.Effect]:
    """A member agrees for the household, or takes it back; the text they agreed to has a version."""
    _mine(conn, here, household)
    points_public.rank(conn, household, on)
    assert here.person is not None
    agreed = fx.Consent(here.person, "ranking", "1") if on else fx.WithdrawConsent(here.person, "ranking")
    return [agreed, fx.Audit(here.actor, "points.ranking", {"household": household, "on": on})]


def ranking(conn: Connection, world: World, here: Here, household: int) -> list[fx.Effect]:
    """The ten first and one's own place, among those who agreed; ties share a rank."""
    home = _mine(conn, here, household)
    community = world.community_of(conn, home.area)
    if community is None or not home.ranked:
        return []
    found = totals.ranking(conn, community.id, f"{here.now.astimezone(community.zone):%Y}", home.id)
    ahead = {one.points: place for place, one in reversed(list(enumerate(found.first, 1)))}  # ties share a rank
    lines = [
        texts.RANK_LINE.format(
            rank=ahead[one.points], name="您家" if one.household == home.id else masked(one.name), points=one.points
        )
        for one in found.first
    ]
    own = texts.RANK_OWN.format(rank=found.place, points=found.own) if found.place else texts.RANK_NONE
    head = texts.RANKING.format(community=community.name, count=found.count, lines="\n".join(lines)) if lines else ""
    return [fx.Say(f"{head}\n{own}".strip(), _privately(here))]


def gift_code(conn: Connection, here: Here, household: int) -> list[fx.Effect]:
    """A code by which another household may send points to this one, for a day."""
    _mine(conn, here, household)
    if not households.may_have_code(conn, household, here.now):
        raise NotAllowed("您家今天要的码已经够多了，请明天再来。")
    subject = {"household": household}
    plain = codes.issue(conn, kind="gift", subject=subject, now=here.now, lifetime=timedelta(days=1), digits=8)
    return [fx.Say(texts.GIFT_CODE.format(code=plain), _privately(here))]


def gifts_cap(conn: Connection, area: int) -> int | None:
    """How many points a household may give others in a month; None: its community has no gifts."""
    said = community.options(conn, area).get("points") or {}
    return int(said["gifts_per_month"]) if said.get("gifts_per_month") else None


def send_gift(conn: Connection, world: World, here: Here, gift: fx.SendGift) -> list[fx.Effect]:
    """Points for another household, up to the month's cap. Raises NotAllowed."""
    ledger.hold(conn)
    home = _mine(conn, here, gift.household)
    cap = gifts_cap(conn, home.area)
    if cap is None:
        raise NotAllowed(texts.NO_GIFTS)
    assert here.person is not None
    if not guesses.allowed(conn, here.person, here.now):
        raise Suspicious(texts.GIFT_CODE_GONE, "points.gift_guessed", {"household": home.id})
    code = codes.find(conn, gift.code, kind="gift", now=here.now)
    if code is None:
        guesses.missed(conn, here.person, here.now)
        return [fx.Say(texts.GIFT_CODE_GONE)]
    other = households.get(conn, int(code.subject["household"]))
    if other.id == home.id:
        raise Suspicious(texts.GIFT_OWN, "points.gift_to_self", {"household": home.id})
    since = new_month(here.now, zone_of(conn, world, home.area))
    sent = points_public.gifts_since(conn, home.account, since)
    if sent + gift.points > cap:
        raise NotAllowed(texts.GIFT_CAPPED.format(cap=cap, sent=sent))
    codes.use(conn, code.id, here.now)
    got = texts.GIFT_GOT.format(points=gift.points, balance=ledger.balance(conn, other.account) + gift.points)
    left = ledger.balance(conn, home.account) - gift.points
    post = fx.PostTransfer(
        f"gift:{code.id}:{here.now:%Y%m%d%H%M%S}", home.account, other.account, gift.points, here.actor, "邻里赠送"
    )
    told = fx.Say(texts.GIFT_SENT.format(points=gift.points, balance=left))
    return [post, told, *tell(conn, other, got)]
