-- One list manager stops publication; another lets it run again, with the evidence of a step-up, once.

CREATE OR REPLACE FUNCTION blocklists_stop_lifted() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.lifted_at IS NULL OR TG_OP = 'UPDATE' AND OLD.lifted_at IS NULL
       AND (NEW.reason, NEW.stopped_by_id, NEW.stopped_at) = (OLD.reason, OLD.stopped_by_id, OLD.stopped_at)
       AND accounts_stepped_up(NEW.lifted_step_up_id, NEW.lifted_by_id, ARRAY['publication.resume'],
                               'publication_stop:' || NEW.id, NEW.lifted_at)
       AND accounts_different_humans(ARRAY[NEW.stopped_by_id, NEW.lifted_by_id])
       AND EXISTS (SELECT 1 FROM accounts_user u
                   WHERE u.id = NEW.lifted_by_id AND u.is_active AND 'list_manager' = ANY (u.roles)) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'publication runs again when a second list manager says so' USING ERRCODE = 'check_violation';
END
$$;

CREATE OR REPLACE TRIGGER stop_lifted BEFORE INSERT OR UPDATE ON blocklists_publicationstop
FOR EACH ROW EXECUTE FUNCTION blocklists_stop_lifted();
