"""Promise: the page of a viral number opens as any other does. SIZE is its complaints.

The whole page, as a reviewer's browser asks for it: the newest complaints, a page from the middle and the
oldest. Every tenth complaint carries a file, most are copies of others, five hundred steps were taken. At
most 300 ms, 12 statements, and 1.5 times the page of a number with thirty complaints that shows as much.
"""

from __future__ import annotations

import functools
from typing import Any, Final

from django.db import connection
from django.utils import timezone

from aduan.cases.models import Case
from aduan.complaints.models import Complaint
from bench import desk
from bench.database import scratch
from bench.loading import unindexed
from bench.outcome import Outcome, median
from bench.visits import Visit, p95, shown_ms, visit

SIZES = (50_000,)
AROUND = 500_000  # complaints of the ministry around it
ROUNDS = 40
PLAIN = 30
LIMIT, FLAT, STATEMENTS = 300.0, 1.5, 12  # milliseconds; times the floor; statements

# The first thousand are sources of their own; of the others three in five repeat one of them.
_COMPLAINTS: Final = """
    INSERT INTO complaints_complaint (id, ticket, secret_digest, idempotency_key, body_digest, number_id,
        number_raw, case_id, disposition, channel, category, narrative, link, bank_account, language,
        filed_at, legal_hold_reason, duplicate_of_id, duplicate_reason, email_confirmed_at, subject_key)
    SELECT %(last)s + g, 'V' || g, '\\x00', gen_random_uuid(), '\\x00', c.number_id, c.number_text, c.id,
        'review', 'sms', c.category, 'Selamat, Anda menang hadiah. Kirim uang, ' || g, '', '', 'id',
        %(at)s - (%(more)s - g) * interval '1 minute', '',
        CASE WHEN g > 1000 AND g %% 5 < 3 THEN %(last)s + 1 + g %% 1000 END,
        CASE WHEN g > 1000 AND g %% 5 < 3 THEN 'device' ELSE '' END,
        CASE WHEN g %% 3 = 0 THEN %(at)s END, CASE WHEN g %% 3 < 2 THEN '\\x00'::bytea END
    FROM cases_case c CROSS JOIN generate_series(1, %(more)s) g WHERE c.id = %(case)s
"""
_ADDITIONS: Final = """
    INSERT INTO complaints_complaintupdate (complaint_id, text, at)
    SELECT id, 'Nomor ini menghubungi saya lagi.', filed_at + interval '1 hour'
    FROM complaints_complaint WHERE case_id IN (%(case)s, %(plain)s) AND id %% 10 = 1
"""
_FILES: Final = """
    INSERT INTO complaints_evidence (uid, complaint_id, case_id, state, medium, kind, name, size, sha256,
        original, derivative, thumbnail, width, height, refusal, attempts, next_try_at, received_at)
    SELECT gen_random_uuid(), id, case_id, CASE WHEN id %% 50 = 0 THEN 'refused' ELSE 'clean' END, 'image',
        'jpeg', 'tangkapan.jpg', 200000, '', '', 'a', 'b', 800, 600, '', 1, filed_at, filed_at
    FROM complaints_complaint
    CROSS JOIN LATERAL generate_series(1, CASE case_id WHEN %(plain)s THEN 20 ELSE 1 END) files
    WHERE case_id IN (%(case)s, %(plain)s) AND id %% 10 = 0
"""
_EVENTS: Final = """
    INSERT INTO cases_caseevent
        (case_id, action, from_status, to_status, created_at, reason, system_reason, detail)
    SELECT case_id, 'complete', 'open', 'open', %(at)s - g * interval '1 hour', '', '', '{}'
    FROM unnest(ARRAY[%(case)s, %(plain)s]) case_id CROSS JOIN generate_series(1, 500) g
"""


def fill(size: int) -> None:
    """An ordinary ministry, and in it one case that the whole country complains about."""
    desk.fill(AROUND)
    case, plain = (_case_with(count) for count in (5, PLAIN))
    given: dict[str, Any] = {
        "at": timezone.now(),
        "more": size,
        "case": case.pk,
        "plain": plain.pk,
        "last": Complaint.objects.order_by("-pk")[0].pk,
    }
    with (
        unindexed("complaints_complaintupdate", "complaints_evidence", "cases_caseevent"),
        connection.cursor() as cursor,
    ):
        for statement in (_COMPLAINTS, _ADDITIONS, _FILES, _EVENTS):
            cursor.execute(statement, given)
    Case.objects.filter(pk=case.pk).update(complaint_count=size, evidence_count=size // 10)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE complaints_complaint, cases_case")


def _case_with(complaints: int) -> Case:
    return Case.objects.filter(status="open", held_by=None, complaint_count=complaints).order_by("id")[0]


def measure(size: int) -> Outcome:
    with scratch(f"case_{size}", functools.partial(fill, size)):
        client = desk.at_the_desk()
        plain, viral = _case_with(PLAIN), _case_with(size)
        own = Complaint.objects.filter(case=viral).order_by("-pk").values_list("pk", flat=True)
        asked: dict[str, tuple[Case, dict[str, str]]] = {
            "a plain number": (plain, {}),
            "newest complaints": (viral, {}),
            "from the middle": (viral, {"before": str(own[size // 2])}),
            "oldest complaints": (viral, {"before": str(own[size - 15])}),
        }
        seen: dict[str, list[Visit]] = {name: [] for name in asked}
        for _round in range(ROUNDS + 1):
            for name, (case, where) in asked.items():
                found = visit(client, f"/kelola/perkara/{case.pk}/", where, marked='class="complaint"')
                seen[name].append(found)
    return _outcome(size, {name: visits[1:] for name, visits in seen.items()})


def _outcome(size: int, seen: dict[str, list[Visit]]) -> Outcome:
    medians = {name: median([one.page for one in visits]) for name, visits in seen.items()}
    slowest = {name: p95([one.page for one in visits]) for name, visits in seen.items()}
    database = {name: median([one.database for one in visits]) for name, visits in seen.items()}
    statements = max(one.statements for visits in seen.values() for one in visits)
    floor = medians.pop("a plain number")
    ratio = max(medians.values()) / floor
    return Outcome(
        title=f"slowest P95 in ms of the page of a number with {size:,} complaints",
        runs=ROUNDS,
        median_ratio=max(slowest.values()) * 1000,
        floor=floor,
        limit=LIMIT,
        sense="most",
        rows=[
            *((name, _row(visits)) for name, visits in seen.items()),
            (f"median against a number with {PLAIN} complaints, may be {FLAT}", f"{ratio:.2f}"),
            ("most statements, may be 12", str(statements)),
        ],
        also_holds=ratio <= FLAT and statements <= STATEMENTS,
        more={
            "p95_ms": {name: round(value * 1000, 2) for name, value in slowest.items()},
            "database_ms": {name: round(value * 1000, 2) for name, value in database.items()},
            "ratio_to_plain": round(ratio, 3),
            "statements": statements,
        },
    )


def _row(visits: list[Visit]) -> str:
    pages, database = [one.page for one in visits], median([one.database for one in visits])
    return (
        f"{shown_ms(median(pages))}, P95 {shown_ms(p95(pages))}, database {shown_ms(database)},"
        f" {visits[0].rows} complaints shown"
    )
