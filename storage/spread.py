"""Which tables lie where when one PostgreSQL is too small: what Citus spreads, copies to every server, or leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, bindparam, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from storage.kept import kept
from storage.tables import area
from storage.tables.base import SLOTS, Id


@dataclass(frozen=True, slots=True)
class By:
    """The column whose value says on which server a row lies, and the table whose rows of that value lie there too."""

    column: str
    beside: str | None = None


# What grows with every message lies by its conversation, what grows with every case by its community.
DISTRIBUTED: Mapping[str, By] = {
    "inbox": By("conversation"),
    "outbox": By("chat_id"),
    "chat_pulse": By("chat_id", "outbox"),
    "conversation": By("chat_id", "outbox"),
    "group_memory": By("chat_id", "outbox"),
    "card": By("chat_id", "outbox"),
    "button": By("id"),  # a press knows nothing else; one of a broadcast belongs to no chat
    "case_": By("spread"),
    "case_event": By("spread", "case_"),
    "case_words": By("spread", "case_"),
    "case_bar": By("spread", "case_"),
    "case_called": By("spread", "case_"),
}

# Copied to every server: small, seldom changed, and read beside all others.
REFERENCE: Mapping[str, tuple[str, ...]] = {
    "what a community file says": ("area", "area_alias", "service", "staff", "staff_role", "duty", "team", "project"),
    "who there is, and where they write": (
        "person", "person_alias", "account", "personal", "consent", "walk_in", "chat", "volunteer", "team_member",
        "household", "household_member",
    ),
    "who reports which case, and asks whom": ("case_party", "thread", "file", "case_file"),
    "what everybody is offered": ("activity", "shift", "law_answer"),
}  # fmt: skip

# On the server that everybody connects to.
LOCAL: Mapping[str, tuple[str, ...]] = {
    "one row for all": ("sequence", "lead", "allowance", "api_token"),
    "open pages are told of new lines (NOTIFY), which is heard on this server only": ("web_line",),
    "claimed by the clock, a few rows a case": ("due",),
    "written aside, read by hand": ("audit", "burden"),
    "gone in minutes or days": ("nonce", "platform_card", "bot_answer", "subscription", "code"),
    "small in the largest city: 3,000 households, 500 redemptions, 50,000 points": (
        "rule", "ledger_account", "transfer", "ledger_total", "goods", "redemption", "proposal", "proposal_file",
        "shop_session",
    ),
    "small in the largest city: 45,000 volunteers": (
        "sign_up", "service_hours", "certificate", "commendation", "check_in", "need", "need_offer",
    ),
    "a few a week": (
        "alert", "alert_branch", "alert_post", "booking", "mediation", "mediation_event", "mediation_party",
        "thread_line", "law_source", "law_import",
    ),
}  # fmt: skip

# Unique by its value in the whole; each server can only watch over its own rows. Why that is enough.
STAYS_UNIQUE: Mapping[tuple[str, str], str] = {
    ("inbox", "channel, key"): "a platform repeats a message word for word, so in the same conversation",
    ("outbox", "key"): "the same turn or job writes a key again, for the same chat",
    ("case_", "number"): "its counter (sequence) is one row on one server",
}


def many(conn: Connection) -> bool:
    """Whether the tables are spread over servers: found out with the first connection (storage/citus.py)."""
    return getattr(conn.dialect, "linli_spread", False)


def slot_of(case_id: int) -> int:
    """The key of a case and of all that hangs on it: its id ends in it."""
    return case_id % SLOTS


def key(conn: Connection, area_id: int | None) -> int:
    """The key of the community an area lies in; of an area above communities its own; 0 where no place is known."""
    return kept(conn, ("spread", area_id), lambda: _key(conn, area_id)) if area_id is not None else 0


_below = area.alias("below")
_COMMUNITY = (
    select(area.c.id)
    .where(area.c.level == "community")
    .where(select(_below.c.path).where(_below.c.id == bindparam("area")).scalar_subquery().startswith(area.c.path))
)


def _key(conn: Connection, area_id: int) -> int:
    found = conn.execute(_COMMUNITY, {"area": area_id}).scalar()
    return (area_id if found is None else int(found)) % SLOTS


class Keyed:
    """A statement about a row of this id, said with the row's key as well by whoever knows it."""

    def __init__(self, statement: Any, key: ColumnElement[Any]) -> None:
        self._bare, self._keyed = statement, statement.where(key == bindparam("lies"))

    def say(self, conn: Connection, key: str | int | None, **given: Any) -> Any:
        return conn.execute(self._bare, given) if key is None else conn.execute(self._keyed, {**given, "lies": key})


class Next(ColumnElement[int]):
    """The next number of a table whose ids are numbers times SLOTS and a key."""

    inherit_cache = False
    type = Id

    def __init__(self, table: Table) -> None:
        self.table = table


@compiles(Next)
def _on_sqlite(element: Next, compiler: SQLCompiler, **_: Any) -> str:
    largest = compiler.process(select(func.coalesce(func.max(element.table.c.id), 0)).scalar_subquery())
    return f"({largest} / {SLOTS} + 1)"


@compiles(Next, "postgresql")
def _on_postgresql(element: Next, compiler: SQLCompiler, **_: Any) -> str:
    return f"nextval('{element.table.name}_id_seq')"
