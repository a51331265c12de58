-- Objections of proven holders, by the day of the proof, with the answer of the 15 days after. Hours run from
-- the proof to the answer; none in that time misses the promise.
SELECT (o.proven_at AT TIME ZONE 'Asia/Jakarta')::date AS day, 'proven' AS stratum,
    ARRAY[CASE WHEN a.at <= o.due_at THEN 'kept' ELSE 'missed' END,
        CASE WHEN a.at IS NULL THEN 'silent' ELSE o.state END,
        (%(classes)s::text[])[1 + width_bucket(extract(epoch FROM a.at - o.proven_at)::float / 3600,
            %(bounds)s::float[])]] AS key,
    count(*) AS count, 0 AS amount
FROM appeals_objection o
JOIN cases_case c ON c.id = o.case_id
LEFT JOIN operators_operator r ON r.id = c.operator_id
LEFT JOIN LATERAL (
    SELECT o.answered_at AS at
    WHERE o.state IN ('upheld', 'rejected') AND o.answered_at < o.proven_at + interval '15 days'
) a ON true
WHERE o.proven_at >= %(since)s AND o.proven_at < %(until)s AND r.is_sandbox IS NOT TRUE
GROUP BY 1, 3
