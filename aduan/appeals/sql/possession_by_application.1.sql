-- That a number is theirs is written by the application, which had the code or the words of the ministry's people: its own
-- code is over the proof. SQL makes no objection count that way, and brings none back that was answered. For a day after
-- the upgrade the version before writes proofs without.

CREATE OR REPLACE FUNCTION appeals_possession_by_application() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state IN ('upheld', 'rejected', 'lapsed') AND NEW.state <> OLD.state THEN
        RAISE EXCEPTION 'an objection ends once' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE'
       AND (NEW.proof, NEW.proven_at, NEW.proven_by_id, NEW.seconded_by_id)
           IS NOT DISTINCT FROM (OLD.proof, OLD.proven_at, OLD.proven_by_id, OLD.seconded_by_id)
       AND (NEW.state <> 'open' OR OLD.state = 'open') THEN
        RETURN NEW;
    END IF;
    IF NEW.proof = '' AND NEW.state IN ('unproven', 'lapsed')
       OR accounts_made_by_application(
           NEW.proof_mac, 'possession', NEW.id::text, NEW.number_id::text, NEW.proof,
           accounts_microseconds(NEW.proven_at), NEW.proven_by_id::text, NEW.seconded_by_id::text)
       OR NEW.proof_mac IS NULL
          AND core_version_before_may_run('appeals', '0005_possession_by_application') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a proof of possession that the application did not make'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'possession_by_application';
END
$$;

CREATE OR REPLACE TRIGGER possession_by_application BEFORE INSERT OR UPDATE ON appeals_objection
FOR EACH ROW EXECUTE FUNCTION appeals_possession_by_application();
