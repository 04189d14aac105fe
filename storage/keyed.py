"""On many servers: what is said of a case by its id is said by its key as well, so that it goes to one of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import BinaryExpression, BindParameter, BooleanClauseList, ColumnElement, func, literal_column
from sqlalchemy.sql import operators
from sqlalchemy.sql.selectable import Alias, FromClause, Join

from storage.tables.base import SLOTS

# The column whose value ends in the key of its row (storage/spread.py).
CARRIES = {
    "case_": "id",
    "case_event": "case_id",
    "case_words": "case_id",
    "case_bar": "case_id",
    "case_called": "case_id",
}


def more(conditions: Iterable[Any], froms: Iterable[FromClause]) -> list[ColumnElement[bool]]:
    """What follows for the keys from the conditions of a statement and of its joins."""
    found: dict[str, ColumnElement[bool]] = {}
    for each in (*_parts(conditions), *(part for one in froms for part in _joins(one))):
        if not isinstance(each, BinaryExpression) or each.operator is not operators.eq:
            continue
        for one, other in ((each.left, each.right), (each.right, each.left)):
            table = _carried(one)
            if table is None:
                continue
            if isinstance(other, BindParameter):
                here = table.c.spread == func.mod(other, literal_column(str(SLOTS)))
            elif (beside := _carried(other)) is not None:
                here = table.c.spread == beside.c.spread
            else:
                continue
            found.setdefault(f"{id(table)} {id(other)}", here)
    return list(found.values())


def _carried(column: Any) -> Any:
    """The table (or its other name) of a column that ends in the key."""
    table = getattr(column, "table", None)
    plain = table.element if isinstance(table, Alias) else table
    name = getattr(plain, "name", None)
    return table if name in CARRIES and CARRIES[name] == getattr(column, "name", None) else None


def _parts(conditions: Iterable[Any]) -> Iterator[Any]:
    for each in conditions:
        if isinstance(each, BooleanClauseList) and each.operator is operators.and_:
            yield from _parts(each.clauses)
        else:
            yield each


def _joins(one: FromClause) -> Iterator[Any]:
    """The conditions of inner joins; those of an outer one hold for some rows only, and name the key themselves."""
    if isinstance(one, Join):
        yield from _joins(one.left)
        yield from _joins(one.right)
        if one.onclause is not None and not (one.isouter or one.full):
            yield from _parts([one.onclause])
