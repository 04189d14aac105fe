"""Writes the next migration: what storage/tables/ has and the last one has not (`python -m tools.revise "Add …"`)."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from storage.migrations import config, run


def main() -> None:
    message = " ".join(sys.argv[1:]) or sys.exit("say what the revision does")
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{Path(folder) / 'empty.db'}")
        with engine.begin() as conn:
            run(conn)
            head = ScriptDirectory.from_config(config()).get_current_head()
            number = f"{int(head or 0) + 1:04d}"
            script = command.revision(config(conn), message, autogenerate=True, rev_id=number)
    print(f"{script.path if script and not isinstance(script, list) else ''}: look it over, add it to git,")
    print(f'and set HEAD = "{number}" in storage/schema.py')


if __name__ == "__main__":
    main()
