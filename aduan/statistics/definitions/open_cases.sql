-- Cases that waited at the end of the day in Jakarta, by the time since they were opened. One that was decided
-- after that moment waited still: so a snapshot that is made late says the same.
WITH later AS (
    SELECT DISTINCT ON (case_id) case_id, from_status FROM cases_caseevent
    WHERE created_at >= %(until)s ORDER BY case_id, id
), left_out AS (
    SELECT case_id FROM later
    UNION ALL
    SELECT c.id FROM operators_operator o JOIN cases_case c ON c.operator_id = o.id
    WHERE o.is_sandbox AND c.status IN ('open', 'needs_info', 'proposed', 'disputed')
), waiting AS (
    SELECT k.opened_at FROM cases_case k
    WHERE k.status IN ('open', 'needs_info', 'proposed', 'disputed')
        AND NOT EXISTS (SELECT FROM left_out WHERE left_out.case_id = k.id)
    UNION ALL
    SELECT c.opened_at FROM later JOIN cases_case c ON c.id = later.case_id
    LEFT JOIN operators_operator o ON o.id = c.operator_id
    WHERE later.from_status IN ('open', 'needs_info', 'proposed', 'disputed') AND o.is_sandbox IS NOT TRUE
)
SELECT CASE WHEN w.opened_at >= %(until)s - interval '1 day' THEN 'under_a_day'
        WHEN w.opened_at >= %(until)s - interval '3 days' THEN 'under_three_days'
        WHEN w.opened_at >= %(until)s - interval '7 days' THEN 'under_a_week' ELSE 'older' END AS age, count(*) AS cases
FROM waiting w
WHERE w.opened_at < %(until)s
GROUP BY 1
