"""The promise to the holder of a blocked number: an answer within three working days. Pure."""

from __future__ import annotations

import datetime as dt
from typing import Final

from aduan.core.periods import JAKARTA

ANSWER_WORKING_DAYS: Final = 3
_SATURDAY: Final = 5


def due_after(at: dt.datetime) -> dt.datetime:
    """The same hour three working days later.

    Saturdays and Sundays in Jakarta do not count; public holidays do, so that no one waits longer for want
    of a calendar.
    """
    due, left = at.astimezone(JAKARTA), ANSWER_WORKING_DAYS
    while left:
        due += dt.timedelta(days=1)
        left -= due.weekday() < _SATURDAY
    return due
