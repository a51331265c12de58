"""Figures that leads set with a reason: new ones take the place of those in force, and every row stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import TypeVar

from django.db import transaction

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases.models import DeskTarget, RankingPolicy
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction

Setting = TypeVar("Setting", RankingPolicy, DeskTarget)
_RECORDED = {
    RankingPolicy: (AuditAction.RANKING_SET, "ranking_policy"),
    DeskTarget: (AuditAction.DESK_TARGETS_SET, "desk_target"),
}


@transaction.atomic
def put_in_force(
    model: type[Setting],
    figures: Mapping[str, int],
    *,
    names: Collection[str],
    reason: str,
    by: User | None,
    at: dt.datetime,
) -> Setting:
    """`figures` names all of `names`; what changed goes to the audit log, from and to.

    `by` None: the application took away what was no longer earned.

    Raises Forbidden; IntegrityError for what the table does not allow.
    """
    if by is not None:
        by.require(Permission.SET_RANKING)
    before, given = model.current(), {name: figures[name] for name in names}
    setting: Setting = model(**given, reason=reason, set_by=by, set_at=at)
    setting.save(force_insert=True)
    action, kind = _RECORDED[model]
    audit_log.record(
        action,
        actor=f"user:{by.pk}" if by else "system",
        subject=f"{kind}:{setting.pk}",
        at=at,
        detail={
            name: [getattr(before, name), figure]
            for name, figure in given.items()
            if getattr(before, name) != figure
        },
    )
    return setting
