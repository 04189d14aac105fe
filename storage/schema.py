"""What a database of the newest version is made of: the tables, the triggers, the version it is stamped with."""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

from storage.tables import metadata

HEAD = "0002"  # the last revision in storage/migrations/versions; a test holds the two together
TOLD = ("inbox", "outbox")  # tables of which others hear when there are new rows; web_line says whose
APPEND_ONLY = ("transfer", "case_event", "mediation_event", "service_hours")


def version(conn: Connection) -> str | None:
    """The revision a database stands at; None for an empty one."""
    if not inspect(conn).has_table("alembic_version"):
        return None
    found = conn.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return None if found is None else str(found)


def for_postgresql() -> None:
    """Tell the partial indexes of the tables what they are over on PostgreSQL too."""
    for table in metadata.tables.values():
        for index in table.indexes:
            if "where" in index.info:
                index.dialect_options["postgresql"]["where"] = text(index.info["where"])


def create(conn: Connection) -> None:
    """Make an empty database one of version HEAD, without Alembic: a fresh one has to be there at once."""
    metadata.create_all(conn, checkfirst=False)
    for statement in triggers(conn.dialect.name):
        conn.exec_driver_sql(statement)
    conn.exec_driver_sql(
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
        "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
    )
    conn.execute(text("INSERT INTO alembic_version (version_num) VALUES (:head)"), {"head": HEAD})


def triggers(dialect: str) -> list[str]:
    """Every statement of a new database that is no table: append-only rows, and the word that there are new ones."""
    return append_only(dialect) + (tidings() if dialect == "postgresql" else [])


def tidings() -> list[str]:
    """The statements after which PostgreSQL tells the channel `linli` at commit what is new: "inbox", "outbox", or
    "web_line" and the chat, so that other processes need not look."""
    tell = (
        "CREATE FUNCTION tell_tidings() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN PERFORM pg_notify('linli', TG_TABLE_NAME); RETURN NULL; END $$"
    )
    tell_chat = (
        "CREATE FUNCTION tell_chat() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN PERFORM pg_notify('linli', 'web_line ' || NEW.chat); RETURN NULL; END $$"
    )
    return [
        tell,
        tell_chat,
        *(
            f"CREATE TRIGGER {table}_tidings AFTER INSERT ON {table} FOR EACH STATEMENT EXECUTE FUNCTION tell_tidings()"
            for table in TOLD
        ),
        "CREATE TRIGGER web_line_tidings AFTER INSERT OR UPDATE ON web_line FOR EACH ROW EXECUTE FUNCTION tell_chat()",
    ]


def append_only(dialect: str) -> list[str]:
    """The statements after which the database itself refuses to change or delete a row of the append-only tables."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{change} BEFORE {change.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for table in APPEND_ONLY
            for change in ("update", "delete")
        ]
    refuse = (
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$"
    )
    return [
        refuse,
        *(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            for table in APPEND_ONLY
        ),
    ]
