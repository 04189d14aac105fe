"""The fields of a community file: keys, names, times, places, and what each of them has to look like."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field

from bot.community.moments import clock_time, weekdays
from flows.domain.community import Role

LONGEST_RUN = 500
CHANNELS = ("play", "web", "telegram", "wechat", "wecom")


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{value!r} is no time zone; write it like Asia/Shanghai") from None
    return value


def _point(value: list[float]) -> list[float]:
    if not (abs(value[0]) <= 90 and abs(value[1]) <= 180):
        raise ValueError("must be a latitude from -90 to 90, then a longitude from -180 to 180")
    return value


def _run(value: str) -> str:
    first, _, last = value.partition("-")
    if last and not int(first) <= int(last) < int(first) + LONGEST_RUN:
        raise ValueError(f"a run goes from the smaller number to the bigger, over {LONGEST_RUN} buildings at most")
    return value


def named(value: Any) -> Any:
    return {"name": _text(value)} if isinstance(value, str | int) else value


def _forward(value: list[str]) -> list[str]:
    if value[1] <= value[0]:
        raise ValueError(f"{value[0]} to {value[1]} ends before it begins; write the earlier time first")
    return value


def some(value: int) -> int:
    if value == 0:
        raise ValueError("must not be 0; write how many points it gives, or takes with a minus")
    return value


def _day(value: str) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise ValueError(f"{value!r} is no date; write it like 2026-03-01") from None


TEXT = BeforeValidator(_text, json_schema_input_type=str | int)
Key = Annotated[
    str,
    TEXT,
    Field(min_length=1, max_length=100, pattern=r"^[^\s:*%]+$", description="unique and lasting"),
]
Name = Annotated[str, TEXT, Field(min_length=1, max_length=60)]
Address = Annotated[str, TEXT, Field(min_length=1, max_length=120)]
Channel = Literal["play", "web", "telegram", "wechat", "wecom"]
RoleName = Annotated[Role, Field(strict=False)]
TimeOfDay = Annotated[str, AfterValidator(clock_time), Field(description='local time like "08:30"')]
Run = Annotated[str, TEXT, Field(pattern=r"^\d{1,4}(-\d{1,4})?$"), AfterValidator(_run)]
Code = Annotated[str, TEXT, Field(pattern=r"^[0-9A-Za-z]*[0-9][0-9A-Za-z]*$", min_length=6, max_length=12)]
Weekdays = Annotated[str, TEXT, AfterValidator(weekdays)]
Day = Annotated[str, AfterValidator(_day), Field(description="a local date like 2026-03-01, included")]
Span = Annotated[
    list[TimeOfDay],
    Field(min_length=2, max_length=2, description='["09:00", "11:30"]'),
    AfterValidator(_forward),
]
Trade = Literal["邻里", "家庭", "劳动报酬", "物业", "土地草场边界"]
Whole = Annotated[int, Field(gt=0, le=1_000_000)]
Number = Annotated[float, Field(strict=False, allow_inf_nan=False)]
Point = Annotated[
    list[Number],
    Field(min_length=2, max_length=2, description="[latitude, longitude], WGS-84"),
    AfterValidator(_point),
]
