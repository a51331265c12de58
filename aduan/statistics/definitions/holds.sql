-- Short holds that a second person confirmed, by the day of the confirmation.
SELECT (h.confirmed_at AT TIME ZONE 'Asia/Jakarta')::date AS day, 'placed' AS stratum,
    ARRAY[coalesce(%(groups)s::jsonb ->> h.category, 'other'), h.category, o.code] AS key, count(*) AS count, 0 AS amount
FROM cases_hold h
JOIN operators_operator o ON o.id = h.operator_id
WHERE h.confirmed_at >= %(since)s AND h.confirmed_at < %(until)s AND NOT o.is_sandbox
GROUP BY 1, 3
