"""The first midnight of the twin's world, its months, and the moments that its hours stand for."""

from __future__ import annotations

import datetime as dt
from typing import Final

import numpy as np

from aduan.core.periods import JAKARTA
from bench.policy_twin.office import Hours
from bench.policy_twin.policies import EARLY

FIRST: Final = dt.datetime(2025, 9, 1, tzinfo=JAKARTA)  # a Monday
_MONTHS: Final = [
    dt.datetime(2025 + month // 12, month % 12 + 1, 1, tzinfo=JAKARTA) for month in range(9, 9 + 36)
]
MONTH_STARTS: Final = np.array([(month - FIRST) / dt.timedelta(hours=1) for month in _MONTHS])


def moment(hours: float) -> dt.datetime:
    """This hour of the world as a moment; whole microseconds."""
    return FIRST + dt.timedelta(hours=float(hours))


def hours(at: dt.datetime) -> float:
    return (at - FIRST) / dt.timedelta(hours=1)


def monthly_after(at: Hours) -> Hours:
    """When the list of the month goes out that these moments belong to; infinity stays."""
    month = np.searchsorted(MONTH_STARTS, at, side="right")
    known = month < len(MONTH_STARTS)
    return np.where(known, MONTH_STARTS[np.minimum(month, len(MONTH_STARTS) - 1)] + EARLY, np.inf)
