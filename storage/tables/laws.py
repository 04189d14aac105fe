"""Sources of law that were imported, what was known at each import, and answers of advisers that became guides."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, UniqueConstraint
from sqlalchemy.types import JSON

from storage.tables.base import id_column, metadata, ref
from storage.types import Instant, Line, Words

law_source = Table(  # one version of a regulation, interpretation, local rule or charter
    "law_source",
    metadata,
    id_column(),
    Column("title", Line(128), nullable=False),
    Column("issuer", Line(128), nullable=False),
    Column("published", Line(10), nullable=False),  # ISO day: tells the versions of one source apart
    Column("kind", Line(16), nullable=False),  # law, regulation, interpretation, local, charter, notice
    Column("begins", Line(10), nullable=False),
    Column("until", Line(10)),  # the first day it no longer holds
    Column("areas", JSON, nullable=False),  # keys of the areas where it holds; none: everywhere
    Column("articles", JSON, nullable=False),  # number, chapter, text of each
    Column("vectors", LargeBinary),  # a row of small integers an article, where the engine is installed
    Column("at", Instant, nullable=False),
    UniqueConstraint("title", "issuer", "published"),
)

law_import = Table(
    "law_import",
    metadata,
    id_column(),
    Column("at", Instant, nullable=False),
    Column("seen", JSON, nullable=False),  # title to a mark of its articles in force: what `law check` compares with
)

law_answer = Table(  # an adviser's answer on its way to becoming a guide
    "law_answer",
    metadata,
    id_column(),
    ref("thread_id", "thread", nullable=True, index=True),
    ref("area_id", "area", nullable=True),  # whom it is shown to; none: everybody
    Column("question", Words, nullable=False),
    Column("answer", Words, nullable=False),
    Column("role", Line(32), nullable=False),  # of who wrote it
    ref("author_id", "staff"),
    ref("reviewer_id", "staff", nullable=True),
    Column("state", Line(12), nullable=False),  # draft, review, published, withdrawn, dropped
    Column("cited", JSON, nullable=False),  # citation to a mark of the article's text when it was published
    Column("at", Instant, nullable=False),
    Column("published_at", Instant),
    Column("version", Integer, nullable=False),
    Index("ix_law_answer_state", "state"),
)
