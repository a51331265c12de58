-- Blocks that should not have been: released as a mistake, after an objection, or because the number is
-- protected. Hours run from the decision to the release, so they count the time before the list as well.
SELECT (b.released_at AT TIME ZONE 'Asia/Jakarta')::date AS day, 'released' AS stratum,
    ARRAY[b.release_reason, '{hours}'] AS key,
    width_bucket(extract(epoch FROM b.released_at - b.confirmed_at)::float / 3600, %(bounds)s::float[]) AS hours,
    count(*) AS count, floor(sum(extract(epoch FROM b.released_at - b.confirmed_at)) / 3600)::bigint AS amount
FROM cases_block b
JOIN operators_operator o ON o.id = b.operator_id
WHERE b.released_at >= %(since)s AND b.released_at < %(until)s AND NOT o.is_sandbox
    AND b.requested_action = 'block' AND b.release_reason IN ('error', 'objection', 'protected')
GROUP BY 1, 3, 4
