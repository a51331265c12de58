-- What key holders are asked to sign is what the application made: its code is over the page, for this one request. SQL
-- asks for no page of its own, changes none, and does not ask again for one that was asked for before.

CREATE OR REPLACE FUNCTION blocklists_request_by_application() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF accounts_made_by_application(
           NEW.mac, 'signature_request', NEW.role, NEW.version::text, accounts_microseconds(NEW.created_at),
           encode(sha256(NEW.body), 'hex'))
       AND (TG_OP = 'UPDATE' AND (OLD.closed_at IS NULL OR NEW.closed_at IS NOT NULL)
            OR TG_OP = 'INSERT' AND NOT EXISTS (
                SELECT 1 FROM blocklists_signaturerequest r
                WHERE r.role = NEW.role AND r.version = NEW.version AND r.created_at = NEW.created_at)) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a page that the application did not make' USING ERRCODE = 'check_violation';
END
$$;

CREATE OR REPLACE TRIGGER request_begun BEFORE INSERT ON blocklists_signaturerequest
FOR EACH ROW EXECUTE FUNCTION blocklists_request_by_application();

CREATE OR REPLACE TRIGGER request_by_application BEFORE UPDATE ON blocklists_signaturerequest
FOR EACH ROW WHEN ((NEW.role, NEW.version, NEW.created_at, NEW.body) IS DISTINCT FROM
                   (OLD.role, OLD.version, OLD.created_at, OLD.body)
                   OR OLD.closed_at IS NOT NULL AND NEW.closed_at IS NULL)
EXECUTE FUNCTION blocklists_request_by_application();
