"""Counted days, as the daily job stores them."""

from __future__ import annotations

import datetime as dt

from aduan.cases.models import Campaign, CampaignLink, Case
from aduan.statistics.datasets import DATASETS, NO_HOURS
from aduan.statistics.models import DayCount
from tests.factories.accounts import past_triggers
from tests.factories.cases import make_case


def counted(
    dataset: str, stratum: str, day: dt.date, count: int, *, amount: int = 0, **values: str
) -> DayCount:
    """`count` rows of one key on one day; dimensions that are not named have no value."""
    key = [values.get(name, NO_HOURS) for name in DATASETS[dataset].columns]
    return DayCount.objects.create(
        dataset=dataset, stratum=stratum, day=day, key=key, count=count, amount=amount
    )


def decided_campaign(size: int, *, at: dt.datetime, category: str = "HADIAH") -> str:
    """A campaign of this many cases that were confirmed an hour ago. Returns their category."""
    campaign = Campaign.objects.create(found_at=at, grown_at=at, size=size)
    for _turn in range(size):
        case = make_case(at=at - dt.timedelta(hours=3), category=category)
        with past_triggers():
            Case.objects.filter(pk=case.pk).update(status="confirmed", decided_at=at - dt.timedelta(hours=1))
        CampaignLink.objects.create(
            campaign=campaign, case=case, kind=CampaignLink.Kind.TEXT, similarity=90, linked_at=at
        )
    return category
