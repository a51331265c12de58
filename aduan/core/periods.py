"""Months as the ministry counts them: calendar months in Asia/Jakarta (UTC+7, no daylight saving)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from aduan.core.errors import Invalid

JAKARTA = ZoneInfo("Asia/Jakarta")


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month; `str()` gives `2026-10`."""

    year: int
    month: int

    def __post_init__(self) -> None:
        dt.date(self.year, self.month, 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def first_day(self) -> dt.date:
        return dt.date(self.year, self.month, 1)

    @property
    def starts_at(self) -> dt.datetime:
        """The first instant of the month, aware, in Asia/Jakarta."""
        return dt.datetime(self.year, self.month, 1, tzinfo=JAKARTA)

    def next(self) -> Month:
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    def previous(self) -> Month:
        return Month(self.year - (self.month == 1), (self.month - 2) % 12 + 1)


def month_of(at: dt.datetime) -> Month:
    """The month in which an aware instant falls in Jakarta."""
    local = at.astimezone(JAKARTA)
    return Month(local.year, local.month)


def last_ended(at: dt.datetime) -> Month:
    """The newest month that has ended at this instant: the one a regular list is made for."""
    return month_of(at).previous()


def parse_month(text: str) -> Month:
    """`2026-10` → Month. Raises Invalid for anything else."""
    try:
        parsed = dt.datetime.strptime(text, "%Y-%m")
    except ValueError as error:
        raise Invalid(
            "month_unreadable", _("“%(text)s” is not a month. Write it like 2026-10.") % {"text": text}
        ) from error
    return Month(parsed.year, parsed.month)


def local_date(at: dt.datetime) -> dt.date:
    """The calendar day in Jakarta at an aware instant."""
    return at.astimezone(JAKARTA).date()
