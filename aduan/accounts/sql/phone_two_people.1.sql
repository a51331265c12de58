-- By a person's own number the database knows two log-ins of one human, and in which cases they take no part. One
-- administrator writes it down; another number in its place, or none, takes two, neither of them the person.

CREATE OR REPLACE FUNCTION accounts_phone_two_people() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM accounts_approved_now('phone', 'user:' || NEW.id) t WHERE t ->> 'phone' = NEW.phone) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a person''s own number changes with two administrators' USING ERRCODE = 'check_violation';
END
$$;

CREATE OR REPLACE TRIGGER phone_two_people BEFORE UPDATE ON accounts_user
FOR EACH ROW WHEN (OLD.phone <> '' AND NEW.phone <> OLD.phone) EXECUTE FUNCTION accounts_phone_two_people();
