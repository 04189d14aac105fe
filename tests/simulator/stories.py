"""What people do in the simulator, a step at a time, and what must have come of it, whatever happened on the way."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from bot.channels.base import Inbound
from bot.letters import TWICE
from storage import people
from storage.tables import (
    account,
    activity,
    case,
    case_event,
    chat,
    due,
    inbox,
    outbox,
    redemption,
    shift,
    sign_up,
    transfer,
)
from tests.simulator.platform import Platform, Updates

STAFF = "group:staff-xfl-1"


@dataclass
class Story:
    """`steps` yields when somebody has to wait until a button is shown; `right` says what is wrong at the end."""

    who: str
    platform: Platform
    updates: Updates
    dice: random.Random
    late: bool = False  # nobody was there for days

    def steps(self) -> Iterator[None]:
        raise NotImplementedError

    def wrong(self, conn: Connection) -> Iterator[str]:
        raise NotImplementedError

    def says(self, *texts: str, who: str = "") -> list[Inbound]:
        return [self.updates.add(who or self.who, text=text) for text in texts]

    def presses(self, who: str, label: str, chat: str = "") -> Iterator[None]:
        """Once the button is there."""
        while not (found := self.platform.button(chat or who, label)):
            yield
        self.updates.add(who, chat=self.platform.moved.get(chat, chat), press=found)

    def person(self, conn: Connection) -> int | None:
        found = select(account.c.person_id).where(account.c.channel == "play", account.c.address == self.who)
        return conn.execute(found).scalar()


class Complaint(Story):
    """A resident reports, presses the last button and writes on at once; two members of staff want the case."""

    def steps(self) -> Iterator[None]:
        self.first = self.says("幸福里小区3号楼楼上半夜总吵得睡不着", "不留", "没有")
        yield from self.presses(self.who, "确认")
        self.says("我的诉求")  # may come before the press
        yield from self.presses("w1", "接单", STAFF)
        if found := self.platform.button(STAFF, "接单"):
            self.updates.add("w1", chat=self.platform.moved.get(STAFF, STAFF), press=found)

    def wrong(self, conn: Connection) -> Iterator[str]:
        cases = conn.execute(select(case.c.id).where(case.c.person_id == self.person(conn))).scalars().all()
        if len(cases) != 1:
            yield f"{self.who} has {len(cases)} cases"
        kinds = select(case_event.c.kind).where(case_event.c.case_id.in_(cases))
        counted = Counter(conn.execute(kinds).scalars())
        if (counted["open"], counted["take"]) != (1, 1):
            yield f"{self.who}'s case: {counted}"
        for said in self.first:
            caused = (
                select(func.count(outbox.c.id)).join(inbox, inbox.c.id == outbox.c.cause).where(inbox.c.key == said.key)
            )
            if (answers := conn.execute(caused).scalar_one()) != 1:
                yield f"{said.text!r} of {self.who} has {answers} answers"


class SigningUp(Story):
    """A volunteer signs up for a shift tomorrow, and is reminded in the evening and in the morning."""

    def steps(self) -> Iterator[None]:
        self.said = self.says("陪老人吃顿饭", "1", "确认")
        yield

    def wrong(self, conn: Connection) -> Iterator[str]:
        person = self.person(conn)
        places = conn.execute(select(func.count()).where(sign_up.c.person_id == person)).scalar_one()
        if places != int(not self._too_late(conn)):
            yield f"{self.who} has {places} places"
        fates = select(due.c.state).where(due.c.kind == "shift.remind")
        if not self.late and (found := Counter(conn.execute(fates).scalars())) != {"done": 2}:
            yield f"reminders: {found}"
        private = people.private_chat(conn, person or 0)
        told = select(outbox.c.id).where(outbox.c.chat_id == (private.id if private else 0), outbox.c.cause.is_(None))
        rows = conn.execute(told).scalars().all()
        if len(rows) > 2 or (len(rows) < 2 and not self.late):
            yield f"{len(rows)} reminders were written, not 2"
        for row in rows:
            if self.platform.delivered[row] > 1:
                yield f"reminder {row} was shown {self.platform.delivered[row]} times"

    def _too_late(self, conn: Connection) -> bool:
        """The last word had its turn when the shift had begun: nobody was there for days."""
        word = select(inbox.c.done_at).where(inbox.c.key == self.said[-1].key)
        begins = select(func.min(shift.c.starts_at)).join(activity).where(activity.c.title == self.said[0].text)
        return self.late and conn.execute(word).scalar_one() > conn.execute(begins).scalar_one()


class Award(Story):
    """Points for a household: two people approve at once, and a member spends some."""

    def steps(self) -> Iterator[None]:
        self.says("给林家加分", "照顾卧床的老父亲一整个月，天天擦洗", "1", "没有", "确认", who="w1")
        yield from self.presses("p1", "同意")
        yield from self.presses("p2", "同意")
        self.says("51830274", "确认", "换一条毛巾", "确认")

    def wrong(self, conn: Connection) -> Iterator[str]:
        awards = conn.execute(select(func.count()).where(transfer.c.rule_id.is_not(None))).scalar_one()
        if awards != 1:
            yield f"{awards} awards"
        spent = conn.execute(select(func.count()).where(redemption.c.state == "reserved")).scalar_one()
        if spent != 1:
            yield f"{spent} redemptions"


def in_order(conn: Connection, platform: Platform) -> Iterator[str]:
    """Whether each chat saw what was written for it in the order in which it was written, lane by lane."""
    lanes = {row.id: (row.lane, row.kind) for row in conn.execute(select(outbox.c.id, outbox.c.lane, outbox.c.kind))}
    for address, seen in platform.order.items():
        by_lane: dict[int, list[int]] = {}
        for out in seen:
            by_lane.setdefault(lanes[out.outbox][0], []).append(out.outbox)
        for lane, rows in by_lane.items():
            if rows != sorted(rows):
                yield f"{address}, lane {lane}: shown in the order {rows}"


def lost(conn: Connection, platform: Platform) -> Iterator[str]:
    """What was written and never shown, or shown and not on record."""
    query = select(outbox.c.id, outbox.c.state, outbox.c.kind, outbox.c.reason, outbox.c.payload, chat.c.address)
    rows = conn.execute(query.join(chat, chat.c.id == outbox.c.chat_id).where(chat.c.channel == "play")).all()
    texts = [(row.address, row.payload.get("text", "")) for row in rows if platform.delivered[row.id]]
    for row in rows:
        shown = platform.delivered[row.id] or row.kind == "notice"
        if row.kind == "line":  # told in a message of several
            shown = any(to == row.address and row.payload["text"] in text for to, text in texts)
        excused = row.kind == "notice" or row.payload.get("once")
        if row.state == "sent" and not shown:
            yield f"row {row.id} to {row.address} is on record and was never shown"
        elif row.state != "sent" and not excused and not (shown and (row.reason or "").startswith(TWICE)):
            yield f"row {row.id} to {row.address} is {row.state}: {row.reason}"
