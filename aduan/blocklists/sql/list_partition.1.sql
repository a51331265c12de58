-- The three steps by which a list that is being built gets its partition of entries. They run as the tables' owner,
-- because the application's role makes no tables; each takes a list's number and refuses every list that is not being
-- built: one that is complete has a digest (`blocklists.services.entries`). Who may read the parent's entries may read the partition's, but for the role
-- of operators, who read through the parent and its row security.

CREATE OR REPLACE FUNCTION blocklists_name_partition(list bigint) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM blocklists_blocklist WHERE id = list AND digest = '') THEN
        RAISE EXCEPTION 'list % is not being built', list USING ERRCODE = 'check_violation';
    END IF;
    RETURN 'blocklists_blocklistentry_' || list;
END
$$;

CREATE OR REPLACE FUNCTION blocklists_make_partition(list bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    name text := blocklists_name_partition(list);
    reader text;
    caller text := CASE current_setting('role') WHEN 'none' THEN session_user ELSE current_setting('role') END;
BEGIN
    EXECUTE format('CREATE TABLE %I (LIKE blocklists_blocklistentry INCLUDING CONSTRAINTS INCLUDING DEFAULTS)', name);
    FOR reader IN
        SELECT DISTINCT grantee::regrole::text
        FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl)
        WHERE c.oid = 'blocklists_blocklistentry'::regclass AND privilege_type = 'SELECT'
          AND grantee NOT IN (0, c.relowner) AND grantee::regrole::text <> 'aduan_operator_scope'
    LOOP
        EXECUTE format('GRANT SELECT ON %I TO %s', name, reader);
    END LOOP;
    EXECUTE format('GRANT INSERT ON %I TO %I', name, caller);
END
$$;

CREATE OR REPLACE FUNCTION blocklists_seal_partition(list bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    name text := blocklists_name_partition(list);
    caller text := CASE current_setting('role') WHEN 'none' THEN session_user ELSE current_setting('role') END;
BEGIN
    EXECUTE format('REVOKE INSERT ON %I FROM %I', name, caller);
    EXECUTE format('ALTER TABLE %I ADD PRIMARY KEY (digits)', name);
    EXECUTE format('ANALYZE %I', name);
END
$$;

CREATE OR REPLACE FUNCTION blocklists_attach_partition(list bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    name text := blocklists_name_partition(list);
BEGIN
    EXECUTE format('ALTER TABLE %I ADD CONSTRAINT of_list CHECK (list_id = %s)', name, list);
    EXECUTE format('ALTER TABLE blocklists_blocklistentry ATTACH PARTITION %I FOR VALUES IN (%s)', name, list);
    EXECUTE format(
        'CREATE TRIGGER never_emptied BEFORE TRUNCATE ON %I'
        ' FOR EACH STATEMENT EXECUTE FUNCTION blocklists_refuse_truncate()', name);
END
$$;

REVOKE ALL ON FUNCTION blocklists_make_partition(bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION blocklists_seal_partition(bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION blocklists_attach_partition(bigint) FROM PUBLIC;
