-- The queue is ordered by the ranker only after a week in which it found at least 80 % of the blocks in the first
-- fifth, and 10 points more than the rank by points; and only a person puts it in force.

CREATE OR REPLACE FUNCTION cases_learnt_order_earned() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.by_ranker AND NOT EXISTS (
        SELECT 1 FROM (
            SELECT * FROM cases_rankerrun WHERE compared_at IS NOT NULL AND blocked >= 30 ORDER BY day DESC LIMIT 1
        ) r
        WHERE r.found_by_ranker * 100 >= 80 * r.blocked
            AND (r.found_by_ranker - r.found_by_points) * 100 >= 10 * r.blocked
            AND r.compared_at > NEW.set_at - interval '14 days'
    ) THEN
        RAISE EXCEPTION 'the ranker has not earned it' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER learnt_order_earned BEFORE INSERT ON cases_rankingpolicy
FOR EACH ROW EXECUTE FUNCTION cases_learnt_order_earned();
