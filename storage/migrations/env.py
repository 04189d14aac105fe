"""What Alembic runs to make or apply a revision: always on the connection it was handed."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from storage import schema
from storage.tables import metadata
from storage.types import Instant, Line, Words


def _spell(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    """How a revision spells what Alembic does not know: our own types, texts as what they are in the database."""
    if kind == "type" and isinstance(item, Instant):
        autogen.imports.add("from storage.types import Instant")
        return "Instant()"
    if kind == "type" and isinstance(item, Words):
        return "sa.Text()"
    if kind == "type" and isinstance(item, Line):
        return "sa.String()"
    return False


schema.for_postgresql()  # a revision is written on SQLite for both
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    render_item=_spell,
    compare_server_default=False,
)
with context.begin_transaction():
    context.run_migrations()
