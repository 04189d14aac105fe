"""Statements made once and said every turn go to the driver at once, past the machinery that is for all others.

SQLAlchemy takes some 40 µs to execute what it has compiled already, SQLite itself 5 to 10; a turn says some twenty
statements. Here a statement object that comes a second time (so it is a constant of a module, not made for the
occasion) is compiled once for good: its text, where each value goes, how values turn into columns and back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Executable, Row, TextClause
from sqlalchemy.engine import IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.exc import MultipleResultsFound, NoResultFound
from sqlalchemy.sql.compiler import SQLCompiler

_MARK = "_linli_quick"
_NONE: Mapping[str, Any] = {}
_Turn = Callable[[Any], Any]  # of a value into what a column holds, or back
LONGEST_LIST = 64  # a plan is kept for each length
FEW = 32  # rows said with one statement
LENGTHS = (1, 4, 16, LONGEST_LIST)


class Found:
    """What a statement found, or how many rows it changed: the part of SQLAlchemy's result that is asked for most."""

    __slots__ = ("_rows", "_shape", "rowcount")

    def __init__(self, shape: Any, rows: list[Any], rowcount: int) -> None:
        self._shape, self._rows, self.rowcount = shape, rows, rowcount

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def __getattr__(self, name: str) -> Any:
        return getattr(IteratorResult(self._shape, iter([tuple(row) for row in self._rows])), name)

    def all(self) -> list[Any]:
        return self._rows

    def first(self) -> Any:
        return self._rows[0] if self._rows else None

    def one_or_none(self) -> Any:
        if len(self._rows) > 1:
            raise MultipleResultsFound("Multiple rows were found when one or none was required")
        return self.first()

    def one(self) -> Any:
        if not self._rows:
            raise NoResultFound("No row was found when one was required")
        return self.one_or_none()

    def scalar(self) -> Any:
        return self._rows[0][0] if self._rows else None

    def scalar_one_or_none(self) -> Any:
        row = self.one_or_none()
        return None if row is None else row[0]

    def scalar_one(self) -> Any:
        return self.one()[0]


def _as_it_is(value: Any) -> Any:
    return value


def padded(values: Sequence[Any]) -> list[Any]:
    """A list with the same values in it, of one of few lengths: a plan is made for each."""
    room = next((length for length in LENGTHS if length >= len(values)), len(values))
    return [*values, *[values[0]] * (room - len(values))]


class _Plan:
    """How one statement is said with parameters of certain names, and lists in them of certain lengths."""

    def __init__(self, compiled: SQLCompiler, dialect: Any, given: Mapping[str, Any]) -> None:
        fixed = compiled.construct_params(given, _check=False)
        said = compiled._process_parameters_for_postcompile(fixed)  # lists written out
        parts = {part: (name, n) for name, all in said.parameter_expansion.items() for n, part in enumerate(all)}
        fixed = {**fixed, **said.additional_parameters}
        order = said.positiontup if compiled.positional else [n for n in fixed if n not in said.parameter_expansion]
        turns: Mapping[str, Any] = {**compiled._bind_processors, **said.processors}
        self.text = said.statement
        self._names = None if compiled.positional else tuple(order or ())
        self._values = list[Any]()  # those that are always the same in their places, turned once
        self._given = list[tuple[int, str]]()
        self._turned = list[tuple[int, str, _Turn]]()
        self._listed = list[tuple[int, str, int, _Turn]]()
        for n, name in enumerate(order or ()):
            turn, (whole, at) = turns.get(name), parts.get(name, ("", 0))
            self._values.append(None)
            if whole in given:
                self._listed.append((n, whole, at, turn or _as_it_is))
            elif name not in given:
                self._values[n] = turn(fixed.get(name)) if turn else fixed.get(name)
            elif turn:
                self._turned.append((n, name, turn))
            else:
                self._given.append((n, name))
        self.has_lists = bool(self._listed)
        self._columns = compiled._result_columns
        self._dialect = dialect
        self._shape: Any = None
        self._index: Any = None
        self._back: Sequence[tuple[int, _Turn]] = ()

    def bound(self, given: Mapping[str, Any]) -> Any:
        """What the driver takes for these values."""
        values = self._values.copy()
        for n, name in self._given:
            values[n] = given[name]
        for n, name, turn in self._turned:
            values[n] = turn(given[name])
        for n, whole, at, turn in self._listed:
            values[n] = turn(given[whole][at])
        return values if self._names is None else dict(zip(self._names, values, strict=True))

    def found(self, cursor: Any) -> Found:
        if cursor.description is None:
            return Found(None, [], cursor.rowcount)
        if self._shape is None:
            self._learn(cursor.description)
        shape, index, rows = self._shape, self._index, cursor.fetchall()
        if self._back:
            rows = map(self._read, rows)
        return Found(shape, [Row(shape, None, index, row) for row in rows], cursor.rowcount)

    def _read(self, row: Sequence[Any]) -> tuple[Any, ...]:
        values = list(row)
        for n, turn in self._back:
            values[n] = turn(values[n])
        return tuple(values)

    def _learn(self, description: Sequence[Any]) -> None:
        turns = (
            column.type.dialect_impl(self._dialect).result_processor(self._dialect, told[1])
            for column, told in zip(self._columns, description, strict=True)
        )
        self._back = [(n, turn) for n, turn in enumerate(turns) if turn]
        names = [column.keyname for column in self._columns]
        shape = SimpleResultMetaData(names, extra=[column.objects for column in self._columns])
        self._index = shape._key_to_index
        self._shape = shape  # last: another thread may be looking


