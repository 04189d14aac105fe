"""Effect -> rows: the one writer. Everything a turn, a press or the clock decided becomes rows of one transaction."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never

from sqlalchemy import Connection

from bot import (
    alertwork,
    bank,
    bookingwork,
    casework,
    guidework,
    leaving,
    legalwork,
    letterbox,
    mediationwork,
    notice,
    opening,
)
from bot import households as homes
from bot.volunteering import writing as volunteering
from bot.world import World
from flows import effects as fx
from flows.complaint.rules import colour
from flows.domain.case import Action, Event, apply
from flows.domain.thread import Thread
from flows.errors import NotAllowed
from flows.volunteer_effects import VolunteerEffect
from storage import (
    audit,
    bars,
    behalf,
    cases,
    codes,
    due,
    households,
    ledger,
    parties,
    people,
    personal,
    points,
    sequence,
    shop,
    threads,
)


@dataclass(frozen=True, slots=True)
class Here:
    """Where and for whom effects are written. `actor` is "person:12", "staff:7" or "clock"."""

    now: datetime
    actor: str
    chat: people.Chat | None = None
    person: int | None = None
    staff: people.Staff | None = None
    cause: int | None = None  # inbox row
    callback: str | None = None  # the platform's id of the press this answers
    sender: str | None = None  # the presser's id on the platform


class Writer:
    """Writes effects inside the caller's transaction; what an effect leads to is written in the same go."""

    def __init__(self, conn: Connection, world: World, here: Here) -> None:
        self.conn = conn
        self.world = world
        self.here = here
        self.begun: fx.BeginFlow | None = None
        self.noticed: str | None = None

    def write(self, effects: Iterable[fx.Effect]) -> None:
        """Write them in order. Raises NotAllowed when a rule forbids one, and Overtaken when somebody was faster."""
        queue = deque(effects)
        while queue:
            queue.extendleft(reversed(self._one(queue.popleft())))

    def _one(self, effect: fx.Effect) -> list[fx.Effect]:
        """Write one effect; what follows from it is returned, to be written next."""
        conn, now = self.conn, self.here.now
        match effect:
            case fx.Say():
                letterbox.say(conn, self.world, self.here, effect)
            case fx.Notice(text):
                self._notice(text)
            case fx.OpenCase():
                return self._open_case(effect)
            case fx.ActOnCase(case, action, data):
                return casework.on_case(conn, self.world, self.here, case, action, data)
            case fx.ActOnThread(thread, action, data):
                return casework.on_thread(conn, self.world, self.here, thread, action, data)
            case fx.BeginFlow():
                self.begun = effect
            case fx.ChangeCase():
                self._change_case(effect)
            case fx.Join(case, person, via):
                parties.join(conn, case, person, "neighbour", via)
            case fx.KeepFrom(case, staff):
                bars.bar(conn, case, [staff], (), "interest", now)
            case fx.ShowCase(case):
                return casework.shown(conn, self.world, self.here, case)
            case fx.Part(ids, via):
                parties.part(conn, ids, via)
            case fx.Leave(case, person):
                parties.leave(conn, case, person)
            case fx.Vote(case, person, rating):
                parties.vote(conn, case, person, rating)
            case fx.OpenThread():
                return self._open_thread(effect)
            case fx.ChangeThread(thread, version, state, owner, role, area, rating, aside):
                values: dict[str, Any] = {"state": state, "owner_id": owner, "role": role, "area_id": area}
                values |= {"rating": rating} if rating else {}
                values |= {"aside": list(aside)} if aside is not None else {}
                threads.change(conn, thread, version, now, **values)
            case fx.AddLine(thread, author, text):
                threads.add_line(conn, thread, author, text, now)
            case fx.DraftGuide():
                return guidework.draft(conn, self.here, effect)
            case fx.ActOnGuide():
                return guidework.act(conn, self.world, self.here, effect)
            case fx.ChangeGuide():
                guidework.change(conn, self.here, effect)
            case fx.SignUp():
                return volunteering.signed_up(conn, self.world, self.here, effect)
            case fx.CancelSignUp():
                return volunteering.cancelled(conn, self.world, self.here, effect)
            case VolunteerEffect():
                return volunteering.write(conn, self.world, self.here, effect)
            case fx.PostTransfer(key, source, target, amount, by, memo, rule):
                ledger.post(
                    conn, key=key, source=source, target=target, points=amount, by=by, now=now, memo=memo, rule=rule
                )
            case fx.Reserve():
                return self._reserve(effect)
            case fx.EndRedemption(redemption, state, by):
                shop.end(conn, redemption, state, by, now)
            case fx.Propose():
                return bank.propose(conn, self.world, self.here, effect)
            case fx.ActOnProposal():
                return bank.on_proposal(conn, self.world, self.here, effect)
            case fx.ChangeProposal():
                bank.change(conn, self.here, effect)
            case fx.TakeBack():
                bank.take_back(conn, self.here, effect)
            case fx.CreditHours():
                return homes.credit(conn, self.world, self.here, effect)
            case fx.TakeBackHours(key):
                return homes.uncredit(conn, self.here, key)
            case fx.GiveHouseholdCode():
                return homes.give_code(conn, self.world, self.here, effect)
            case fx.LeaveHousehold(person):
                return homes.leave(conn, self.here, person)
            case fx.MoveHousehold():
                return homes.move(conn, self.world, self.here, effect)
            case fx.ShowEntries(household):
                return homes.entries(conn, self.world, self.here, household)
            case fx.ShowPending():
                return homes.pending(conn, self.world, self.here)
            case fx.ShowCodes(household):
                return homes.show_codes(conn, self.world, self.here, household)
            case fx.ShowStatement(household, before):
                return homes.statement(conn, self.world, self.here, household, before)
            case fx.JoinRanking(household, on):
                return homes.join_ranking(conn, self.here, household, on)
            case fx.ShowRanking(household):
                return homes.ranking(conn, self.world, self.here, household)
            case fx.GiveGiftCode(household):
                return homes.gift_code(conn, self.here, household)
            case fx.SendGift():
                return homes.send_gift(conn, self.world, self.here, effect)
            case fx.ShowNotice():
                return notice.show(conn, self.world, self.here, effect)
            case fx.PublishNotice():
                return notice.publish(conn, self.world, self.here, effect)
            case fx.UseCode(code, person):
                self._use_code(code, person)
            case fx.Consent(person, purpose, version):
                people.agreed(conn, person, purpose, version, now)
            case fx.WithdrawConsent(person, purpose):
                people.withdrew(conn, person, purpose, now)
            case fx.KeepPersonal(person, field, value):
                personal.keep(conn, person, field, value, now)
            case fx.ErasePersonal(person):
                return leaving.erase(conn, self.here, person)
            case fx.DropPersonal(person, field):
                personal.drop(conn, person, field)
            case fx.Schedule(kind, key, at, subject, late, expires_at):
                due.schedule(conn, kind=kind, key=key, at=at, subject=subject, late=late, expires_at=expires_at)
            case fx.Unschedule(key):
                due.unschedule(conn, key)
            case (
                fx.DraftAlert() | fx.ActOnAlert() | fx.ChangeAlert() | fx.MarkBranches() | fx.Broadcast() | fx.CallOff()
            ):
                return alertwork.write(conn, self.world, self.here, effect)
            case fx.OpenMediation() | fx.ActOnMediation() | fx.ChangeMediation():
                return mediationwork.write(conn, self.world, self.here, effect)
            case fx.Book() | fx.ActOnBooking() | fx.ChangeBooking():
                return bookingwork.write(conn, self.world, self.here, effect)
            case fx.Audit(actor, action, subject):
                audit.record(conn, actor=actor, action=action, subject=subject, now=now)
            case _:
                assert_never(effect)
        return []

    def _notice(self, text: str) -> None:
        """The short answer to a press goes out with the press; without a press it is an ordinary line."""
        self.noticed = text
        if self.here.callback:
            letterbox.notice(self.conn, self.here, text)
        elif self.here.chat:
            letterbox.say(self.conn, self.world, self.here, fx.Say(text))

    def _number(self, prefix: str) -> str:
        day = self.here.now.astimezone(letterbox.zone_of(self.conn, self.world, self.here)).strftime("%y%m%d")
        return f"{prefix}{day}-{sequence.next_number(self.conn, f'{prefix}{day}')}"

    def _open_case(self, effect: fx.OpenCase) -> list[fx.Effect]:
        number = self._number("")
        return opening.open_case(self.conn, self.world, self.here, effect, number)

    def _change_case(self, effect: fx.ChangeCase) -> None:
        before = cases.load(self.conn, effect.case)
        if before.version != effect.version:
            raise cases.Overtaken(before.number)
        event = Event(effect.version + 1, effect.kind, self.here.now, effect.actor, effect.data)
        after = apply(before, event)
        cases.append(self.conn, before, event, after)
        cases.paint(self.conn, after.id, colour(after, self.here.now, len(cases.parties(self.conn, after.id)) - 1))
        photos = tuple(int(p) for p in effect.data.get("photos") or ())
        cases.attach(self.conn, effect.case, photos, "evidence" if effect.kind == Action.RESOLVE else "note")

    def _open_thread(self, effect: fx.OpenThread) -> list[fx.Effect]:
        prefix = {"legal": "F", "handover": "R", "alarm": "J"}[effect.kind]
        chat = letterbox.private_chat(self.conn, self.here, effect.person)
        known = self.world.known(self.conn)
        area = effect.area or known.top
        legal = effect.kind == "legal"
        role = legalwork.first_role(self.conn, self.here, area, effect.person) if legal else effect.role
        thread = threads.open_thread(
            self.conn,
            kind=effect.kind,
            number=self._number(prefix),
            person_id=effect.person,
            chat_id=chat.id,
            area_id=area,
            role=role,
            subject=effect.subject,
            now=self.here.now,
        )
        told = [fx.Say(effect.receipt.replace("{number}", thread.number), to=fx.Privately(effect.person))]
        return [*(told if effect.receipt else []), *self._opened(thread, effect.subject)]

    def _opened(self, thread: Thread, subject: Mapping[str, Any]) -> list[fx.Effect]:
        return casework.thread_opened(self.conn, self.world, self.here, thread, subject)

    def _reserve(self, effect: fx.Reserve) -> list[fx.Effect]:
        zone = bank.zone_of(self.conn, self.world, households.get(self.conn, effect.household).area)
        code = shop.reserve(self.conn, effect, bank.new_month(self.here.now, zone), self.here.now)
        if code is None:
            raise NotAllowed("刚被别人换走了，看看别的好吗？")
        redemption, plain = code
        expiry = fx.Schedule(
            "redemption.expire", f"redemption.{redemption}.expire", effect.expires_at, {"redemption": redemption}
        )
        return [homes.receipt(self.conn, self.world, self.here, effect, plain), expiry]

    def _use_code(self, code: int, person: int) -> None:
        row = points.code_by_id(self.conn, code)
        if row is None or not codes.use(self.conn, code, self.here.now):
            raise NotAllowed("这个码已经用过或者过期了，请向社区要一个新的。")
        if row.kind == "household":
            households.join(self.conn, int(row.subject["household"]), person, self.here.now)
        elif row.kind == "staff":
            already = people.staff_of(self.conn, person)
            if already and already.id != int(row.subject["staff"]):
                raise NotAllowed(f"这个账号已经绑定为{already.name}，不能再绑别人。请换账号，或者找社区管理员解绑。")
            points.bind_staff(self.conn, int(row.subject["staff"]), person)
        elif row.kind == "case":
            behalf.bind(self.conn, int(row.subject["person"]), person, self.here.now)
