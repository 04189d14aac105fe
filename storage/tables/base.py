"""What every table is made with: the metadata, its naming, the columns all have."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, MetaData, text

from storage.types import Line

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

SLOTS = 1024  # of which each community has one; there are never more servers
Id = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts rows only in INTEGER PRIMARY KEY


def id_column() -> Column[int]:
    return Column("id", Id, primary_key=True, autoincrement=True)


def ref(name: str, target: str, *, nullable: bool = False, index: bool = False) -> Column[int]:
    return Column(name, Id, ForeignKey(f"{target}.id"), nullable=nullable, index=index)


def key(name: str = "key", *, nullable: bool = False) -> Column[str]:
    return Column(name, Line(128), nullable=nullable)


def spread(of: str) -> tuple[Column[int], CheckConstraint]:
    """The key a case and all that hangs on it lie by when there are many servers (storage/spread.py): the id ends in
    it, so that whoever knows the id knows where the row lies."""
    return Column("spread", Id, nullable=False), CheckConstraint(f"spread = {of} % {SLOTS}", name="spread")


def partial(name: str, *columns: str, where: str) -> Index:
    """An index over some rows only. PostgreSQL's half is added when such a database is opened (storage/schema.py):
    named here it would load that whole dialect at every start."""
    return Index(name, *columns, sqlite_where=text(where), info={"where": where})
