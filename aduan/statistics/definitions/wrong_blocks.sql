-- Blocks and holds that should not have been: ended as a mistake, after an objection, or because the number is
-- protected. Hours run from the decision to the end, less the time for which the measure was lifted; they count
-- the time before the list as well. By reason they would tell how many objections of a month wait for an answer.
SELECT (w.ended AT TIME ZONE 'Asia/Jakarta')::date AS day, w.measure AS stratum,
    ARRAY[(%(classes)s::text[])[1 + width_bucket(w.seconds::float / 3600,
            %(bounds)s::float[])]] AS key,
    count(*) AS count, ceil(sum(w.seconds) / 3600)::bigint AS amount
FROM (
    SELECT 'block' AS measure, b.operator_id, b.released_at AS ended,
        greatest(0, extract(epoch FROM b.released_at - b.confirmed_at) - coalesce((
            SELECT sum(extract(epoch FROM least(coalesce(l.ended_at, b.released_at), b.released_at) - l.lifted_at))
            FROM cases_temporarylift l WHERE l.block_id = b.id), 0)) AS seconds
    FROM cases_block b
    WHERE b.requested_action = 'block' AND b.release_reason IN ('error', 'objection', 'protected')
        AND b.released_at >= %(since)s AND b.released_at < %(until)s
    UNION ALL
    SELECT 'hold', h.operator_id, h.ended_at,
        greatest(0, extract(epoch FROM h.ended_at - h.confirmed_at) - coalesce((
            SELECT sum(extract(epoch FROM least(coalesce(l.ended_at, h.ended_at), h.ended_at) - l.lifted_at))
            FROM cases_temporarylift l WHERE l.hold_id = h.id), 0))
    FROM cases_hold h
    WHERE h.confirmed_at IS NOT NULL AND h.end_reason IN ('mistake', 'objection', 'protected')
        AND h.ended_at >= %(since)s AND h.ended_at < %(until)s
) w
JOIN operators_operator o ON o.id = w.operator_id
WHERE NOT o.is_sandbox
GROUP BY 1, 2, 3
