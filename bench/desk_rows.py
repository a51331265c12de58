"""The rows of a ministry on a bad day, each table in one statement. Ids grow with time, as they do in life.

Half of all cases wait. Operators, categories, words and complaints a case are spread as unevenly as they are
found; every saved view has its share. The ranks are those that the product itself would give.
"""

from __future__ import annotations

from typing import Final

from aduan.cases.ranking import POINTS, SCORE, WEIGHTS

NUMBERS: Final = """
    INSERT INTO numbers_phonenumber (canonical, kind, digits, operator_id, routing, first_seen_at)
    SELECT '+' || digits, 'mobile', digits,
        CASE WHEN luck < 0.01 THEN NULL ELSE %(first_operator)s + width_bucket(luck, %(shares)s) END,
        CASE WHEN luck < 0.01 THEN 'unassigned' ELSE 'range' END,
        %(at)s - (1 - g / %(cases)s::float) * interval '500 days'
    FROM (
        SELECT g, random() AS luck, 6280000000000 + (11 + g %% 80) * 100000000
            + (g * 77777777 + 12345) %% 100000000 AS digits
        FROM generate_series(1::bigint, %(cases)s) g
    ) n
"""

# Draws, then what follows from one draw, then what follows from that, then the rank.
CASES: Final = f"""
    INSERT INTO cases_case (
        number_id, number_text, number_kind, operator_id, status, category, region, opened_at, reopened_count,
        held_by_id, held_until, conflicted_user_ids, complaint_count, independent_count, confirmed_count,
        evidence_count, reported_loss, channels, categories, first_complaint_at, last_complaint_at,
        contents_digest, score, score_parts, ready_at, due_at, paused_at, decided_at,
        suspected_spoofing, protected, resembles_protected, via_ott, objection_since, search_stale)
    SELECT c.number_id, c.canonical, 'mobile', c.operator_id, c.status, c.category, c.region, c.opened_at,
        c.reopened_count, CASE WHEN c.held THEN %(colleague)s END,
        CASE WHEN c.held THEN %(at)s + interval '8 hours' END,
        '{{}}', c.complaint_count, c.independent_count, c.confirmed_count, c.evidence_count, c.reported_loss,
        c.channels, jsonb_build_object(c.category, c.complaint_count), c.opened_at, c.last_complaint_at,
        '5.1.1:' || md5(c.number_id::text),
        {SCORE}, points, c.opened_at, c.due_at, c.paused_at,
        CASE WHEN c.waiting THEN NULL ELSE c.opened_at + r9 * interval '3 days' END,
        c.r5 < 0.02, c.protected, c.r5 > 0.995, c.channels ?| '{{whatsapp,telegram}}', c.objection_since,
        false
    FROM (
        SELECT b.*, opened_at + interval '24 hours' AS due_at,
            CASE WHEN status = 'needs_info' THEN opened_at + interval '5 hours' END AS paused_at,
            least(complaint_count, ceil(complaint_count ^ 0.9))::int AS independent_count,
            least(complaint_count, floor(complaint_count * r6))::int AS confirmed_count,
            floor(3 * r7 ^ 3 * complaint_count ^ 0.5)::int AS evidence_count,
            CASE WHEN r8 < 0.5 THEN 0 ELSE floor(50000 * 3000 ^ (2 * r8 - 1)) END AS reported_loss,
            jsonb_build_object((ARRAY['sms', 'call', 'whatsapp', 'telegram', 'other'])
                [1 + floor(5 * r9 ^ 1.7)::int], complaint_count) AS channels,
            opened_at + (%(at)s - opened_at) * r10 ^ 4 AS last_complaint_at,
            waiting AND status = 'open' AND r10 < 0.0004 AS held,
            r5 BETWEEN 0.5 AND 0.501 AND status <> 'confirmed' AS protected,
            CASE WHEN r5 BETWEEN 0.6 AND 0.6005 THEN %(at)s - interval '3 hours' END AS objection_since,
            CASE WHEN r5 BETWEEN 0.7 AND 0.73 THEN 1 ELSE 0 END AS reopened_count,
            NULL::smallint AS ranker_chance
        FROM (
            SELECT a.*, CASE
                    WHEN waiting THEN (ARRAY['needs_info', 'proposed', 'disputed', 'open'])
                        [1 + width_bucket(r2, ARRAY[0.09, 0.19, 0.2])]
                    ELSE (ARRAY['not_ours', 'spoofed', 'referred', 'released', 'dismissed', 'confirmed'])
                        [1 + width_bucket(r2, ARRAY[0.03, 0.05, 0.1, 0.15, 0.4])] END AS status,
                (%(categories)s)[1 + floor(cardinality(%(categories)s) * r3 ^ 2)::int] AS category,
                CASE WHEN r4 < 0.9 THEN '' ELSE 'Kabupaten ' || floor(500 * (10 * r4 - 9) ^ 2) END AS region,
                least(20000, floor(1.62 / (1 - r11) ^ 0.72))::int AS complaint_count
            FROM (
                SELECT n.id AS number_id, n.canonical, n.operator_id, n.first_seen_at AS opened_at,
                    random() < 0.3 + 0.6 * (n.id / %(cases)s::float) ^ 2 AS waiting,
                    random() AS r2, random() AS r3, random() AS r4, random() AS r5, random() AS r6,
                    random() AS r7, random() AS r8, random() AS r9, random() AS r10, random() AS r11
                FROM numbers_phonenumber n
            ) a
        ) b
    ) c CROSS JOIN ({WEIGHTS}) w CROSS JOIN LATERAL (SELECT {POINTS} AS points) p
"""  # noqa: S608 - constants of the domain

