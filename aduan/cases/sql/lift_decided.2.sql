-- A block or a hold in force is lifted once, while its owner objects, by code of the application, which checked the proof
-- of possession. It comes back only under the decision of two people that the objection was not right; a lift that ends
-- otherwise leaves no measure in force. Afterwards nothing of it changes.

CREATE OR REPLACE FUNCTION cases_lift_decided() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.ended_at IS NOT NULL
           OR NOT EXISTS (SELECT 1 FROM cases_case c WHERE c.id = NEW.case_id AND c.objection_since IS NOT NULL)
           OR NOT EXISTS (
               SELECT 1 FROM cases_block b
               WHERE b.id = NEW.block_id AND b.case_id = NEW.case_id AND b.requested_action = 'block'
                 AND b.released_at IS NULL
               UNION ALL
               SELECT 1 FROM cases_hold h
               WHERE h.id = NEW.hold_id AND h.case_id = NEW.case_id AND h.state = 'confirmed'
                 AND h.ended_at IS NULL AND h.ends_at > NEW.lifted_at) THEN
            RAISE EXCEPTION 'only a measure in force is lifted, while its owner objects'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'lift_of_a_measure_in_force';
        END IF;
        IF NOT accounts_made_by_application(NEW.lift_mac, 'lift', NEW.block_id::text, NEW.hold_id::text,
                                            accounts_microseconds(NEW.lifted_at)) THEN
            RAISE EXCEPTION 'a lift without the proof of its owner' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.ended_at IS NOT NULL
       OR (NEW.case_id, NEW.block_id, NEW.hold_id, NEW.lifted_at)
          IS DISTINCT FROM (OLD.case_id, OLD.block_id, OLD.hold_id, OLD.lifted_at) THEN
        RAISE EXCEPTION 'a lift only ends, once' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.outcome = 'restored' AND NOT EXISTS (
        SELECT 1 FROM cases_changerequest r
        WHERE r.id = NEW.under_id AND r.case_id = NEW.case_id AND r.kind = 'objection' AND r.state = 'confirmed'
          AND r.upheld IS FALSE AND r.settled_at >= NEW.lifted_at) THEN
        RAISE EXCEPTION 'two people decide that a lifted measure comes back'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'restored_under_a_decision';
    END IF;
    IF NEW.outcome = 'freed' AND EXISTS (
        SELECT 1 FROM cases_block b WHERE b.id = NEW.block_id AND b.released_at IS NULL
        UNION ALL SELECT 1 FROM cases_hold h WHERE h.id = NEW.hold_id AND h.ended_at IS NULL) THEN
        RAISE EXCEPTION 'a measure that is in force was not ended'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'restored_under_a_decision';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER lift_decided BEFORE INSERT OR UPDATE ON cases_temporarylift
FOR EACH ROW EXECUTE FUNCTION cases_lift_decided();

-- Who waits on PostgreSQL for work of the hold lane learns of it with the commit.

CREATE OR REPLACE FUNCTION cases_lift_announced() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_notify('cases_hold', coalesce(
        (SELECT h.operator_id FROM cases_hold h WHERE h.id = NEW.hold_id),
        (SELECT b.operator_id FROM cases_block b WHERE b.id = NEW.block_id))::text);
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER lift_announced AFTER INSERT OR UPDATE ON cases_temporarylift
FOR EACH ROW EXECUTE FUNCTION cases_lift_announced();
