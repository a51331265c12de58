"""Sources that complain about more numbers than one person meets: their complaints stay, and stop to count.

One group of people could otherwise lift fifty innocent numbers, one honest-looking complaint on each. Only
contacts and devices are asked: a network or a copied text of a campaign has many honest owners.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from django.db import connection, transaction

from aduan.cases import services as cases
from aduan.cases.dto import ContentsChange
from aduan.complaints.models import Complaint, SourceFingerprint
from aduan.core.db import named_rows

MAX_NUMBERS: Final = 5  # of one source
WINDOW: Final = dt.timedelta(days=30)
_NEWEST: Final = 200  # complaints of one case whose sources are looked at

_FIND_MASS_REPORTERS: Final = """
    WITH sources AS (
        SELECT DISTINCT t.kind, t.value
        FROM unnest(%(cases)s::bigint[]) AS given(id)
        CROSS JOIN LATERAL (
            SELECT id FROM complaints_complaint WHERE case_id = given.id ORDER BY id DESC LIMIT %(newest)s) c
        JOIN complaints_sourcefingerprint t ON t.complaint_id = c.id
        WHERE t.kind = ANY(%(kinds)s)
    ), mass_reporters AS (
        SELECT s.kind, s.value FROM sources s CROSS JOIN LATERAL (
            SELECT count(*) AS numbers FROM (
                SELECT FROM complaints_sourcefingerprint t
                JOIN complaints_complaint c ON c.id = t.complaint_id
                WHERE t.kind = s.kind AND t.value = s.value AND c.filed_at > %(since)s LIMIT %(most)s + 1
            ) few) seen
        WHERE seen.numbers > %(most)s
    )
    SELECT DISTINCT c.id FROM mass_reporters s
    JOIN complaints_sourcefingerprint t ON t.kind = s.kind AND t.value = s.value
    JOIN complaints_complaint c ON c.id = t.complaint_id
    WHERE NOT c.mass_reporter AND c.withdrawn_at IS NULL AND c.filed_at > %(since)s
    ORDER BY c.id
"""


def discount_mass_reporters(case_ids: Sequence[int], *, at: dt.datetime) -> int:
    """Takes complaints of such sources out of the rank of their cases, also of cases that are not named here.

    One transaction a complaint, as each touches another case. Returns how many.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _FIND_MASS_REPORTERS,
            {
                "cases": list(case_ids),
                "newest": _NEWEST,
                "kinds": [int(SourceFingerprint.Kind.CONTACT), int(SourceFingerprint.Kind.DEVICE)],
                "since": at - WINDOW,
                "most": MAX_NUMBERS,
            },
        )
        found = [row["id"] for row in named_rows(cursor)]
    return sum(_discount(complaint_id, at) for complaint_id in found)


@transaction.atomic
def _discount(complaint_id: int, at: dt.datetime) -> int:
    complaint = Complaint.objects.select_for_update(of=("self",)).select_related("case").get(pk=complaint_id)
    if complaint.mass_reporter or complaint.withdrawn_at is not None:
        return 0
    complaint.mass_reporter = True
    complaint.save(update_fields=["mass_reporter"])
    if complaint.duplicate_of_id is None:
        change = ContentsChange(fingerprint=f"mass_reporter:{complaint.pk}", independent=-1)
        cases.update_contents(complaint.case, change=change, at=at)
    return 1
