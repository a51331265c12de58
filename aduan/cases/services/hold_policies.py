"""The rules of holds: one person asks for them, or for their end, another approves exactly that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import ApprovalRequest, User
from aduan.accounts.services import approve, request_approval
from aduan.accounts.step_up import StepUp
from aduan.cases.models import HoldPolicy
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import DomainError, Invalid, WrongState
from aduan.core.periods import local_date
from aduan.operators.models import LegalReference

SUBJECT: Final = "hold_policy"  # one request at a time
FIGURES: Final = (
    *("hours", "again_after_days", "use_years", "independent_complaints", "within_hours"),
    *("confirmed_with_evidence", "hourly_quota", "personal_quota", "list_ceiling", "attended_minutes"),
)


def request_hold_policy(
    figures: Mapping[str, int | bool],
    *,
    law: LegalReference,
    since: dt.date,
    until: dt.date | None,
    reason: str,
    by: User,
    step_up: StepUp,
    at: dt.datetime,
) -> ApprovalRequest:
    """Asks for rules from `since` on, ending before `until`; they take the place of those in force that day.

    Raises Invalid for days that are over, and for a rule of law that is not in force on the first of them.
    """
    terms = {
        "act": "hold_rules",
        "law": law.code,
        "since": since.isoformat(),
        "until": until.isoformat() if until else None,
        **{name: figures[name] for name in FIGURES},
    }
    _require_possible(terms, at)
    return _requested(terms, reason=reason, by=by, step_up=step_up, at=at)


def request_hold_stop(
    *, on: dt.date, reason: str, by: User, step_up: StepUp, at: dt.datetime
) -> ApprovalRequest:
    """Asks that no number is held from `on`. Holds in force then end when they would have ended."""
    terms = {"act": "end_holds", "on": on.isoformat()}
    _require_possible(terms, at)
    return _requested(terms, reason=reason, by=by, step_up=step_up, at=at)


@transaction.atomic
def approve_hold_policy(request: ApprovalRequest, *, by: User, step_up: StepUp, at: dt.datetime) -> None:
    """The second person: the rules stand from now on, and count from their first day."""
    if request.subject != SUBJECT:
        raise WrongState("other_kind", _("This request asks for something else."))
    request = approve(request, ApprovalRequest.Kind.LIMITS, by=by, step_up=step_up, at=at)
    terms = request.asked
    try:
        _require_possible(terms, at)
    except Invalid as error:
        raise WrongState(error.code, error.message) from error
    try:
        with transaction.atomic():
            policy = _replaced(terms) if terms["act"] == "end_holds" else _begun(terms)
    except IntegrityError as error:
        raise _overlap() from error
    action = AuditAction.HOLD_POLICY_END if terms["act"] == "end_holds" else AuditAction.HOLD_POLICY_SET
    audit_log.record(
        action,
        actor=f"user:{by.pk}",
        subject=f"hold_policy:{policy.pk}",
        at=at,
    )


def _requested(terms: Mapping[str, Any], **given: Any) -> ApprovalRequest:
    return request_approval(ApprovalRequest.Kind.LIMITS, SUBJECT, terms, **given)


def _require_possible(terms: Mapping[str, Any], at: dt.datetime) -> None:
    stops = terms["act"] == "end_holds"
    field = "on" if stops else "since"
    day = dt.date.fromisoformat(terms[field])
    if day < local_date(at):
        raise Invalid("day_is_over", _("This day is over already."), field=field)
    if stops:
        if not HoldPolicy.objects.filter(valid__contains=day - dt.timedelta(days=1)).exists():
            raise Invalid("no_hold_rules", _("No rules of holds are in force before this day."), field=field)
        return
    if terms["until"] and terms["until"] <= terms["since"]:
        raise Invalid("until_before_since", _("The end must be later than the first day."), field="until")
    if not LegalReference.objects.filter(code=terms["law"], valid__contains=day).exists():
        raise Invalid(
            "law_not_in_force", _("This rule of law is not in force on the first day."), field="law"
        )
    until = dt.date.fromisoformat(terms["until"]) if terms["until"] else None
    if HoldPolicy.objects.filter(valid__overlap=DateRange(day, until), valid__startswith__gte=day).exists():
        raise _overlap()


def _overlap() -> DomainError:
    return Invalid(
        "rules_stand",
        _("Rules that begin on this day or later stand already. End them first."),
        field="since",
    )


def _in_force(day: dt.date) -> HoldPolicy | None:
    return HoldPolicy.objects.filter(valid__contains=day).select_for_update().first()


def _begun(terms: Mapping[str, Any]) -> HoldPolicy:
    since = dt.date.fromisoformat(terms["since"])
    until = dt.date.fromisoformat(terms["until"]) if terms["until"] else None
    if HoldPolicy.objects.filter(valid__contains=since).exists():
        _replaced({"on": terms["since"]})
    return HoldPolicy.objects.create(
        valid=DateRange(since, until),
        legal_reference=LegalReference.objects.get(code=terms["law"]),
        **{name: terms[name] for name in FIGURES},
    )


def _replaced(terms: Mapping[str, Any]) -> HoldPolicy:
    on = dt.date.fromisoformat(terms["on"])
    policy = _in_force(on - dt.timedelta(days=1))
    if policy is None:
        raise _overlap()
    policy.valid = DateRange(policy.valid.lower, on)
    policy.save(update_fields=["valid"])
    return policy
