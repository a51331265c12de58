"""The limits of pace: one person asks for other figures, another approves exactly them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import ApprovalRequest, User
from aduan.accounts.roles import Permission
from aduan.accounts.services import approve, request_approval
from aduan.accounts.step_up import StepUp
from aduan.cases.models import PACE_BOUNDS, PaceLimits
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Invalid, WrongState

PACE_SUBJECT: Final = "pace_limits"  # one request at a time


def request_pace_limits(
    figures: Mapping[str, int], *, reason: str, by: User, step_up: StepUp, at: dt.datetime
) -> ApprovalRequest:
    """Asks for these figures; each stays within its bounds, for which nothing can be asked."""
    by.require(Permission.SET_LIMITS)
    for name, (low, high) in PACE_BOUNDS.items():
        if not low <= figures[name] <= high:
            raise Invalid("out_of_bounds", _("This figure is out of its bounds."), field=name)
    if figures["contacts_alarm"] > figures["contacts_per_day"]:
        raise Invalid("out_of_bounds", _("The alarm would come after the end."), field="contacts_alarm")
    terms = {"act": PACE_SUBJECT, **{name: figures[name] for name in PACE_BOUNDS}}
    return request_approval(
        ApprovalRequest.Kind.LIMITS, PACE_SUBJECT, terms, reason=reason, by=by, step_up=step_up, at=at
    )


@transaction.atomic
def approve_pace_limits(
    request: ApprovalRequest, *, by: User, step_up: StepUp, at: dt.datetime
) -> PaceLimits:
    """The second person: in force at once. What stood before is kept."""
    if request.subject != PACE_SUBJECT:
        raise WrongState("other_kind", _("This request asks for something else."))
    request = approve(request, ApprovalRequest.Kind.LIMITS, by=by, step_up=step_up, at=at)
    limits = PaceLimits.objects.create(since=at, **{name: request.asked[name] for name in PACE_BOUNDS})
    audit_log.record(
        AuditAction.PACE_LIMITS_SET, actor=f"user:{by.pk}", subject=f"approval:{request.pk}", at=at
    )
    return limits
