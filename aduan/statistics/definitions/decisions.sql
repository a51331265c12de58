-- Decisions, by the day they were made. Each counts, so a case that was opened again counts twice; one that was
-- undone within seconds was none. The promise is kept when the case was decided before it was due; a case that
-- was never due is in no share.
SELECT (e.created_at AT TIME ZONE 'Asia/Jakarta')::date AS day,
    CASE e.action WHEN 'confirm_block' THEN 'block' WHEN 'confirm_referral' THEN 'refer'
        WHEN 'confirm_spoofed' THEN 'spoofed' WHEN 'dismiss' THEN 'dismiss' ELSE 'not_ours' END AS stratum,
    ARRAY[e.detail ->> 'reason_code', coalesce(%(groups)s::jsonb ->> c.category, 'other'), c.category, o.code, c.number_kind,
        CASE WHEN clock.due_at IS NULL THEN '' WHEN e.created_at <= clock.due_at THEN 'kept' ELSE 'missed' END,
        CASE WHEN clock.due_at IS NOT NULL
            THEN (%(classes)s::text[])[1 + width_bucket(greatest(0, extract(epoch FROM e.created_at - clock.ready_at))::float / 3600,
            %(bounds)s::float[])] END] AS key,
    count(*) AS count, 0 AS amount
FROM cases_caseevent e
JOIN cases_case c ON c.id = e.case_id
LEFT JOIN operators_operator o ON o.id = c.operator_id
CROSS JOIN LATERAL ({decision_clock}) clock
WHERE e.created_at >= %(since)s AND e.created_at < %(until)s AND o.is_sandbox IS NOT TRUE
    AND e.action IN ('confirm_block', 'confirm_referral', 'confirm_spoofed', 'dismiss', 'declare_not_ours')
    AND {decision_stands}
GROUP BY 1, 2, 3
