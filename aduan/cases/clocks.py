"""The promise of 1×24 hours, counted from a complete complaint, standing still while a citizen is asked.

Pure.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Final

PROMISE: Final = dt.timedelta(hours=24)
SOON: Final = dt.timedelta(hours=4)
LEASE: Final = dt.timedelta(minutes=30)
# A case that a colleague or a lead gave to a person stays theirs for as long as the promise runs.
GIVEN: Final = PROMISE
# A page that is open says so every minute.
BEATS: Final = dt.timedelta(minutes=3)
SKIPPED: Final = dt.timedelta(hours=4)
DRAFT_KEPT: Final = dt.timedelta(hours=24)
# A complaint on a number whose case was closed longer ago than this starts a new case.
REMEMBERED: Final = dt.timedelta(days=90)
IN_USE_YEARS: Final = 5  # a longer use by one holder makes a block grave; the database says so too


class Clock(StrEnum):
    NONE = "none"
    PAUSED = "paused"
    RUNNING = "running"
    SOON = "soon"
    OVERDUE = "overdue"


def clock_of(due_at: dt.datetime | None, paused_at: dt.datetime | None, at: dt.datetime) -> Clock:
    if due_at is None:
        return Clock.NONE
    if paused_at is not None:
        return Clock.PAUSED
    if due_at <= at:
        return Clock.OVERDUE
    return Clock.SOON if due_at - at <= SOON else Clock.RUNNING


def time_left(due_at: dt.datetime, paused_at: dt.datetime | None, at: dt.datetime) -> dt.timedelta:
    """Negative when overdue; frozen while paused."""
    return due_at - (paused_at or at)


def after_pause(
    due_at: dt.datetime | None, paused_at: dt.datetime | None, at: dt.datetime
) -> dt.datetime | None:
    """The due time once the clock runs again."""
    if due_at is None or paused_at is None:
        return due_at
    return due_at + max(at - paused_at, dt.timedelta(0))


def a_year_later(day: dt.date) -> dt.date:
    """The default end of a block: twelve months on."""
    return _years_later(day, 1)


def long_in_use(since: dt.date | None, today: dt.date, *, years: int = IN_USE_YEARS) -> bool:
    """Whether one holder has used the number for more years than these."""
    return since is not None and _years_later(since, years) < today


def _years_later(day: dt.date, years: int) -> dt.date:
    """The same day, the 28th for a leap day."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
