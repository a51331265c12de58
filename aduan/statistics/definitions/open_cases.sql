-- Cases that waited at the end of the day in Jakarta, by the time since they were opened. One that was decided
-- after that moment waited still: so a snapshot that is made late says the same.
WITH later AS (
    SELECT DISTINCT ON (case_id) case_id, from_status FROM cases_caseevent
    WHERE created_at >= %(until)s ORDER BY case_id, id
), waiting AS (
    SELECT opened_at, operator_id FROM cases_case
    WHERE status IN ('open', 'needs_info', 'proposed', 'disputed') AND id NOT IN (SELECT case_id FROM later)
    UNION ALL
    SELECT c.opened_at, c.operator_id FROM later JOIN cases_case c ON c.id = later.case_id
    WHERE later.from_status IN ('open', 'needs_info', 'proposed', 'disputed')
)
SELECT CASE WHEN w.opened_at >= %(until)s - interval '1 day' THEN 'under_a_day'
        WHEN w.opened_at >= %(until)s - interval '3 days' THEN 'under_three_days'
        WHEN w.opened_at >= %(until)s - interval '7 days' THEN 'under_a_week' ELSE 'older' END AS age, count(*) AS cases
FROM waiting w
LEFT JOIN operators_operator o ON o.id = w.operator_id
WHERE w.opened_at < %(until)s AND o.is_sandbox IS NOT TRUE
GROUP BY 1