PROPOSALS: Final = """
    INSERT INTO cases_proposal (case_id, proposal_type, state, reason_code, reason, evidence_ids, urgent,
        seen_digest, seen_counts, needs_third, third_because, proposed_by_id, proposed_at,
        second_by_id, second_at, second_agrees, second_reason, second_digest, third_reason, third_digest)
    SELECT id, 'block', CASE status WHEN 'proposed' THEN 'pending' ELSE 'disputed' END, 'bench', '', '{}',
        false, contents_digest, '{}', false, '',
        CASE WHEN id %% 20 = 0 THEN %(viewer)s ELSE %(colleague)s END, opened_at,
        CASE status WHEN 'disputed' THEN %(third)s END, CASE status WHEN 'disputed' THEN opened_at END,
        CASE status WHEN 'disputed' THEN false END, '',
        CASE status WHEN 'disputed' THEN contents_digest ELSE '' END, '', ''
    FROM cases_case WHERE status IN ('proposed', 'disputed')
"""

COMPLAINTS: Final = """
    INSERT INTO complaints_complaint (ticket, secret_digest, idempotency_key, body_digest, number_id,
        number_raw, case_id, disposition, channel, category, narrative, link, bank_account, language,
        filed_at, legal_hold_reason, duplicate_reason)
    SELECT lpad(upper(to_hex(row_number() OVER ())), 10, '0'), '\\x00', gen_random_uuid(), '\\x00',
        c.number_id, c.number_text, c.id, 'review', 'sms', c.category,
        'Saya menerima pesan bahwa saya menang hadiah dan diminta mengirim uang ke rekening lain, ' || c.id,
        '', '', 'id', c.opened_at + (c.last_complaint_at - c.opened_at) * (g / c.complaint_count::float),
        '', ''
    FROM cases_case c CROSS JOIN LATERAL generate_series(1, c.complaint_count) g
"""

# Twenty-five words of a vocabulary of 20,000, the n-th used n times as rarely as the first; a word of the
# category's own stories; and an account number that no other text mentions.
DOCUMENTS: Final = """
    INSERT INTO cases_casesearchindex (case_id, words, digit_ngrams, minhash_bands, indexed_at)
    SELECT c.id, to_tsvector('simple', concat_ws(' ',
            (SELECT string_agg('kata' || floor(20000 ^ random())::int, ' ')
                FROM generate_series(1, 25 + (c.id %% 2)::int)),
            CASE WHEN c.id %% 10 > 0 THEN 'cerita' || lower(replace(c.category, '_', '')) END,
            'rekening' || c.id)),
        ARRAY(SELECT DISTINCT substr(c.number_text, 1 + s, 4)::int
            FROM generate_series(1, length(c.number_text) - 4) s),
        '{}', %(at)s
    FROM cases_case c
"""
