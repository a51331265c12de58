-- A block with a high impact takes three signatures: the rule of `queries.risk.third_signature_reason`, applied to the
-- case as it is at the last signature.

CREATE OR REPLACE FUNCTION cases_proposal_three_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM cases_case c
        WHERE c.id = NEW.case_id
          AND (c.resembles_protected OR c.number_kind <> 'mobile'
               OR c.in_use_since + interval '5 years' < (NEW.settled_at AT TIME ZONE 'Asia/Jakarta')::date
               OR EXISTS (
                   SELECT 1 FROM cases_caseevent e JOIN cases_case o ON o.id = e.case_id
                   WHERE o.number_id = c.number_id AND e.action = 'object'))
    ) THEN
        RAISE EXCEPTION 'a block of this number takes three people' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER proposal_three_people BEFORE UPDATE ON cases_proposal
FOR EACH ROW WHEN (NEW.proposal_type = 'block' AND NOT NEW.needs_third AND NEW.state = 'confirmed')
EXECUTE FUNCTION cases_proposal_three_people();