class _Mark:
    """What is known of a statement object; a statement made from it inherits the mark, so it says whose it is."""

    __slots__ = ("lists", "of", "plans")

    def __init__(self, of: Any) -> None:
        self.of = of
        self.lists: tuple[str, ...] | None = None  # parameters that are lists of values
        self.plans: dict[tuple[Any, ...], _Plan | None] = {}

    def plan(self, dialect: Any, given: Mapping[str, Any]) -> _Plan | None:
        key = (dialect.name, *given)
        if self.lists:
            key = (*key, *(len(given.get(name, ())) for name in self.lists))
        try:
            return self.plans[key]
        except KeyError:
            made = self._made(dialect, given)
            if self.lists and len(key) == len(given) + 1:  # now it is known that lengths count
                return made
            self.plans[key] = made
            return made

    def _made(self, dialect: Any, given: Mapping[str, Any]) -> _Plan | None:
        """None: a statement that needs more than text and values, such as a default made in Python, or that fails."""
        if isinstance(self.of, TextClause) or self.of.get_execution_options():
            return None
        compiled = self.of.compile(dialect=dialect, column_keys=sorted(given) or None)
        if not isinstance(compiled, SQLCompiler) or compiled._textual_ordered_columns:
            return None
        if compiled.literal_execute_params or compiled.escaped_bind_names:
            return None
        if compiled.insert_prefetch or compiled.update_prefetch:
            return None
        known = {name: bind.required for bind, name in compiled.bind_names.items()}
        if any(needed and name not in given for name, needed in known.items()) or any(n not in known for n in given):
            return None
        self.lists = tuple(bind.key for bind in compiled.post_compile_params if bind.key in given)
        if any(not 0 < len(given[name]) <= LONGEST_LIST for name in self.lists):
            return None
        return _Plan(compiled, dialect, given)


class QuickConnection(Connection):
    """A connection that says such statements quickly; all others, and all while anybody listens, as ever."""

    def execute(self, statement: Executable, parameters: Any = None, *, execution_options: Any = None) -> Any:
        if execution_options or self._has_events or self.engine._has_events:
            return super().execute(statement, parameters, execution_options=execution_options)
        if isinstance(parameters, list):
            return self._each(statement, parameters)
        mark = statement.__dict__.get(_MARK)
        if mark is None or mark.of is not statement:  # the first time, or made from one that has been said
            statement.__dict__[_MARK] = _Mark(statement)
            return super().execute(statement, parameters)
        plan = mark.plan(self.dialect, parameters or _NONE)
        return super().execute(statement, parameters) if plan is None else self._say(plan, parameters or _NONE)

    def _each(self, statement: Executable, rows: list[Any]) -> Any:
        """Quickly, where they are few and nothing comes back: most messages have two or three buttons."""
        if (
            not 0 < len(rows) <= FEW
            or not getattr(statement, "is_dml", False)
            or getattr(statement, "_returning", False)
        ):
            return super().execute(statement, rows)
        mark = statement.__dict__.get(_MARK)
        plan = mark.plan(self.dialect, rows[0]) if mark and mark.of is statement else None
        if plan is None or plan.has_lists or len(rows) == 1 or any(row.keys() != rows[0].keys() for row in rows):
            changed = sum(max(0, self.execute(statement, row).rowcount) for row in rows)
            return Found(None, [], changed)
        values, cursor = None, None
        try:
            values = [plan.bound(row) for row in rows]
            cursor = self.connection.cursor()
            cursor.executemany(plan.text, values)
            found = Found(None, [], cursor.rowcount)
            cursor.close()
        except BaseException as error:
            self._handle_dbapi_exception(error, plan.text, values, cursor, None)
        return found

    def _say(self, plan: _Plan, given: Mapping[str, Any]) -> Found:
        values, cursor = None, None
        try:
            values = plan.bound(given)
            cursor = (self._dbapi_connection or self.connection).dbapi_connection.cursor()  # type: ignore[union-attr]
            cursor.execute(plan.text, values)
            found = plan.found(cursor)
            cursor.close()
        except BaseException as error:
            self._handle_dbapi_exception(error, plan.text, values, cursor, None)
        return found
