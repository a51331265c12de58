-- An objection is to the case of its own number, for ever: a code to one number proves nothing about another.

CREATE OR REPLACE FUNCTION appeals_objection_of_its_number() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' AND EXISTS (
        SELECT 1 FROM cases_case c WHERE c.id = NEW.case_id AND c.number_id = NEW.number_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an objection is to the case of its number' USING ERRCODE = 'check_violation';
END
$$;

CREATE OR REPLACE TRIGGER objection_begun BEFORE INSERT ON appeals_objection
FOR EACH ROW EXECUTE FUNCTION appeals_objection_of_its_number();

CREATE OR REPLACE TRIGGER objection_of_its_number BEFORE UPDATE ON appeals_objection
FOR EACH ROW WHEN ((NEW.case_id, NEW.number_id) <> (OLD.case_id, OLD.number_id))
EXECUTE FUNCTION appeals_objection_of_its_number();
