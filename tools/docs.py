"""Writes the parts of the docs that the code knows best, or with `--check` says which are not current."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from bot.settings import Settings
from flows.domain.moves import diagram, permissions

ROOT = Path(__file__).resolve().parent.parent
BEGIN, END = "<!-- settings: written by tools/docs.py -->", "<!-- end of the settings -->"
CASE_LIFE = """# The life of a case

Written by `python -m tools.docs` from the table of moves in [flows/domain/moves.py](../flows/domain/moves.py); a test
holds it current. In brackets stands who may make the move. What leaves a case where it is (a progress note, 催办, an
extension) is not drawn.

```mermaid
{diagram}```

## Who may do what

What somebody is to a case follows from their role and the level of the area they hold it in: `grid` is whoever works
in its grid, `community`, `subdistrict` and `city` are the staff and leaders on duty of that level (a higher one may do
what a lower one may), `department` is the responsible department or one that was called out. Whoever reported a case
does nothing with it in office. `*`: once a case has gone up (申请上级处理), this is for its level and those above only.

{permissions}"""


def written() -> Iterator[tuple[Path, str]]:
    """Every file this writes, with what should stand in it."""
    yield ROOT / "docs" / "case-life.md", CASE_LIFE.format(diagram=diagram(), permissions=permissions())
    running = ROOT / "docs" / "running.md"
    yield running, with_table(running.read_text("utf-8"), settings_table())


def settings_table() -> str:
    """One row a setting, in the order of the class."""
    rows = [
        f"| `LINLI_{name.upper()}` | {default(field)} | {meaning(field)} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join(["| variable | default | meaning |", "|---|---|---|", *rows])


def default(field: FieldInfo) -> str:
    value = field.default
    shown = value.get_secret_value() if isinstance(value, SecretStr) else value
    return "–" if shown in (None, "") else f"`{shown}`"


def meaning(field: FieldInfo) -> str:
    said = field.description or ""
    choices = [choice for choice in get_args(field.annotation) if isinstance(choice, str)]
    if all(choice in said for choice in choices):
        return said
    listed = ", ".join(f"`{choice}`" for choice in choices)
    return f"{said} ({listed})" if said else f"one of {listed}"


def with_table(text: str, table: str) -> str:
    """The text with the table between its two marks; raises ValueError when a mark is missing."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


def stale() -> list[str]:
    """The files that are not what they should be."""
    return [
        path.relative_to(ROOT).as_posix()
        for path, text in written()
        if not path.exists() or path.read_text("utf-8") != text
    ]


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        for name in (old := stale()):
            print(f"{name} is not current: run `python -m tools.docs`")
        return 1 if old else 0
    if arguments:
        print("usage: python -m tools.docs [--check]")
        return 2
    for path, text in written():
        path.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
