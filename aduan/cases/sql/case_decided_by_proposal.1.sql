-- A case begins open, and is decided only by a proposal of that case that was confirmed.

CREATE OR REPLACE FUNCTION cases_case_decided_by_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'open' THEN
            RAISE EXCEPTION 'a case begins open' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF NEW.status IN ('confirmed', 'spoofed', 'referred') AND NEW.status <> OLD.status AND NOT EXISTS (
        SELECT 1 FROM cases_proposal p
        WHERE p.case_id = NEW.id AND p.state = 'confirmed' AND p.proposal_type = CASE NEW.status
            WHEN 'confirmed' THEN 'block' WHEN 'referred' THEN 'refer' ELSE 'spoofed' END
    ) THEN
        RAISE EXCEPTION 'case % decided without a confirmed proposal', NEW.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER case_decided_by_proposal BEFORE INSERT OR UPDATE OF status ON cases_case
FOR EACH ROW EXECUTE FUNCTION cases_case_decided_by_proposal();
