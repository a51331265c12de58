"""Which lists an operator gets, and canaries: one list manager asks, another approves, then it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import ApprovalRequest
from aduan.accounts.roles import Permission
from aduan.accounts.services import approve, request_approval
from aduan.blocklists.models import Canary, ListSeries, ListSubscription
from aduan.blocklists.services.canaries import create_canary, digits_for_canary, remove_canary
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Invalid, WrongState
from aduan.core.periods import local_date
from aduan.operators.models import Operator

if TYPE_CHECKING:
    import datetime as dt

    from aduan.accounts.models import User
    from aduan.accounts.step_up import StepUp

_KIND = ApprovalRequest.Kind
_KINDS: Final = (_KIND.INBOUND, _KIND.CANARY_ADD, _KIND.CANARY_END)


def request_inbound(
    operator: Operator, *, on: bool, note: str, by: User, step_up: StepUp, at: dt.datetime
) -> ApprovalRequest:
    """Asks that this operator gets the filter for numbers from abroad, or no longer; off until then."""
    if operator.kind == Operator.Kind.OTT:
        raise Invalid("no_inbound_subscription", _("A platform carries no calls; it gets referrals."))
    terms = {"operator": operator.pk, "series": ListSeries.INBOUND.value, "switched": on}
    return request_approval(
        _KIND.INBOUND, f"operator:{operator.pk}", terms, reason=note, by=by, step_up=step_up, at=at
    )


def request_canary(
    operator: Operator,
    *,
    number: str,
    category: str,
    reason: str,
    by: User,
    step_up: StepUp,
    at: dt.datetime,
) -> ApprovalRequest:
    """Asks for a number that tells where a list leaked. Raises Invalid for one that a person could hold."""
    by.require(Permission.RELEASE_LISTS)
    digits = digits_for_canary(operator, number, at=at)
    terms = {"operator": operator.pk, "digits": digits, "category": category}
    return request_approval(
        _KIND.CANARY_ADD, f"operator:{operator.pk}", terms, reason=reason, by=by, step_up=step_up, at=at
    )


def request_canary_end(
    canary: Canary, *, reason: str, by: User, step_up: StepUp, at: dt.datetime
) -> ApprovalRequest:
    """Asks that a canary goes off the next list."""
    by.require(Permission.RELEASE_LISTS)
    if canary.until <= local_date(at):
        raise WrongState("canary_ended", _("This canary has ended already."))
    terms = {"operator": canary.operator_id, "digits": canary.digits}
    return request_approval(
        _KIND.CANARY_END, f"canary:{canary.pk}", terms, reason=reason, by=by, step_up=step_up, at=at
    )


@transaction.atomic
def approve_list_change(
    request: ApprovalRequest, *, by: User, step_up: StepUp, at: dt.datetime
) -> ApprovalRequest:
    """The second list manager: what was asked for is done now, and the next lists follow it."""
    request = approve(request, *_KINDS, by=by, step_up=step_up, at=at)
    asked = request.asked
    if request.kind == _KIND.INBOUND:
        _switch_inbound(request, by=by, at=at)
    elif request.kind == _KIND.CANARY_ADD:
        create_canary(
            Operator.objects.get(pk=asked["operator"]),
            number=f"+{asked['digits']}",
            category=asked["category"],
            by=by,
            at=at,
            evidence=request.settled_step_up,
        )
    else:
        canary = Canary.objects.get(pk=int(request.subject.partition(":")[2]))
        remove_canary(canary, by=by, at=at, evidence=request.settled_step_up)
    return request


def _switch_inbound(request: ApprovalRequest, *, by: User, at: dt.datetime) -> None:
    asked = request.asked
    ListSubscription.objects.update_or_create(
        operator_id=asked["operator"],
        series=asked["series"],
        defaults={"enabled": asked["switched"], "note": request.reason},
    )
    audit_log.record(
        AuditAction.OPERATOR_SWITCH_INBOUND,
        actor=f"user:{by.pk}",
        subject=request.subject,
        at=at,
        detail={"on": asked["switched"]},
    )
