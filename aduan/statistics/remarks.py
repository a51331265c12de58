"""When a receiver's row of a month can be seen by it alone, and be given a sentence. Pure."""

from __future__ import annotations

import datetime as dt

from aduan.core.periods import Month
from aduan.statistics.datasets import SETTLING_DAYS


def open_month(today: dt.date) -> dt.date | None:
    """The month that is over and not public yet, by its first day; None when there is none."""
    month = (today.replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    return month if today <= closes_on(month) else None


def closes_on(month: dt.date) -> dt.date:
    """The last day for a sentence: in the night after it the month is released."""
    last = Month(month.year, month.month).next().first_day - dt.timedelta(days=1)
    return last + dt.timedelta(days=SETTLING_DAYS)
