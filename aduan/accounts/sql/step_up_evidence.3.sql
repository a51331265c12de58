-- Evidence of a step-up is taken only with the code that `aduan.accounts.step_up.mac_of` computes, only as fresh as the
-- act needs it, only of the strength that the policy asks of staff, and only of people whose grant is older than its waiting
-- time. The keys can be read by their owner alone: the first function runs with the owner's rights.

CREATE OR REPLACE FUNCTION accounts_step_up_mac_holds(message text, mac bytea) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM accounts_stepupkey k
        WHERE sha256(k.outer_block || sha256(k.inner_block || convert_to(message, 'UTF8'))) = mac)
$$;

CREATE OR REPLACE FUNCTION accounts_step_up_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT accounts_step_up_mac_holds(concat_ws(E'\n',
        NEW.person_id, NEW.method, (extract(epoch FROM NEW.proved_at) * 1000000)::bigint, NEW.act, NEW.subject,
        NEW.digest, (extract(epoch FROM NEW.at) * 1000000)::bigint, NEW.nonce), NEW.mac) THEN
        RAISE EXCEPTION 'evidence of a step-up that nobody made' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.proved_at < NEW.at - interval '16 minutes' OR NEW.proved_at > NEW.at + interval '1 minute' THEN
        RAISE EXCEPTION 'the step-up is too old for the act' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.method <> 'second_factor' AND NOT COALESCE((SELECT p.password_steps_up FROM accounts_accountpolicy p), false)
    THEN
        RAISE EXCEPTION 'the act needs the second factor' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM accounts_user u
        WHERE u.id = NEW.person_id AND u.is_active
          AND u.roles_granted_at + COALESCE((SELECT p.waiting_hours FROM accounts_accountpolicy p), 24) * interval '1 hour'
              <= NEW.at)
    THEN
        RAISE EXCEPTION 'signatures of this person do not count yet' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER step_up_evidence BEFORE INSERT ON accounts_stepupevidence
FOR EACH ROW EXECUTE FUNCTION accounts_step_up_evidence();

-- For the triggers of other tables: whether this evidence is this person's, for this act on this subject at this time.
CREATE OR REPLACE FUNCTION accounts_stepped_up(
    evidence bigint, person bigint, acts text[], subject text, at timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM accounts_stepupevidence e
        WHERE e.id = $1 AND e.person_id = $2 AND e.act = ANY ($3) AND e.subject = $4 AND e.at = $5)
$$;
