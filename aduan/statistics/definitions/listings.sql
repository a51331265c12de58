-- Numbers that were new on a published list, by the day of publication; hours from the decision to it.
SELECT (l.published_at AT TIME ZONE 'Asia/Jakarta')::date AS day, 'listed' AS stratum, ARRAY['{hours}'] AS key,
    width_bucket(extract(epoch FROM l.published_at - b.confirmed_at)::float / 3600, %(bounds)s::float[])
        AS hours,
    count(*) AS count, 0 AS amount
FROM blocklists_blocklist l
JOIN blocklists_blocklistentry n ON n.list_id = l.id AND n.list_id = ANY(%(lists)s) AND n.is_new
LEFT JOIN LATERAL (
    SELECT c.confirmed_at FROM cases_block c
    WHERE c.case_id = n.case_id AND c.operator_id = l.operator_id AND c.confirmed_at <= l.published_at
    ORDER BY c.confirmed_at DESC LIMIT 1
) b ON true
WHERE l.id = ANY(%(lists)s) AND l.published_at >= %(since)s AND l.published_at < %(until)s
GROUP BY 1, 3, 4
