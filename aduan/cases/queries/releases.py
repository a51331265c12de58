"""Blocks that ended, as the journal beside the backups keeps them."""

from __future__ import annotations

import datetime as dt
from typing import TypedDict

from aduan.cases.models import Block


class Release(TypedDict):
    """One release, without the number: `at` is ISO 8601."""

    case: int
    proposal: int
    at: str
    reason: str


def releases(*, since: dt.datetime | None = None) -> list[Release]:
    """Releases by a person or a rule, oldest first. A number that moved is no release: it is routed again."""
    ended = Block.objects.filter(released_at__isnull=False).exclude(
        release_reason=Block.ReleaseReason.REROUTED
    )
    if since is not None:
        ended = ended.filter(released_at__gte=since)
    return [
        Release(
            case=block.case_id,
            proposal=block.proposal_id,
            at=(block.released_at or block.confirmed_at).isoformat(),
            reason=block.release_reason,
        )
        for block in ended.order_by("released_at", "pk")
    ]
