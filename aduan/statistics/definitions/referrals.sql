-- What platforms were asked, by the day of the referral, with the newest answer of the 15 days after. An answer
-- by link or mail counts when a person accepted it; until then it is `unchecked`. A referral that was withdrawn
-- before any answer asks for nothing. Hours run to the first answer that is more than a question.
SELECT (f.made_at AT TIME ZONE 'Asia/Jakarta')::date AS day, r.code AS stratum,
    ARRAY[coalesce(a.answer, CASE WHEN a.unchecked THEN 'unchecked'
        WHEN f.withdrawn_at < f.made_at + interval '15 days' THEN 'withdrawn' ELSE 'silent' END),
        (%(classes)s::text[])[1 + width_bucket(extract(epoch FROM a.first - f.made_at)::float / 3600,
            %(bounds)s::float[])]] AS key,
    count(*) AS count, 0 AS amount
FROM referrals_referral f
JOIN operators_operator r ON r.id = f.platform_id AND NOT r.is_sandbox
CROSS JOIN LATERAL (
    SELECT (array_agg(n.answer ORDER BY n.received_at DESC, n.id DESC) FILTER (WHERE n.accepted))[1] AS answer,
        bool_or(n.accepted IS NULL) AS unchecked,
        min(n.received_at) FILTER (WHERE n.accepted AND n.answer <> 'need_more') AS first
    FROM referrals_referralanswer n
    WHERE n.referral_id = f.id AND n.received_at < f.made_at + interval '15 days'
) a
WHERE f.made_at >= %(since)s AND f.made_at < %(until)s
GROUP BY 1, 2, 3
