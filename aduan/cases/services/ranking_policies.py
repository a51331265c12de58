"""Leads set how the queue is ordered; every setting stays, with its reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from django.db import transaction

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases.models import RankingPolicy
from aduan.cases.ranking import DEFAULT_WEIGHTS
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction

RANKING_FIGURES: Final = (*DEFAULT_WEIGHTS, "oldest_percent", "random_percent", "longest_days")


@transaction.atomic
def set_ranking(figures: Mapping[str, int], *, reason: str, by: User, at: dt.datetime) -> RankingPolicy:
    """Takes the place of the setting in force; waiting cases get their new places within minutes, by a job.

    `figures` names all of RANKING_FIGURES.

    Raises Forbidden; IntegrityError for what the table does not allow.
    """
    by.require(Permission.SET_RANKING)
    before = RankingPolicy.current()
    policy = RankingPolicy.objects.create(
        **{name: figures[name] for name in RANKING_FIGURES}, reason=reason, set_by=by, set_at=at
    )
    changed = {
        name: [getattr(before, name), figures[name]]
        for name in RANKING_FIGURES
        if getattr(before, name) != figures[name]
    }
    audit_log.record(
        AuditAction.RANKING_SET,
        actor=f"user:{by.pk}",
        subject=f"ranking_policy:{policy.pk}",
        at=at,
        detail=changed,
    )
    return policy
