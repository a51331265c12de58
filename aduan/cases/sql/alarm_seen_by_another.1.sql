-- Who an alarm is about does not put it away, under whichever log-in.

CREATE OR REPLACE FUNCTION cases_alarm_seen_by_another() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.person_id IS NULL OR accounts_different_humans(ARRAY[NEW.person_id, NEW.seen_by_id]) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an alarm is seen by another person' USING ERRCODE = 'check_violation';
END
$$;

CREATE OR REPLACE TRIGGER alarm_seen_by_another BEFORE UPDATE ON cases_alarm
FOR EACH ROW WHEN (NEW.seen_by_id IS NOT NULL) EXECUTE FUNCTION cases_alarm_seen_by_another();
