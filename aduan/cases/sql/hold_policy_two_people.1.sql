-- Rules of holds begin, and end sooner, under an approval of exactly these terms in this transaction: two people. The owner
-- of the tables is free of it. What rules say never changes: others take their place.

CREATE OR REPLACE FUNCTION cases_hold_policy_two_people() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF pg_has_role(current_user, (SELECT c.relowner FROM pg_class c WHERE c.oid = TG_RELID), 'MEMBER') THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - 'valid' = to_jsonb(OLD) - 'valid' AND NOT isempty(NEW.valid) AND NEW.valid <@ OLD.valid
           AND lower(NEW.valid) = lower(OLD.valid) AND EXISTS (
               SELECT 1 FROM accounts_approved_now('limits', 'hold_policy') t
               WHERE (t ->> 'act' = 'end_holds' AND t ->> 'on' = upper(NEW.valid)::text)
                  OR (t ->> 'act' = 'hold_rules' AND t ->> 'since' = upper(NEW.valid)::text)) THEN
            RETURN NEW;
        END IF;
    ELSIF EXISTS (
        SELECT 1 FROM accounts_approved_now('limits', 'hold_policy') t
        JOIN operators_legalreference l ON l.code = t ->> 'law'
        WHERE t ->> 'act' = 'hold_rules' AND l.id = NEW.legal_reference_id
          AND NEW.valid = daterange((t ->> 'since')::date, (t ->> 'until')::date)
          AND to_jsonb(NEW) - 'id' - 'valid' - 'legal_reference_id' <@ t) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'rules of holds take two people' USING ERRCODE = 'check_violation';
END
$$;

CREATE OR REPLACE TRIGGER hold_policy_two_people BEFORE INSERT OR UPDATE ON cases_holdpolicy
FOR EACH ROW EXECUTE FUNCTION cases_hold_policy_two_people();
