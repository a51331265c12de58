-- A proposal relies on evidence of its own case that reviewers could see: clean, kept, not withdrawn. Cases cannot see
-- complaints, so the database compares them; `cases.services.proposals` knows the constraint by its name.

CREATE OR REPLACE FUNCTION complaints_proposal_evidence_of_its_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM unnest(NEW.evidence_ids) AS named(id)
        WHERE NOT EXISTS (
            SELECT FROM complaints_evidence e JOIN complaints_complaint c ON c.id = e.complaint_id
            WHERE e.id = named.id AND c.case_id = NEW.case_id
              AND e.state = 'clean' AND e.derivative <> '' AND c.withdrawn_at IS NULL)
    ) THEN
        RAISE EXCEPTION 'evidence that is not of this case, or not to be seen'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'evidence_of_its_case';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER proposal_evidence_of_its_case BEFORE INSERT ON cases_proposal
FOR EACH ROW WHEN (cardinality(NEW.evidence_ids) > 0) EXECUTE FUNCTION complaints_proposal_evidence_of_its_case();
