"""A complaint under the wrong number: two people put it, a copy, or its whole case under the right one."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.accounts.step_up import StepUp
from aduan.cases.models import Case, ChangeRequest
from aduan.cases.services.change_requests import (
    confirm_request,
    lock_request,
    open_request,
    require_another,
)
from aduan.cases.services.closures import require_text
from aduan.cases.services.seen_contents import require_seen_contents
from aduan.cases.services.transitions import apply_transition, lock_case, require_available
from aduan.cases.workflow import IN_QUEUE, CaseAction, Status
from aduan.core.errors import WrongState


@transaction.atomic
def open_number_change(
    request: ChangeRequest, case: Case, *, by: User, step_up: StepUp, at: dt.datetime
) -> ChangeRequest:
    """One person's request about this case; the case is free for others until another person settles it."""
    by.require(Permission.SIGN_OFF)
    case = lock_case(case)
    require_available(case, by=by, at=at)
    require_seen_contents(case, request.seen_digest)
    require_text(request.reason)
    _require_undecided(case, request)
    request.case = case
    open_request(request, by=by, step_up=step_up, at=at)
    case.held_by = case.held_until = None
    detail = {"request": request.pk, "request_kind": str(request.kind)}
    apply_transition(case, CaseAction.REQUEST_CHANGE, by=by, at=at, reason=request.reason, detail=detail)
    return request


@transaction.atomic
def settle_number_change(
    request: ChangeRequest, *, by: User, step_up: StepUp, at: dt.datetime, seen_digest: str
) -> tuple[Case, ChangeRequest]:
    """The second person's word. The caller moves the complaints in the same transaction."""
    if request.case is None or request.kind not in ChangeRequest.OF_NUMBERS:
        raise WrongState("other_kind", _("This request asks for something else."))
    case = lock_case(request.case)
    request = lock_request(request, by=by)
    require_another(request, by)
    if case.held_by_id == request.requested_by_id:  # who asked and looks at it again keeps no one waiting
        case.held_by = case.held_until = None
    require_available(case, by=by, at=at)
    require_seen_contents(case, seen_digest)
    _require_undecided(case, request)
    confirm_request(request, by=by, step_up=step_up, at=at, digest=seen_digest)
    return case, request


def record_number_change(
    source: Case, target: Case, request: ChangeRequest, *, by: User, at: dt.datetime
) -> None:
    """Both cases say what happened; a case that was merged into another is closed."""
    merged = request.kind == ChangeRequest.Kind.MERGE
    detail = {"request": request.pk, "request_kind": str(request.kind)}
    for case, action in (
        (source, CaseAction.MERGE if merged else CaseAction.MOVE),
        (target, CaseAction.MOVE),
    ):
        other = target if case is source else source
        apply_transition(
            lock_case(case),
            action,
            by=by,
            at=at,
            reason=request.reason,
            detail={**detail, "case": other.pk},
        )


def _require_undecided(case: Case, request: ChangeRequest) -> None:
    allowed = (Status.OPEN, Status.NEEDS_INFO) if request.kind == ChangeRequest.Kind.MERGE else IN_QUEUE
    if case.status not in allowed:
        raise WrongState(
            "decided_case",
            _(
                "This case is “%(status)s”. End that first: a complaint changes its number only before a"
                " decision."
            )
            % {"status": Status(case.status).label},
        )
