-- A person rejects a waiting list with the step-up over this list's digest, and not the next one too, under whichever
-- log-in, before one was published: no one keeps an operator without a list alone.

CREATE OR REPLACE FUNCTION blocklists_list_rejected() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    before bigint;
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM accounts_stepupevidence e
        JOIN accounts_user u ON u.id = e.person_id AND u.is_active AND 'list_manager' = ANY (u.roles)
        WHERE e.id = NEW.rejected_step_up_id AND e.person_id = NEW.rejected_by_id AND e.act = 'block_list.reject'
          AND e.subject = 'block_list:' || NEW.id AND e.digest = NEW.digest) THEN
        RAISE EXCEPTION 'a rejection without the step-up of a list manager' USING ERRCODE = 'check_violation';
    END IF;
    SELECT l.rejected_by_id INTO before FROM blocklists_blocklist l
    WHERE l.operator_id = NEW.operator_id AND l.series = NEW.series AND l.id < NEW.id
      AND (l.state = 'published' OR l.rejected_by_id IS NOT NULL)
    ORDER BY l.id DESC LIMIT 1;
    IF before IS NOT NULL AND NOT accounts_different_humans(ARRAY[before, NEW.rejected_by_id]) THEN
        RAISE EXCEPTION 'one human does not reject two lists in a row' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER list_rejected BEFORE UPDATE ON blocklists_blocklist
FOR EACH ROW WHEN (NEW.rejected_reason = 'by_manager' AND OLD.rejected_reason <> 'by_manager')
EXECUTE FUNCTION blocklists_list_rejected();
