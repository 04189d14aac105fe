"""Every table of the assistant, in one place: rows are written by storage/ only."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import JSON

from storage.types import Instant, Line, Words

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts rows only in INTEGER PRIMARY KEY


def _id() -> Column[int]:
    return Column("id", Id, primary_key=True, autoincrement=True)


def _ref(name: str, target: str, *, nullable: bool = False, index: bool = False) -> Column[int]:
    return Column(name, Id, ForeignKey(f"{target}.id"), nullable=nullable, index=index)


def _key(name: str = "key", *, nullable: bool = False) -> Column[str]:
    return Column(name, Line(128), nullable=nullable)


def _partial(name: str, *columns: str, where: str) -> Index:
    """An index over some rows only. PostgreSQL's half is added when such a database is opened (storage/schema.py):
    named here it would load that whole dialect at every start."""
    return Index(name, *columns, sqlite_where=text(where), info={"where": where})


# -- places -----------------------------------------------------------------------------------------------------------

area = Table(
    "area",
    metadata,
    _id(),
    _key(),
    _ref("parent_id", "area", nullable=True, index=True),
    Column("level", Line(16), nullable=False),  # city, subdistrict, community, grid, building
    Column("kind", Line(16), nullable=False, server_default="urban"),  # urban, rural, enterprise
    Column("name", Line(128), nullable=False),
    Column("path", Line(255), nullable=False, index=True),  # "/1/4/9/": ancestors and itself, so LIKE finds a subtree
    Column("lat", Float),
    Column("lon", Float),
    Column("options", JSON, nullable=False, server_default="{}"),  # community: timezone, quiet hours, texts
    Column("active", Boolean, nullable=False, server_default=text("true")),
    UniqueConstraint("key"),
)

area_alias = Table(
    "area_alias",
    metadata,
    _id(),
    _ref("area_id", "area", index=True),
    Column("alias", Line(128), nullable=False, index=True),
)

service = Table(  # a community's own services; the default catalogue ships as data
    "service",
    metadata,
    _id(),
    _ref("area_id", "area", index=True),
    _key(),
    Column("name", Line(64), nullable=False),
    Column("like", Line(64), nullable=False),
    Column("phrases", JSON, nullable=False),
    Column("department", Line(64)),
    Column("acknowledge_minutes", Integer),
    Column("resolve_hours", Integer),
    UniqueConstraint("area_id", "key"),
)

# -- people -----------------------------------------------------------------------------------------------------------

person = Table(
    "person",
    metadata,
    _id(),
    Column("created_at", Instant, nullable=False),
    Column("script", Line(4), nullable=False, server_default="hans"),  # hans or hant: how the person last wrote
    Column("area_id", Id, ForeignKey("area.id")),  # the grid or building last found for this person
    Column("key", LargeBinary),  # the person's data key, wrapped by the master key; gone after deletion
    Column("erased_at", Instant),
)

account = Table(
    "account",
    metadata,
    _id(),
    _ref("person_id", "person", index=True),
    Column("channel", Line(16), nullable=False),
    Column("address", Line(128), nullable=False),
    UniqueConstraint("channel", "address"),
)

personal = Table(  # the only place personal fields live, encrypted under the person's key
    "personal",
    metadata,
    _id(),
    _ref("person_id", "person"),
    Column("field", Line(32), nullable=False),  # name, phone, room
    Column("value", LargeBinary, nullable=False),
    Column("lookup", LargeBinary, index=True),  # HMAC of the value, to search by
    Column("at", Instant, nullable=False),
    UniqueConstraint("person_id", "field"),
)

consent = Table(
    "consent",
    metadata,
    _id(),
    _ref("person_id", "person", index=True),
    Column("purpose", Line(32), nullable=False),
    Column("text_version", Line(32), nullable=False),
    Column("at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
)

staff = Table(
    "staff",
    metadata,
    _id(),
    _key(),
    _ref("person_id", "person", nullable=True, index=True),
    Column("name", Line(64), nullable=False),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    UniqueConstraint("key"),
)

staff_role = Table(
    "staff_role",
    metadata,
    _id(),
    _ref("staff_id", "staff", index=True),
    Column("role", Line(32), nullable=False),
    _ref("area_id", "area"),
    Column("department", Line(64)),
    UniqueConstraint("staff_id", "role", "area_id", "department"),
    Index("ix_staff_role_area_role", "area_id", "role"),
)

duty = Table(
    "duty",
    metadata,
    _id(),
    _ref("area_id", "area", index=True),
    Column("role", Line(32), nullable=False),
    _ref("staff_id", "staff"),
    Column("weekdays", Line(7), nullable=False),  # "1234567", Monday first
    Column("start", Line(5), nullable=False),  # "08:30", local time of the area
    Column("end", Line(5), nullable=False),  # may lie after midnight: end <= start
)

code = Table(  # one-time codes and links: staff binding, household binding, sign-in, private continuation
    "code",
    metadata,
    _id(),
    Column("digest", Line(64), nullable=False),
    Column("kind", Line(16), nullable=False),  # staff, household, signin, link
    Column("subject", JSON, nullable=False),
    _ref("person_id", "person", nullable=True),  # only this person may use it
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    UniqueConstraint("digest"),
)

# -- chats and the way in and out --------------------------------------------------------------------------------------

chat = Table(
    "chat",
    metadata,
    _id(),
    Column("channel", Line(16), nullable=False),
    Column("address", Line(128), nullable=False),
    Column("kind", Line(8), nullable=False),  # private, group
    Column("role", Line(16), nullable=False, server_default="residents"),  # residents, staff, leaders
    _ref("area_id", "area", nullable=True, index=True),
    _ref("person_id", "person", nullable=True, index=True),  # of a private chat
    Column("state", Line(8), nullable=False, server_default="open"),  # open, blocked, left
    Column("reason", Line(255)),
    Column("heard_at", Instant),  # last message from there: the platform's window for writing first
    UniqueConstraint("channel", "address"),
)

inbox = Table(
    "inbox",
    metadata,
    _id(),
    Column("channel", Line(16), nullable=False),
    _key(),
    Column("conversation", Line(160), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("state", Line(8), nullable=False, server_default="new"),  # new, done, dead
    Column("not_before", Instant, nullable=False),
    Column("lease_until", Instant),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("done_at", Instant),
    Column("error", Line(255)),
    UniqueConstraint("channel", "key"),
    _partial("ix_inbox_new", "conversation", "id", where="state = 'new'"),
    _partial("ix_inbox_dead", "id", where="state = 'dead'"),
)

conversation = Table(
    "conversation",
    metadata,
    _ref("chat_id", "chat"),
    _ref("person_id", "person"),
    Column("state", JSON, nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("chat_id", "person_id"),
)

group_memory = Table(
    "group_memory",
    metadata,
    Column("chat_id", Id, ForeignKey("chat.id"), primary_key=True),
    Column("memory", JSON, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    _id(),
    _ref("chat_id", "chat"),
    _key(nullable=True),  # written twice, sent once
    Column("kind", Line(8), nullable=False),  # say, edit, notice
    Column("lane", Integer, nullable=False),  # 0 danger, 1 reply, 2 push, 3 broadcast
    Column("payload", JSON, nullable=False),
    _ref("target_id", "outbox", nullable=True),  # the message an edit changes, or a say replies to
    Column("cause", Id),  # the inbox row that caused it; NULL: the clock or a staff page
    Column("created_at", Instant, nullable=False),
    Column("not_before", Instant, nullable=False),
    Column("state", Line(8), nullable=False, server_default="new"),  # new, sent, failed, waiting
    Column("lease_until", Instant),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("message", Line(128)),  # the platform's id of what was sent
    Column("sent_at", Instant),
    Column("reason", Line(255)),
    UniqueConstraint("key"),
    Index("ix_outbox_message", "chat_id", "message"),
    _partial("ix_outbox_new", "lane", "not_before", "id", where="state = 'new'"),
    _partial("ix_outbox_waiting", "chat_id", where="state = 'waiting'"),
    _partial("ix_outbox_failed", "id", where="state = 'failed'"),
    _partial("ix_outbox_chat", "chat_id", "id", where="state = 'new'"),
)

button = Table(
    "button",
    metadata,
    Column("id", Line(16), primary_key=True),
    _ref("chat_id", "chat"),
    _ref("outbox_id", "outbox", nullable=True, index=True),
    _ref("person_id", "person", nullable=True),  # audience: this person ...
    Column("role", Line(64)),  # ... or these roles (comma separated) ...
    _ref("area_id", "area", nullable=True),  # ... in this area or above it
    Column("label", Line(64), nullable=False),
    Column("action", Line(32), nullable=False),
    Column("args", JSON, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
)

card = Table(
    "card",
    metadata,
    _id(),
    Column("kind", Line(16), nullable=False),  # case, thread, shift
    Column("subject_id", Id, nullable=False),
    _ref("chat_id", "chat"),
    _ref("outbox_id", "outbox"),
    Column("version", Integer, nullable=False, server_default="1"),
    UniqueConstraint("kind", "subject_id", "chat_id"),
)

file = Table(
    "file",
    metadata,
    _id(),
    Column("digest", Line(64), nullable=False, index=True),
    Column("kind", Line(16), nullable=False),  # photo, voice
    Column("path", Line(255), nullable=False),  # below the data directory
    Column("size", Integer, nullable=False),
    Column("at", Instant, nullable=False),
)

web_line = Table(  # what the web chat shows: its own platform's memory
    "web_line",
    metadata,
    _id(),
    _key(),  # the visitor's own id of a message, or the outbox row: shown once however often it comes
    Column("chat", Line(128), nullable=False),
    Column("author", Line(64), nullable=False),  # "" is the assistant, "!" a short notice
    Column("name", Line(64), nullable=False, server_default=""),
    Column("body", JSON, nullable=False),  # text, choices, photos, reply_to
    Column("version", Integer, nullable=False, server_default="1"),
    Column("changed", Id, nullable=False),  # rises with every new line and every edit: what a stream resumes from
    Column("at", Instant, nullable=False),
    UniqueConstraint("key"),
    Index("ix_web_line_chat_changed", "chat", "changed"),
)

# -- the clock ---------------------------------------------------------------------------------------------------------

due = Table(
    "due",
    metadata,
    _id(),
    _key(),
    Column("kind", Line(32), nullable=False),
    Column("subject", JSON, nullable=False),
    Column("at", Instant, nullable=False),
    Column("late", Line(8), nullable=False),  # fine, coalesce, expire: what happens to one found late
    Column("expires_at", Instant),
    Column("state", Line(10), nullable=False, server_default="pending"),  # pending, done, expired, coalesced, dead
    Column("lease_until", Instant),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("done_at", Instant),
    Column("result", Line(255)),
    UniqueConstraint("key"),
    _partial("ix_due_at", "at", where="state = 'pending'"),
    _partial("ix_due_lease", "lease_until", where="state = 'pending' AND lease_until IS NOT NULL"),
)

# -- complaints --------------------------------------------------------------------------------------------------------

case = Table(
    "case_",
    metadata,
    _id(),
    Column("number", Line(16), nullable=False),
    _ref("area_id", "area", nullable=True, index=True),  # the grid (or, unplaced, the community) that has to act
    _ref("building_id", "area", nullable=True),
    Column("service", Line(64), nullable=False),
    Column("act", Line(12), nullable=False, server_default="complaint"),  # complaint, question, suggestion, request
    Column("description", Words, nullable=False),
    Column("place", Words, nullable=False, server_default=""),
    _ref("person_id", "person", index=True),
    _ref("origin_chat_id", "chat", nullable=True),
    Column("level", Line(16), nullable=False, server_default="grid"),
    Column("status", Line(16), nullable=False),
    Column("ending", Line(16)),  # answered, settled, impossible
    _ref("owner_id", "staff", nullable=True, index=True),
    Column("department", Line(64)),
    Column("colour", Line(8), nullable=False, server_default="yellow"),
    Column("opened_at", Instant, nullable=False),
    Column("acknowledge_due", Instant),
    Column("resolve_due", Instant),
    Column("closed_at", Instant),
    Column("version", Integer, nullable=False),
    Column("facts", JSON, nullable=False, server_default="{}"),  # the rest of the projection
    UniqueConstraint("number"),
    Index("ix_case_status_area", "status", "area_id"),
)

case_event = Table(  # append-only; replaying it gives the case
    "case_event",
    metadata,
    _id(),
    _ref("case_id", "case_"),
    Column("seq", Integer, nullable=False),
    Column("kind", Line(32), nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", Line(64), nullable=False),  # "staff:7", "person:12", "clock"
    Column("data", JSON, nullable=False),
    UniqueConstraint("case_id", "seq"),
)

case_file = Table(
    "case_file",
    metadata,
    _id(),
    _ref("case_id", "case_", index=True),
    _ref("file_id", "file"),
    Column("purpose", Line(12), nullable=False),  # report, evidence, note
)

case_party = Table(
    "case_party",
    metadata,
    _id(),
    _ref("case_id", "case_", index=True),
    _ref("person_id", "person", index=True),
    Column("role", Line(16), nullable=False),  # reporter, neighbour
    Column("rating", Integer),
    UniqueConstraint("case_id", "person_id"),
)

# -- a resident and a member of staff talking: legal questions, hand-overs, alarms -------------------------------------

thread = Table(
    "thread",
    metadata,
    _id(),
    Column("kind", Line(12), nullable=False),  # legal, handover, alarm
    Column("number", Line(16), nullable=False),
    _ref("person_id", "person", index=True),
    _ref("chat_id", "chat"),  # the asker's private chat
    _ref("area_id", "area", nullable=True, index=True),
    Column("role", Line(32), nullable=False),  # whose turn it is to take it
    Column("state", Line(8), nullable=False),  # open, claimed, closed
    _ref("owner_id", "staff", nullable=True, index=True),
    Column("subject", JSON, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("claimed_at", Instant),
    Column("closed_at", Instant),
    Column("rating", Integer),
    Column("version", Integer, nullable=False),
    UniqueConstraint("number"),
    Index("ix_thread_state_kind", "state", "kind"),
)

thread_line = Table(
    "thread_line",
    metadata,
    _id(),
    _ref("thread_id", "thread", index=True),
    Column("author", Line(8), nullable=False),  # asker, staff, bot
    Column("text", Words, nullable=False),
    Column("at", Instant, nullable=False),
)

# -- volunteers --------------------------------------------------------------------------------------------------------

activity = Table(
    "activity",
    metadata,
    _id(),
    _key(),
    _ref("area_id", "area", index=True),
    Column("title", Line(128), nullable=False),
    Column("place", Line(128), nullable=False),
    Column("about", Words, nullable=False, server_default=""),
    _ref("organiser_id", "staff", nullable=True),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    UniqueConstraint("key"),
)

shift = Table(
    "shift",
    metadata,
    _id(),
    _key(),
    _ref("activity_id", "activity", index=True),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("state", Line(10), nullable=False, server_default="open"),  # open, called_off
    UniqueConstraint("key"),
    CheckConstraint("ends_at > starts_at", name="order"),
    CheckConstraint("capacity > 0", name="capacity"),
)

sign_up = Table(
    "sign_up",
    metadata,
    _id(),
    _ref("shift_id", "shift", index=True),
    _ref("person_id", "person", index=True),
    Column("state", Line(10), nullable=False),  # confirmed, waiting, cancelled
    Column("at", Instant, nullable=False),
    UniqueConstraint("shift_id", "person_id"),
)

# -- the Moral Bank ----------------------------------------------------------------------------------------------------

household = Table(
    "household",
    metadata,
    _id(),
    _key(),
    _ref("area_id", "area", index=True),
    Column("name", Line(64), nullable=False),
    UniqueConstraint("key"),
)

household_member = Table(
    "household_member",
    metadata,
    _id(),
    _ref("household_id", "household", index=True),
    _ref("person_id", "person", index=True),
    Column("since", Instant, nullable=False),
    Column("until", Instant),
)

rule = Table(
    "rule",
    metadata,
    _id(),
    _ref("area_id", "area"),
    _key(),
    Column("category", Line(8), nullable=False),  # 忠孝 友善 诚信 勤劳 节俭 优美
    Column("title", Line(128), nullable=False),
    Column("points", Integer, nullable=False),
    Column("evidence", Line(128), nullable=False, server_default=""),
    Column("yearly_cap", Integer),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    UniqueConstraint("area_id", "key", "version"),
)

ledger_account = Table(
    "ledger_account",
    metadata,
    _id(),
    _key(),  # "issuer:<area key>", "household:<key>", "shop:<key>", "reserve:<redemption>"
    Column("kind", Line(12), nullable=False),
    _ref("household_id", "household", nullable=True, index=True),
    Column("balance", Integer, nullable=False, server_default="0"),  # a projection; `linli db verify` re-adds it
    UniqueConstraint("key"),
    CheckConstraint("balance >= 0 OR kind = 'issuer'", name="not_negative"),
)

transfer = Table(  # never updated, never deleted (triggers in the migration); hash-chained
    "transfer",
    metadata,
    _id(),
    _key(),
    Column("digest", Line(64), nullable=False),  # of the body: the same key with another body is refused
    _ref("source_id", "ledger_account", index=True),
    _ref("target_id", "ledger_account", index=True),
    Column("points", Integer, nullable=False),
    _ref("rule_id", "rule", nullable=True),
    Column("memo", Line(255), nullable=False, server_default=""),
    Column("by", Line(64), nullable=False),
    Column("at", Instant, nullable=False),
    Column("reverses", Id, ForeignKey("transfer.id")),
    Column("previous", Line(64), nullable=False),
    Column("hash", Line(64), nullable=False),
    UniqueConstraint("key"),
    UniqueConstraint("reverses"),
    CheckConstraint("points > 0", name="positive"),
    CheckConstraint("source_id <> target_id", name="two_accounts"),
)

goods = Table(
    "goods",
    metadata,
    _id(),
    _key(),
    _ref("area_id", "area", index=True),
    Column("shop", Line(64), nullable=False),
    Column("title", Line(128), nullable=False),
    Column("price", Integer, nullable=False),
    Column("stock", Integer, nullable=False),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    UniqueConstraint("key"),
    CheckConstraint("stock >= 0", name="stock"),
    CheckConstraint("price > 0", name="price"),
)

redemption = Table(
    "redemption",
    metadata,
    _id(),
    _ref("goods_id", "goods"),
    _ref("household_id", "household", index=True),
    _ref("person_id", "person"),
    Column("points", Integer, nullable=False),
    Column("code", Line(64), nullable=False, index=True),  # digest of the pick-up code
    Column("state", Line(10), nullable=False),  # reserved, collected, cancelled, expired
    Column("at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    _id(),
    Column("at", Instant, nullable=False),
    Column("actor", Line(64), nullable=False),
    Column("action", Line(64), nullable=False),
    Column("subject", JSON, nullable=False),
)

sequence = Table(  # numbers people speak: one counter a kind and day
    "sequence",
    metadata,
    Column("name", Line(64), primary_key=True),
    Column("value", Integer, nullable=False),
)
