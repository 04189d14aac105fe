"""Times as whoever reads a staff page lives by them, and as their forms send them back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flows.facts import ShiftView
from flows.volunteer.texts import when


@dataclass(frozen=True, slots=True)
class LocalTime:
    """The time zone of a reader, and the present instant."""

    zone: ZoneInfo
    now: datetime

    def moment(self, at: datetime | None) -> str:
        """An instant: 11月22日 10:05, with its year where that is not this one."""
        if at is None:
            return ""
        local = at.astimezone(self.zone)
        year = f"{local.year}年" if local.year != self.now.astimezone(self.zone).year else ""
        return f"{year}{local.month}月{local.day}日 {local:%H:%M}"

    def lasts(self, shift: ShiftView) -> str:
        """When a shift begins and ends, with the day of the week: 3月7日周六 9:00—11:00."""
        return when(shift, self.zone)

    def left(self, due: datetime | None) -> str:
        """How much of a clock is left: 还有3小时, 超时2天."""
        if due is None:
            return ""
        minutes = abs(int((due - self.now).total_seconds() // 60))
        days, hours = minutes // 1440, minutes // 60
        span = f"{minutes}分钟" if hours == 0 else f"{hours}小时" if hours < 48 else f"{days}天"
        return f"{'还有' if due >= self.now else '超时'}{span}"

    def field(self, at: datetime) -> str:
        """An instant as a field of a form takes it (datetime-local)."""
        return f"{at.astimezone(self.zone):%Y-%m-%dT%H:%M}"

    def sent(self, field: str) -> datetime | None:
        """What such a field sent; None: no time."""
        try:
            return datetime.fromisoformat(field).replace(tzinfo=self.zone)
        except ValueError:
            return None
