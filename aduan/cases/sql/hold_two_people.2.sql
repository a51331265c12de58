-- A hold begins when a second person confirms it, each with the evidence of their step-up, under a policy whose legal
-- reference is in force on the day; within the quota of the hour (of a human, not of a log-in), or by two leads; once per number in the policy's days;
-- never of a protected number, one that resembles an official one, or one in use for longer than the policy's years.
-- Afterwards it only ever ends, once. `aduan.cases.hold_rules` is the same rule for its times.

CREATE OR REPLACE FUNCTION cases_hold_signers_allowed(
    signers bigint[], proposer bigint, leads boolean, of_case bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (
        SELECT 1 FROM accounts_user u
        WHERE u.id = ANY (signers) AND NOT (u.is_active AND CASE
            WHEN leads THEN u.roles && ARRAY['lead']::varchar[]
            WHEN u.id = proposer THEN u.roles && ARRAY['reviewer', 'lead']::varchar[]
            ELSE u.roles && ARRAY['reviewer', 'approver', 'lead']::varchar[] END))
       AND NOT EXISTS (
        SELECT 1 FROM cases_case c WHERE c.id = of_case AND c.conflicted_user_ids && signers)
$$;

CREATE OR REPLACE FUNCTION cases_hold_allowed(
    policy_id bigint, number_id bigint, of_case bigint, at timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN NOT EXISTS (
            SELECT 1 FROM cases_holdpolicy p JOIN operators_legalreference l ON l.id = p.legal_reference_id
            WHERE p.id = $1 AND p.valid @> ($4 AT TIME ZONE 'Asia/Jakarta')::date
              AND l.valid @> ($4 AT TIME ZONE 'Asia/Jakarta')::date)
        THEN 'hold_without_legal_reference'
        WHEN NOT EXISTS (SELECT 1 FROM cases_case c WHERE c.id = $3 AND c.number_id = $2)
        THEN 'hold_of_another_number'
        WHEN EXISTS (
            SELECT 1 FROM numbers_phonenumber n WHERE n.id = $2 AND numbers_is_protected(n.canonical))
          OR EXISTS (SELECT 1 FROM cases_case c WHERE c.id = $3 AND c.protected)
        THEN 'hold_of_protected_number'
        WHEN EXISTS (SELECT 1 FROM numbers_phonenumber n WHERE n.id = $2 AND n.resembles_id IS NOT NULL)
          OR EXISTS (SELECT 1 FROM cases_case c WHERE c.id = $3 AND c.resembles_protected)
        THEN 'hold_of_lookalike'
        WHEN EXISTS (SELECT 1 FROM numbers_phonenumber n WHERE n.id = $2 AND n.kind <> 'mobile')
        THEN 'hold_of_other_kind'
        WHEN EXISTS (
            SELECT 1 FROM numbers_phonenumber n JOIN cases_case c ON c.number_id = n.id
            CROSS JOIN cases_holdpolicy p
            WHERE n.id = $2 AND p.id = $1 AND least(n.in_use_since, c.in_use_since)
                + make_interval(years => p.use_years) < ($4 AT TIME ZONE 'Asia/Jakarta')::date)
        THEN 'hold_of_number_long_in_use'
        WHEN EXISTS (
            SELECT 1 FROM cases_case c
            WHERE c.id = $3 AND (c.status NOT IN ('open', 'needs_info', 'proposed', 'disputed')
                                 OR c.objection_since IS NOT NULL))
        THEN 'hold_of_decided_case'
        WHEN EXISTS (
            SELECT 1 FROM cases_block b
            WHERE b.number_id = $2 AND b.requested_action = 'block' AND b.released_at IS NULL
              AND b.valid_until > ($4 AT TIME ZONE 'Asia/Jakarta')::date)
        THEN 'hold_of_blocked_number'
        ELSE '' END
$$;

CREATE OR REPLACE FUNCTION cases_hold_two_people() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    policy cases_holdpolicy;
    signers bigint[];
    refusal text;
    at timestamptz;
BEGIN
    signers := array_remove(ARRAY[NEW.proposed_by_id, NEW.second_by_id], NULL);
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'pending' THEN
            RAISE EXCEPTION 'a hold begins with a proposal' USING ERRCODE = 'check_violation';
        END IF;
        IF NOT cases_signature_proved(NEW.proposed_step_up_id, NEW.proposed_by_id, 'case.propose_hold', NEW.case_id,
            NEW.seen_digest, NEW.proposed_at) THEN
            RAISE EXCEPTION 'no step-up behind this signature' USING ERRCODE = 'check_violation';
        END IF;
        at := NEW.proposed_at;
    ELSE
        IF (NEW.case_id, NEW.number_id, NEW.operator_id, NEW.digits, NEW.category, NEW.policy_id, NEW.grounds,
            NEW.qualified_at, NEW.reason, NEW.seen_digest, NEW.proposed_by_id, NEW.proposed_at,
            NEW.proposed_step_up_id)
           IS DISTINCT FROM
           (OLD.case_id, OLD.number_id, OLD.operator_id, OLD.digits, OLD.category, OLD.policy_id, OLD.grounds,
            OLD.qualified_at, OLD.reason, OLD.seen_digest, OLD.proposed_by_id, OLD.proposed_at,
            OLD.proposed_step_up_id)
           OR OLD.state <> 'pending' AND
           (NEW.state, NEW.needs_leads, NEW.second_by_id, NEW.second_digest, NEW.second_step_up_id, NEW.second_reason,
            NEW.settled_at, NEW.confirmed_at, NEW.ends_at)
           IS DISTINCT FROM
           (OLD.state, OLD.needs_leads, OLD.second_by_id, OLD.second_digest, OLD.second_step_up_id, OLD.second_reason,
            OLD.settled_at, OLD.confirmed_at, OLD.ends_at)
           OR OLD.ended_at IS NOT NULL AND NEW IS DISTINCT FROM OLD
           OR OLD.became_block_at IS NOT NULL AND NEW.became_block_at IS DISTINCT FROM OLD.became_block_at THEN
            RAISE EXCEPTION 'what was signed never changes: a hold only ends, once'
                USING ERRCODE = 'check_violation';
        END IF;
        IF OLD.state <> 'pending' OR NEW.state <> 'confirmed' THEN
            RETURN NEW;
        END IF;
        IF NOT cases_signature_proved(NEW.second_step_up_id, NEW.second_by_id, 'case.confirm_hold', NEW.case_id,
            NEW.second_digest, NEW.confirmed_at) THEN
            RAISE EXCEPTION 'no step-up behind this signature' USING ERRCODE = 'check_violation';
        END IF;
        at := NEW.confirmed_at;
    END IF;
    refusal := cases_hold_allowed(NEW.policy_id, NEW.number_id, NEW.case_id, at);
    IF refusal <> '' THEN
        RAISE EXCEPTION 'this number is not held: %', refusal
            USING ERRCODE = 'check_violation', CONSTRAINT = refusal;
    END IF;
    IF NOT accounts_different_humans(signers)
       OR NOT cases_hold_signers_allowed(signers, NEW.proposed_by_id, NEW.needs_leads, NEW.case_id) THEN
        RAISE EXCEPTION 'a hold is signed by two people who may' USING ERRCODE = 'check_violation';
    END IF;
    SELECT * INTO STRICT policy FROM cases_holdpolicy WHERE id = NEW.policy_id;
    IF EXISTS (
        SELECT 1 FROM cases_hold h
        WHERE h.number_id = NEW.number_id AND h.id <> NEW.id
          AND h.confirmed_at + make_interval(days => policy.again_after_days) > at) THEN
        RAISE EXCEPTION 'this number was held already within the days of the policy'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'hold_once_in_days';
    END IF;
    IF NEW.state <> 'confirmed' THEN
        RETURN NEW;
    END IF;
    IF NEW.ends_at <= NEW.confirmed_at OR NEW.ends_at > NEW.confirmed_at + make_interval(hours => policy.hours) THEN
        RAISE EXCEPTION 'a hold ends within the hours of the policy' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('cases_hold_quota'));
    IF NOT NEW.needs_leads AND (
        (SELECT count(*) FROM cases_hold h WHERE h.confirmed_at > at - interval '1 hour') >= policy.hourly_quota
        OR EXISTS (
            SELECT 1 FROM unnest(signers) AS signer(id)
            WHERE (SELECT count(*) FROM cases_hold h
                   WHERE h.confirmed_at > at - interval '1 hour'
                     AND NOT (accounts_different_humans(ARRAY[signer.id, h.proposed_by_id])
                              AND accounts_different_humans(ARRAY[signer.id, h.second_by_id])))
                  >= policy.personal_quota)) THEN
        RAISE EXCEPTION 'above the quota of the hour two leads sign'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'hold_above_quota';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER hold_two_people BEFORE INSERT OR UPDATE ON cases_hold
FOR EACH ROW EXECUTE FUNCTION cases_hold_two_people();
