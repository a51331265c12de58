"""Promise: the page of a viral number opens as fast as any other. SIZE is its complaints.

What the page needs, in server time: the facts of the case and its complaints, a page of them. At most 300 ms.
"""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from aduan.accounts.models import User
from aduan.cases import queries
from aduan.cases.models import Case
from bench.database import scratch
from bench.desk import AT, fill
from bench.outcome import Outcome, median, seconds

SIZES = (50_000,)
RUNS = 30
LIMIT_SECONDS, LIMIT = 0.300, 1.5
NOISE = 0.010
PAGE = 50

_GROW = """
    INSERT INTO complaints_complaint (ticket, secret_digest, idempotency_key, body_digest, number_id,
    number_raw,
        case_id, fate, channel, category, narrative, link, bank_account, language, filed_at, held_because,
        same_by)
    SELECT 'v' || g, '\\x00', gen_random_uuid(), '\\x00', c.number_id, c.number_text, c.id, 'review', 'sms',
        c.category, 'Selamat, Anda menang hadiah ' || g, '', '', 'id', %(at)s - g * interval '1 minute', '',
        ''
    FROM cases_case c CROSS JOIN generate_series(1, %(more)s) g WHERE c.id = %(case)s
"""
_COMPLAINTS = """
    SELECT id, ticket, channel, narrative, filed_at FROM complaints_complaint
    WHERE case_id = %(case)s ORDER BY filed_at DESC LIMIT %(page)s
"""


def opened(case: Case, viewer: User) -> None:
    queries.case_page(case.pk, viewer=viewer, at=AT)
    with connection.cursor() as cursor:
        cursor.execute(_COMPLAINTS, {"case": case.pk, "page": PAGE})
        cursor.fetchall()


def measure(size: int) -> Outcome:
    with scratch():
        viewer = fill(10_000)
        viral, plain = Case.objects.filter(status="open").order_by("id")[:2]
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(_GROW, {"at": AT, "more": size, "case": viral.pk})
            cursor.execute("SET session_replication_role = DEFAULT")
            cursor.execute("ANALYZE complaints_complaint")
        Case.objects.filter(pk=viral.pk).update(complaint_count=size)
        opened(plain, viewer)
        with CaptureQueriesContext(connection) as captured:
            opened(viral, viewer)
        floor = median([seconds(lambda: opened(plain, viewer)) for _ in range(RUNS)])
        times = sorted(seconds(lambda: opened(viral, viewer)) for _ in range(RUNS))
    p95 = times[int(RUNS * 0.95)]
    return Outcome(
        title=f"page of a number with {size:,} complaints against one with five",
        runs=RUNS,
        median_ratio=max(median(times), NOISE) / max(floor, NOISE),
        floor=floor,
        limit=LIMIT,
        sense="most",
        rows=[
            ("plain number, median", f"{floor * 1000:.1f} ms"),
            ("viral number, median", f"{median(times) * 1000:.1f} ms"),
            ("viral number, P95, may be 300 ms", f"{p95 * 1000:.1f} ms"),
            ("statements", str(len(captured))),
        ],
        also_holds=p95 <= LIMIT_SECONDS,
        more={"p95_ms": round(p95 * 1000, 2), "statements": len(captured)},
    )
