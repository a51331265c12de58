"""Change requests: what is common to asking for one, confirming it, and turning it down."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.accounts.services import record_step_up
from aduan.accounts.step_up import StepUp
from aduan.cases.models import Case, ChangeRequest, Hold, Proposal
from aduan.cases.notices import NoticeText
from aduan.cases.services.closures import require_text
from aduan.cases.services.transitions import apply_transition, lock_case
from aduan.cases.workflow import CaseAction
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden, WrongState, already_settled, constraint_of

PERMISSIONS: Final[dict[str, Permission]] = {
    ChangeRequest.Kind.RELEASE: Permission.SIGN_OFF,
    ChangeRequest.Kind.OBJECTION: Permission.SIGN_OFF,
    **dict.fromkeys(ChangeRequest.OF_NUMBERS, Permission.SIGN_OFF),
    ChangeRequest.Kind.PROTECT: Permission.EDIT_REGISTER,
    ChangeRequest.Kind.UNPROTECT: Permission.EDIT_REGISTER,
}
_HOLDERS: Final = ("proposed_by", "second_by")
# What settles a request writes; what was asked for is closed to the application's database role.
SETTLED: Final = (
    *("state", "settled_by", "settled_at"),
    *("settled_evidence", "settled_digest", "settled_reason"),
)


def subject_of(request: ChangeRequest) -> str:
    """What the evidence of the two people's step-up names; the database composes the same."""
    return f"pattern:{request.pattern}" if request.case is None else f"case:{request.case.pk}"


def open_request(
    request: ChangeRequest, *, by: User, step_up: StepUp, at: dt.datetime, notice: NoticeText | None = None
) -> ChangeRequest:
    """Saves what one person asks for. Raises WrongState when the same is waiting already."""
    request.requested_by, request.requested_at = by, at
    if notice is not None:
        request.notice_id, request.notice_en = notice.id, notice.en
    request.requested_evidence = record_step_up(
        step_up,
        by=by,
        act=AuditAction.NUMBER_REQUEST_CHANGE if request.case is None else AuditAction.CASE_REQUEST_CHANGE,
        subject=subject_of(request),
        at=at,
        digest=request.seen_digest,
    )
    try:
        with transaction.atomic():
            request.save(force_insert=True)
    except IntegrityError as error:
        if not constraint_of(error).startswith("one_open_change"):
            raise Forbidden("signature_refused", _("You cannot ask for this.")) from error
        raise WrongState(
            "already_requested", _("This has been asked for already, and waits for a second person.")
        ) from error
    return request


def lock_request(request: ChangeRequest, *, by: User) -> ChangeRequest:
    """The request as it is now, locked. Raises WrongState for `by`, saying who settled it."""
    rows = ChangeRequest.objects.select_for_update(of=("self",)).select_related(
        "requested_by", "settled_by", "protected"
    )
    request = rows.get(pk=request.pk)
    if request.state != ChangeRequest.State.PENDING:
        raise already_settled(request.settled_by, asked_by=by)
    return request


def confirm_request(
    request: ChangeRequest, *, by: User, step_up: StepUp, at: dt.datetime, digest: str
) -> None:
    """Writes the second person's word. The database has the last one on who may give it."""
    request.settled_evidence = record_step_up(
        step_up,
        by=by,
        act=AuditAction.NUMBER_CONFIRM_CHANGE if request.case is None else AuditAction.CASE_CONFIRM_CHANGE,
        subject=subject_of(request),
        at=at,
        digest=digest,
    )
    request.settled_digest = digest
    _settle(request, ChangeRequest.State.CONFIRMED, by=by, at=at)


def _settle(request: ChangeRequest, state: ChangeRequest.State, *, by: User, at: dt.datetime) -> None:
    request.state, request.settled_by, request.settled_at = state, by, at
    try:
        with transaction.atomic():
            request.save(update_fields=SETTLED)
    except IntegrityError as error:
        raise Forbidden("signature_refused", _("You cannot confirm this request.")) from error


def require_another(request: ChangeRequest, by: User) -> None:
    """Raises Forbidden for the person who asked, under whichever log-in, and where permission is missing."""
    by.require(PERMISSIONS[request.kind])
    if by.same_human(request.requested_by):
        raise Forbidden("same_person", _("You asked for this yourself. Another person has to confirm it."))
    if not request.requested_by.has_permission(PERMISSIONS[request.kind]):
        raise WrongState(
            "requester_left",
            _("The person who asked for this may no longer do so. It has to be asked for again."),
        )


def require_not_decided_by(case: Case, by: User) -> None:
    """Raises Forbidden for a person who signed a block or hold of this case: they would judge themselves."""
    confirmed = case.proposals.filter(state=Proposal.State.CONFIRMED).select_related(
        "proposed_by", "second_by", "third_by"
    )
    signers = [(one.proposed_by, one.second_by, one.third_by) for one in confirmed]
    held = Hold.objects.filter(case=case, confirmed_at__isnull=False)
    signers += [(one.proposed_by, one.second_by, None) for one in held.select_related(*_HOLDERS)]
    if any(signer is not None and by.same_human(signer) for given in signers for signer in given):
        raise Forbidden(
            "decided_before", _("You decided this block or hold. Another person has to answer this.")
        )


@transaction.atomic
def decline_change(request: ChangeRequest, *, by: User, at: dt.datetime, reason: str) -> ChangeRequest:
    """Turns a request down, or takes one's own back. Nothing else changes; it can be asked for again."""
    by.require(PERMISSIONS[request.kind])
    case = lock_case(request.case) if request.case is not None else None
    request = lock_request(request, by=by)
    require_text(reason)
    own = by.pk == request.requested_by_id
    if case is not None and not own:
        require_not_decided_by(case, by)
    request.settled_reason = reason.strip()
    _settle(request, ChangeRequest.State.WITHDRAWN if own else ChangeRequest.State.DECLINED, by=by, at=at)
    detail: dict[str, Any] = {"request": request.pk, "request_kind": request.kind, "withdrawn": own}
    if case is not None:
        apply_transition(case, CaseAction.DECLINE_CHANGE, by=by, at=at, reason=reason.strip(), detail=detail)
    else:
        audit_request(AuditAction.NUMBER_DECLINE_CHANGE, request, by=by, at=at, withdrawn=own)
    return request


def audit_request(
    action: AuditAction, request: ChangeRequest, *, by: User, at: dt.datetime, **detail: object
) -> None:
    """Writes an act on a request about a protected number into the audit log."""
    detail = {
        "request_kind": request.kind,
        "pattern": request.pattern,
        "blocks": request.block_count,
        **detail,
    }
    audit_log.record(
        action, actor=f"user:{by.pk}", subject=f"change_request:{request.pk}", at=at, detail=detail
    )
