-- Every change of an operator, a brand or a range takes a new version, so that each process notices that its range
-- table is old. A sequence never steps back, not even in a rollback: no version is used twice.

CREATE OR REPLACE FUNCTION operators_register_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO operators_registerversion (id, version)
    VALUES (1, nextval('operators_register_version_seq'))
    ON CONFLICT (id) DO UPDATE SET version = EXCLUDED.version;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER register_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON operators_operator
FOR EACH STATEMENT EXECUTE FUNCTION operators_register_version();

CREATE OR REPLACE TRIGGER register_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON operators_brand
FOR EACH STATEMENT EXECUTE FUNCTION operators_register_version();

CREATE OR REPLACE TRIGGER register_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON operators_numberrange
FOR EACH STATEMENT EXECUTE FUNCTION operators_register_version();
