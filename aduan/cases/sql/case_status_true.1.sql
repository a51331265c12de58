-- The status of a case says what is so: no block is in force where it says that none is, someone is waited for where a
-- proposal waits and nowhere else, and the last change in its history is this one (lines that change nothing may come
-- from who holds no lock on the case). Checked at the end of the transaction, because a step writes the case first.
-- A decision is held by `case_decided_by_proposal` and by its audit entry.

CREATE OR REPLACE FUNCTION cases_case_status_true() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    now_says text;
    last_change text;
BEGIN
    SELECT c.status INTO now_says FROM cases_case c WHERE c.id = NEW.id;
    IF now_says NOT IN ('confirmed', 'referred') AND EXISTS (
        SELECT 1 FROM cases_block b WHERE b.case_id = NEW.id AND b.released_at IS NULL) THEN
        RAISE EXCEPTION 'case % has a block in force', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'case_status_true';
    END IF;
    IF EXISTS (
        SELECT 1 FROM cases_proposal p WHERE p.case_id = NEW.id AND p.state IN ('pending', 'disputed')
    ) <> (now_says IN ('proposed', 'disputed')) THEN
        RAISE EXCEPTION 'case % waits for whom no proposal names, or leaves one waiting', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'case_status_true';
    END IF;
    IF now_says IN ('confirmed', 'referred') THEN
        RETURN NULL;
    END IF;
    SELECT line.to_status INTO last_change
    FROM (SELECT e.* FROM cases_caseevent e WHERE e.case_id = NEW.id OFFSET 0) line  -- by its index
    WHERE line.from_status <> line.to_status
    ORDER BY line.id DESC LIMIT 1;
    IF last_change IS DISTINCT FROM now_says THEN
        RAISE EXCEPTION 'case % has no line about its status', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'case_status_true';
    END IF;
    RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS case_status_true ON cases_case;
CREATE CONSTRAINT TRIGGER case_status_true AFTER UPDATE ON cases_case
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status <> OLD.status)
EXECUTE FUNCTION cases_case_status_true();
