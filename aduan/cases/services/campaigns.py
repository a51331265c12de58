"""Campaigns: their growth and their joint decisions.

They grow from what complaints find alike; several of their cases are decided in one sitting.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.step_up import StepUp
from aduan.cases.models import Campaign, CampaignLink, PaceLimits
from aduan.cases.notices import NoticeText
from aduan.cases.services.bulk import BulkResult, SelectedCase
from aduan.cases.services.proposals import propose
from aduan.cases.services.signatures import sign_off
from aduan.cases.services.transitions import lock_cases
from aduan.cases.workflow import ProposalType
from aduan.core.errors import DomainError, Invalid

ALIKE: Final = 75  # of 100, below which two cases are not linked


@dataclass(frozen=True, slots=True)
class CaseSimilarity:
    """Two cases share something: `kind` is one of CampaignLink.Kind; `percent` how nearly."""

    case_id: int
    other_id: int
    kind: str
    percent: int = 100


@transaction.atomic
def cluster_cases(similarities: Sequence[CaseSimilarity], *, at: dt.datetime) -> int:
    """Puts cases that are alike into one campaign, and joins campaigns that turn out to be one.

    Told by a job in complaints. On the intake path only by a complaint about several numbers, as the last
    thing of its transaction: it waits for the other growers. Returns how many cases are newly linked.
    """
    with connection.cursor() as cursor:  # one grower at a time: two could each begin the same campaign
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('cases_campaign'))")
    return sum(
        _link(similarity, at)
        for similarity in similarities
        if similarity.percent >= ALIKE and similarity.case_id != similarity.other_id
    )


def propose_each(
    listed: Sequence[SelectedCase],
    *,
    by: User,
    at: dt.datetime,
    step_up: StepUp,
    proposal_type: ProposalType,
    reason_code: str,
    reason: str = "",
    notice: NoticeText | None = None,
) -> BulkResult:
    """Proposes the same act for several cases, each listed with what was seen of it.

    Each gets its own proposal.
    """
    return _each(
        listed,
        lambda item: propose(
            item.case,
            by=by,
            at=at,
            step_up=step_up,
            proposal_type=proposal_type,
            reason_code=reason_code,
            reason=reason,
            notice=notice,
            seen_digest=item.seen_digest,
            evidence_ids=item.evidence_ids,
        ),
    )


def sign_each(
    listed: Sequence[SelectedCase],
    *,
    by: User,
    at: dt.datetime,
    step_up: StepUp,
    agrees: bool,
    reason: str = "",
) -> BulkResult:
    """Gives the second signature to several cases, each over the contents seen."""
    return _each(
        listed,
        lambda item: sign_off(
            item.case,
            by=by,
            at=at,
            step_up=step_up,
            agrees=agrees,
            seen_digest=item.seen_digest,
            reason=reason,
        ),
    )


@transaction.atomic
def _each(listed: Sequence[SelectedCase], act: Callable[[SelectedCase], object]) -> BulkResult:
    limit = PaceLimits.current().signatures_per_minute
    if not 0 < len(listed) <= limit:
        raise Invalid("too_many", _("Choose between 1 and %(limit)d cases.") % {"limit": limit}, limit=limit)
    lock_cases([item.case for item in listed])
    done: list[int] = []
    refused: list[tuple[int, DomainError]] = []
    for item in sorted(listed, key=lambda one: one.case.pk):
        try:
            with transaction.atomic():
                act(item)
            done.append(item.case.pk)
        except DomainError as refusal:
            refused.append((item.case.pk, refusal))
    return BulkResult(tuple(done), tuple(refused))


def _link(similarity: CaseSimilarity, at: dt.datetime) -> int:
    pair = (similarity.case_id, similarity.other_id)
    links = {link.case_id: link for link in CampaignLink.objects.filter(case_id__in=pair)}
    homes = sorted({link.campaign_id for link in links.values()})
    if len(homes) == 2:
        _merge(homes[0], homes[1], at)
    home = homes[0] if homes else Campaign.objects.create(found_at=at, grown_at=at).pk
    fresh = [
        CampaignLink(
            campaign_id=home,
            case_id=case_id,
            kind=similarity.kind,
            similarity=similarity.percent,
            linked_at=at,
        )
        for case_id in pair
        if case_id not in links
    ]
    CampaignLink.objects.bulk_create(fresh)
    if fresh:
        Campaign.objects.filter(pk=home).update(size=F("size") + len(fresh), grown_at=at)
    return len(fresh)


def _merge(home: int, other: int, at: dt.datetime) -> None:
    moved = CampaignLink.objects.filter(campaign_id=other).update(campaign_id=home)
    Campaign.objects.filter(pk=home).update(size=F("size") + moved, grown_at=at)
    Campaign.objects.filter(pk=other).update(size=0, merged_into=home)
