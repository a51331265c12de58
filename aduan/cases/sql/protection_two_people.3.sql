-- To protect a number whose block would end, and to end a protection under which numbers were blocked before, takes a
-- change request that two people signed; so does a protection of all numbers that begin alike, and its end, whatever is
-- blocked. What one person may do alone is the application's act all the same: its code is over what the row says, so SQL
-- begins and ends nothing. What a row protects never changes, and what ended never comes back: it begins anew, in another
-- row. For a day after the upgrade the version before writes rows without the code.

CREATE OR REPLACE FUNCTION cases_protection_two_people() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    begins boolean := TG_OP = 'INSERT';
BEGIN
    IF NOT begins AND (NEW.id, NEW.pattern) <> (OLD.id, OLD.pattern) THEN
        RAISE EXCEPTION 'what a row protects never changes' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT begins AND NEW.active AND NOT OLD.active THEN
        RAISE EXCEPTION 'a protection that ended never comes back' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT begins AND NEW.active = OLD.active THEN
        RETURN NEW;
    END IF;
    IF NOT accounts_made_by_application(NEW.mac, 'protection', NEW.id::text, NEW.pattern, NEW.active::text)
       AND NOT core_version_before_may_run('cases', '0037_lines_by_application') THEN
        RAISE EXCEPTION 'a protection that the application neither began nor ended'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'protection_by_application';
    END IF;
    IF NOT NEW.active AND begins OR EXISTS (
        SELECT 1 FROM cases_changerequest r
        WHERE r.state = 'confirmed' AND r.pattern = NEW.pattern AND CASE
            WHEN begins THEN r.kind = 'protect' AND r.protected_id IS NULL
            ELSE r.kind = 'unprotect' AND r.protected_id = NEW.id END
    ) THEN
        RETURN NEW;
    END IF;
    IF NEW.pattern LIKE '%*' OR EXISTS (
        SELECT 1 FROM cases_block b JOIN numbers_phonenumber n ON n.id = b.number_id
        WHERE b.requested_action = 'block' AND (b.released_at IS NULL OR NOT begins)
          AND CASE WHEN NEW.pattern LIKE '+%' AND NEW.pattern NOT LIKE '%*' THEN n.canonical = NEW.pattern
              ELSE cases_number_matches(n.canonical, NEW.pattern) END
    ) THEN
        RAISE EXCEPTION 'the protection of a number with blocks, or of many, takes two people'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'protection_takes_two';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER protection_two_people BEFORE INSERT OR UPDATE ON numbers_protectednumber
FOR EACH ROW EXECUTE FUNCTION cases_protection_two_people();
