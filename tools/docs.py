"""Writes the parts of the docs that the code knows best, or with `--check` says which are not current."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import get_args

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from bot.settings import Settings
from flows.complaint import clocks
from flows.domain.moves import diagram, permissions

ROOT = Path(__file__).resolve().parent.parent
BEGIN, END = "<!-- settings: written by tools/docs.py -->", "<!-- end of the settings -->"
RUNGS = {"grid_leader": "the grid leader", "community_staff": "the community", "duty_leader": "the leader on duty"}


def hours(span: timedelta) -> str:
    return f"{span / timedelta(hours=1):g} working hours"


def clock_table() -> str:
    """What rings when, out of flows/complaint/clocks.py."""
    ladder = " → ".join(f"{level} ({RUNGS[role]})" for level, role in clocks.LADDER.items())
    days = {what: [str(day) for w, day in clocks.RINGS if w == what] for what in ("accept", "finish")}
    accept, finish = "/".join(days["accept"]), "/".join(days["finish"])
    rows = [
        ("taking it", "the service's acknowledge_minutes, while nobody has it", _climb("acknowledge")),
        ("finishing it", "the service's resolve_hours, not while the resident is asked", _climb("resolve")),
        ("reporting in", f"{hours(clocks.REPORT_IN)} from the 吹哨", "who is silent is told to the leader on duty"),
        (
            "answering",
            f"asked again after {clocks.ANSWERS_IN[0].days} days",
            f"{clocks.ANSWERS_IN[1].days} days later it goes on",
        ),
        ("rating", f"{clocks.SILENCE.days} days from the result", "closed by itself"),
        ("the law: accepting", f"{clocks.ACCEPT_IN} days", f"the highest level hears on day {accept}"),
        ("the law: finishing", f"{clocks.FINISH_IN} days, {clocks.EXTENDED_BY} more when extended", f"on day {finish}"),
    ]
    table = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    together = (
        "What can wait rings on the half hour, and what falls due for one chat at the same moment is one message, a\n"
        "line for each case; what is red comes by itself.\n"
    )
    return f"| clock | how long | what then |\n|---|---|---|\n{table}\nUp the tree: {ladder}.\n\n{together}"


def _climb(clock: str) -> str:
    step, top = hours(clocks.STEP[clock]), hours(clocks.TOP[clock])
    return f"reminded at three quarters; then one level up every {step}, at the top every {top}"


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

{permissions}
## The clocks

Working time knows lunch, weekends, holidays and 调休; a comment, an edit or a change of hands never sets a clock back.
What is reopened or asked of the level above gets new ones, of the service as that level offers it.

{clocks}"""


def written() -> Iterator[tuple[Path, str]]:
    """Every file this writes, with what should stand in it."""
    yield (
        ROOT / "docs" / "case-life.md",
        CASE_LIFE.format(diagram=diagram(), permissions=permissions(), clocks=clock_table()),
    )
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
