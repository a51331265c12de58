"""The first signature: proposing an act, and taking the proposal back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.accounts.services import record_step_up
from aduan.accounts.step_up import StepUp
from aduan.cases.clocks import a_year_later
from aduan.cases.dto import PLATFORMS
from aduan.cases.models import Case, Proposal
from aduan.cases.notices import NoticeText
from aduan.cases.queries.risk import outdated, third_signature_reason
from aduan.cases.reasons import is_true_beside, is_true_of
from aduan.cases.services.closures import require_reason, require_short, require_text
from aduan.cases.services.notices import require_notice
from aduan.cases.services.rate_limit import enforce_signature_rate
from aduan.cases.services.seen_contents import require_seen_contents
from aduan.cases.services.transitions import apply_transition, lock_case, require_available
from aduan.cases.workflow import CaseAction, ProposalType
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden, Invalid, WrongState, constraint_of
from aduan.core.periods import local_date
from aduan.numbers.queries import is_protected
from aduan.operators.models import Operator

_BLOCKABLE = ("mobile", "landline")


@transaction.atomic
def propose(
    case: Case,
    *,
    by: User,
    at: dt.datetime,
    step_up: StepUp,
    proposal_type: ProposalType,
    reason_code: str,
    seen_digest: str,
    reason: str = "",
    evidence_ids: Sequence[int] = (),
    block_until: dt.date | None = None,
    urgent: bool = False,
    notice: NoticeText | None = None,
) -> Proposal:
    """Asks for an act over the contents this person saw. Nothing happens before a second person agrees.

    `evidence_ids`: clean items of this case that are relied on; a block needs one as soon as there is any.
    `block_until` is the first day no longer blocked (Jakarta), twelve months from today unless given.
    `reason` is for colleagues, `notice` for complainants once it is confirmed (else the reason's own text).
    """
    by.require(Permission.DECIDE)
    enforce_signature_rate(by, at=at)
    case = lock_case(case)
    _require_grounds(case, by=by, at=at)
    require_seen_contents(case, seen_digest)
    _require_fitting_reason(reason_code, proposal_type, case)
    require_short(reason)
    if proposal_type == ProposalType.BLOCK:
        require_blockable(case)
        block_until = _end_of_block(block_until, at)
        if case.evidence_count and not evidence_ids:
            raise Invalid("evidence_missing", _("Name the evidence you rely on."), field="evidence_ids")
    require_notice(notice := notice or NoticeText())
    because = third_signature_reason(case, at=at) if proposal_type == ProposalType.BLOCK else ""
    proposal = Proposal(
        case=case,
        proposal_type=proposal_type,
        reason_code=reason_code,
        reason=reason.strip(),
        notice_id=notice.id,
        notice_en=notice.en,
        evidence_ids=sorted(set(evidence_ids)),
        block_until=block_until if proposal_type == ProposalType.BLOCK else None,
        urgent=urgent and proposal_type == ProposalType.BLOCK,
        platform=_platform(case) if proposal_type == ProposalType.REFER else None,
        seen_digest=seen_digest,
        seen_counts={"complaints": case.complaint_count, "evidence": case.evidence_count},
        needs_third=bool(because),
        third_because=because,
        proposed_by=by,
        proposed_at=at,
    )
    # The step first: its refusal names the person who was faster; then the proposal it speaks of.
    event_detail = {"proposal_type": str(proposal_type), "digest": seen_digest}
    apply_transition(case, CaseAction.PROPOSE, by=by, at=at, detail=event_detail)
    proposal.proposed_step_up = record_step_up(
        step_up, by=by, act=AuditAction.CASE_PROPOSE, subject=f"case:{case.pk}", at=at, digest=seen_digest
    )
    _save(proposal)
    return proposal


def _require_fitting_reason(code: str, proposal_type: ProposalType, case: Case) -> None:
    require_reason(code, CaseAction.PROPOSE)
    if not is_true_beside(code, proposal_type):
        words = _("This reason speaks of another measure: complainants would read something untrue.")
        raise Invalid("reason_of_other_measure", words, field="reason_code")
    if not is_true_of(code, independent=case.independent_count):
        words = _("Only one independent complaint is here: several people would be untrue.")
        raise Invalid("reason_without_grounds", words, field="reason_code")


@transaction.atomic
def retract(case: Case, *, by: User, at: dt.datetime, reason: str) -> Proposal:
    """Takes the open proposal back. Its proposer may; anybody who decides may once it is outdated."""
    by.require(Permission.DECIDE)
    case = lock_case(case)
    proposal = open_proposal(case)
    if (
        proposal.proposed_by_id != by.pk
        and proposal.proposed_by.has_permission(Permission.DECIDE)
        and not outdated(case, proposal, three=bool(third_signature_reason(case, at=at)))
    ):
        raise Forbidden("not_your_proposal", _("Only the person who proposed it can take it back."))
    require_text(reason)
    proposal.state, proposal.settled_at = Proposal.State.RETRACTED, at
    proposal.save(update_fields=["state", "settled_at"])
    apply_transition(
        case, CaseAction.RETRACT, by=by, at=at, reason=reason.strip(), detail={"proposal": proposal.pk}
    )
    return proposal


def _save(proposal: Proposal) -> None:
    """Cases cannot see evidence: the database compares the items with those of the case (complaints/sql)."""
    try:
        with transaction.atomic():
            proposal.save(force_insert=True)
    except IntegrityError as error:
        if constraint_of(error) != "evidence_of_its_case":
            raise
        raise Invalid(
            "evidence_unknown",
            _("Some of the evidence named is not of this case, or cannot be seen any more."),
            field="evidence_ids",
        ) from error


def open_proposal(case: Case) -> Proposal:
    """The proposal that waits for a signature. Raises WrongState when there is none (any more)."""
    waiting = case.proposals.filter(state__in=[Proposal.State.PENDING, Proposal.State.DISPUTED])
    proposal = waiting.select_related("proposed_by", "second_by").first()
    if proposal is None:
        settled = (
            case.proposals.select_related("second_by", "third_by", "proposed_by").order_by("-id").first()
        )
        person = settled and (settled.third_by or settled.second_by or settled.proposed_by)
        raise WrongState(
            "nothing_to_sign",
            _("There is no open proposal: the last one was settled by %(name)s.") % {"name": person}
            if person
            else _("There is no open proposal."),
            status=case.status,
            name=str(person or ""),
        )
    return proposal


def require_blockable(case: Case) -> None:
    """Raises Forbidden for a number that may not be blocked, Invalid for one that cannot be."""
    if case.protected or is_protected(case.number_text):
        raise Forbidden("number_protected", _("This number is protected. It is never blocked."))
    if case.number_kind not in _BLOCKABLE:
        raise Invalid("kind_not_blockable", _("This kind of number cannot be blocked at an operator."))
    if case.objection_since is not None:
        raise WrongState("objection_open", _("The owner objects. Answer the objection first."))


def _require_grounds(case: Case, *, by: User, at: dt.datetime) -> None:
    """Numbers that a platform banned, or a complaint of three words, raise a rank and decide nothing."""
    require_available(case, by=by, at=at)
    if case.ready_at is None and not case.evidence_count:
        raise WrongState(
            "no_grounds", _("No complaint in this case has a text or a file to decide on. Ask for one first.")
        )


def _end_of_block(wanted: dt.date | None, at: dt.datetime) -> dt.date:
    today = local_date(at)
    latest = a_year_later(today)
    if wanted is None:
        return latest
    if not today < wanted <= latest:
        raise Invalid(
            "block_until_out_of_range",
            _("The block must end after today and within twelve months."),
            field="block_until",
        )
    return wanted


def _platform(case: Case) -> Operator:
    """The platform of the account, else the one most complaints name. Raises Invalid without one."""
    if case.operator is not None and case.operator.kind == Operator.Kind.OTT:
        return case.operator
    counts = {channel: count for channel, count in case.channels.items() if channel in PLATFORMS}
    for channel in sorted(counts, key=lambda name: (-counts[name], name)):
        platform = Operator.objects.filter(code=channel, kind=Operator.Kind.OTT).first()
        if platform is not None:
            return platform
    raise Invalid("no_platform", _("No complaint in this case came over a messaging platform."))
