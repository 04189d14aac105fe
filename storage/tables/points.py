"""The Moral Bank: households, rules, the ledger, goods and redemptions."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, Table, UniqueConstraint, text

from storage.tables.base import Id, id_column, key, metadata, partial, ref
from storage.types import Instant, Line, Words

household = Table(
    "household",
    metadata,
    id_column(),
    key(),
    ref("area_id", "area", index=True),
    Column("name", Line(64), nullable=False, index=True),
    Column("ranked", Boolean, nullable=False, server_default=text("false")),  # a member agreed to be on the ranking
    UniqueConstraint("key"),
)

household_member = Table(
    "household_member",
    metadata,
    id_column(),
    ref("household_id", "household", index=True),
    ref("person_id", "person", index=True),
    Column("since", Instant, nullable=False),
    Column("until", Instant),
)

rule = Table(
    "rule",
    metadata,
    id_column(),
    ref("area_id", "area"),
    key(),
    Column("category", Line(8), nullable=False),  # 忠孝 友善 诚信 勤劳 节俭 优美
    Column("number", Line(16), nullable=False, server_default=""),  # as people cite it
    Column("title", Line(128), nullable=False),
    Column("points", Integer, nullable=False),  # below zero: a deduction
    Column("per", Line(4), nullable=False, server_default="deed"),  # deed; hour: of confirmed volunteering
    Column("evidence", Line(128), nullable=False, server_default=""),
    Column("since", Line(10)),  # local dates, both included; NULL is open
    Column("until", Line(10)),
    Column("yearly_cap", Integer),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    UniqueConstraint("area_id", "key", "version"),
)

ledger_account = Table(
    "ledger_account",
    metadata,
    id_column(),
    key(),  # "issuer:<area key>", "household:<key>", "shop:<key>", "reserve:<redemption>"
    Column("kind", Line(12), nullable=False),
    ref("household_id", "household", nullable=True, index=True),
    Column("balance", Integer, nullable=False, server_default="0"),  # a projection; `linli db verify` re-adds it
    UniqueConstraint("key"),
    CheckConstraint("balance >= 0 OR kind = 'issuer'", name="not_negative"),
)

transfer = Table(  # never updated, never deleted (triggers in the migration); hash-chained
    "transfer",
    metadata,
    id_column(),
    key(),
    Column("digest", Line(64), nullable=False),  # of the body: the same key with another body is refused
    ref("source_id", "ledger_account"),
    ref("target_id", "ledger_account"),
    Column("points", Integer, nullable=False),
    ref("rule_id", "rule", nullable=True),
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
    Index("ix_transfer_source_id", "source_id", "id"),  # a statement, newest first
    Index("ix_transfer_target_id", "target_id", "id"),
    partial("ix_transfer_source_at", "source_id", "at", "id", where="rule_id IS NOT NULL"),  # a month's notice
    partial("ix_transfer_target_at", "target_id", "at", "id", where="rule_id IS NOT NULL"),
)

ledger_total = (
    Table(  # what rules moved on a household's account in a local year, on an issuer's in a month: a projection
        "ledger_total",
        metadata,
        id_column(),
        ref("account_id", "ledger_account"),
        Column("period", Line(7), nullable=False),  # 2026, 2026-11
        ref("ranked_in", "area", nullable=True),  # the community whose ranking shows it; NULL: none does
        Column("entries", Integer, nullable=False),
        Column("plus", Integer, nullable=False),
        Column("minus", Integer, nullable=False),
        Column("points", Integer, nullable=False),  # plus - minus
        UniqueConstraint("account_id", "period"),
        Index("ix_ledger_total_ranked_in", "ranked_in", "period", "points", "account_id"),
    )
)

goods = Table(
    "goods",
    metadata,
    id_column(),
    key(),
    ref("area_id", "area", index=True),
    Column("shop", Line(64), nullable=False),
    Column("title", Line(128), nullable=False),
    Column("price", Integer, nullable=False),
    Column("stock", Integer, nullable=False),
    Column("monthly_limit", Integer),  # for one household
    Column("active", Boolean, nullable=False, server_default=text("true")),
    UniqueConstraint("key"),
    CheckConstraint("stock >= 0", name="stock"),
    CheckConstraint("price > 0", name="price"),
)

redemption = Table(
    "redemption",
    metadata,
    id_column(),
    ref("goods_id", "goods"),
    ref("household_id", "household", index=True),
    ref("person_id", "person"),
    Column("points", Integer, nullable=False),
    Column("code", Line(64), nullable=False, index=True),  # digest of the pick-up code
    Column("draw", Integer, nullable=False, server_default="0"),  # which of the codes it could have had
    Column("state", Line(10), nullable=False),  # reserved, collected, cancelled, expired
    Column("at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

proposal = Table(  # points that somebody wants given, taken or corrected, until it is decided
    "proposal",
    metadata,
    id_column(),
    Column("kind", Line(10), nullable=False),  # award, deduction, correction
    Column("state", Line(10), nullable=False, index=True),
    Column("version", Integer, nullable=False, server_default="1"),
    ref("household_id", "household", index=True),
    ref("rule_id", "rule", nullable=True),
    ref("transfer_id", "transfer", nullable=True),  # what a correction takes back
    Column("points", Integer, nullable=False),
    Column("note", Words, nullable=False),
    Column("appeal", Words, nullable=False, server_default=""),
    Column("reason", Words, nullable=False, server_default=""),
    Column("proposer", Line(64), nullable=False),  # "staff:7", "person:12"
    ref("proposer_person_id", "person", nullable=True),
    ref("approver_id", "staff", nullable=True),
    ref("decider_id", "staff", nullable=True),
    Column("at", Instant, nullable=False),
    Column("appeal_until", Instant),
    Column("ended_at", Instant),
)

proposal_file = Table(
    "proposal_file",
    metadata,
    id_column(),
    ref("proposal_id", "proposal", index=True),
    ref("file_id", "file"),
)

shop_session = Table(  # a day on which a shop hands things out
    "shop_session",
    metadata,
    id_column(),
    key(),
    ref("area_id", "area", index=True),
    Column("shop", Line(64), nullable=False),
    Column("title", Line(128), nullable=False),
    Column("place", Line(128), nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    UniqueConstraint("key"),
)
