"""Whether a block of this number takes three people. The database asks the same at the last signature."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from django.db.models import OuterRef, QuerySet

from aduan.cases.clocks import long_in_use
from aduan.cases.models import Case, CaseEvent, Proposal
from aduan.cases.risk import RiskReason
from aduan.cases.workflow import CaseAction, ProposalType
from aduan.core.periods import local_date


def third_signature_reason(
    case: Case, *, at: dt.datetime, objected: bool | None = None
) -> RiskReason | Literal[""]:
    """Empty when two people are enough. `objected`: whether its owner ever objected, where that is known."""
    if case.resembles_protected:
        return RiskReason.RESEMBLES_PROTECTED
    if case.number_kind != "mobile":
        return RiskReason.ORGANISATION
    if long_in_use(case.in_use_since, local_date(at)):
        return RiskReason.LONG_IN_USE
    if objected is None:
        objected = objections_to(case.number_id).exists()
    return RiskReason.OBJECTED if objected else ""


def objections_to(number_id: int | OuterRef) -> QuerySet[CaseEvent]:
    """Every objection to a block of this number, in any of its cases."""
    return CaseEvent.objects.filter(case__number_id=number_id, action=CaseAction.OBJECT)


def outdated(case: Case, proposal: Proposal, *, three: bool) -> bool:
    """Whether grounds of the proposal were taken away since, or it now needs three people.

    `three`: whether a block of this case needs three people now.
    """
    if case.grounds_weakened_at is not None and case.grounds_weakened_at >= proposal.proposed_at:
        return True
    return proposal.proposal_type == ProposalType.BLOCK and not proposal.needs_third and three
