"""The second and the third signature. Only here a proposal becomes a decision."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import StepUpEvidence, User
from aduan.accounts.roles import Permission
from aduan.accounts.services import record_step_up
from aduan.accounts.step_up import StepUp
from aduan.cases.models import Case, Proposal
from aduan.cases.queries.risk import outdated, third_signature_reason
from aduan.cases.services.closures import require_text
from aduan.cases.services.enforcement import enforce_proposal
from aduan.cases.services.proposals import open_proposal, require_blockable
from aduan.cases.services.quality_sampling import maybe_sample
from aduan.cases.services.rate_limit import enforce_signature_rate
from aduan.cases.services.recycled_notices import require_same_holder
from aduan.cases.services.seen_contents import require_seen_contents
from aduan.cases.services.transitions import apply_transition, lock_case, require_available
from aduan.cases.workflow import CONFIRMS, CaseAction, ProposalType
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden, WrongState

# What a signature writes; what was proposed is closed to the application's database role.
_SIGNED = [
    *(f"second_{fact}" for fact in ("by", "at", "agrees", "reason", "digest", "step_up")),
    *(f"third_{fact}" for fact in ("by", "at", "agrees", "reason", "digest", "step_up")),
    *("state", "settled_at"),
]


@transaction.atomic
def sign_off(
    case: Case,
    *,
    by: User,
    at: dt.datetime,
    step_up: StepUp,
    agrees: bool,
    seen_digest: str,
    reason: str = "",
) -> Proposal:
    """A second person agrees or disagrees, over the contents they saw.

    Agreement decides, unless the proposal takes three people. Disagreement must say why: it asks a third
    person to settle it, or, where three have to agree, ends the proposal. Raises Forbidden for the proposer
    (also under another log-in), WrongState when the contents changed.
    """
    case, proposal = _ready(case, by=by, at=at)
    _require_other_signer(by, proposal.proposed_by)
    require_same_holder(case)
    if proposal.second_by is not None:
        raise _signed_before(proposal.second_by, asked_by=by)
    _require_signable(case, proposal, agrees, seen_digest, reason, at)
    proposal.second_by, proposal.second_at, proposal.second_agrees = by, at, agrees
    proposal.second_reason, proposal.second_digest = reason.strip(), seen_digest
    proposal.second_step_up = _evidence(case, step_up, by=by, at=at, agrees=agrees, seen_digest=seen_digest)
    signature = {"proposal": proposal.pk, "proposal_type": proposal.proposal_type, "digest": seen_digest}
    if proposal.needs_third and not agrees:
        _reject(case, proposal, by=by, at=at, signature=signature)
    elif not agrees:
        proposal.state = Proposal.State.DISPUTED
        _save(proposal)
        apply_transition(case, CaseAction.DISAGREE, by=by, at=at, detail=signature)
    elif proposal.needs_third:
        _save(proposal)
        apply_transition(case, CaseAction.AGREE, by=by, at=at, detail=signature)
    else:
        _confirm(case, proposal, by=by, at=at, signature=signature)
    return proposal


@transaction.atomic
def decide_third(
    case: Case,
    *,
    by: User,
    at: dt.datetime,
    step_up: StepUp,
    agrees: bool,
    seen_digest: str,
    reason: str = "",
) -> Proposal:
    """A third person settles a disagreement, or is the third to agree where three have to.

    Raises WrongState before the second has chosen, Forbidden for either of the two.
    """
    case, proposal = _ready(case, by=by, at=at)
    _require_other_signer(by, proposal.proposed_by)
    if proposal.second_by is None:
        raise WrongState("second_missing", _("The second person has not chosen yet."))
    _require_other_signer(by, proposal.second_by)
    _require_signable(case, proposal, agrees, seen_digest, reason, at)
    proposal.third_by, proposal.third_at, proposal.third_agrees = by, at, agrees
    proposal.third_reason, proposal.third_digest = reason.strip(), seen_digest
    proposal.third_step_up = _evidence(case, step_up, by=by, at=at, agrees=agrees, seen_digest=seen_digest)
    signature = {
        "proposal": proposal.pk,
        "proposal_type": proposal.proposal_type,
        "digest": seen_digest,
        "third": True,
    }
    settle = _confirm if agrees else _reject
    settle(case, proposal, by=by, at=at, signature=signature)
    return proposal


def _ready(case: Case, *, by: User, at: dt.datetime) -> tuple[Case, Proposal]:
    """Permission, pace, lock, in this order; then the case and its open proposal as they are now."""
    by.require(Permission.SIGN_OFF)
    enforce_signature_rate(by, at=at)
    case = lock_case(case)
    proposal = open_proposal(case)
    require_available(case, by=by, at=at)
    return case, proposal


def _signed_before(second: User, *, asked_by: User) -> WrongState:
    faster = _("%(name)s was faster and has signed already.") % {"name": second}
    twice = _("You have already signed this. Another person has to look at it.")  # a click before this one
    return WrongState("second_signed", twice if second == asked_by else faster, name=str(second))


def _require_other_signer(by: User, signer: User) -> None:
    if by.same_human(signer):
        raise Forbidden("same_person", _("You have already signed this. Another person has to look at it."))


def _require_signable(
    case: Case, proposal: Proposal, agrees: bool, seen_digest: str, reason: str, at: dt.datetime
) -> None:
    """Everything that must hold for this signature; a disagreement needs less, but a reason."""
    require_seen_contents(case, seen_digest)
    if not agrees:
        require_text(reason)
        return
    if outdated(case, proposal, three=bool(third_signature_reason(case, at=at))):
        raise WrongState(
            "proposal_outdated",
            _("What is known has changed since this was proposed. It has to be proposed again."),
        )
    if not proposal.proposed_by.has_permission(Permission.DECIDE):
        raise WrongState(
            "proposer_left", _("The person who proposed this no longer decides. It has to be proposed again.")
        )
    if proposal.proposal_type == ProposalType.BLOCK:
        require_blockable(case)


def _evidence(
    case: Case, step_up: StepUp, *, by: User, at: dt.datetime, agrees: bool, seen_digest: str
) -> StepUpEvidence:
    act = AuditAction.CASE_AGREE if agrees else AuditAction.CASE_DISAGREE
    return record_step_up(step_up, by=by, act=act, subject=f"case:{case.pk}", at=at, digest=seen_digest)


def _confirm(
    case: Case, proposal: Proposal, *, by: User, at: dt.datetime, signature: dict[str, object]
) -> None:
    proposal.state, proposal.settled_at = Proposal.State.CONFIRMED, at
    _save(proposal)
    event = apply_transition(
        case, CONFIRMS[ProposalType(proposal.proposal_type)], by=by, at=at, detail=signature
    )
    enforce_proposal(case, proposal, at=at)
    maybe_sample(event, deciders=_signers(proposal))


def _reject(
    case: Case, proposal: Proposal, *, by: User, at: dt.datetime, signature: dict[str, object]
) -> None:
    """Back to review; what everybody said stays with the settled proposal and on the case page."""
    proposal.state, proposal.settled_at = Proposal.State.REJECTED, at
    _save(proposal)
    event = apply_transition(case, CaseAction.REJECT, by=by, at=at, detail=signature)
    maybe_sample(event, deciders=_signers(proposal))


def _signers(proposal: Proposal) -> list[User]:
    return [person for person in (proposal.proposed_by, proposal.second_by, proposal.third_by) if person]


def _save(proposal: Proposal) -> None:
    """The database has the last word on who may sign; what it refuses is a refusal, not a fault."""
    try:
        with transaction.atomic():
            proposal.save(update_fields=_SIGNED)
    except IntegrityError as error:
        raise Forbidden("signature_refused", _("You cannot sign this proposal.")) from error
