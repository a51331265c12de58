"""Requests for approval: asking for one, approving it, and turning it down.

A domain calls `request_approval` with the exact terms, and `approve` at the head of the transaction in which
it does what was approved: triggers of its tables ask for the approval.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import APPROVERS, ApprovalRequest, User
from aduan.accounts.services.step_up import record_step_up
from aduan.accounts.step_up import StepUp
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden, Invalid, WrongState, already_settled, constraint_of

_SETTLED: Final = ("state", "settled_by", "settled_at", "settled_step_up", "settled_reason")


@transaction.atomic
def request_approval(
    kind: ApprovalRequest.Kind,
    subject: str,
    terms: Mapping[str, Any],
    *,
    reason: str,
    by: User,
    step_up: StepUp,
    at: dt.datetime,
) -> ApprovalRequest:
    """One person's request; nothing else changes. Raises WrongState when such a request waits already.

    `terms` holds what JSON can hold.
    """
    by.require(APPROVERS[kind])
    if not reason.strip():
        raise Invalid("reason_missing", _("Please say why."), field="reason")
    text = json.dumps(terms, sort_keys=True, ensure_ascii=False)
    request = ApprovalRequest(
        kind=kind,
        subject=subject,
        terms=text,
        reason=reason.strip()[:500],
        requested_by=by,
        requested_at=at,
        requested_step_up=record_step_up(
            step_up,
            by=by,
            act=AuditAction.APPROVAL_REQUEST,
            subject=subject,
            at=at,
            digest=terms_digest(text),
        ),
    )
    try:
        with transaction.atomic():
            request.save(force_insert=True)
    except IntegrityError as error:
        if constraint_of(error) != "one_open_approval":
            raise Forbidden("signature_refused", _("You cannot ask for this.")) from error
        raise WrongState(
            "already_requested", _("This has been asked for already, and waits for a second person.")
        ) from error
    _record(AuditAction.APPROVAL_REQUEST, request, by=by, at=at)
    return request


def approve(
    request: ApprovalRequest, *kinds: ApprovalRequest.Kind, by: User, step_up: StepUp, at: dt.datetime
) -> ApprovalRequest:
    """The second person's word. The caller does what was approved in the same transaction.

    Raises Forbidden for the person who asked, under whichever log-in, WrongState when it is settled
    already or of another kind than the caller does.
    """
    if request.kind not in kinds:
        raise WrongState("other_kind", _("This request asks for something else."))
    by.require(APPROVERS[request.kind])
    request = _locked(request, by=by)
    if by.same_human(request.requested_by):
        raise Forbidden("same_person", _("You asked for this yourself. Another person has to confirm it."))
    if not request.requested_by.has_permission(APPROVERS[request.kind]):
        raise WrongState(
            "requester_left",
            _("The person who asked for this may no longer do so. It has to be asked for again."),
        )
    request.settled_step_up = record_step_up(
        step_up,
        by=by,
        act=AuditAction.APPROVAL_APPROVE,
        subject=request.subject,
        at=at,
        digest=terms_digest(request.terms),
    )
    _settle(request, ApprovalRequest.State.APPROVED, by=by, at=at)
    _record(AuditAction.APPROVAL_APPROVE, request, by=by, at=at)
    return request


@transaction.atomic
def decline_approval(request: ApprovalRequest, *, reason: str, by: User, at: dt.datetime) -> ApprovalRequest:
    """Turns a request down, or takes one's own back. It can be asked for again."""
    by.require(APPROVERS[request.kind])
    if not reason.strip():
        raise Invalid("reason_missing", _("Please say why."), field="reason")
    request = _locked(request, by=by)
    own = by.pk == request.requested_by_id
    request.settled_reason = reason.strip()[:500]
    state = ApprovalRequest.State.WITHDRAWN if own else ApprovalRequest.State.DECLINED
    _settle(request, state, by=by, at=at)
    _record(AuditAction.APPROVAL_DECLINE, request, by=by, at=at, withdrawn=own)
    return request


def terms_digest(terms: str) -> str:
    """What both proofs of step-up are over."""
    return hashlib.sha256(terms.encode()).hexdigest()


def _locked(request: ApprovalRequest, *, by: User) -> ApprovalRequest:
    rows = ApprovalRequest.objects.select_for_update(of=("self",)).select_related(
        "requested_by", "settled_by"
    )
    request = rows.get(pk=request.pk)
    if request.state != ApprovalRequest.State.PENDING:
        raise already_settled(request.settled_by, asked_by=by)
    return request


def _settle(request: ApprovalRequest, state: ApprovalRequest.State, *, by: User, at: dt.datetime) -> None:
    request.state, request.settled_by, request.settled_at = state, by, at
    try:
        with transaction.atomic():
            request.save(update_fields=_SETTLED)
    except IntegrityError as error:
        raise Forbidden("signature_refused", _("You cannot confirm this request.")) from error


def _record(
    action: AuditAction, request: ApprovalRequest, *, by: User, at: dt.datetime, **detail: object
) -> None:
    audit_log.record(
        action,
        actor=f"user:{by.pk}",
        subject=f"approval:{request.pk}",
        at=at,
        detail={"approval_kind": request.kind, "digest": terms_digest(request.terms), **detail},
    )
