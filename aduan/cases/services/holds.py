"""The hold lane: one person proposes to hold a number, another confirms it, and either may end it."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.accounts.services import record_step_up
from aduan.accounts.step_up import StepUp
from aduan.cases.hold_refusals import REFUSALS, refusal_text
from aduan.cases.hold_rules import end_of_hold
from aduan.cases.models import Case, Hold, HoldCandidate, HoldPolicy
from aduan.cases.queries.holds import above_quota, hold_policy, hold_refusal
from aduan.cases.services.closures import require_text
from aduan.cases.services.hold_endings import end_holds_of
from aduan.cases.services.recycled_notices import require_same_holder
from aduan.cases.services.seen_contents import require_seen_contents
from aduan.cases.services.transitions import apply_transition, lock_case, require_available, require_no_part
from aduan.cases.workflow import CaseAction
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import DomainError, Forbidden, WrongState, already_settled, constraint_of

_SETTLED: Final = (
    *("state", "needs_leads", "second_by", "second_digest", "second_step_up", "second_reason"),
    *("settled_at", "confirmed_at", "ends_at"),
)


@transaction.atomic
def propose_hold(
    case: Case, *, by: User, step_up: StepUp, at: dt.datetime, seen_digest: str, reason: str
) -> Hold:
    """Asks to hold the number of a candidate. Nothing happens before a second person confirms it.

    `reason` is for colleagues. Raises Forbidden where the number may not be held, or where the quota asks
    for leads; WrongState when the case is no candidate, or its contents changed.
    """
    _require_signer(by, Permission.DECIDE)
    case = lock_case(case)
    require_available(case, by=by, at=at)
    require_seen_contents(case, seen_digest)
    require_text(reason)
    require_same_holder(case)
    policy, candidate = _policy(at), _candidate(case)
    _require_holdable(case, policy, at)
    leads = _needs_leads(policy, by, at=at)
    if case.operator_id is None:
        raise _refusal("hold_of_unrouted_number")
    hold = Hold(
        case=case,
        number_id=case.number_id,
        operator_id=case.operator_id,
        digits=int(case.number_text.removeprefix("+")),
        category=case.category,
        policy=policy,
        grounds=candidate.grounds,
        qualified_at=candidate.qualified_at,
        needs_leads=leads,
        reason=reason.strip(),
        seen_digest=seen_digest,
        proposed_by=by,
        proposed_at=at,
    )
    hold.proposed_step_up = record_step_up(
        step_up,
        by=by,
        act=AuditAction.CASE_PROPOSE_HOLD,
        subject=f"case:{case.pk}",
        at=at,
        digest=seen_digest,
    )
    _save(hold, new=True)
    case.held_by = case.held_until = None  # the second person need not wait for the lease to lapse
    apply_transition(
        case, CaseAction.PROPOSE_HOLD, by=by, at=at, reason=hold.reason, detail=_detail(hold, seen_digest)
    )
    return hold


@transaction.atomic
def confirm_hold(hold: Hold, *, by: User, step_up: StepUp, at: dt.datetime, seen_digest: str) -> Hold:
    """The second person: the number is held from now until the policy's hours are over, published in seconds.

    Raises Forbidden for the proposer, also under another log-in; WrongState when the grounds are gone.
    """
    _require_signer(by)
    case, hold = _ready(hold, by=by)
    if by.same_human(hold.proposed_by):
        raise Forbidden(
            "same_person", _("You proposed this hold yourself. Another person has to confirm it.")
        )
    require_seen_contents(case, seen_digest)
    _require_still_founded(case, hold)
    policy = _policy(at)
    if policy.pk != hold.policy_id:
        raise WrongState(
            "proposal_outdated", _("The rules of holds have changed. It has to be proposed again.")
        )
    _require_holdable(case, policy, at)
    hold.needs_leads = hold.needs_leads or _needs_leads(policy, by, hold.proposed_by, at=at)
    if hold.needs_leads and not all(_is_lead(person) for person in (by, hold.proposed_by)):
        raise _refusal("hold_above_quota")
    hold.second_step_up = record_step_up(
        step_up,
        by=by,
        act=AuditAction.CASE_CONFIRM_HOLD,
        subject=f"case:{case.pk}",
        at=at,
        digest=seen_digest,
    )
    hold.second_by, hold.second_digest, hold.state = by, seen_digest, Hold.State.CONFIRMED
    hold.settled_at = hold.confirmed_at = at
    hold.ends_at = end_of_hold(at, policy.longest)
    _save(hold)
    HoldCandidate.objects.filter(case=case).delete()
    apply_transition(case, CaseAction.CONFIRM_HOLD, by=by, at=at, detail=_detail(hold, seen_digest))
    return hold


@transaction.atomic
def decline_hold(hold: Hold, *, by: User, at: dt.datetime, reason: str) -> Hold:
    """Turns a proposed hold down, or takes one's own back. The case stays where it is."""
    _require_signer(by)
    case, hold = _ready(hold, by=by)
    require_text(reason)
    own = by.pk == hold.proposed_by_id
    hold.state = Hold.State.WITHDRAWN if own else Hold.State.DECLINED
    hold.second_by, hold.second_reason, hold.settled_at = None if own else by, reason.strip(), at
    _save(hold)
    apply_transition(
        case, CaseAction.DECLINE_HOLD, by=by, at=at, reason=reason.strip(), detail={"hold": hold.pk}
    )
    return hold


