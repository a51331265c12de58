-- Statements of mass.py, in the order in which they run. `[rank]` is the Zipf rank of complaint i,
-- `[dice]` a number between 0 and 1 for a line; both are hashes, so the same seed gives the same mass.

-- name: numbers
INSERT INTO numbers_phonenumber (canonical, kind, digits, operator_id, routing, first_seen_at)
SELECT '+' || d.digits, 'mobile', d.digits::bigint, p.operator_id,
       CASE WHEN p.operator_id IS NULL THEN 'unassigned' ELSE 'range' END, %(start)s
FROM generate_series(%(low)s, %(high)s) AS k
JOIN sample_prefix p ON p.place = k %% %(prefixes)s
CROSS JOIN LATERAL (SELECT '62' || p.prefix || '00' || lpad((k / %(prefixes)s + 500)::text, %(width)s, '0') AS digits) d
ON CONFLICT DO NOTHING

-- name: lines
INSERT INTO sample_line (rank, number_id, complaints, first_id, last_id)
SELECT c.rank, n.id, c.complaints, c.first_id, c.last_id
FROM (SELECT [rank]::int AS rank, count(*) AS complaints, min(i) AS first_id, max(i) AS last_id
      FROM generate_series(1, %(count)s) AS i GROUP BY 1) c
JOIN sample_prefix p ON p.place = c.rank %% %(prefixes)s
JOIN numbers_phonenumber n
  ON n.digits = ('62' || p.prefix || '00' || lpad((c.rank / %(prefixes)s + 500)::text, %(width)s, '0'))::bigint

-- name: cases
WITH made AS (
    INSERT INTO cases_case (
        number_id, number_text, number_kind, operator_id, status, category, region, opened_at, reopened_count,
        conflicted_user_ids, complaint_count, independent_count, confirmed_count, evidence_count,
        reported_loss, channels, categories,
        first_complaint_at, last_complaint_at, contents_digest, search_stale, score, score_parts, ready_at, due_at,
        suspected_spoofing, protected, resembles_protected, via_ott)
    SELECT n.id, n.canonical, 'mobile', n.operator_id, 'open', s.category, '', f.at, 0, '{}', l.complaints,
           l.complaints, 0, 0, 0, jsonb_build_object(s.channel, l.complaints),
           jsonb_build_object(s.category, l.complaints), f.at, f.last, 'mass', true,
           round(60 * log(2, 1 + least(l.complaints, 64)))::int,
           jsonb_build_object('independent', round(60 * log(2, 1 + least(l.complaints, 64)))::int),
           f.at, f.at + interval '1 day', false, false, false, false
    FROM sample_line l
    JOIN numbers_phonenumber n ON n.id = l.number_id
    JOIN sample_story s ON s.place = l.rank %% %(stories)s
    CROSS JOIN LATERAL (SELECT %(start)s + l.first_id * %(step)s AS at, %(start)s + l.last_id * %(step)s AS last) f
    WHERE l.rank BETWEEN %(low)s AND %(high)s
    RETURNING id, number_id)
UPDATE sample_line l SET case_id = made.id FROM made WHERE made.number_id = l.number_id

-- name: complaints
INSERT INTO complaints_complaint (
    ticket, secret_digest, idempotency_key, body_digest, number_id, number_raw, case_id, disposition, channel, category,
    narrative, loss, link, bank_account, language, filed_at, text_bands, duplicate_reason, legal_hold_reason)
SELECT t.body || substr(%(letters)s, (23 - t.total %% 23) %% 23 + 1, 1), sha256(('s' || i)::bytea),
       md5(%(seed)s || ':' || i)::uuid, sha256(('b' || i)::bytea), l.number_id, '', l.case_id, 'review', s.channel,
       s.category, s.text, s.loss, '', '', 'id', %(start)s + i * %(step)s, s.bands, '', ''
FROM generate_series(%(low)s, %(high)s) AS i
JOIN sample_line l ON l.rank = [rank]
JOIN sample_story s ON s.place = i %% %(stories)s
CROSS JOIN LATERAL (
    SELECT string_agg(substr(%(letters)s, d.digit + 1, 1), '' ORDER BY d.place) AS body,
           sum((d.place + 2) * d.digit)::int AS total
    FROM (SELECT place, ((i::bigint * 982451653 + %(seed)s) %% 1801152661463 / power(23::numeric, place)::bigint %% 23)::int
                 AS digit FROM generate_series(0, 8) AS place) d) t
