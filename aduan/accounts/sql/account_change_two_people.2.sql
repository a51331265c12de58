-- A change that gives power takes two administrators, both proved by a step-up; with the person these are three
-- different humans. One human is one staff number and one mailbox: `aduan.core.contacts` normalises addresses in the
-- same way. What was proposed and settled never changes.

CREATE OR REPLACE FUNCTION accounts_plain_number(staff_number text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT regexp_replace(lower(normalize(staff_number, NFKC)), '[^[:alnum:]]', '', 'g')
$$;

CREATE OR REPLACE FUNCTION accounts_mailbox(email text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN mailbox.address ~ '@(gmail|googlemail)[.]com$'
        THEN replace(split_part(mailbox.address, '@', 1), '.', '') || '@gmail.com'
        ELSE mailbox.address END
    FROM (SELECT regexp_replace(lower(normalize(email, NFKC)), '[+][^@]*@', '@') AS address) mailbox
$$;

CREATE OR REPLACE FUNCTION accounts_different_humans(people bigint[]) RETURNS boolean LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT count(DISTINCT accounts_plain_number(u.staff_number)) = cardinality(people)
       AND count(DISTINCT accounts_mailbox(u.email)) = cardinality(people)
      FROM accounts_user u
     WHERE u.id = ANY (people)
$$;

CREATE OR REPLACE FUNCTION accounts_mailbox_allowed(email text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT COALESCE((
        SELECT p.mail_domains = '{}' OR split_part(lower(email), '@', 2) = ANY (p.mail_domains)
        FROM accounts_accountpolicy p), true)
$$;

CREATE OR REPLACE FUNCTION accounts_account_change_two_people() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    actor bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'pending' OR NEW.settled_by_id IS NOT NULL OR NEW.settled_step_up_id IS NOT NULL THEN
            RAISE EXCEPTION 'a change of an account begins pending' USING ERRCODE = 'check_violation';
        END IF;
        actor := NEW.proposed_by_id;
        IF NOT accounts_stepped_up(NEW.proposed_step_up_id, actor, ARRAY['user.propose_change'],
                                   'user:' || NEW.person_id, NEW.proposed_at) THEN
            RAISE EXCEPTION 'no step-up behind this proposal' USING ERRCODE = 'check_violation';
        END IF;
    ELSE
        IF OLD.state <> 'pending' AND NEW IS DISTINCT FROM OLD
           OR (NEW.person_id, NEW.kind, NEW.roles, NEW.name, NEW.email, NEW.staff_number, NEW.reason,
               NEW.proposed_by_id, NEW.proposed_at, NEW.proposed_step_up_id)
              IS DISTINCT FROM
              (OLD.person_id, OLD.kind, OLD.roles, OLD.name, OLD.email, OLD.staff_number, OLD.reason,
               OLD.proposed_by_id, OLD.proposed_at, OLD.proposed_step_up_id) THEN
            RAISE EXCEPTION 'what was proposed and settled never changes' USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.state <> 'confirmed' THEN
            RETURN NEW;
        END IF;
        actor := NEW.settled_by_id;
        IF NOT accounts_stepped_up(NEW.settled_step_up_id, actor, ARRAY['user.confirm_change'],
                                   'account_change:' || NEW.id, NEW.settled_at) THEN
            RAISE EXCEPTION 'no step-up behind this confirmation' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF NOT accounts_different_humans(array_remove(ARRAY[NEW.person_id, NEW.proposed_by_id, NEW.settled_by_id], NULL))
    THEN
        RAISE EXCEPTION 'one human cannot grant twice, or to themselves' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM accounts_user u WHERE u.id = actor AND u.is_active AND 'administrator' = ANY (u.roles))
    THEN
        RAISE EXCEPTION 'only an active administrator grants' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.kind <> 'identity' AND NOT EXISTS (
        SELECT 1 FROM accounts_user u
        WHERE u.id = NEW.person_id AND (u.name, u.email, u.staff_number) = (NEW.name, NEW.email, NEW.staff_number))
    THEN
        RAISE EXCEPTION 'the person is not the one that was seen' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT accounts_mailbox_allowed(NEW.email) THEN
        RAISE EXCEPTION 'the policy does not allow this mailbox' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER account_change_two_people BEFORE INSERT OR UPDATE ON accounts_accountchange
FOR EACH ROW EXECUTE FUNCTION accounts_account_change_two_people();
