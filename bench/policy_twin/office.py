"""Working time: eight hours on each day from Monday to Friday. Times are hours since the first midnight."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Hours = NDArray[np.float64]
OPENS: Final = 8.0
LENGTH: Final = 8.0
_WEEK: Final = 5 * LENGTH


def worked(at: Hours | float) -> Hours:
    """Working hours that have passed until these times. The first day is a Monday."""
    day, hour = np.divmod(np.asarray(at, dtype=float), 24.0)
    week, weekday = np.divmod(day, 7.0)
    today = np.where(weekday < 5, np.clip(hour - OPENS, 0.0, LENGTH), 0.0)
    return week * _WEEK + np.minimum(weekday, 5.0) * LENGTH + today


def until(work: Hours | float) -> Hours:
    """When so many working hours have passed: the inverse of `worked`."""
    week, rest = np.divmod(np.asarray(work, dtype=float), _WEEK)
    weekday, hour = np.divmod(rest, LENGTH)
    return week * 168.0 + weekday * 24.0 + OPENS + hour
