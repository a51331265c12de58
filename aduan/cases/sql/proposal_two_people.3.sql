-- The signers of a proposal are different humans, active and allowed to sign; what was proposed and signed never
-- changes. One human is one staff number and one mailbox: `aduan.core.contacts` normalises addresses in the same way.
-- Behind each signature stands the evidence of its signer's step-up, for this case, this answer and what they saw.

CREATE OR REPLACE FUNCTION cases_signature_proved(
    evidence bigint, person bigint, act text, case_id bigint, seen text, at timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT accounts_stepped_up($1, $2, ARRAY[$3], 'case:' || $4, $6)
       AND EXISTS (SELECT 1 FROM accounts_stepupevidence e WHERE e.id = $1 AND e.digest = $5)
$$;

CREATE OR REPLACE FUNCTION cases_proposal_two_people() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    signers bigint[];
    fresh bigint[];
    not_allowed int;
BEGIN
    signers := array_remove(ARRAY[NEW.proposed_by_id, NEW.second_by_id, NEW.third_by_id], NULL);
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'pending' OR cardinality(signers) <> 1 THEN
            RAISE EXCEPTION 'a proposal begins pending and unsigned' USING ERRCODE = 'check_violation';
        END IF;
        fresh := signers;
    ELSE
        IF OLD.state IN ('confirmed', 'rejected', 'retracted') AND NEW IS DISTINCT FROM OLD THEN
            RAISE EXCEPTION 'a settled proposal never changes' USING ERRCODE = 'check_violation';
        END IF;
        IF (NEW.case_id, NEW.proposal_type, NEW.proposed_by_id, NEW.proposed_at, NEW.seen_digest,
            NEW.reason_code, NEW.reason, NEW.evidence_ids, NEW.block_until, NEW.needs_third, NEW.platform_id,
            NEW.proposed_step_up_id)
           IS DISTINCT FROM
           (OLD.case_id, OLD.proposal_type, OLD.proposed_by_id, OLD.proposed_at, OLD.seen_digest,
            OLD.reason_code, OLD.reason, OLD.evidence_ids, OLD.block_until, OLD.needs_third, OLD.platform_id,
            OLD.proposed_step_up_id)
           OR (OLD.second_by_id IS NOT NULL
               AND (NEW.second_by_id, NEW.second_agrees, NEW.second_at, NEW.second_digest, NEW.second_step_up_id)
               IS DISTINCT FROM
               (OLD.second_by_id, OLD.second_agrees, OLD.second_at, OLD.second_digest, OLD.second_step_up_id)) THEN
            RAISE EXCEPTION 'what was proposed and signed never changes' USING ERRCODE = 'check_violation';
        END IF;
        fresh := CASE
            WHEN NEW.state = 'confirmed' THEN signers
            WHEN NEW.third_by_id IS DISTINCT FROM OLD.third_by_id THEN ARRAY[NEW.third_by_id]
            WHEN NEW.second_by_id IS DISTINCT FROM OLD.second_by_id THEN ARRAY[NEW.second_by_id]
            ELSE ARRAY[]::bigint[] END;
    END IF;
    IF NOT accounts_different_humans(signers) THEN
        RAISE EXCEPTION 'one human cannot sign twice' USING ERRCODE = 'check_violation';
    END IF;
    SELECT count(*) FILTER (WHERE u.id = ANY (fresh) AND NOT (u.is_active AND u.roles && CASE
               WHEN u.id = NEW.proposed_by_id THEN ARRAY['reviewer']::varchar[]
               ELSE ARRAY['reviewer', 'approver']::varchar[] END))
      INTO not_allowed
      FROM accounts_user u
      WHERE u.id = ANY (signers);
    IF not_allowed > 0 THEN
        RAISE EXCEPTION 'a signer must be active and allowed to sign' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'confirmed' AND NEW.proposal_type = 'block'
       AND EXISTS (SELECT 1 FROM cases_case c WHERE c.id = NEW.case_id AND c.protected) THEN
        RAISE EXCEPTION 'a protected number is never blocked' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'INSERT' AND NOT cases_signature_proved(
           NEW.proposed_step_up_id, NEW.proposed_by_id, 'case.propose', NEW.case_id, NEW.seen_digest, NEW.proposed_at)
       OR TG_OP = 'UPDATE' AND NEW.second_by_id IS DISTINCT FROM OLD.second_by_id AND NOT cases_signature_proved(
           NEW.second_step_up_id, NEW.second_by_id, CASE WHEN NEW.second_agrees THEN 'case.agree' ELSE 'case.disagree' END,
           NEW.case_id, NEW.second_digest, NEW.second_at)
       OR TG_OP = 'UPDATE' AND NEW.third_by_id IS DISTINCT FROM OLD.third_by_id AND NOT cases_signature_proved(
           NEW.third_step_up_id, NEW.third_by_id, CASE WHEN NEW.third_agrees THEN 'case.agree' ELSE 'case.disagree' END,
           NEW.case_id, NEW.third_digest, NEW.third_at)
    THEN
        RAISE EXCEPTION 'no step-up behind this signature' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER proposal_two_people BEFORE INSERT OR UPDATE ON cases_proposal
FOR EACH ROW EXECUTE FUNCTION cases_proposal_two_people();
