-- Complaints received, by the day of filing in Jakarta. A withdrawn or erased complaint was received all the
-- same; the sandbox operator's are in no figure.
SELECT (c.filed_at AT TIME ZONE 'Asia/Jakarta')::date AS day, 'received' AS stratum,
    ARRAY[coalesce(%(groups)s::jsonb ->> c.category, 'other'), c.category, c.channel, k.number_kind,
        CASE WHEN k.number_kind = 'landline' THEN k.region ELSE '' END] AS key,
    count(*) AS count, 0 AS amount
FROM complaints_complaint c
JOIN cases_case k ON k.id = c.case_id
LEFT JOIN operators_operator o ON o.id = k.operator_id
WHERE c.filed_at >= %(since)s AND c.filed_at < %(until)s AND o.is_sandbox IS NOT TRUE
GROUP BY 1, 3