ORDER BY i

-- name: campaigns
WITH alike AS MATERIALIZED (
    SELECT nextval(pg_get_serial_sequence('cases_campaign', 'id')) AS id, array_agg(l.case_id) AS cases,
           max(c.first_complaint_at) AS grown_at
    FROM sample_line l JOIN cases_case c ON c.id = l.case_id
    WHERE l.rank BETWEEN %(low)s AND %(high)s
    GROUP BY l.rank %% %(stories)s, l.rank / (%(stories)s * %(alike)s) HAVING count(*) > 1
), made AS (
    INSERT INTO cases_campaign (id, found_at, grown_at, size)
    SELECT id, grown_at, grown_at, cardinality(cases) FROM alike
)
INSERT INTO cases_campaignlink (campaign_id, case_id, kind, similarity, linked_at)
SELECT a.id, m.case_id, 'text', 100, a.grown_at FROM alike a CROSS JOIN LATERAL unnest(a.cases) AS m(case_id)

-- name: chosen
SELECT l.case_id
FROM sample_line l JOIN cases_case c ON c.id = l.case_id
WHERE l.rank BETWEEN %(low)s AND %(high)s AND c.operator_id IS NOT NULL AND [dice] < %(decided)s
ORDER BY l.case_id

-- name: propose
INSERT INTO cases_proposal (case_id, proposal_type, state, reason_code, reason, evidence_ids, urgent, seen_digest, seen_counts,
    needs_third, third_because, proposed_by_id, proposed_at, proposed_step_up_id, second_reason, second_digest,
    third_reason, third_digest)
SELECT split_part(e.subject, ':', 2)::bigint, 'block', 'pending', 'propose-several-victims', '', '{}', false, e.digest, '{}',
       false, '', e.person_id, e.at, e.id, '', '', '', ''
FROM accounts_stepupevidence e WHERE e.id = ANY (%(proposals)s)

-- name: sign
UPDATE cases_proposal p SET state = 'confirmed', second_by_id = e.person_id, second_agrees = true, second_at = e.at,
    second_digest = e.digest, second_step_up_id = e.id, settled_at = e.at
FROM accounts_stepupevidence e
WHERE e.id = ANY (%(signatures)s) AND e.subject = 'case:' || p.case_id AND p.state = 'pending'

-- name: confirm
UPDATE cases_case c SET status = 'confirmed', decided_at = p.settled_at, due_at = NULL
FROM cases_proposal p JOIN sample_line l ON l.case_id = p.case_id
WHERE c.id = p.case_id AND l.rank BETWEEN %(low)s AND %(high)s AND p.state = 'confirmed' AND c.status = 'open'

-- name: block
INSERT INTO cases_block (case_id, proposal_id, number_id, operator_id, digits, requested_action, category,
                         valid_from, valid_until, urgent, confirmed_at, release_reason)
SELECT c.id, p.id, c.number_id, c.operator_id, n.digits, 'block', c.category,
       (p.settled_at AT TIME ZONE 'Asia/Jakarta')::date, (p.settled_at AT TIME ZONE 'Asia/Jakarta')::date + 365,
       false, p.settled_at, ''
FROM sample_line l JOIN cases_proposal p ON p.case_id = l.case_id AND p.state = 'confirmed'
JOIN cases_case c ON c.id = p.case_id JOIN numbers_phonenumber n ON n.id = c.number_id
WHERE l.rank BETWEEN %(low)s AND %(high)s

-- name: record
INSERT INTO core_auditlogentry (at, actor, action, subject, detail)
SELECT p.settled_at, 'user:' || p.second_by_id, 'case.confirm_block', 'case:' || p.case_id,
       jsonb_build_object('proposal', p.id, 'proposal_type', 'block', 'digest', p.second_digest)
FROM cases_proposal p WHERE p.second_step_up_id = ANY (%(signatures)s) ORDER BY p.id
