-- Numbers that were new on a published list, by the day of publication and by receiver, with the first answer
-- of the 15 days after. Hours run from the publication to the act; silence misses the promise. `listed`: hours
-- from the decision to the publication. Platforms are asked by referrals.
SELECT (l.published_at AT TIME ZONE 'Asia/Jakarta')::date AS day, r.code AS stratum,
    ARRAY[CASE WHEN a.acted_at <= a.due_at THEN 'kept' ELSE 'missed' END, coalesce(a.answer, 'silent'),
        (%(classes)s::text[])[1 + width_bucket(a.hours,
            %(bounds)s::float[])],
        (%(classes)s::text[])[1 + width_bucket(extract(epoch FROM l.published_at - b.confirmed_at)::float / 3600,
            %(bounds)s::float[])]] AS key,
    count(*) AS count, 0 AS amount
FROM blocklists_blocklist l
JOIN operators_operator r ON r.id = l.operator_id AND r.kind <> 'ott'
JOIN blocklists_blocklistentry n ON n.list_id = l.id AND n.list_id = ANY(%(lists)s) AND n.is_new
LEFT JOIN LATERAL (
    SELECT coalesce(o.first_answer, o.answer) AS answer, coalesce(o.first_acted_at, o.acted_at) AS acted_at,
        o.due_at,
        greatest(0, extract(epoch FROM coalesce(o.first_acted_at, o.acted_at) - o.clock_from))::float / 3600
            AS hours
    FROM blocklists_outcome o
    WHERE o.operator_id = l.operator_id AND o.digits = n.digits AND o.clock_from = l.published_at
        AND coalesce(o.first_reported_at, o.reported_at) < l.published_at + interval '15 days'
    ORDER BY o.id LIMIT 1
) a ON true
LEFT JOIN LATERAL (
    SELECT c.confirmed_at FROM cases_block c
    WHERE c.case_id = n.case_id AND c.operator_id = l.operator_id AND c.confirmed_at <= l.published_at
    ORDER BY c.confirmed_at DESC LIMIT 1
) b ON true
WHERE l.id = ANY(%(lists)s) AND l.published_at >= %(since)s AND l.published_at < %(until)s
GROUP BY 1, 2, 3
