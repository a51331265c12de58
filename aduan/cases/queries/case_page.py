"""Everything a case page shows that cases know. Complaints and evidence come from `complaints.queries`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, Subquery
from django.utils.translation import get_language

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases.models import Block, Case, CaseEvent, Finding, Hold, Proposal, TraceRequest
from aduan.cases.notices import NoticeText
from aduan.cases.queries.campaigns import DecidedAlike, decided_of_campaign, read_alike
from aduan.cases.queries.change_requests import WaitingChange, waiting_change_of
from aduan.cases.queries.hold_desk import HoldOfCase, hold_of_case
from aduan.cases.queries.permissions import permitted_steps
from aduan.cases.queries.queue_rows import QueueRow, row_of
from aduan.cases.queries.risk import objections_to, third_signature_reason
from aduan.cases.queries.signing_facts import SigningFacts, signing_facts
from aduan.cases.risk import RiskReason
from aduan.cases.workflow import CaseAction, ProposalType, Status

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

EVENTS: Final = 200
OTHERS: Final = 20
_FINDINGS: Final = {finding.value: finding.label for finding in Finding}
_HIDDEN_WHILE_PENDING: Final = ("propose", "agree", "disagree")


@dataclass(frozen=True, slots=True)
class Signature:
    """One person's word. Empty fields are hidden until the viewer has given their own."""

    by: str
    at: dt.datetime
    agrees: bool | None
    reason_code: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ProposalFacts:
    """A proposal as this viewer may see it: blind means the act is shown, the reasoning is not."""

    proposal_id: int
    proposal_type: ProposalType
    state: str
    blind: bool
    urgent: bool
    block_until: dt.date | None
    platform: str
    needs_third: bool
    third_because: StrOrPromise
    proposed_at: dt.datetime
    evidence_ids: tuple[int, ...]
    signatures: tuple[Signature, ...]
    changed_since: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of the timeline. `by` is empty for the system and for a person who is hidden for now."""

    event_id: int
    action: CaseAction
    at: dt.datetime
    by: str
    from_status: str
    to_status: str
    reason: StrOrPromise
    finding: StrOrPromise
    detail: dict[str, Any]
    notice: NoticeText | None  # what the complainants read
    announced_at: dt.datetime | None

    @property
    def notice_text(self) -> str:
        """What the complainants read, in the reader's language."""
        return self.notice.in_language(get_language() or "id") if self.notice else ""


@dataclass(frozen=True, slots=True)
class BlockFacts:
    block_id: int
    requested_action: ProposalType
    operator: str
    valid_from: dt.date
    valid_until: dt.date
    released_on: dt.date | None
    release_reason: str
    urgent: bool


@dataclass(frozen=True, slots=True)
class TraceFacts:
    operator: str
    asked_at: dt.datetime
    answered_at: dt.datetime | None
    finding: StrOrPromise
    answer: str


@dataclass(frozen=True, slots=True)
class Earlier:
    case_id: int
    reference: str
    status: Status
    opened_at: dt.datetime
    complaints: int


@dataclass(frozen=True, slots=True)
class CasePage:
    """`digest` goes into every form as `seen_digest`; `may` are the steps open to the viewer now."""

    row: QueueRow
    digest: str
    proposal: ProposalFacts | None
    past_proposals: tuple[ProposalFacts, ...]
    steps: tuple[Step, ...]
    blocks: tuple[BlockFacts, ...]
    traces: tuple[TraceFacts, ...]
    earlier: tuple[Earlier, ...]
    facts: SigningFacts
    three_because: StrOrPromise  # why a block of this number takes three people; empty when two are enough
    campaign_id: int | None
    decided_alike: tuple[DecidedAlike, ...]
    waiting_change: WaitingChange | None
    lane: HoldOfCase
    may: frozenset[str]
    may_not_because: str


def case_page(case_id: int, *, viewer: User, at: dt.datetime) -> CasePage:
    """Raises Case.DoesNotExist. Four statements, ten once there was a decision, five more with a hold."""
    viewer.require(Permission.VIEW_CASES)
    case, *earlier = _with_earlier(case_id)
    signed = case.proposals.select_related("proposed_by", "second_by", "third_by", "platform")
    proposals = list(signed.order_by("-id")[:OTHERS]) if vars(case)["ever_proposed"] else []
    current = next((item for item in proposals if item.state in ("pending", "disputed")), None)
    steps = case.events.select_related("actor", "notice").order_by("-id")[:EVENTS]
    because_three = third_signature_reason(case, at=at, objected=vars(case)["objected"])
    may, because = permitted_steps(viewer, case, current, three=bool(because_three), at=at)
    link = getattr(case, "campaign_link", None)
    decided = decided_once(case)
    waiting = waiting_change_of(case, viewer=viewer) if decided else None
    may -= {"release", "settle_objection"} if waiting else set()
    return CasePage(
        row=row_of(case, at=at),
        digest=case.contents_digest,
        proposal=_proposal(current, case, viewer) if current else None,
        past_proposals=tuple(_proposal(item, case, viewer) for item in proposals if item is not current),
        steps=tuple(_step(event, current, viewer) for event in steps),
        blocks=_blocks(case) if decided else (),
        traces=_traces(case) if decided else (),
        earlier=tuple(
            Earlier(one.pk, one.reference, Status(one.status), one.opened_at, one.complaint_count)
            for one in earlier
        ),
        facts=signing_facts([case])[case.pk],
        three_because=_because(because_three),
        campaign_id=link.campaign_id if link else None,
        decided_alike=read_alike(vars(case)["decided_alike"]),
        waiting_change=waiting,
        lane=hold_of_case(case, ever_held=vars(case)["ever_held"], viewer=viewer, at=at),
        may=may,
        may_not_because=because,
    )


