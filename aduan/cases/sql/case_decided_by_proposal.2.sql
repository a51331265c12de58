-- A case begins open, and is decided only by its last proposal, which was confirmed and did not end yet: what two people
-- confirmed once is no licence to decide again after its block was released.

CREATE OR REPLACE FUNCTION cases_case_decided_by_proposal() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    last cases_proposal;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'open' THEN
            RAISE EXCEPTION 'a case begins open' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.status NOT IN ('confirmed', 'spoofed', 'referred') OR NEW.status = OLD.status THEN
        RETURN NEW;
    END IF;
    SELECT p.* INTO last FROM cases_proposal p WHERE p.case_id = NEW.id ORDER BY p.id DESC LIMIT 1;
    IF last.state IS DISTINCT FROM 'confirmed' OR last.proposal_type <> (
           CASE NEW.status WHEN 'confirmed' THEN 'block' WHEN 'referred' THEN 'refer' ELSE 'spoofed' END)
       OR EXISTS (
           SELECT 1 FROM cases_block b
           WHERE b.case_id = NEW.id AND b.proposal_id = last.id AND b.released_at IS NOT NULL
             AND b.release_reason <> 'rerouted') THEN
        RAISE EXCEPTION 'case % decided without a confirmed proposal', NEW.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER case_decided_by_proposal BEFORE INSERT OR UPDATE OF status ON cases_case
FOR EACH ROW EXECUTE FUNCTION cases_case_decided_by_proposal();
