"""Shifts as a table, CSV or XLSX: the form, reading it row by row, writing it so that no cell is ever run."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.commands.export import FORMULA, harmless
from flows.domain.volunteering import SKILLS, labels, named
from flows.facts import ShiftView
from storage import audit, by_name, volunteers
from storage.community import time_zone

# The form of docs/volunteers-table.md: what stands in the first row.
COLUMNS = ("活动", "社区", "地点", "说明", "开始", "结束", "人数", "组织者", "最小年龄", "风险提示", "特长", "提前截止")
NEEDED = ("活动", "社区", "地点", "开始", "结束", "人数")
MORE = ("已报", "候补", "状态")
MOST = 5000  # rows
WRITTEN = "%Y-%m-%d %H:%M"
LONGEST = {"活动": 60, "地点": 60, "说明": 500, "风险提示": 100}


class BadTable(Exception):
    """The file can't be read as such a table."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A row that was not taken, and why; `row` counts as the spreadsheet does, the header being 1."""

    row: int
    why: str


def read(data: bytes, name: str, needed: Sequence[str] = NEEDED) -> list[tuple[int, dict[str, str]]]:
    """The rows of a file by column, with their numbers. Raises BadTable."""
    rows = _xlsx_rows(data) if name.lower().endswith(".xlsx") else _csv_rows(data)
    if not rows:
        raise BadTable("the file is empty")
    header = [cell.strip() for cell in rows[0]]
    missing = [column for column in needed if column not in header]
    if missing:
        raise BadTable(f"the first row lacks the columns {'、'.join(missing)}")
    if len(rows) > MOST:
        raise BadTable(f"more than {MOST} rows; make several files of it")
    return [
        (number, {column: plain(cell) for column, cell in zip(header, row, strict=False)})
        for number, row in enumerate(rows[1:], 2)
        if any(cell.strip() for cell in row)
    ]


def plain(cell: str) -> str:
    """A cell as it was before it was made harmless."""
    text = cell.strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def _csv_rows(data: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):  # the latter is what Chinese spreadsheets save
        try:
            return list(csv.reader(io.StringIO(data.decode(encoding), newline="")))
        except (UnicodeDecodeError, csv.Error):
            continue
    raise BadTable("neither UTF-8 nor GB18030 text")


def _xlsx_rows(data: bytes) -> list[list[str]]:
    import zipfile

    from openpyxl import load_workbook

    try:
        sheet = load_workbook(io.BytesIO(data), read_only=True, data_only=True).active
        rows = [[_cell(cell) for cell in row] for row in sheet.iter_rows(values_only=True, max_row=MOST + 1)]
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, AttributeError) as error:
        raise BadTable(f"no XLSX file ({type(error).__name__})") from None
    return rows


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime(WRITTEN)
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def write(conn: Connection, rows: Iterable[tuple[int, Mapping[str, str]]], now: datetime) -> tuple[int, list[Failed]]:
    """Open a shift for each row that is right; a row that is not is left out wholly and listed. Twice is once."""
    areas, people = by_name.areas(conn).ids, by_name.colleagues(conn).ids
    made, failed = 0, list[Failed]()
    for number, row in rows:
        try:
            made += _open(conn, row, areas, people, now)
        except ValueError as error:
            failed.append(Failed(number, str(error)))
    audit.record(conn, actor="command", action="import_shifts", subject={"new": made, "failed": len(failed)}, now=now)
    return made, failed