def decided_once(case: Case) -> bool:
    """Consequences come from decisions: a case that never had one, as most that are opened, has none."""
    return case.decided_at is not None or case.reopened_count > 0


def is_blind_for(viewer: User, proposal: Proposal) -> bool:
    """Anyone who may still sign sees no reasoning of others until the own choice is made.

    A third person who settles a disagreement has to read both sides.
    """
    if proposal.state != Proposal.State.PENDING or not viewer.has_permission(Permission.SIGN_OFF):
        return False
    return viewer.pk not in (proposal.proposed_by_id, proposal.second_by_id, proposal.third_by_id)


def _proposal(proposal: Proposal, case: Case, viewer: User) -> ProposalFacts:
    blind = is_blind_for(viewer, proposal)
    return ProposalFacts(
        proposal_id=proposal.pk,
        proposal_type=ProposalType(proposal.proposal_type),
        state=proposal.state,
        blind=blind,
        urgent=proposal.urgent,
        block_until=proposal.block_until,
        platform=proposal.platform.name if proposal.platform else "",
        needs_third=proposal.needs_third,
        third_because=_because(proposal.third_because),
        proposed_at=proposal.proposed_at,
        evidence_ids=() if blind else tuple(proposal.evidence_ids),
        signatures=() if blind else _signatures(proposal),
        changed_since=proposal.seen_digest != case.contents_digest,
    )


def _because(code: str) -> StrOrPromise:
    return RiskReason(code).label if code in RiskReason.values else ""


def _signatures(proposal: Proposal) -> tuple[Signature, ...]:
    first = str(proposal.proposed_by)
    given = [Signature(first, proposal.proposed_at, None, proposal.reason_code, proposal.reason)]
    if proposal.second_by and proposal.second_at:
        given.append(
            Signature(
                str(proposal.second_by),
                proposal.second_at,
                proposal.second_agrees,
                "",
                proposal.second_reason,
            )
        )
    if proposal.third_by and proposal.third_at:
        given.append(
            Signature(
                str(proposal.third_by), proposal.third_at, proposal.third_agrees, "", proposal.third_reason
            )
        )
    return tuple(given)


def _step(event: CaseEvent, current: Proposal | None, viewer: User) -> Step:
    hidden = (
        current is not None
        and is_blind_for(viewer, current)
        and event.action in _HIDDEN_WHILE_PENDING
        and event.created_at >= current.proposed_at
    )
    notice = getattr(event, "notice", None)
    return Step(
        event_id=event.pk,
        action=CaseAction(event.action),
        at=event.created_at,
        by="" if hidden or event.actor is None else str(event.actor),
        from_status=event.from_status,
        to_status=event.to_status,
        reason="" if hidden else event.get_system_reason_display() or event.reason,
        finding=_FINDINGS.get(event.detail.get("finding", ""), ""),
        detail={"proposal_type": event.detail.get("proposal_type")} if hidden else event.detail,
        notice=notice.text if notice else None,
        announced_at=notice.announced_at if notice else None,
    )


def _blocks(case: Case) -> tuple[BlockFacts, ...]:
    return tuple(
        BlockFacts(
            block_id=block.pk,
            requested_action=ProposalType(block.requested_action),
            operator=block.operator.name,
            valid_from=block.valid_from,
            valid_until=block.valid_until,
            released_on=block.released_on,
            release_reason=block.release_reason,
            urgent=block.urgent,
        )
        for block in Block.objects.filter(case=case).select_related("operator").order_by("-id")
    )


def _traces(case: Case) -> tuple[TraceFacts, ...]:
    asked = TraceRequest.objects.filter(case=case).select_related("operator").order_by("operator__name")
    return tuple(
        TraceFacts(one.operator.name, one.asked_at, one.answered_at, one.get_finding_display(), one.answer)
        for one in asked
    )


def _with_earlier(case_id: int) -> list[Case]:
    """The case with what was ever done to its number, and the newest others of it: one statement."""
    number = Subquery(Case.objects.filter(pk=case_id).values("number_id"))
    found = (
        Case.objects.filter(number_id=number)
        .select_related("operator", "held_by", "campaign_link", "hold_candidate")
        .annotate(
            own=ExpressionWrapper(Q(pk=case_id), BooleanField()),
            ever_held=Exists(Hold.objects.filter(number_id=OuterRef("number_id"))),
            ever_proposed=Exists(Proposal.objects.filter(case=OuterRef("pk"))),
            objected=Exists(objections_to(OuterRef("number_id"))),
            decided_alike=decided_of_campaign(),
        )
        .order_by("-own", "-id")[: OTHERS + 1]
    )
    if not found:
        raise Case.DoesNotExist
    return list(found)
