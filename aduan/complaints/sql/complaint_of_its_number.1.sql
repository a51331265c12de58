-- A complaint changes its number, and with it its case, only as two people agreed: a confirmed request names the complaint
-- or its whole case, and the number. Its files go with it.

CREATE OR REPLACE FUNCTION complaints_complaint_of_its_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.moved_at IS NULL OR NOT EXISTS (
        SELECT FROM cases_changerequest r
        JOIN numbers_phonenumber n ON n.canonical = r.pattern
        JOIN cases_case k ON k.number_id = n.id
        WHERE r.state = 'confirmed' AND r.case_id = OLD.case_id AND n.id = NEW.number_id AND k.id = NEW.case_id
          AND (r.kind = 'move' AND r.ticket = OLD.ticket OR r.kind = 'merge')
    ) THEN
        RAISE EXCEPTION 'a complaint changes its number only by two people'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'complaint_moved_by_two';
    END IF;
    UPDATE complaints_evidence SET case_id = NEW.case_id WHERE complaint_id = NEW.id;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER complaint_of_its_number BEFORE UPDATE OF number_id, case_id ON complaints_complaint
FOR EACH ROW WHEN (OLD.number_id <> NEW.number_id OR OLD.case_id <> NEW.case_id)
EXECUTE FUNCTION complaints_complaint_of_its_number();
