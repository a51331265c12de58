-- Objections of proven holders: by the day of the proof, and by the day they were answered.
SELECT (o.proven_at AT TIME ZONE 'Asia/Jakarta')::date AS day, 'proven' AS stratum,
    ARRAY['', '{hours}'] AS key, NULL::int AS hours, count(*) AS count, 0 AS amount
FROM appeals_objection o
JOIN cases_case c ON c.id = o.case_id
LEFT JOIN operators_operator r ON r.id = c.operator_id
WHERE o.proven_at >= %(since)s AND o.proven_at < %(until)s AND r.is_sandbox IS NOT TRUE
GROUP BY 1, 3
UNION ALL
SELECT (o.answered_at AT TIME ZONE 'Asia/Jakarta')::date, o.state,
    ARRAY[CASE WHEN o.answered_at <= o.due_at THEN 'kept' ELSE 'missed' END, '{hours}'],
    width_bucket(extract(epoch FROM o.answered_at - o.proven_at)::float / 3600, %(bounds)s::float[]),
    count(*), 0
FROM appeals_objection o
JOIN cases_case c ON c.id = o.case_id
LEFT JOIN operators_operator r ON r.id = c.operator_id
WHERE o.answered_at >= %(since)s AND o.answered_at < %(until)s AND o.state IN ('upheld', 'rejected')
    AND r.is_sandbox IS NOT TRUE
GROUP BY 1, 2, 3, 4
