"""The sandbox of platforms: a log-in, keys and pages like theirs, in which the one referral is pretended."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from aduan.accounts.roles import Permission
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.periods import local_date
from aduan.operators.models import Operator

if TYPE_CHECKING:
    from aduan.accounts.models import User

PLATFORM_SANDBOX: Final = "sandbox-platform"


@transaction.atomic
def open_platform_sandbox(*, by: User, at: dt.datetime) -> Operator:
    """The sandbox of platforms; one that exists is left as it is. `by` manages lists."""
    by.require(Permission.RELEASE_LISTS)
    sandbox, new = Operator.objects.get_or_create(
        is_sandbox=True,
        kind=Operator.Kind.OTT,
        defaults={
            "code": PLATFORM_SANDBOX,
            "name": "Sandbox (platform)",
            "legal_name": "Sandbox (platform)",
            "obligation": Operator.Obligation.VOLUNTARY,
            "active": DateRange(local_date(at), None),
            "source": "sandbox",
        },
    )
    if new:
        audit_log.record(
            AuditAction.SANDBOX_OPEN, actor=f"user:{by.pk}", subject=f"operator:{sandbox.pk}", at=at
        )
    return sandbox
