-- How fast one person may decide changes in the transaction in which a second person approved exactly these figures.

CREATE OR REPLACE FUNCTION cases_pace_two_people() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM accounts_approved_now('limits', 'pace_limits') t
               WHERE to_jsonb(NEW) - 'id' - 'since' <@ t) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'limits of pace take two people' USING ERRCODE = 'check_violation';
END
$$;

CREATE OR REPLACE TRIGGER pace_two_people BEFORE INSERT ON cases_pacelimits
FOR EACH ROW EXECUTE FUNCTION cases_pace_two_people();
