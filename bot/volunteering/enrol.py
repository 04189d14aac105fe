"""Volunteers out of a table, CSV or XLSX: forms that were signed on paper, read row by row, none half kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import Connection

from bot.clock import HOME
from bot.volunteering.sheet import Failed
from flows.domain.volunteering import ADULT, SKILLS, TIMES, age, named
from flows.errors import Unclear
from flows.volunteer.register import NAME, PHONE, TEXT_VERSION, born
from storage import audit, by_name, volunteers_paper, volunteers_teams
from storage.volunteers_paper import Paper

# The form of docs/volunteers-table.md: what stands in the first row.
COLUMNS = ("称呼", "出生日期", "社区", "特长", "时间", "监护人", "监护人电话", "队伍", "同意日期", "同意文本")
NEEDED = ("称呼", "出生日期", "社区", "同意日期", "同意文本")


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A row that was kept, with the code that goes to whoever signed it."""

    row: int
    name: str
    place: str
    code: str


def write(
    conn: Connection, rows: Iterable[tuple[int, Mapping[str, str]]], now: datetime
) -> tuple[list[Enrolled], list[Failed]]:
    """Keep a volunteer for each row that is right; a row that is not is left out wholly and listed. Twice is once."""
    areas = by_name.areas(conn).ids
    made, failed = list[Enrolled](), list[Failed]()
    for number, row in rows:
        try:
            form = _form(conn, row, areas, now)
        except (ValueError, Unclear) as error:
            failed.append(Failed(number, str(error)))
            continue
        code = volunteers_paper.enrol(conn, form, now)
        if code is not None:
            made.append(Enrolled(number, form.fields["display_name"], row["社区"], code))
    subject = {"new": len(made), "failed": len(failed)}
    audit.record(conn, actor="command", action="enrol_volunteers", subject=subject, now=now)
    return made, failed


def _form(conn: Connection, row: Mapping[str, str], areas: Mapping[str, int], now: datetime) -> Paper:
    """Raises ValueError or Unclear, with the reason, before anything is written."""
    for column in NEEDED:
        if not row.get(column):
            raise ValueError(f"「{column}」没有填")
    if not NAME.fullmatch(row["称呼"]):
        raise ValueError("「称呼」要是1到20个汉字或字母")
    if row["社区"] not in areas:
        raise ValueError(f"没有「{row['社区']}」这个社区")
    where, today = areas[row["社区"]], now.astimezone(HOME).date()
    birth = born(row["出生日期"], today)
    fields = {"display_name": row["称呼"], "birth": birth.isoformat()}
    purposes = ["volunteer"]
    if age(birth, today) < ADULT:
        fields |= _guardian(row)
        purposes.append("volunteer_guardian")
    team = volunteers_teams.by_name(conn, where, row["队伍"]) if row.get("队伍") else None
    if row.get("队伍") and team is None:
        raise ValueError(f"没有「{row['队伍']}」这支队伍")
    skills, times = named(row.get("特长", ""), SKILLS), named(row.get("时间", ""), TIMES)
    return Paper(where, fields, skills, times or tuple(TIMES), purposes, _text(row), _signed(row, today), team)


def _guardian(row: Mapping[str, str]) -> dict[str, str]:
    if not NAME.fullmatch(row.get("监护人", "")) or not PHONE.fullmatch(row.get("监护人电话", "")):
        raise ValueError("未满18岁，「监护人」和「监护人电话」（11位手机号）都要填，监护人也要在纸上签字")
    return {"guardian": row["监护人"], "guardian_phone": row["监护人电话"]}


def _text(row: Mapping[str, str]) -> str:
    if row["同意文本"] != TEXT_VERSION:
        raise ValueError(f"「同意文本」要是纸上那段文字的版本，现在是 {TEXT_VERSION}")
    return TEXT_VERSION


def _signed(row: Mapping[str, str], today: date) -> datetime:
    """The day somebody signed, as the noon of it."""
    try:
        day = date.fromisoformat(row["同意日期"][:10].replace("/", "-"))
    except ValueError:
        raise ValueError("「同意日期」要写成 2026-03-07") from None
    if not date(2020, 1, 1) <= day <= today:
        raise ValueError("「同意日期」不能晚于今天，也不会早于2020年")
    return datetime.combine(day, time(12), HOME)
