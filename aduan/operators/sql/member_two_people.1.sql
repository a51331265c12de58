-- Who manages access at an organisation gives out its keys. The first such person is the one whom two administrators
-- approved in this transaction; all others are invited by one who is there. A log-in never moves to another organisation.

CREATE OR REPLACE FUNCTION operators_member_two_people() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.user_id, NEW.operator_id) <> (OLD.user_id, OLD.operator_id) THEN
        RAISE EXCEPTION 'a log-in acts for one organisation' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM operators_operatormember m JOIN accounts_user u ON u.id = m.user_id
               WHERE m.operator_id = NEW.operator_id AND m.manages_keys AND u.is_active) THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' AND EXISTS (
        SELECT 1 FROM accounts_approved_now('first_person', 'operator:' || NEW.operator_id) t
        JOIN accounts_user u ON u.email = t ->> 'email' WHERE u.id = NEW.user_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the first person of an organisation takes two administrators' USING ERRCODE = 'check_violation';
END
$$;

CREATE OR REPLACE TRIGGER member_two_people BEFORE INSERT OR UPDATE ON operators_operatormember
FOR EACH ROW EXECUTE FUNCTION operators_member_two_people();
