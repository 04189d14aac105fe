"""Rows of the effects on what is kept of a person, and what was done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from sqlalchemy import Connection

from bot import leaving, linking
from bot.world import World
from flows import effects as fx
from flows.errors import NotAllowed
from storage import audit, behalf, codes, households, people, personal, points

if TYPE_CHECKING:
    from bot.effects import Here


def write(conn: Connection, world: World, here: Here, effect: fx.PersonEffect) -> list[fx.Effect]:
    """Write one effect; what follows from it. Raises NotAllowed."""
    match effect:
        case fx.UseCode(code, person):
            use_code(conn, here, code, person)
        case fx.OfferLink():
            return linking.offered(conn, here, effect)
        case fx.LinkAccounts():
            return linking.linked(conn, here, effect)
        case fx.UnlinkAccount():
            return linking.unlinked(conn, here, effect)
        case fx.Consent(person, purpose, version):
            people.agreed(conn, person, purpose, version, here.now)
        case fx.WithdrawConsent(person, purpose):
            people.withdrew(conn, person, purpose, here.now)
        case fx.KeepPersonal(person, field, value):
            personal.keep(conn, person, field, value, here.now)
        case fx.DropPersonal(person, field):
            personal.drop(conn, person, field)
        case fx.ErasePersonal(person):
            return leaving.erase(conn, here, person)
        case fx.Audit(actor, action, subject):
            audit.record(conn, actor=actor, action=action, subject=subject, now=here.now)
        case _:
            assert_never(effect)
    return []


def use_code(conn: Connection, here: Here, code: int, person: int) -> None:
    """A one-time code is used up: the household, the staff record or the case is the person's."""
    row = points.code_by_id(conn, code)
    if row is None or not codes.use(conn, code, here.now):
        raise NotAllowed("这个码已经用过或者过期了，请向社区要一个新的。")
    if row.kind == "household":
        households.join(conn, int(row.subject["household"]), person, here.now)
    elif row.kind == "staff":
        already = people.staff_of(conn, person)
        if already and already.id != int(row.subject["staff"]):
            raise NotAllowed(f"这个账号已经绑定为{already.name}，不能再绑别人。请换账号，或者找社区管理员解绑。")
        points.bind_staff(conn, int(row.subject["staff"]), person)
    elif row.kind == "case":
        behalf.bind(conn, int(row.subject["person"]), person, here.now)
