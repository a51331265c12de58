-- Who waits on PostgreSQL for work of the hold lane learns, with the commit, which operator's hold list has changed.

CREATE OR REPLACE FUNCTION cases_hold_announced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('cases_hold', NEW.operator_id::text);
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER hold_announced AFTER UPDATE ON cases_hold
FOR EACH ROW WHEN (
    (OLD.confirmed_at, OLD.ended_at) IS DISTINCT FROM (NEW.confirmed_at, NEW.ended_at))
EXECUTE FUNCTION cases_hold_announced();
