-- Objections of proven holders: by the day they were filed, and by the day they were answered.
SELECT (o.filed_at AT TIME ZONE 'Asia/Jakarta')::date AS day, 'filed' AS stratum, ARRAY['', '{hours}'] AS key,
    NULL::int AS hours, count(*) AS count, 0 AS amount
FROM appeals_objection o
WHERE o.filed_at >= %(since)s AND o.filed_at < %(until)s AND o.proven_at IS NOT NULL
GROUP BY 1, 3
UNION ALL
SELECT (o.answered_at AT TIME ZONE 'Asia/Jakarta')::date, o.state,
    ARRAY[CASE WHEN o.answered_at <= o.due_at THEN 'kept' ELSE 'missed' END, '{hours}'],
    width_bucket(extract(epoch FROM o.answered_at - o.proven_at)::float / 3600, %(bounds)s::float[]),
    count(*), 0
FROM appeals_objection o
WHERE o.answered_at >= %(since)s AND o.answered_at < %(until)s AND o.state IN ('upheld', 'rejected')
GROUP BY 1, 2, 3, 4
