"""Areas as rows: all there are, the one a group belongs to, and the groups of a channel."""

from __future__ import annotations

from sqlalchemy import Connection, String, bindparam, cast, literal, select

from storage.community import AreaRow
from storage.tables import area, chat, due

_AREAS = select(area.c.id, area.c.key, area.c.level, area.c.kind, area.c.name, area.c.path)
_EVERY = _AREAS.where(area.c.active).order_by(area.c.id)
_OF_GROUP = _AREAS.join(chat, chat.c.area_id == area.c.id).where(
    chat.c.channel == bindparam("channel"), chat.c.address == bindparam("chat"), chat.c.role == "residents"
)
_GROUPS = (
    select(chat.c.address, area.c.id, area.c.name)
    .join(area, area.c.id == chat.c.area_id)
    .where(chat.c.channel == bindparam("channel"), chat.c.kind == "group")
    .order_by(chat.c.id)
)


def every(conn: Connection) -> list[AreaRow]:
    """All areas in use."""
    return [AreaRow(*row) for row in conn.execute(_EVERY)]


def of_residents(conn: Connection, channel: str, address: str) -> AreaRow | None:
    """The area whose residents' group this is; None for any other chat."""
    row = conn.execute(_OF_GROUP, {"channel": channel, "chat": address}).first()
    return AreaRow(*row) if row else None


def groups(conn: Connection, channel: str) -> list[tuple[str, int, str]]:
    """(address, area, name of the area) of the groups of a channel that belong to an area."""
    return [(address, id, name) for address, id, name in conn.execute(_GROUPS, {"channel": channel})]


def without(conn: Connection, kind: str) -> list[int]:
    """Active communities for which nothing is pending under `kind` and their id."""
    pending = select(due.c.id).where(
        due.c.key == literal(f"{kind}.") + cast(area.c.id, String), due.c.state == "pending"
    )
    query = select(area.c.id).where(area.c.level == "community", area.c.active, ~pending.exists())
    return list(conn.execute(query.order_by(area.c.id)).scalars())
