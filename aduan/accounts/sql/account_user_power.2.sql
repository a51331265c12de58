-- A log-in of the ministry gains a role or its activity only by a change that two administrators confirmed, each change once;
-- the time from which signatures count is written with it. The same for another name, address or staff number of any
-- log-in: letters about a new password go to the address, and a log-in that lost its roles may get them back. Losing any
-- of that takes no one else. The first two administrators of an empty portal are the exception.

CREATE OR REPLACE FUNCTION accounts_account_user_power() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    gained varchar[];
    staff boolean := NOT NEW.roles <@ ARRAY['operator_person']::varchar[];
    renamed boolean;
    woken boolean;
    waits boolean;
    dated boolean;
    change record;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT staff AND NEW.roles_granted_at IS NULL AND NEW.last_change_id IS NULL
           OR NEW.roles = ARRAY['administrator']::varchar[]
              AND NOT EXISTS (SELECT 1 FROM accounts_accountchange)
              AND (SELECT count(*) FROM accounts_user u WHERE NOT u.roles <@ ARRAY['operator_person']::varchar[]) < 2
        THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'a log-in begins without roles' USING ERRCODE = 'check_violation';
    END IF;
    gained := ARRAY(SELECT unnest(NEW.roles) EXCEPT SELECT unnest(OLD.roles) EXCEPT SELECT 'operator_person');
    renamed := (NEW.name, NEW.email, NEW.staff_number)
               IS DISTINCT FROM (OLD.name, OLD.email, OLD.staff_number);
    woken := staff AND NEW.is_active AND NOT OLD.is_active;
    dated := NEW.roles_granted_at IS DISTINCT FROM OLD.roles_granted_at;
    IF gained = '{}' AND NOT renamed AND NOT woken AND NOT dated AND NEW.last_change_id IS NOT DISTINCT FROM OLD.last_change_id
    THEN
        RETURN NEW;
    END IF;
    SELECT * INTO change FROM accounts_accountchange c
     WHERE c.id = NEW.last_change_id AND c.id > COALESCE(OLD.last_change_id, 0)
       AND c.person_id = NEW.id AND c.state = 'confirmed';
    IF NOT FOUND
       OR gained <> '{}' AND NOT (change.kind = 'roles' AND NEW.roles <@ change.roles)
       OR renamed AND NOT (change.kind = 'identity' AND (NEW.name, NEW.email, NEW.staff_number)
                           IS NOT DISTINCT FROM (change.name, change.email, change.staff_number))
       OR woken AND change.kind <> 'reactivate' THEN
        RAISE EXCEPTION 'a log-in gains nothing without two administrators' USING ERRCODE = 'check_violation';
    END IF;
    waits := woken OR change.kind = 'second_factor' OR gained <> '{}' AND OLD.roles_granted_at IS NULL
             OR gained && ARRAY['reviewer', 'approver', 'list_manager', 'administrator']::varchar[];
    IF NEW.roles_granted_at IS DISTINCT FROM (CASE WHEN waits THEN change.settled_at ELSE OLD.roles_granted_at END) THEN
        RAISE EXCEPTION 'the waiting time begins with the grant' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER account_user_power BEFORE INSERT OR UPDATE ON accounts_user
FOR EACH ROW EXECUTE FUNCTION accounts_account_user_power();
