-- Complaints received, by the day of filing in Jakarta. A withdrawn or erased complaint was received all the
-- same; the sandbox operator's are in no figure.
SELECT day, 'received' AS stratum,
    ARRAY[coalesce(%(groups)s::jsonb ->> category, 'other'), category, channel, number_kind, region] AS key,
    count, 0 AS amount
FROM (
    SELECT (c.filed_at AT TIME ZONE 'Asia/Jakarta')::date AS day, c.category, c.channel, k.number_kind,
        CASE WHEN k.number_kind = 'landline' THEN k.region ELSE '' END AS region, count(*) AS count
    FROM complaints_complaint c
    JOIN cases_case k ON k.id = c.case_id
    LEFT JOIN operators_operator o ON o.id = k.operator_id
    WHERE c.filed_at >= %(since)s AND c.filed_at < %(until)s AND o.is_sandbox IS NOT TRUE
    GROUP BY 1, 2, 3, 4, 5
) counted
