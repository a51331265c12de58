-- A block follows from a confirmed proposal of its case, number and act, for no longer than was proposed, and once: again
-- only where the one before ended because the number had moved. Afterwards it is only ever released, once.

CREATE OR REPLACE FUNCTION cases_block_as_proposed(block cases_block) RETURNS boolean LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM cases_proposal p JOIN numbers_phonenumber n ON n.id = block.number_id
        WHERE p.id = block.proposal_id AND block.digits IS NOT DISTINCT FROM n.digits
          AND block.valid_until <= COALESCE(p.block_until, (block.valid_from + interval '1 year 1 day')::date)
          AND block.operator_id = CASE block.requested_action WHEN 'block' THEN n.operator_id ELSE p.platform_id END)
       AND NOT EXISTS (
        SELECT 1 FROM cases_block b WHERE b.proposal_id = block.proposal_id AND b.release_reason <> 'rerouted')
$$;

CREATE OR REPLACE FUNCTION cases_block_two_people() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM cases_proposal p JOIN cases_case c ON c.id = p.case_id
        WHERE p.id = NEW.proposal_id AND p.case_id = NEW.case_id AND p.proposal_type = NEW.requested_action
          AND p.state = 'confirmed' AND c.number_id = NEW.number_id
          AND NOT (c.protected AND NEW.requested_action = 'block' AND NEW.released_at IS NULL)
    ) THEN
        RAISE EXCEPTION 'block without a proposal that two people confirmed'
            USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'INSERT' AND NOT cases_block_as_proposed(NEW) THEN
        RAISE EXCEPTION 'a block is what two people confirmed, once' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (OLD.released_at IS NOT NULL AND NEW IS DISTINCT FROM OLD
       OR (NEW.case_id, NEW.number_id, NEW.proposal_id, NEW.operator_id, NEW.digits, NEW.requested_action,
           NEW.valid_from, NEW.valid_until, NEW.confirmed_at)
          IS DISTINCT FROM
          (OLD.case_id, OLD.number_id, OLD.proposal_id, OLD.operator_id, OLD.digits, OLD.requested_action,
           OLD.valid_from, OLD.valid_until, OLD.confirmed_at)) THEN
        RAISE EXCEPTION 'a block is only ever released, once' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER block_two_people BEFORE INSERT OR UPDATE ON cases_block
FOR EACH ROW EXECUTE FUNCTION cases_block_two_people();
