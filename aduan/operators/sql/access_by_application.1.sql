-- Who comes in for an organisation: its keys and its people are written by the application, with its code over them. So
-- SQL makes no key and no colleague, neither of which two people would have to sign, and wakes or prolongs no key.
-- What the code is over never changes: the grants leave those columns out.

CREATE OR REPLACE FUNCTION operators_key_by_application() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' AND accounts_made_by_application(
           NEW.mac, 'access_key', NEW.prefix, NEW.secret_hash, NEW.operator_id::text, array_to_string(NEW.scopes, ','),
           array_to_string(NEW.allowed_networks, ','), accounts_microseconds(NEW.expires_at))
       OR TG_OP = 'UPDATE' AND NEW.expires_at <= OLD.expires_at
          AND (OLD.revoked_at IS NULL OR NEW.revoked_at IS NOT NULL) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a key that the application did not make' USING ERRCODE = 'check_violation';
END
$$;

CREATE OR REPLACE TRIGGER written_by_application BEFORE INSERT OR UPDATE ON operators_accesskey
FOR EACH ROW EXECUTE FUNCTION operators_key_by_application();

CREATE OR REPLACE FUNCTION operators_member_by_application() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF accounts_made_by_application(
           NEW.mac, 'member', NEW.user_id::text, NEW.operator_id::text, NEW.manages_keys::text) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a colleague whom the application did not invite' USING ERRCODE = 'check_violation';
END
$$;

CREATE OR REPLACE TRIGGER written_by_application BEFORE INSERT ON operators_operatormember
FOR EACH ROW EXECUTE FUNCTION operators_member_by_application();
