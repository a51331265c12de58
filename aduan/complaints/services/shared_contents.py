"""What a case shares with others (account, link, picture, story), and how those were decided."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db import connection
from django.utils.translation import gettext as _

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases import queries as cases
from aduan.cases.models import CampaignLink
from aduan.cases.queries import QueueRow
from aduan.complaints.services.indexing import COMPARED, CaseTexts, nearest, texts_of

ALIKE: Final = 60  # percent, from which a story is shown as similar
KEYS: Final = 10  # accounts and links of the case that are looked for
CASES_SHOWN: Final = 30  # cases
# Pictures by their number in the gallery: the same file, or one that looks the same. One colour says nothing.
_PICTURES: Final = """
    SELECT own.number, array_agg(DISTINCT same.case_id) AS case_ids
    FROM (
        SELECT * FROM (
            SELECT e.id, e.sha256, e.picture_hash, e.state, e.derivative,
                row_number() OVER (ORDER BY e.id) AS number
            FROM complaints_evidence e JOIN complaints_complaint c ON c.id = e.complaint_id
            WHERE e.case_id = %(case)s AND c.withdrawn_at IS NULL
        ) numbered
        WHERE state = 'clean' AND derivative <> '' ORDER BY id DESC LIMIT %(pictures)s
    ) own
    CROSS JOIN LATERAL (
        (SELECT case_id FROM complaints_evidence
         WHERE sha256 = own.sha256 AND case_id <> %(case)s AND complaint_id IS NOT NULL
            AND state = 'clean' LIMIT %(limit)s)
        UNION
        (SELECT case_id FROM complaints_evidence
         WHERE picture_hash = own.picture_hash AND own.picture_hash NOT IN (0, -1)
            AND case_id <> %(case)s AND complaint_id IS NOT NULL AND state = 'clean' LIMIT %(limit)s)
    ) same
    GROUP BY own.number ORDER BY own.number
"""


@dataclass(frozen=True, slots=True)
class SharedKey:
    """One account, link or picture of the case, and the other cases that hold it."""

    kind: str  # a CampaignLink.Kind
    text: str
    case_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SharingCase:
    """Another case: which keys it shares, and how alike its story is, in percent (0: not alike)."""

    row: QueueRow
    keys: tuple[SharedKey, ...]
    story: int

    @property
    def decided(self) -> bool:
        return self.row.status in ("confirmed", "referred", "spoofed", "dismissed", "not_ours")


@dataclass(frozen=True, slots=True)
class SharedContents:
    keys: tuple[SharedKey, ...]
    cases: tuple[SharingCase, ...]


def shared_contents(case_id: int, *, viewer: User, at: dt.datetime) -> SharedContents:
    """Decided cases first, then by rank. Six statements, whatever the case holds."""
    viewer.require(Permission.VIEW_CASES)
    own = texts_of([case_id], COMPARED).get(case_id, CaseTexts())
    keys = (*_keys(own, besides=case_id), *_pictures(case_id))
    candidates = cases.similar_candidates(case_id, limit=CASES_SHOWN)
    stories = {
        other: nearest([*own.narratives, *own.read], [*texts.narratives, *texts.read])
        for other, texts in texts_of(candidates, COMPARED).items()
    }
    alike = {other: percent for other, percent in stories.items() if percent >= ALIKE}
    wanted = {*alike, *(other for key in keys for other in key.case_ids)}
    found = cases.find_cases(wanted, at=at, size=CASES_SHOWN).rows
    sharing = [
        SharingCase(row, tuple(key for key in keys if row.case_id in key.case_ids), alike.get(row.case_id, 0))
        for row in found
    ]
    return SharedContents(keys, tuple(sorted(sharing, key=lambda one: not one.decided)))


def _pictures(case_id: int) -> list[SharedKey]:
    with connection.cursor() as cursor:
        cursor.execute(_PICTURES, {"case": case_id, "pictures": KEYS, "limit": CASES_SHOWN})
        found = cursor.fetchall()
    return [
        SharedKey(CampaignLink.Kind.PICTURE.value, _("picture %(n)d") % {"n": number}, tuple(case_ids))
        for number, case_ids in found
    ]


def _keys(own: CaseTexts, *, besides: int) -> tuple[SharedKey, ...]:
    kinds = dict.fromkeys(own.links, CampaignLink.Kind.LINK.value)
    kinds |= dict.fromkeys(own.accounts, CampaignLink.Kind.ACCOUNT.value)
    asked = list(kinds)[-KEYS:]  # accounts before links: they are what money goes to
    found = cases.mentioning_each(asked, besides=besides, limit=CASES_SHOWN)
    return tuple(SharedKey(kinds[text], text, tuple(ids)) for text, ids in found.items())
