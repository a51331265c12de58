-- A block and the entry of the audit log that says who decided it, or that its number moved, are written in one
-- transaction. Checked at its end: the entry is its last word.

CREATE OR REPLACE FUNCTION cases_block_audited() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM core_auditlogentry e
        WHERE e.subject = 'case:' || NEW.case_id
          AND e.action IN ('case.confirm_block', 'case.confirm_referral', 'case.route')
          AND e.detail ->> 'proposal' = NEW.proposal_id::text
          AND e.transaction_id = pg_current_xact_id()::text::bigint
    ) THEN
        RAISE EXCEPTION 'a block without its entry in the audit log' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS block_audited ON cases_block;
CREATE CONSTRAINT TRIGGER block_audited AFTER INSERT ON cases_block
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cases_block_audited();
