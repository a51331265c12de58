"""What a confirmed proposal sets in motion: a block, a referral, or questions about a spoofed number."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from aduan.accounts.models import User
from aduan.accounts.step_up import application_mac
from aduan.cases.clocks import a_year_later
from aduan.cases.models import Block, Case, ChangeRequest, Proposal, TemporaryLift, TraceRequest
from aduan.cases.services.hold_endings import mark_became_block
from aduan.cases.services.transitions import apply_transition, lock_case
from aduan.cases.workflow import CaseAction, ProposalType, Status
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.periods import local_date
from aduan.numbers.models import PhoneNumber, RoutingTask
from aduan.numbers.services import open_routing_task
from aduan.operators.models import Operator

_RELEASED: Final = (
    *("released_at", "released_by", "released_on", "released_under"),
    *("release_reason", "release_mac"),
)


def enforce_proposal(case: Case, proposal: Proposal, *, at: dt.datetime) -> None:
    """In the transaction of the decision itself, so that lists are built from decisions and nothing else."""
    if proposal.proposal_type == ProposalType.SPOOFED:
        request_traces(case, proposal, at=at)
        return
    held = proposal.proposal_type == ProposalType.BLOCK and mark_became_block(case, at=at)
    number = PhoneNumber.objects.get(pk=case.number_id)
    operator_id = proposal.platform_id if proposal.proposal_type == ProposalType.REFER else number.operator_id
    if operator_id is None:
        open_routing_task(number, reason=RoutingTask.Reason.BLOCK_UNROUTED, at=at)
        return
    create_block(case, proposal, number, operator_id=operator_id, at=at, urgent=held)


def create_block(
    case: Case,
    proposal: Proposal,
    number: PhoneNumber,
    *,
    operator_id: int,
    at: dt.datetime,
    urgent: bool = False,
) -> Block | None:
    """Writes the block; None when its time is over before it could begin.

    `urgent` also where it was not proposed so: a number that is held must not work again in between.
    """
    valid_from = local_date(at)
    valid_until = proposal.block_until or a_year_later(valid_from)
    if valid_until <= valid_from:
        return None
    return Block.objects.create(
        case=case,
        proposal=proposal,
        number=number,
        operator_id=operator_id,
        digits=number.digits,
        requested_action=proposal.proposal_type,
        category=case.category,
        valid_from=valid_from,
        valid_until=valid_until,
        urgent=proposal.urgent or urgent,
        confirmed_at=proposal.settled_at or at,
    )


def release_blocks(
    case: Case,
    *,
    by: User | None,
    at: dt.datetime,
    reason: Block.ReleaseReason,
    under: ChangeRequest | None = None,
) -> None:
    """Release every block and referral in force of this locked case; the next lists carry the removal.

    The database refuses a release that neither two people signed (`under`) nor a fact explains.
    """
    for block in case.blocks.select_for_update().filter(released_at=None):
        block.released_at, block.released_by, block.released_under = at, by, under
        block.released_on = min(max(local_date(at), block.valid_from), block.valid_until)
        block.release_reason = reason
        _save_release(block)
    TemporaryLift.objects.filter(case=case, ended_at=None).update(
        ended_at=at, outcome=TemporaryLift.Outcome.FREED
    )


def _save_release(block: Block) -> None:
    """Under the request of two people, or with the code of the application, which the database checks."""
    if block.released_under_id is None:
        facts = (block.pk, block.release_reason, block.released_at, block.released_by_id)
        block.release_mac = application_mac("release", *facts)
    block.save(update_fields=_RELEASED)


def request_traces(case: Case, proposal: Proposal, *, at: dt.datetime) -> None:
    """Asks every obliged operator of today: a spoofed call may have entered anywhere."""
    obliged = Operator.objects.filter(
        obligation=Operator.Obligation.MANDATORY, active__contains=local_date(at), is_sandbox=False
    ).exclude(kind=Operator.Kind.OTT)
    TraceRequest.objects.bulk_create(
        TraceRequest(case=case, proposal=proposal, operator=operator, asked_at=at) for operator in obliged
    )


def route_blocks(*, at: dt.datetime, limit: int = 1000) -> int:
    """Follows the register of numbers.

    Confirmed cases without a block get one as soon as their number has an operator, and blocks of numbers
    that moved are released at the old operator and begin at the new one. Called by a job and after a
    routing task is settled. Returns how many blocks it placed.
    """
    return sum(_route(case, at) for case in _unrouted(limit)) + sum(
        _reroute(block, at) for block in _moved(limit)
    )


def _unrouted(limit: int) -> list[Case]:
    in_force = Block.objects.filter(case=OuterRef("pk"), released_at=None)
    waiting = Case.objects.filter(~Exists(in_force), status=Status.CONFIRMED, number__operator__isnull=False)
    return list(waiting.order_by("pk")[:limit])


@transaction.atomic
def _route(case: Case, at: dt.datetime) -> int:
    case = lock_case(case)
    if case.status != Status.CONFIRMED or case.blocks.filter(released_at=None).exists():
        return 0
    proposal = case.proposals.filter(state=Proposal.State.CONFIRMED, proposal_type=ProposalType.BLOCK).latest(
        "settled_at"
    )
    number = PhoneNumber.objects.get(pk=case.number_id)
    if number.operator_id is None:
        return 0
    return _create_again(case, proposal, number, at)


def _moved(limit: int) -> list[Block]:
    in_force = Block.objects.filter(
        requested_action=ProposalType.BLOCK, released_at=None, number__operator__isnull=False
    )
    lifted = TemporaryLift.objects.filter(ended_at=None)
    in_force = in_force.exclude(lift__in=lifted)  # it moves when the objection is decided
    return list(in_force.exclude(operator=F("number__operator")).order_by("pk")[:limit])


@transaction.atomic
def _reroute(block: Block, at: dt.datetime) -> int:
    case = lock_case(block.case)
    block = (
        Block.objects.select_for_update(of=("self",)).select_related("proposal", "number").get(pk=block.pk)
    )
    number = block.number
    if block.released_at is not None or number.operator_id in (None, block.operator_id):
        return 0
    block.released_at, block.released_on = at, max(local_date(at), block.valid_from)
    block.release_reason = Block.ReleaseReason.REROUTED
    _save_release(block)
    return _create_again(case, block.proposal, number, at)


def _create_again(case: Case, proposal: Proposal, number: PhoneNumber, at: dt.datetime) -> int:
    if case.operator_id != number.operator_id:
        case.operator_id = number.operator_id
        case.save(update_fields=["operator"])
    block = create_block(case, proposal, number, operator_id=number.operator_id or 0, at=at)
    detail = {"operator": number.operator_id, "proposal": proposal.pk}
    before = case.status
    event = apply_transition(case, CaseAction.ROUTE, by=None, at=at, detail=detail)
    audit_log.record(
        AuditAction.CASE_ROUTE,
        actor="system",
        subject=f"case:{case.pk}",
        at=at,
        detail={"event": event.pk, "before": before, "after": case.status, **detail},
    )
    return int(block is not None)
