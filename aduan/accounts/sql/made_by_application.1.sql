-- Whether this code was made by code of the application, which holds the key, over this act and these facts: SQL in its
-- database session cannot make one. `aduan.accounts.step_up.application_mac` builds the same text.

CREATE OR REPLACE FUNCTION accounts_microseconds(at timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT (extract(epoch FROM $1) * 1000000)::bigint::text
$$;

CREATE OR REPLACE FUNCTION accounts_made_by_application(mac bytea, VARIADIC facts text[]) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT accounts_step_up_mac_holds(concat_ws(E'\n', 'application', array_to_string($2, E'\n', '')), $1) IS TRUE
$$;
