"""Campaigns as pages: the list, and one campaign with all its cases."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases.models import Campaign, CampaignLink, Case
from aduan.cases.queries.queue_rows import COLUMNS, JOINS, QueueRow, fetch_rows
from aduan.cases.queries.signing_facts import SigningFacts, signing_facts

_PAGE: Final = 50
_CASES: Final = f"""
    SELECT {COLUMNS} FROM cases_campaignlink l JOIN cases_case c ON c.id = l.case_id {JOINS}
    WHERE l.campaign_id = %(campaign)s ORDER BY c.score DESC, c.id DESC LIMIT %(size)s
"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Member:
    """A case in its campaign, what it shares, and the facts and digest that a signature is given over."""

    row: QueueRow
    shares: str
    similarity: int
    digest: str
    facts: SigningFacts


@dataclass(frozen=True, slots=True)
class CampaignPage:
    campaign_id: int
    reference: str
    found_at: dt.datetime
    grown_at: dt.datetime
    size: int
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class CampaignRow:
    campaign_id: int
    reference: str
    size: int
    waiting: int
    grown_at: dt.datetime


def campaign_page(campaign_id: int, *, viewer: User, at: dt.datetime, size: int = 200) -> CampaignPage:
    """Raises Campaign.DoesNotExist. A campaign that was joined to another leads to that one."""
    viewer.require(Permission.VIEW_CASES)
    campaign = Campaign.objects.select_related("merged_into").get(pk=campaign_id)
    while campaign.merged_into is not None:
        campaign = campaign.merged_into
    rows = fetch_rows(_CASES, {"campaign": campaign.pk, "size": size}, at=at)
    links = {link.case_id: link for link in CampaignLink.objects.filter(campaign=campaign)}
    cases = Case.objects.in_bulk([row.case_id for row in rows])
    facts = signing_facts(cases.values())
    return CampaignPage(
        campaign.pk,
        str(campaign),
        campaign.found_at,
        campaign.grown_at,
        campaign.size,
        tuple(
            Member(
                row,
                links[row.case_id].kind,
                links[row.case_id].similarity,
                cases[row.case_id].contents_digest,
                facts[row.case_id],
            )
            for row in rows
        ),
    )


def campaigns(*, before: int | None = None, size: int = _PAGE) -> tuple[tuple[CampaignRow, ...], int | None]:
    """The newest campaigns of at least two cases, and the `before` of the next page."""
    found = Campaign.objects.filter(merged_into=None, size__gte=2).order_by("-id")
    if before is not None:
        found = found.filter(pk__lt=before)
    page = list(found[: size + 1])
    waiting: dict[int, int] = {}
    open_links = CampaignLink.objects.filter(campaign__in=page[:size], case__status="open")
    for campaign_id in open_links.values_list("campaign_id", flat=True):
        waiting[campaign_id] = waiting.get(campaign_id, 0) + 1
    rows = tuple(
        CampaignRow(item.pk, str(item), item.size, waiting.get(item.pk, 0), item.grown_at)
        for item in page[:size]
    )
    return rows, page[size - 1].pk if len(page) > size else None
