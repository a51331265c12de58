-- Who holds a prefix under which numbers are blocked, or a blocked number, changes under an approval alone: with the
-- holder its block leaves one operator's list. Deferrable, so that a change can be tried and taken back. A blocked number
-- follows the register and nothing else, and never back to who held its prefix before the operator of its block.

CREATE OR REPLACE FUNCTION cases_blocked_under(prefix text) RETURNS boolean LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM operators_operator o CROSS JOIN generate_series(0, 14 - length($1)) n
        WHERE EXISTS (
            SELECT 1 FROM cases_block b
            WHERE b.operator_id = o.id AND b.released_at IS NULL AND b.requested_action = 'block'
              AND b.digits >= $1::bigint * (10 ^ n)::bigint AND b.digits < ($1::bigint + 1) * (10 ^ n)::bigint))
$$;

CREATE OR REPLACE FUNCTION cases_range_two_people() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.prefix, NEW.operator_id, NEW.status, NEW.valid)
                            IS NOT DISTINCT FROM (OLD.prefix, OLD.operator_id, OLD.status, OLD.valid)
       OR NOT cases_blocked_under(NEW.prefix) AND (TG_OP = 'INSERT' OR NOT cases_blocked_under(OLD.prefix))
       OR EXISTS (SELECT 1 FROM accounts_approved_now('register', NULL) t
                  WHERE t -> 'prefixes' ? NEW.prefix AND (TG_OP = 'INSERT' OR t -> 'prefixes' ? OLD.prefix)) THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'who holds a prefix with blocks takes two people'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'register_takes_two';
END
$$;

DROP TRIGGER IF EXISTS range_two_people ON operators_numberrange;
CREATE CONSTRAINT TRIGGER range_two_people AFTER INSERT OR UPDATE ON operators_numberrange
DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION cases_range_two_people();

CREATE OR REPLACE FUNCTION cases_holder_two_people() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM cases_block b
                   WHERE b.number_id = NEW.number_id AND b.released_at IS NULL AND b.requested_action = 'block')
       OR EXISTS (SELECT 1 FROM accounts_approved_now('holder', 'number:' || NEW.number_id) t
                  WHERE NEW.ended_at IS NOT NULL OR (t ->> 'operator')::bigint = NEW.operator_id) THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'who holds a blocked number takes two people'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'register_takes_two';
END
$$;

DROP TRIGGER IF EXISTS holder_two_people ON numbers_holderoverride;
CREATE CONSTRAINT TRIGGER holder_two_people AFTER INSERT OR UPDATE ON numbers_holderoverride
DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION cases_holder_two_people();

CREATE OR REPLACE FUNCTION cases_number_follows_register() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.operator_id IS NULL
       OR NOT EXISTS (SELECT 1 FROM cases_block b
                      WHERE b.number_id = NEW.id AND b.released_at IS NULL AND b.requested_action = 'block')
       OR EXISTS (SELECT 1 FROM numbers_holderoverride h
                  WHERE h.number_id = NEW.id AND h.operator_id = NEW.operator_id AND h.ended_at IS NULL)
       OR EXISTS (SELECT 1 FROM operators_numberrange r
                  WHERE r.operator_id = NEW.operator_id AND r.status = 'active' AND NOT isempty(r.valid)
                    AND starts_with(NEW.digits::text, r.prefix)
                    AND NOT EXISTS (SELECT 1 FROM operators_numberrange later
                                    JOIN cases_block b ON b.operator_id = later.operator_id
                                    WHERE b.number_id = NEW.id AND b.released_at IS NULL AND b.requested_action = 'block'
                                      AND later.status = 'active'
                                      AND starts_with(NEW.digits::text, later.prefix) AND later.valid >> r.valid)) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a blocked number follows the register' USING ERRCODE = 'check_violation';
END
$$;

CREATE OR REPLACE TRIGGER number_follows_register BEFORE UPDATE ON numbers_phonenumber
FOR EACH ROW WHEN (NEW.operator_id IS DISTINCT FROM OLD.operator_id) EXECUTE FUNCTION cases_number_follows_register();
