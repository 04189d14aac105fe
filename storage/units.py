"""The departments and staff of an installation, as far as residents may complain about them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from flows.domain.places import Places
from flows.domain.units import Colleague, Held, Units
from storage.tables import area, staff, staff_role


def load_units(conn: Connection, places: Places) -> Units:
    """All of them; the caller keeps it until the next import."""
    departments = []
    for id, options in conn.execute(select(area.c.id, area.c.options).where(area.c.active)):
        for d in (options or {}).get("departments", ()) if isinstance(options, Mapping) else ():
            departments.append((str(d["name"]), tuple(str(c) for c in d.get("covers", ())), int(id)))
    query = (
        select(staff.c.id, staff.c.name, staff_role.c.role, staff_role.c.area_id, staff_role.c.department)
        .join(staff_role, staff_role.c.staff_id == staff.c.id)
        .where(staff.c.active)
        .order_by(staff.c.id)
    )
    found: dict[int, Colleague] = {}
    for row in conn.execute(query):
        one = found.get(row.id) or Colleague(row.id, row.name, ())
        held = (*one.held, Held(row.role, row.area_id, row.department))
        found[row.id] = Colleague(one.id, one.name, held)
    return Units(places, departments, found.values())
