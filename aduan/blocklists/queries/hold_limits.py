"""What hold lists may do at most: as the rules of holds say it, and as `targets` says it to clients."""

from __future__ import annotations

import datetime as dt
from typing import Final

from aduan.blocklists import tuf_metadata
from aduan.blocklists.models import TufMetadata
from aduan.blocklists.tuf_metadata import TARGETS, HoldLimits
from aduan.cases.models import HoldPolicy
from aduan.core.periods import local_date

# What is signed while there are no rules: no number is held then.
USUAL: Final = HoldLimits(longest_hours=7 * 24, most_entries=1000, again_after_days=90)


def hold_limits(*, at: dt.datetime) -> HoldLimits:
    """Limits wide enough for the rules of today and those to come: holders sign them before they count.

    When the last rules have ended theirs stay, so that no one has to sign anything for it.
    """
    rows = HoldPolicy.objects.order_by("valid")
    rules = list(rows.filter(valid__endswith=None) | rows.filter(valid__endswith__gt=local_date(at)))
    rules = rules or list(rows)[-1:]
    if not rules:
        return USUAL
    return HoldLimits(
        longest_hours=max(one.hours for one in rules),
        most_entries=max(one.list_ceiling for one in rules),
        again_after_days=min(one.again_after_days for one in rules),
    )


def signed_hold_limits() -> HoldLimits | None:
    """What the served `targets` lets holds do; None before holders have signed the first limits."""
    page = TufMetadata.objects.filter(role=TARGETS).order_by("-version").first()
    return tuf_metadata.limits_of(tuf_metadata.read(bytes(page.body))) if page is not None else None


def accepted_holds(*, at: dt.datetime) -> tuple[int, int]:
    """Hours and entries that both the rules and what is signed allow: clients accept no more."""
    signed, wanted = signed_hold_limits(), hold_limits(at=at)
    if signed is None:
        return wanted.longest_hours, wanted.most_entries
    return (
        min(signed.longest_hours, wanted.longest_hours),
        min(signed.most_entries, wanted.most_entries),
    )
