-- One human of the ministry has one log-in: no second one with the same staff number or mailbox, however written. Those of
-- operators are their organisations' own.

CREATE OR REPLACE FUNCTION accounts_one_log_in() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.email, NEW.staff_number) = (OLD.email, OLD.staff_number) THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('accounts_one_log_in'));
    IF EXISTS (
        SELECT 1 FROM accounts_user u
        WHERE u.id <> NEW.id AND u.roles <> ARRAY['operator_person']::varchar[]
          AND (accounts_plain_number(u.staff_number) = accounts_plain_number(NEW.staff_number)
               OR accounts_mailbox(u.email) = accounts_mailbox(NEW.email))) THEN
        RAISE EXCEPTION 'one human has one log-in'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'one_log_in_a_human';
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER one_log_in AFTER INSERT OR UPDATE OF email, staff_number ON accounts_user
FOR EACH ROW WHEN (NEW.roles <> ARRAY['operator_person']::varchar[]) EXECUTE FUNCTION accounts_one_log_in();
