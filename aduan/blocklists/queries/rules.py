"""What list managers have set: the rules in force, what is proposed, who gets which kind of list."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings

from aduan.blocklists.models import Canary, ListRules, ListSeries, ListSubscription
from aduan.blocklists.stop_rules import USUAL, Thresholds
from aduan.core.periods import local_date
from aduan.operators.models import Operator

HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Rules:
    """When a list waits. `row` is None while no one has set anything."""

    cooling_off: dt.timedelta
    thresholds: Thresholds
    row: ListRules | None


@dataclass(frozen=True, slots=True)
class Subscription:
    """Whether an operator gets the filter for calls and messages from abroad."""

    operator: Operator
    inbound: bool
    note: str


def rules_in_force() -> Rules:
    row = ListRules.objects.exclude(agreed_at=None).select_related("proposed_by", "agreed_by").first()
    if row is None:
        return Rules(settings.PUBLICATION_DELAY, USUAL, None)
    return Rules(row.cooling_off_hours * HOUR, thresholds_of(row), row)


def thresholds_of(row: ListRules) -> Thresholds:
    return Thresholds(
        row.additions_floor,
        row.additions_factor,
        row.additions_ceiling,
        row.removals_floor,
        row.removals_percent,
        row.prefix_block_limit,
        row.freed_limit,
        row.urgent_delay_seconds,
    )


def rules_proposed() -> ListRules | None:
    """The newest proposal that no one has agreed to, unless newer rules are in force already."""
    newest = ListRules.objects.select_related("proposed_by").first()
    return newest if newest is not None and newest.agreed_at is None else None


def subscriptions(*, at: dt.datetime) -> list[Subscription]:
    """Every operator of today with its own numbers, by name."""
    rows = {
        subscription.operator_id: subscription
        for subscription in ListSubscription.objects.filter(series=ListSeries.INBOUND)
    }
    operators = Operator.objects.filter(active__contains=local_date(at)).exclude(kind=Operator.Kind.OTT)
    return [
        Subscription(operator, inbound=bool(row and row.enabled), note=row.note if row else "")
        for operator in operators.order_by("name")
        for row in [rows.get(operator.pk)]
    ]


def canaries() -> list[Canary]:
    """Newest first, those that have ended too: an old list that leaks still carries them."""
    return list(Canary.objects.select_related("operator", "created_by").order_by("-pk"))
