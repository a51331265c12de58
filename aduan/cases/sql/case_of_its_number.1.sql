-- A case is about one number for ever: what two people confirmed never turns to another.

CREATE OR REPLACE FUNCTION cases_case_of_its_number() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a case never changes its number' USING ERRCODE = 'check_violation';
END
$$;

CREATE OR REPLACE TRIGGER case_of_its_number BEFORE UPDATE ON cases_case
FOR EACH ROW WHEN (NEW.number_id <> OLD.number_id) EXECUTE FUNCTION cases_case_of_its_number();