@transaction.atomic
def end_hold(hold: Hold, *, by: User, at: dt.datetime, mistake: bool, note: str = "") -> Hold:
    """Either signer or a lead ends a hold at once: to free a number takes no second person here.

    `mistake`: the hold was wrong, and is counted so; otherwise it is not needed any more.
    """
    case = lock_case(hold.case)
    hold = Hold.objects.select_for_update(of=("self",)).select_related("ended_by").get(pk=hold.pk)
    if not hold.may_be_ended_by(by):
        raise Forbidden("not_your_hold", _("Either person who signed this hold, or a lead, can end it."))
    if not hold.is_held(at):
        raise WrongState("hold_over", _("This hold has ended already."))
    reason = Hold.EndReason.MISTAKE if mistake else Hold.EndReason.NOT_NEEDED
    end_holds_of(case, reason=reason, by=by, at=at, note=note)
    hold.refresh_from_db()
    return hold


def _ready(hold: Hold, *, by: User) -> tuple[Case, Hold]:
    """The case first, as everywhere; then the hold that still waits."""
    case = lock_case(hold.case)
    require_no_part(case, by=by)  # who merely has the case open holds up no one: it is a matter of minutes
    rows = Hold.objects.select_for_update(of=("self",)).select_related("proposed_by", "second_by")
    hold = rows.get(pk=hold.pk)
    if hold.state == Hold.State.WITHDRAWN and not hold.second_reason:  # by no one: its grounds are gone
        raise _no_candidate()
    if hold.state != Hold.State.PENDING:
        raise already_settled(hold.second_by or hold.proposed_by, asked_by=by)
    return case, hold


def _require_signer(by: User, permission: Permission = Permission.SIGN_OFF) -> None:
    if not _is_lead(by):
        by.require(permission)


def _is_lead(person: User) -> bool:
    return person.has_permission(Permission.LEAD_HOLDS)


def _needs_leads(policy: HoldPolicy, *people: User, at: dt.datetime) -> bool:
    """Whether the quota asks for leads. Raises Forbidden for people who are none."""
    if not above_quota(policy, people, at=at):
        return False
    if not all(_is_lead(person) for person in people):
        raise _refusal("hold_above_quota")
    return True


def _policy(at: dt.datetime) -> HoldPolicy:
    policy = hold_policy(at=at)
    if policy is None:
        raise _refusal("hold_without_legal_reference")
    return policy


def _candidate(case: Case) -> HoldCandidate:
    """Of a locked case. The desk may still show one whose last complaint was withdrawn a second ago."""
    candidate = HoldCandidate.objects.filter(case=case).first()
    if candidate is None or case.complaint_count == 0:
        raise _no_candidate()
    return candidate


def _no_candidate() -> WrongState:
    return WrongState("no_candidate", _("The complaints of this case are no grounds for a hold."))


def _require_still_founded(case: Case, hold: Hold) -> None:
    _candidate(case)
    require_same_holder(case)
    if case.operator_id != hold.operator_id:
        raise WrongState(
            "proposal_outdated", _("The number has moved to another operator. It has to be proposed again.")
        )
    if case.grounds_weakened_at is not None and case.grounds_weakened_at >= hold.proposed_at:
        raise WrongState(
            "proposal_outdated",
            _("What is known has changed since this was proposed. It has to be proposed again."),
        )
    if not hold.proposed_by.has_permission(Permission.DECIDE) and not _is_lead(hold.proposed_by):
        raise WrongState(
            "proposer_left", _("The person who proposed this no longer decides. It has to be proposed again.")
        )


def _require_holdable(case: Case, policy: HoldPolicy, at: dt.datetime) -> None:
    if code := hold_refusal(case, policy, at=at):
        raise _refusal(code)


def _refusal(code: str) -> DomainError:
    return Forbidden(code, refusal_text(code))


def _detail(hold: Hold, digest: str) -> dict[str, object]:
    detail: dict[str, object] = {"hold": hold.pk, "grounds": str(hold.grounds), "digest": digest}
    if hold.ends_at is not None:
        detail["ends_at"] = hold.ends_at.isoformat()
    return detail


def _save(hold: Hold, *, new: bool = False) -> None:
    """The database has the last word on who may sign, and on what."""
    try:
        with transaction.atomic():
            hold.save(force_insert=True) if new else hold.save(update_fields=_SETTLED)
    except IntegrityError as error:
        name = constraint_of(error)
        if name == "one_open_hold_per_number":
            raise WrongState(
                "already_held", _("This number is held already, or a hold of it waits.")
            ) from error
        if name in REFUSALS:
            raise _refusal(name) from error
        raise Forbidden("signature_refused", _("You cannot sign this hold.")) from error
