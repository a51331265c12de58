-- What frees a number, or changes what may be blocked, is asked for by one human and confirmed by another, both active
-- and allowed to, each with the evidence of a step-up; neither of them decided the block that ends. What was asked for
-- and what was settled never changes. Who held the number does not answer for it either.

CREATE OR REPLACE FUNCTION cases_change_request_two_people() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    signers bigint[];
    allowed varchar[];
    subject text := CASE WHEN NEW.case_id IS NULL THEN 'pattern:' || NEW.pattern ELSE 'case:' || NEW.case_id END;
BEGIN
    signers := array_remove(ARRAY[NEW.requested_by_id, NEW.settled_by_id], NULL);
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'pending' OR cardinality(signers) <> 1
           OR NEW.kind = 'protect' AND NEW.protected_id IS NOT NULL THEN
            RAISE EXCEPTION 'a change request begins pending and unsigned' USING ERRCODE = 'check_violation';
        END IF;
        IF NOT accounts_stepped_up(
            NEW.requested_evidence_id, NEW.requested_by_id, ARRAY['case.request_change', 'number.request_change'],
            subject, NEW.requested_at) THEN
            RAISE EXCEPTION 'a request without the step-up of its asker' USING ERRCODE = 'check_violation';
        END IF;
    ELSE
        IF (NEW.kind, NEW.case_id, NEW.pattern, NEW.upheld, NEW.owner, NEW.owner_kind, NEW.source, NEW.reason,
            NEW.notice_id, NEW.notice_en, NEW.block_count, NEW.seen_digest, NEW.requested_by_id, NEW.requested_at,
            NEW.requested_evidence_id, NEW.ticket)
           IS DISTINCT FROM
           (OLD.kind, OLD.case_id, OLD.pattern, OLD.upheld, OLD.owner, OLD.owner_kind, OLD.source, OLD.reason,
            OLD.notice_id, OLD.notice_en, OLD.block_count, OLD.seen_digest, OLD.requested_by_id, OLD.requested_at,
            OLD.requested_evidence_id, OLD.ticket)
           OR OLD.state <> 'pending' AND
           (NEW.state, NEW.settled_by_id, NEW.settled_at, NEW.settled_digest, NEW.settled_reason,
            NEW.settled_evidence_id)
           IS DISTINCT FROM
           (OLD.state, OLD.settled_by_id, OLD.settled_at, OLD.settled_digest, OLD.settled_reason,
            OLD.settled_evidence_id)
           OR NEW.protected_id IS DISTINCT FROM OLD.protected_id
           AND NOT (NEW.kind = 'protect' AND OLD.protected_id IS NULL AND NEW.state = 'confirmed') THEN
            RAISE EXCEPTION 'what was asked for and settled never changes' USING ERRCODE = 'check_violation';
        END IF;
        IF OLD.state <> 'pending' OR NEW.state <> 'confirmed' THEN
            RETURN NEW;
        END IF;
        IF NOT accounts_stepped_up(
            NEW.settled_evidence_id, NEW.settled_by_id, ARRAY['case.confirm_change', 'number.confirm_change'],
            subject, NEW.settled_at) THEN
            RAISE EXCEPTION 'a confirmation without the step-up of its signer' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    allowed := CASE WHEN NEW.kind IN ('release', 'objection', 'move', 'split', 'merge') THEN ARRAY['reviewer', 'approver']
        ELSE ARRAY['list_manager', 'administrator'] END;
    IF NOT accounts_different_humans(signers) THEN
        RAISE EXCEPTION 'one human cannot confirm what they asked for' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT 1 FROM accounts_user u
        WHERE u.id = ANY (signers) AND NOT (u.is_active AND u.roles && allowed)
    ) THEN
        RAISE EXCEPTION 'a signer must be active and allowed to sign' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.case_id IS NOT NULL AND EXISTS (
        SELECT 1 FROM (
            SELECT unnest(ARRAY[p.proposed_by_id, p.second_by_id, p.third_by_id]) AS id FROM cases_proposal p
            WHERE p.case_id = NEW.case_id AND p.state = 'confirmed'
            UNION
            SELECT unnest(ARRAY[h.proposed_by_id, h.second_by_id]) FROM cases_hold h
            WHERE h.case_id = NEW.case_id AND h.confirmed_at IS NOT NULL
        ) decided CROSS JOIN unnest(signers) AS signer(id)
        WHERE decided.id IS NOT NULL AND NOT accounts_different_humans(ARRAY[signer.id, decided.id])
    ) THEN
        RAISE EXCEPTION 'who decided a block does not answer for it' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER change_request_two_people BEFORE INSERT OR UPDATE ON cases_changerequest
FOR EACH ROW EXECUTE FUNCTION cases_change_request_two_people();
