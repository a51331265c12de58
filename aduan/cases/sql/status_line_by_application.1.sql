-- The history says that a status changed only where the application changed it: its code is over this one line. So SQL
-- closes no case by writing the line that `case_status_true` asks for, and a line of before serves no second time.
-- For a day after the upgrade the version before writes lines without.

CREATE OR REPLACE FUNCTION cases_status_line_by_application() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF accounts_made_by_application(
           NEW.mac, 'status_line', NEW.id::text, NEW.case_id::text, NEW.action, NEW.from_status, NEW.to_status,
           NEW.actor_id::text, accounts_microseconds(NEW.created_at))
       OR NEW.mac IS NULL AND core_version_before_may_run('cases', '0037_lines_by_application') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a change of status that the application did not make'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'status_line_by_application';
END
$$;

CREATE OR REPLACE TRIGGER status_line_by_application BEFORE INSERT ON cases_caseevent
FOR EACH ROW WHEN (NEW.from_status <> NEW.to_status) EXECUTE FUNCTION cases_status_line_by_application();
