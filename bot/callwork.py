"""Departments that are called out: by the names of the place, each for certain, and never one complained about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection

from flows.complaint import texts
from flows.complaint.calling import label, leading, meant
from flows.domain.case import Case
from flows.errors import NotAllowed
from storage import bars, community


def named_by(conn: Connection, case: Case, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The data of a call-out with the departments' own names; what nobody can tell apart is asked, nobody is told."""
    known = community.departments(conn, case.area) if case.area else ()
    note = str(data.get("note", ""))
    said = tuple(str(d) for d in data.get("departments") or ())
    found: dict[str, None] = {}
    for words in said or (note,):
        for names in meant(words, known):
            if len(names) > 1:
                several = "、".join(label(name, known) for name in names)
                raise NotAllowed(texts.SEVERAL_DEPARTMENTS.format(names=several))
            found[names[0]] = None
        if said and known and not meant(words, known):
            names = tuple(d.name for d in known)
            raise NotAllowed(texts.NO_SUCH_DEPARTMENT.format(names="、".join(names), first=names[0]))
    called = tuple(found) if known else said
    allowed(conn, case, called)
    return {**data, "departments": list(called), "lead": data.get("lead") or leading(note, known)}


def allowed(conn: Connection, case: Case, departments: Iterable[str]) -> None:
    """Raises NotAllowed where the case is about one of them (信访工作条例 2022 art. 30)."""
    if not bars.of_case(conn, case.id).departments.isdisjoint(departments):
        raise NotAllowed("这件反映的就是其中一个部门，不能请他们到场，请换一个。")
