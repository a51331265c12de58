-- A hold ends before its time by code of the application alone, which asks who may end it and writes the audit log.

CREATE OR REPLACE FUNCTION cases_hold_ended() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF accounts_made_by_application(NEW.end_mac, 'end_hold', NEW.id::text, NEW.end_reason,
                                    accounts_microseconds(NEW.ended_at), NEW.ended_by_id::text) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a hold that no one ended' USING ERRCODE = 'check_violation';
END
$$;

CREATE OR REPLACE TRIGGER hold_ended BEFORE UPDATE ON cases_hold
FOR EACH ROW WHEN (NEW.ended_at IS NOT NULL AND OLD.ended_at IS NULL) EXECUTE FUNCTION cases_hold_ended();
