-- What one human asks for, another approves: both active, allowed to, and proved by a step-up over exactly these terms.
-- What was asked for and settled never changes. The transaction of the approval is written here, and triggers of other
-- tables ask for it: what two people approved is done with their approval, once.

CREATE OR REPLACE FUNCTION accounts_proved_terms(
    evidence bigint, person bigint, act text, subject text, terms text, at timestamptz) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM accounts_stepupevidence e
        WHERE e.id = $1 AND e.person_id = $2 AND e.act = $3 AND e.subject = $4 AND e.at = $6
          AND e.digest = encode(sha256(convert_to($5, 'UTF8')), 'hex'))
$$;

CREATE OR REPLACE FUNCTION accounts_approval_request_two_people() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    signers bigint[] := array_remove(ARRAY[NEW.requested_by_id, NEW.settled_by_id], NULL);
    allowed varchar[] := CASE
        WHEN NEW.kind IN ('inbound', 'canary_add', 'canary_end') THEN ARRAY['list_manager']
        WHEN NEW.kind IN ('register', 'holder', 'platform', 'contact') THEN ARRAY['list_manager', 'administrator']
        WHEN NEW.kind = 'limits' THEN ARRAY['lead', 'administrator']
        WHEN NEW.kind IN ('phone', 'first_person') THEN ARRAY['administrator']
        ELSE ARRAY[]::varchar[] END;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'pending' OR cardinality(signers) <> 1 OR NEW.transaction IS NOT NULL THEN
            RAISE EXCEPTION 'a request for approval begins pending and unsigned' USING ERRCODE = 'check_violation';
        END IF;
        IF jsonb_typeof(NEW.terms::jsonb) <> 'object' OR NOT accounts_proved_terms(
            NEW.requested_step_up_id, NEW.requested_by_id, 'approval.request', NEW.subject, NEW.terms, NEW.requested_at)
        THEN
            RAISE EXCEPTION 'a request without the step-up of its asker' USING ERRCODE = 'check_violation';
        END IF;
    ELSE
        IF (NEW.kind, NEW.subject, NEW.terms, NEW.reason, NEW.requested_by_id, NEW.requested_at,
            NEW.requested_step_up_id)
           IS DISTINCT FROM
           (OLD.kind, OLD.subject, OLD.terms, OLD.reason, OLD.requested_by_id, OLD.requested_at,
            OLD.requested_step_up_id)
           OR OLD.state <> 'pending' AND NEW IS DISTINCT FROM OLD THEN
            RAISE EXCEPTION 'what was asked for and settled never changes' USING ERRCODE = 'check_violation';
        END IF;
        NEW.transaction := OLD.transaction;
        IF OLD.state <> 'pending' OR NEW.state <> 'approved' THEN
            RETURN NEW;
        END IF;
        IF NOT accounts_proved_terms(
            NEW.settled_step_up_id, NEW.settled_by_id, 'approval.approve', NEW.subject, NEW.terms, NEW.settled_at) THEN
            RAISE EXCEPTION 'an approval without the step-up of its signer' USING ERRCODE = 'check_violation';
        END IF;
        NEW.transaction := pg_current_xact_id()::text::bigint;
    END IF;
    IF NEW.kind = 'phone' THEN  -- not by the person whose number it is, under whichever log-in
        IF NOT accounts_different_humans(signers || split_part(NEW.subject, ':', 2)::bigint) THEN
            RAISE EXCEPTION 'no human approves what is their own' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF NOT accounts_different_humans(signers) THEN
        RAISE EXCEPTION 'one human cannot approve what they asked for' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM accounts_user u WHERE u.id = ANY (signers) AND NOT (u.is_active AND u.roles && allowed))
    THEN
        RAISE EXCEPTION 'a signer must be active and allowed to sign' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER approval_request_two_people BEFORE INSERT OR UPDATE ON accounts_approvalrequest
FOR EACH ROW EXECUTE FUNCTION accounts_approval_request_two_people();

-- For the triggers of other tables: the terms of what was approved of this subject in this transaction, else no row.
CREATE OR REPLACE FUNCTION accounts_approved_now(kind text, subject text) RETURNS SETOF jsonb
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT r.terms::jsonb FROM accounts_approvalrequest r
    WHERE r.kind = $1 AND ($2 IS NULL OR r.subject = $2) AND r.state = 'approved'
      AND r.transaction = pg_current_xact_id()::text::bigint
$$;
