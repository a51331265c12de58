-- A block ends under a change request that two people signed, or by code of the application on grounds that the database
-- sees too: its time is over, its operator reported a new holder, its number moved, it was a referral whose case was
-- opened again, or one of its signers or a lead stopped an urgent block (`blocklists/sql/urgent_stop` says until when).
-- Rows that SQL alone writes are no ground: an answer, an objection, another time.

CREATE OR REPLACE FUNCTION cases_block_release_grounds() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    founded boolean;
BEGIN
    founded := CASE NEW.release_reason
        WHEN 'expired' THEN NEW.valid_until <= (NEW.released_at AT TIME ZONE 'Asia/Jakarta')::date
        WHEN 'recycled' THEN EXISTS (
            SELECT 1 FROM cases_caseevent e
            WHERE e.case_id = NEW.case_id AND e.action = 'answer' AND e.detail ->> 'answer' = 'recycled'
              AND e.created_at >= NEW.confirmed_at)
        WHEN 'rerouted' THEN EXISTS (
            SELECT 1 FROM numbers_phonenumber n
            WHERE n.id = NEW.number_id AND n.operator_id IS NOT NULL AND n.operator_id <> NEW.operator_id)
        WHEN 'stopped' THEN NEW.urgent AND EXISTS (
            SELECT 1 FROM accounts_user u JOIN cases_proposal p ON p.id = NEW.proposal_id
            WHERE u.id = NEW.released_by_id AND u.is_active
              AND (u.id IN (p.proposed_by_id, p.second_by_id, p.third_by_id) OR 'lead' = ANY (u.roles)))
        WHEN 'reopened' THEN NEW.requested_action <> 'block'
        ELSE EXISTS (
            SELECT 1 FROM cases_changerequest r
            WHERE r.id = NEW.released_under_id AND r.state = 'confirmed' AND CASE NEW.release_reason
                WHEN 'error' THEN r.kind = 'release' AND r.case_id = NEW.case_id
                WHEN 'objection' THEN r.kind = 'objection' AND r.case_id = NEW.case_id AND r.upheld
                WHEN 'protected' THEN r.kind = 'protect' AND cases_number_matches(
                    (SELECT n.canonical FROM numbers_phonenumber n WHERE n.id = NEW.number_id), r.pattern)
                ELSE FALSE END)
        END;
    IF founded IS NOT TRUE OR NEW.release_reason NOT IN ('error', 'objection', 'protected')
       AND NOT accounts_made_by_application(NEW.release_mac, 'release', NEW.id::text, NEW.release_reason,
                                            accounts_microseconds(NEW.released_at), NEW.released_by_id::text) THEN
        RAISE EXCEPTION 'a block ends under a request that two people signed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'release_takes_two';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER block_release_grounds BEFORE UPDATE ON cases_block
FOR EACH ROW WHEN (OLD.released_at IS NULL AND NEW.released_at IS NOT NULL)
EXECUTE FUNCTION cases_block_release_grounds();
