"""What WeChat and WeCom make us remember: tokens, nonces, cards to change, answers still owed, limits, who agreed."""

from __future__ import annotations

from sqlalchemy import Column, Float, Index, Integer, Table, UniqueConstraint
from sqlalchemy.types import JSON

from storage.tables.base import id_column, key, metadata
from storage.types import Instant, Line, Words

api_token = Table(  # an access token of a platform, and how often it was asked for lately
    "api_token",
    metadata,
    Column("name", Line(128), primary_key=True),  # wechat:<app id>, wecom:<corp id>:<agent id>
    Column("value", Line(1024)),  # sealed
    Column("expires_at", Instant),
    Column("fetching_until", Instant),  # somebody asks for a new one: the others wait
    Column("hour_at", Instant),  # since when `fetches` counts
    Column("fetches", Integer, nullable=False, server_default="0"),
)

nonce = Table(  # of callbacks that were taken: the same one with other words is a forgery
    "nonce",
    metadata,
    key(),
    Column("digest", Line(64), nullable=False),  # of the body
    Column("at", Instant, nullable=False),
    UniqueConstraint("key"),
    Index("ix_nonce_at", "at"),
)

platform_card = Table(  # a message with buttons on a platform that needs a code to change it
    "platform_card",
    metadata,
    id_column(),
    Column("channel", Line(16), nullable=False),
    Column("message", Line(128), nullable=False),  # our own name of it, as the outbox knows it
    Column("chat", Line(128), nullable=False),  # address of the chat it was sent to
    Column("code", Line(255)),  # good for one change; NULL: used up
    Column("expires_at", Instant, nullable=False),
    Column("pressed_by", Line(64)),  # who pressed last, and when: what they write next is about this
    Column("pressed_at", Instant),
    Column("links", JSON),
    UniqueConstraint("channel", "message"),
    Index("ix_platform_card_pressed", "channel", "pressed_by", "pressed_at"),
)

allowance = Table(  # how much a platform still takes: tokens that come back with time
    "allowance",
    metadata,
    Column("name", Line(160), primary_key=True),  # wecom:<agent id>:member:<user id> …
    Column("tokens", Float, nullable=False),
    Column("at", Instant, nullable=False),
    Column("log", JSON),  # instead of tokens: when how many went lately
    Column("closed_until", Instant),  # the platform said that it takes nothing more before
)

subscription = Table(  # who agreed to be sent a kind of notice (订阅通知), or did not want it
    "subscription",
    metadata,
    id_column(),
    Column("address", Line(128), nullable=False),  # whose, on the official account
    Column("template", Line(64), nullable=False),
    Column("state", Line(8), nullable=False),  # accept, reject, spent: the platform takes no more of it
    Column("at", Instant, nullable=False),
    Column("result", Line(64)),  # what the platform said became of the last one
    UniqueConstraint("address", "template"),
)

bot_answer = Table(  # what may still be answered to whoever spoke to an intelligent bot
    "bot_answer",
    metadata,
    id_column(),
    Column("chat", Line(128), nullable=False),  # address
    Column("message", Line(128), nullable=False),  # what was said, as the inbox knows it
    Column("code", Line(1024)),  # what the platform knows it by, good for one answer; sealed; NULL: there is none
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("stream", Line(64)),  # its answer, of which the platform asks for the rest; NULL: it cannot be one
    Column("stream_until", Instant),
    Column("text", Words),  # the rest, and its picture; kept for minutes
    Column("photo", Line(255)),
    Column("fetched_at", Instant),  # the platform has it
    UniqueConstraint("message"),
    UniqueConstraint("stream"),
    Index("ix_bot_answer_chat", "chat", "expires_at"),
)
