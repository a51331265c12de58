"""Leads set what the desk aims at; every setting stays, with its reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from django.db import transaction

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases.models import DeskTarget
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction

TARGETS: Final = ("waiting", "in_time", "agreement", "quality")


@transaction.atomic
def set_desk_targets(figures: Mapping[str, int], *, reason: str, by: User, at: dt.datetime) -> DeskTarget:
    """Takes the place of the targets in force; `figures` names all of TARGETS.

    Raises Forbidden; IntegrityError for what the table does not allow.
    """
    by.require(Permission.SET_RANKING)
    before = DeskTarget.current()
    target = DeskTarget.objects.create(
        **{name: figures[name] for name in TARGETS}, reason=reason, set_by=by, set_at=at
    )
    changed = {
        name: [getattr(before, name), figures[name]]
        for name in TARGETS
        if getattr(before, name) != figures[name]
    }
    audit_log.record(
        AuditAction.DESK_TARGETS_SET,
        actor=f"user:{by.pk}",
        subject=f"desk_target:{target.pk}",
        at=at,
        detail=changed,
    )
    return target
