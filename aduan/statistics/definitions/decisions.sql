-- Decisions, by the day they were made. Each decision counts, so a case that was opened again counts twice.
-- The promise is kept when the case was decided before it was due. A case that was never due is in no ratio;
-- of a decision that a later one replaced the clock is no longer known.
SELECT (e.created_at AT TIME ZONE 'Asia/Jakarta')::date AS day,
    CASE e.action WHEN 'confirm_block' THEN 'block' WHEN 'confirm_referral' THEN 'refer'
        WHEN 'confirm_spoofed' THEN 'spoofed' WHEN 'dismiss' THEN 'dismiss' ELSE 'not_ours' END AS stratum,
    ARRAY[coalesce(e.detail ->> 'reason_code', ''), clock.promise, '{hours}', '', c.category, c.number_kind,
        coalesce(o.code, '')] AS key,
    width_bucket(clock.hours, %(bounds)s::float[]) AS hours, count(*) AS count, 0 AS amount
FROM cases_caseevent e
JOIN cases_case c ON c.id = e.case_id
LEFT JOIN operators_operator o ON o.id = c.operator_id
CROSS JOIN LATERAL (
    SELECT CASE WHEN c.decided_at IS DISTINCT FROM e.created_at THEN 'unknown'
            WHEN c.due_at IS NULL THEN 'never_due'
            WHEN e.created_at <= c.due_at THEN 'kept' ELSE 'missed' END AS promise,
        CASE WHEN c.decided_at = e.created_at AND c.due_at IS NOT NULL
            THEN extract(epoch FROM e.created_at - coalesce(c.ready_at, c.opened_at))::float / 3600 END AS hours
) clock
WHERE e.created_at >= %(since)s AND e.created_at < %(until)s AND o.is_sandbox IS NOT TRUE
    AND e.action IN ('confirm_block', 'confirm_referral', 'confirm_spoofed', 'dismiss', 'declare_not_ours')
GROUP BY 1, 2, 3, 4
