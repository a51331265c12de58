-- A confirmed hold and the entry of the audit log that says who confirmed it are written in one transaction. Checked at
-- its end: the entry is its last word.

CREATE OR REPLACE FUNCTION cases_hold_audited() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM core_auditlogentry e
        WHERE e.subject = 'case:' || NEW.case_id AND e.action = 'case.confirm_hold'
          AND e.detail ->> 'hold' = NEW.id::text
          AND e.transaction_id = pg_current_xact_id()::text::bigint
    ) THEN
        RAISE EXCEPTION 'a hold without its entry in the audit log' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS hold_audited ON cases_hold;
CREATE CONSTRAINT TRIGGER hold_audited AFTER UPDATE OF state ON cases_hold
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.state <> 'confirmed' AND NEW.state = 'confirmed')
EXECUTE FUNCTION cases_hold_audited();
