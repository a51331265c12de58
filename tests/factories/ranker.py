"""Nights of the shadow ranker, as they are recorded."""

from __future__ import annotations

import datetime as dt

from aduan.cases.models import RankerRun

DAY = dt.timedelta(days=1)


def compared(found: int, by_points: int, *, at: dt.datetime, blocked: int = 100) -> RankerRun:
    """A night whose week is over."""
    return RankerRun.objects.create(
        day=at.date(), at=at - 7 * DAY, state="learnt", placed=1000,
        compared_at=at, blocked=blocked, found_by_points=by_points, found_by_ranker=found,
    )  # fmt: skip


def read_lately(at: dt.datetime) -> None:
    """A night in which it read the queue; its week is not over."""
    RankerRun.objects.create(day=(at + DAY).date(), at=at, state="learnt")
