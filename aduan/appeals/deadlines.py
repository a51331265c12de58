"""When the owner of a number is answered: within office hours, or within working days. Pure.

Saturdays and Sundays in Jakarta do not count; public holidays do, so that no one waits longer for want of a
calendar.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from aduan.core.periods import JAKARTA

ANSWER_WORKING_DAYS: Final = 3
_SATURDAY: Final = 5


def due_after(at: dt.datetime, days: int = ANSWER_WORKING_DAYS) -> dt.datetime:
    """The same hour so many working days later."""
    due, left = at.astimezone(JAKARTA), days
    while left:
        due += dt.timedelta(days=1)
        left -= due.weekday() < _SATURDAY
    return due


def office_hours_after(
    at: dt.datetime, hours: int, *, opens: dt.time = dt.time(8), closes: dt.time = dt.time(16)
) -> dt.datetime:
    """The moment at which the office has been open for so many hours since `at`."""
    moment, left = at.astimezone(JAKARTA), dt.timedelta(hours=hours)
    while True:
        begins = max(moment, _on(moment, opens))
        ends = _on(moment, closes)
        if moment.weekday() < _SATURDAY and begins < ends:
            if ends - begins >= left:
                return begins + left
            left -= ends - begins
        moment = _on(moment + dt.timedelta(days=1), dt.time(0))


def _on(moment: dt.datetime, hour: dt.time) -> dt.datetime:
    return moment.replace(hour=hour.hour, minute=hour.minute, second=0, microsecond=0)
