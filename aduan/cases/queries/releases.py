"""Blocks and holds that ended or were lifted, as the journal beside the backups keeps them."""

from __future__ import annotations

import datetime as dt
from typing import TypedDict

from django.db.models import Q

from aduan.accounts.models import StepUpEvidence
from aduan.accounts.step_up import StoredStepUp
from aduan.cases.models import Block, ChangeRequest, Hold, TemporaryLift


class SignedRequest(TypedDict):
    """The request of two people under which a block ended: ids, times (ISO 8601), no text of theirs.

    `pattern` and `owner` are those of a protected number; empty for a request about one case.
    """

    kind: str
    upheld: bool | None
    pattern: str
    owner: str
    requested_by: int
    requested_at: str
    requested_evidence: StoredStepUp
    settled_by: int
    settled_at: str
    settled_evidence: StoredStepUp
    seen_digest: str
    settled_digest: str


class Release(TypedDict):
    """One release, without the number: `at` is ISO 8601, `by` who stopped an urgent block."""

    case: int
    proposal: int
    at: str
    reason: str
    by: int | None
    request: SignedRequest | None


class HoldEnd(TypedDict):
    """The end of one hold before its time."""

    case: int
    confirmed_at: str
    reason: str


class Lift(TypedDict):
    """A measure that its owner had lifted; `open` until two people answered, or the measure ended."""

    case: int
    at: str
    open: bool


def releases(*, since: dt.datetime | None = None) -> list[Release]:
    """Releases by a person or a rule, oldest first. A number that moved is no release: it is routed again."""
    ended = Block.objects.filter(released_at__isnull=False).exclude(
        release_reason=Block.ReleaseReason.REROUTED
    )
    if since is not None:
        ended = ended.filter(released_at__gte=since)
    return [
        Release(
            case=block.case_id,
            proposal=block.proposal_id,
            at=(block.released_at or block.confirmed_at).isoformat(),
            reason=block.release_reason,
            by=block.released_by_id,
            request=_signed(block.released_under),
        )
        for block in ended.select_related(
            "released_under__requested_evidence", "released_under__settled_evidence"
        ).order_by("released_at", "pk")
    ]


def hold_ends(*, since: dt.datetime | None = None) -> list[HoldEnd]:
    """Holds that ended before their time, oldest first."""
    ended = Hold.objects.filter(ended_at__isnull=False).exclude(end_reason=Hold.EndReason.LAPSED)
    if since is not None:
        ended = ended.filter(ended_at__gte=since)
    return [
        HoldEnd(
            case=hold.case_id,
            confirmed_at=(hold.confirmed_at or hold.proposed_at).isoformat(),
            reason=hold.end_reason,
        )
        for hold in ended.order_by("ended_at", "pk")
    ]


def lifts(*, since: dt.datetime | None = None) -> list[Lift]:
    """Lifts that began or ended, oldest first."""
    rows = TemporaryLift.objects.order_by("lifted_at", "pk")
    if since is not None:
        rows = rows.filter(Q(lifted_at__gte=since) | Q(ended_at__gte=since))
    return [Lift(case=row.case_id, at=row.lifted_at.isoformat(), open=row.ended_at is None) for row in rows]


def _signed(request: ChangeRequest | None) -> SignedRequest | None:
    if request is None or request.settled_at is None or request.settled_evidence is None:
        return None
    return SignedRequest(
        kind=request.kind,
        upheld=request.upheld,
        pattern=request.pattern,
        owner=request.owner,
        requested_by=request.requested_by_id,
        requested_at=request.requested_at.isoformat(),
        requested_evidence=_stored(request.requested_evidence),
        settled_by=request.settled_evidence.person_id,
        settled_at=request.settled_at.isoformat(),
        settled_evidence=_stored(request.settled_evidence),
        seen_digest=request.seen_digest,
        settled_digest=request.settled_digest,
    )


def _stored(evidence: StepUpEvidence) -> StoredStepUp:
    return StoredStepUp(
        person=evidence.person_id,
        method=evidence.method,
        proved_at=evidence.proved_at.isoformat(),
        act=evidence.act,
        subject=evidence.subject,
        digest=evidence.digest,
        at=evidence.at.isoformat(),
        nonce=evidence.nonce,
        mac=bytes(evidence.mac).hex(),
    )
