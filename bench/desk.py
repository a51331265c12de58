"""A ministry with many cases, made by set-based SQL with triggers off: only for measuring."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.db import connection

from aduan.accounts.models import User
from aduan.accounts.roles import Role

AT: Final = dt.datetime(2026, 11, 18, 9, 0, tzinfo=dt.UTC)
PER_CASE: Final = 5  # complaints to a case, as in 10 M / 2 M

# Half of all cases wait, as on the bad day of performance.md §6; ranks and ages are spread evenly.
_FILL: Final = (
    """
    INSERT INTO operators_operator (code, name, legal_name, kind, obligation, contact_email, contact_phone,
    active, source)
    SELECT 'op' || g, 'Operator ' || g, 'PT ' || g, 'mobile', 'mandatory', '', '', '[2000-01-01,)', 'bench'
    FROM generate_series(1, 5) g
    """,
    """
    INSERT INTO numbers_phonenumber (canonical, kind, digits, operator_id, routing, first_seen_at)
    SELECT '+' || digits, 'mobile', digits, (SELECT min(id) FROM operators_operator) + g %% 5, 'range', %(at)s
    FROM (SELECT g, 628110000000 + g::bigint * 7919 %% 9000000000 AS digits FROM generate_series(1,
    %(cases)s) g) n
    """,
    """
    INSERT INTO cases_case (number_id, number_text, number_kind, operator_id, status, category, region,
    opened_at,
        reopened_count, conflicted, complaint_count, independent_count, confirmed_count, evidence_count, harm,
        channels, categories, first_complaint_at, last_complaint_at, contents_digest, score, score_parts,
        complete_at, due_at, suspected_spoofing, protected, resembles_protected, over_the_top, stale)
    SELECT n.id, n.canonical, 'mobile', n.operator_id,
        (ARRAY['open', 'confirmed', 'open', 'dismissed', 'needs_info', 'confirmed', 'proposed', 'open',
        'confirmed',
               'released'])[1 + n.id %% 10],
        (ARRAY['HADIAH', 'PINJOL', 'PHISHING', 'APK', 'LOKER', 'BELANJA', 'INVESTASI', 'JUDOL', 'KURIR',
               'PEJABAT'])[1 + (n.id * 31) %% 10], '',
        %(at)s - (n.id %% 400000) * interval '1 minute', 0, '{}', %(per)s, 1 + n.id %% 5, n.id %% 3, n.id %%
        4,
        (n.id %% 97) * 100000, '{"sms": 3, "call": 2}', '{"HADIAH": 5}',
        %(at)s - (n.id %% 400000) * interval '1 minute', %(at)s - (n.id %% 20000) * interval '1 minute',
        '5.1.1:' || md5(n.id::text), (n.id * 7919) %% 700, '{"independent": 60, "recent": 40}',
        %(at)s - (n.id %% 400000) * interval '1 minute',
        %(at)s + (n.id %% 3000) * interval '1 minute' - interval '1 day', n.id %% 101 = 0,
        n.id %% 997 = 0 AND n.id %% 10 = 0,
        false, n.id %% 3 = 0, false
    FROM numbers_phonenumber n
    """,
    """
    INSERT INTO complaints_complaint (ticket, secret_digest, idempotency_key, body_digest, number_id,
    number_raw,
        case_id, fate, channel, category, narrative, link, bank_account, language, filed_at, held_because,
        same_by)
    SELECT lpad(g::text, 10, '0'), '\\x00', gen_random_uuid(), '\\x00', c.number_id, c.number_text,
    c.id,
        'review', 'sms', c.category, 'Selamat, Anda menang hadiah nomor ' || g, '', '', 'id',
        c.first_complaint_at + g %% 5 * interval '1 hour', '', ''
    FROM cases_case c CROSS JOIN generate_series(1, %(per)s) g0
    CROSS JOIN LATERAL (SELECT c.id * %(per)s + g0 AS g) k
    """,
    # Words as they are used: a few hundred common ones, and one rare one a case.
    """
    INSERT INTO cases_casedocument (case_id, words, grams, bands, made_at)
    SELECT c.id, to_tsvector('simple', concat_ws(' ', 'selamat menang hadiah', 'kata' || c.id %% 300,
            'kata' || (c.id * 7) %% 300, 'bank' || c.id %% 40, 'langka' || c.id)),
        ARRAY(SELECT substr(c.number_text, 1 + s, 4)::int FROM generate_series(1, length(c.number_text) - 4)
        s),
        '{}', %(at)s
    FROM cases_case c
    """,
)


def fill(complaints: int) -> User:
    """Complaints, a fifth as many cases, documents to search; returns a reviewer."""
    given: dict[str, Any] = {"cases": max(complaints // PER_CASE, 1), "per": PER_CASE, "at": AT}
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for statement in _FILL:
            cursor.execute(statement, given)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")
    return User.objects.create_user(
        "bench@aduan.example", None, name="Bench", staff_number="BENCH", roles=[Role.REVIEWER]
    )