def _open(
    conn: Connection, row: Mapping[str, str], areas: Mapping[str, int], people: Mapping[str, int], now: datetime
) -> int:
    """1 when the shift is new; raises ValueError before anything is written."""
    values = _checked(row, areas, people)
    zone = time_zone(conn, values["area_id"])
    start, end = _when(row["开始"], zone), _when(row["结束"], zone)
    if end <= start:
        raise ValueError("「结束」要晚于「开始」")
    if start <= now:
        raise ValueError("「开始」已经过了")
    capacity = _number(row["人数"], "人数", 1, 2000)
    said = "\0".join((str(values["area_id"]), values["title"], values["place"]))
    key = f"table/{hashlib.sha256(said.encode()).hexdigest()[:16]}"
    there = by_name.activity_of(conn, values["area_id"], values["title"], values["place"])
    id = there or volunteers.add_activity(conn, key=key, active=True, **values)
    if there and by_name.begins(conn, id, start):
        return 0  # however it came to be there: what was exported changes nothing
    return int(volunteers.add_shift(conn, f"{key}/{start.isoformat()}", id, start, end, capacity) is not None)


def _checked(row: Mapping[str, str], areas: Mapping[str, int], people: Mapping[str, int]) -> dict[str, Any]:
    for column in NEEDED:
        if not row.get(column):
            raise ValueError(f"「{column}」没有填")
    for column, longest in LONGEST.items():
        if len(row.get(column, "")) > longest:
            raise ValueError(f"「{column}」超过{longest}个字")
    if row["社区"] not in areas:
        raise ValueError(f"没有「{row['社区']}」这个社区")
    if row.get("组织者") and row["组织者"] not in people:
        raise ValueError(f"没有「{row['组织者']}」这位组织者")
    return {
        "area_id": areas[row["社区"]],
        "title": row["活动"],
        "place": row["地点"],
        "about": row.get("说明", ""),
        "organiser_id": people.get(row.get("组织者", "")),
        "min_age": _number(row.get("最小年龄") or "0", "最小年龄", 0, 100),
        "risk": row.get("风险提示", ""),
        "skills": list(named(row.get("特长", ""), SKILLS)) or None,
        "deadline_hours": _number(row.get("提前截止") or "0", "提前截止", 0, 720),
    }


def _number(text: str, column: str, least: int, most: int) -> int:
    if not text.isdecimal() or not least <= int(text) <= most:
        raise ValueError(f"「{column}」要是{least}到{most}的整数")
    return int(text)


def _when(text: str, zone: ZoneInfo) -> datetime:
    for form in (WRITTEN, "%Y/%m/%d %H:%M", "%Y-%m-%d %H:%M:%S"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=zone)
        except ValueError:
            continue
    raise ValueError(f"「{text}」不是时间，要写成 2026-03-07 09:00")


def of_shifts(conn: Connection, shifts: Iterable[ShiftView]) -> tuple[list[str], list[list[str]]]:
    """Shifts in the form they are read in, in the time of where they are, with how many signed up."""
    areas, people = by_name.areas(conn).names, by_name.colleagues(conn).names
    rows = [
        [
            s.title,
            areas.get(s.area, ""),
            s.place,
            s.about,
            s.starts_at.astimezone(time_zone(conn, s.area)).strftime(WRITTEN),
            s.ends_at.astimezone(time_zone(conn, s.area)).strftime(WRITTEN),
            str(s.capacity),
            people.get(s.organiser or 0, ""),
            str(s.min_age),
            s.risk,
            labels(s.skills or (), SKILLS),
            str(s.deadline_hours or ""),
            str(s.taken),
            str(s.waiting),
            "取消" if s.state != "open" else "",
        ]
        for s in shifts
    ]
    return [*COLUMNS, *MORE], rows


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """With a byte-order mark, as spreadsheets expect; no cell is a formula."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([list(header), *([harmless(cell) for cell in row] for row in rows)])
    return ("\ufeff" + out.getvalue()).encode()


def xlsx(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Every cell a plain text: openpyxl would take "=1+1" for a formula, and one control character aborts it."""
    from openpyxl import Workbook

    book = Workbook()
    page = book.active
    for number, row in enumerate([header, *rows], 1):
        for place, value in enumerate(row, 1):
            cell = page.cell(row=number, column=place)
            cell.value = "".join(c if c >= " " or c == "\n" else " " for c in str(value))
            cell.data_type = "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
