"""Two people end a block by mistake, and two people answer its owner. Neither of them decided it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.accounts.step_up import StepUp
from aduan.cases import workflow
from aduan.cases.models import Block, Case, ChangeRequest, Hold
from aduan.cases.notices import NoticeText
from aduan.cases.services.change_requests import (
    confirm_request,
    lock_request,
    open_request,
    require_another,
    require_not_decided_by,
)
from aduan.cases.services.closures import require_text
from aduan.cases.services.hold_endings import end_holds_of
from aduan.cases.services.intake import next_digest
from aduan.cases.services.notices import require_notice
from aduan.cases.services.releases import end_blocks
from aduan.cases.services.seen_contents import require_seen_contents
from aduan.cases.services.temporary_lifts import restore_lifted
from aduan.cases.services.transitions import apply_transition, lock_case, require_available
from aduan.cases.workflow import CaseAction, Status
from aduan.core.errors import WrongState


@transaction.atomic
def request_release(
    case: Case,
    *,
    by: User,
    step_up: StepUp,
    at: dt.datetime,
    seen_digest: str,
    reason: str,
    notice: NoticeText | None = None,
) -> ChangeRequest:
    """Asks for the end of a block or a referral that was a mistake. It ends when another person confirms.

    `reason` is for colleagues, `notice` what the complainants read then instead of the standard text.
    Raises Forbidden for anyone who decided the block.
    """
    case = _case_to_ask_about(case, by=by, at=at, seen_digest=seen_digest, reason=reason)
    workflow.after(case.status, CaseAction.RELEASE)
    request = _new(case, ChangeRequest.Kind.RELEASE, reason=reason, seen_digest=seen_digest)
    return _ask(request, case, by=by, step_up=step_up, at=at, notice=notice)


@transaction.atomic
def confirm_release(
    request: ChangeRequest, *, by: User, step_up: StepUp, at: dt.datetime, seen_digest: str
) -> Case:
    """The second person: the block ends now, and the next interim list carries the removal."""
    case, request = _ready(request, ChangeRequest.Kind.RELEASE, by=by, at=at, seen_digest=seen_digest)
    confirm_request(request, by=by, step_up=step_up, at=at, digest=seen_digest)
    return end_blocks(
        case,
        by=by,
        at=at,
        reason=Block.ReleaseReason.ERROR,
        note=request.reason,
        notice=NoticeText(request.notice_id, request.notice_en),
        under=request,
    )


@transaction.atomic
def request_settlement(
    case: Case,
    *,
    by: User,
    step_up: StepUp,
    at: dt.datetime,
    seen_digest: str,
    upheld: bool,
    reason: str,
) -> ChangeRequest:
    """Proposes the answer to the owner who objects; `reason` is what they read once another confirms it.

    Raises Forbidden for anyone who decided the block, WrongState when no one objects.
    """
    case = _case_to_ask_about(case, by=by, at=at, seen_digest=seen_digest, reason=reason)
    _require_objection(case)
    request = _new(case, ChangeRequest.Kind.OBJECTION, reason=reason, seen_digest=seen_digest, upheld=upheld)
    return _ask(request, case, by=by, step_up=step_up, at=at)


@transaction.atomic
def confirm_settlement(
    request: ChangeRequest, *, by: User, step_up: StepUp, at: dt.datetime, seen_digest: str
) -> Case:
    """The second person: the objection is settled, and an upheld one ends the block now."""
    case, request = _ready(request, ChangeRequest.Kind.OBJECTION, by=by, at=at, seen_digest=seen_digest)
    _require_objection(case)
    confirm_request(request, by=by, step_up=step_up, at=at, digest=seen_digest)
    case.objection_since = None
    case.contents_digest = next_digest(case, f"settled {at.isoformat()}")
    case.save(update_fields=["objection_since", "contents_digest"])
    detail = {"upheld": request.upheld, "request": request.pk}
    apply_transition(case, CaseAction.SETTLE, by=by, at=at, reason=request.reason, detail=detail)
    if request.upheld and case.status in (Status.CONFIRMED, Status.REFERRED):
        return end_blocks(case, by=by, at=at, reason=Block.ReleaseReason.OBJECTION, under=request)
    if request.upheld:
        end_holds_of(case, reason=Hold.EndReason.OBJECTION, by=by, at=at)
    else:
        restore_lifted(case, under=request, at=at)
    return case


def _case_to_ask_about(case: Case, *, by: User, at: dt.datetime, seen_digest: str, reason: str) -> Case:
    by.require(Permission.SIGN_OFF)
    case = lock_case(case)
    require_available(case, by=by, at=at)
    require_seen_contents(case, seen_digest)
    require_text(reason)
    require_not_decided_by(case, by)
    return case


def _new(
    case: Case, kind: ChangeRequest.Kind, *, reason: str, seen_digest: str, upheld: bool | None = None
) -> ChangeRequest:
    ends = case.blocks.filter(released_at=None).count() if upheld is not False else 0
    return ChangeRequest(
        kind=kind, case=case, upheld=upheld, reason=reason.strip(), block_count=ends, seen_digest=seen_digest
    )


def _ask(
    request: ChangeRequest,
    case: Case,
    *,
    by: User,
    step_up: StepUp,
    at: dt.datetime,
    notice: NoticeText | None = None,
) -> ChangeRequest:
    """The lease ends with the question: an innocent number must not wait for it to lapse."""
    if notice is not None:
        require_notice(notice)
    open_request(request, by=by, step_up=step_up, at=at, notice=notice)
    case.held_by = case.held_until = None
    detail = {
        "request": request.pk,
        "request_kind": str(request.kind),
        "upheld": request.upheld,
        "blocks": request.block_count,
    }
    apply_transition(case, CaseAction.REQUEST_CHANGE, by=by, at=at, reason=request.reason, detail=detail)
    return request


def _ready(
    request: ChangeRequest, kind: ChangeRequest.Kind, *, by: User, at: dt.datetime, seen_digest: str
) -> tuple[Case, ChangeRequest]:
    """The case first, as everywhere: its lock lets no decision pass in between."""
    if request.case is None or request.kind != kind:
        raise WrongState("other_kind", _("This request asks for something else."))
    case = lock_case(request.case)
    request = lock_request(request, by=by)
    require_another(request, by)
    require_available(case, by=by, at=at)
    require_seen_contents(case, seen_digest)
    require_not_decided_by(case, by)
    return case, request


def _require_objection(case: Case) -> None:
    if case.objection_since is None:
        raise WrongState("no_objection", _("There is no open objection in this case."))
