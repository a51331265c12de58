-- A list is complete with the code of the application over its digest, and has neither a digest nor a way out before:
-- entries that SQL put together never become a list.

CREATE OR REPLACE FUNCTION blocklists_list_built() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.digest <> ''
       AND accounts_made_by_application(NEW.build_mac, 'build_list', NEW.id::text, NEW.digest) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a list that was not built' USING ERRCODE = 'check_violation';
END
$$;

CREATE OR REPLACE TRIGGER list_begun BEFORE INSERT ON blocklists_blocklist
FOR EACH ROW WHEN (NEW.digest <> '' OR NEW.state NOT IN ('building', 'rejected'))
EXECUTE FUNCTION blocklists_list_built();

CREATE OR REPLACE TRIGGER list_built BEFORE UPDATE ON blocklists_blocklist
FOR EACH ROW WHEN (
    OLD.digest = '' AND (NEW.digest <> '' OR NEW.state NOT IN ('building', 'rejected')))
EXECUTE FUNCTION blocklists_list_built();
