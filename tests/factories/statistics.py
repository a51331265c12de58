"""Counted days, as the daily job stores them."""

from __future__ import annotations

import datetime as dt

from aduan.statistics.datasets import DATASETS, NO_HOURS
from aduan.statistics.models import DayCount


def counted(dataset: str, stratum: str, day: dt.date, count: int, **values: str) -> DayCount:
    """`count` rows of one key on one day; dimensions that are not named have no value."""
    key = [values.get(name, NO_HOURS) for name in DATASETS[dataset].columns]
    return DayCount.objects.create(dataset=dataset, stratum=stratum, day=day, key=key, count=count)
