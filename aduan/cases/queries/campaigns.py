"""Campaigns as pages: the list, and one campaign with all its cases."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef
from django.db.models.functions import Coalesce, JSONObject

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases.models import Campaign, CampaignLink
from aduan.cases.queries.queue_rows import COLUMNS, JOINS, QueueRow, fetch_rows
from aduan.cases.queries.signing_facts import SigningFacts, signing_facts
from aduan.cases.workflow import Status

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_PAGE: Final = 50
_COMPARED: Final = 500
_ALIKE: Final = 5
_DECIDED: Final = (Status.CONFIRMED, Status.REFERRED, Status.SPOOFED, Status.DISMISSED, Status.NOT_OURS)
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
    blocked: int
    shares: tuple[str, ...]  # kinds of CampaignLink
    loss: int
    waiting_since: dt.datetime | None  # the oldest case that waits
    grown_at: dt.datetime


@dataclass(frozen=True, slots=True)
class DecidedAlike:
    """A decided case of the same campaign."""

    case_id: int
    number: str
    status: Status
    shares: StrOrPromise
    decided_at: dt.datetime


class CampaignSort(StrEnum):
    """Orders of the list of campaigns."""

    NEWEST = "newest"
    LOSS = "loss"
    WAITING = "waiting"


_ORDERS: Final[dict[CampaignSort, str]] = {
    CampaignSort.NEWEST: "p.id DESC",
    CampaignSort.LOSS: "f.loss DESC, p.id DESC",
    CampaignSort.WAITING: "f.waiting_since NULLS LAST, p.id DESC",
}
# The newest campaigns with what their cases say; another order ranks as many of the newest.
_ROWS: Final = """
    SELECT p.id, p.size, f.waiting, f.blocked, f.shares, f.loss, f.waiting_since, p.grown_at
    FROM (
        SELECT * FROM cases_campaign WHERE merged_into_id IS NULL AND size >= 2
            AND (%(before)s::bigint IS NULL OR id < %(before)s) ORDER BY id DESC LIMIT %(looked)s
    ) p
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE c.status = 'open') AS waiting,
            count(*) FILTER (WHERE c.status = 'confirmed') AS blocked,
            array_agg(DISTINCT l.kind) AS shares, coalesce(sum(c.reported_loss), 0) AS loss,
            min(c.opened_at) FILTER (WHERE c.status = 'open') AS waiting_since
        FROM cases_campaignlink l JOIN cases_case c ON c.id = l.case_id WHERE l.campaign_id = p.id
    ) f
    ORDER BY {order} LIMIT %(size)s
"""


def campaign_page(campaign_id: int, *, viewer: User, at: dt.datetime, size: int = 200) -> CampaignPage:
    """Raises Campaign.DoesNotExist. A campaign that was joined to another leads to that one."""
    viewer.require(Permission.VIEW_CASES)
    campaign = Campaign.objects.select_related("merged_into").get(pk=campaign_id)
    while campaign.merged_into is not None:
        campaign = campaign.merged_into
    rows = fetch_rows(_CASES, {"campaign": campaign.pk, "size": size}, at=at)
    shown = CampaignLink.objects.filter(campaign=campaign, case__in=[row.case_id for row in rows])
    links = {link.case_id: link for link in shown.select_related("case")}
    facts = signing_facts(link.case for link in links.values())
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
                links[row.case_id].case.contents_digest,
                facts[row.case_id],
            )
            for row in rows
        ),
    )


def campaigns(
    *, before: int | None = None, sort: CampaignSort = CampaignSort.NEWEST, size: int = _PAGE
) -> tuple[tuple[CampaignRow, ...], int | None]:
    """Campaigns of at least two cases, and the `before` of the next page. One statement.

    By loss or by waiting the newest 500 are compared, and there is one page of them.
    """
    newest = sort is CampaignSort.NEWEST
    given = {"before": before if newest else None, "looked": size + 1 if newest else _COMPARED}
    with connection.cursor() as cursor:
        cursor.execute(_ROWS.format(order=_ORDERS[sort]), {**given, "size": size + 1})
        found = cursor.fetchall()
    rows = tuple(
        CampaignRow(key, f"C-{key}", many, waiting, blocked, tuple(shares or ()), int(loss), since, grown_at)
        for key, many, waiting, blocked, shares, loss, since, grown_at in found[:size]
    )
    return rows, rows[-1].campaign_id if newest and len(found) > size else None


def decided_of_campaign() -> ArraySubquery:
    """An annotation of cases: the newest others of the same campaign that were decided or closed."""
    links = CampaignLink.objects.filter(
        campaign=OuterRef("campaign_link__campaign"), case__status__in=_DECIDED
    ).exclude(case=OuterRef("pk"))
    decided_at = Coalesce("case__closed_at", "case__decided_at")
    shown = JSONObject(
        case="case_id", number="case__number_text", status="case__status", kind="kind", at=decided_at
    )
    return ArraySubquery(links.order_by("-case_id").values(found=shown)[:_ALIKE])


def read_alike(found: list[dict[str, Any]]) -> tuple[DecidedAlike, ...]:
    """What `decided_of_campaign` gave."""
    return tuple(
        DecidedAlike(
            one["case"],
            one["number"],
            Status(one["status"]),
            CampaignLink.Kind(one["kind"]).label,
            dt.datetime.fromisoformat(one["at"]),
        )
        for one in found
    )
