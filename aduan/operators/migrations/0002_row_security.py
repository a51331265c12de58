"""Row-level security on what belongs to one operator, beside the checks of the services.

`aduan_sees(operator)` is true when no operator is set for the transaction (the ministry, the worker) or when it
is that one. The policies bind the owner of the tables too (FORCE). A superuser, which the embedded server's and
the container image's account is, is bound by none: `operator_scope` takes the role `aduan_operator_scope` for the
transaction, made here where the account may make roles. Packages above put their own tables under the same function.
"""

from django.db import migrations

from aduan.core.sql_files import InstallSql

POLICIES = """
ALTER TABLE operators_accesskey ENABLE ROW LEVEL SECURITY;
ALTER TABLE operators_accesskey FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON operators_accesskey USING (aduan_sees(operator_id));
ALTER TABLE operators_operatormember ENABLE ROW LEVEL SECURITY;
ALTER TABLE operators_operatormember FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON operators_operatormember USING (aduan_sees(operator_id));
ALTER TABLE operators_webhookendpoint ENABLE ROW LEVEL SECURITY;
ALTER TABLE operators_webhookendpoint FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON operators_webhookendpoint USING (aduan_sees(operator_id));
ALTER TABLE operators_webhookdelivery ENABLE ROW LEVEL SECURITY;
ALTER TABLE operators_webhookdelivery FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON operators_webhookdelivery USING (
    EXISTS (SELECT 1 FROM operators_webhookendpoint e WHERE e.id = endpoint_id AND aduan_sees(e.operator_id))
);
"""

NO_POLICIES = "".join(
    f"""
DROP POLICY own_rows ON {table};
ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""
    for table in (
        "operators_webhookdelivery",
        "operators_webhookendpoint",
        "operators_operatormember",
        "operators_accesskey",
    )
)

# Roles belong to the whole server, so another database may have made it, even at this moment.
ROLE = """
DO $do$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'aduan_operator_scope') THEN
        IF NOT (SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user) THEN
            RETURN;
        END IF;
        BEGIN
            CREATE ROLE aduan_operator_scope NOLOGIN NOBYPASSRLS;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
    END IF;
    IF NOT pg_has_role(current_user, 'aduan_operator_scope', 'MEMBER') THEN
        RETURN;
    END IF;
    GRANT USAGE ON SCHEMA public TO aduan_operator_scope;
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO aduan_operator_scope;
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO aduan_operator_scope;
    ALTER DEFAULT PRIVILEGES IN SCHEMA public
        GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO aduan_operator_scope;
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO aduan_operator_scope;
END
$do$;
"""
NO_ROLE = """
DO $do$
BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'aduan_operator_scope')
       AND pg_has_role(current_user, 'aduan_operator_scope', 'MEMBER') THEN
        DROP OWNED BY aduan_operator_scope;
    END IF;
END
$do$;
"""


class Migration(migrations.Migration):
    dependencies = [("operators", "0001_initial")]

    operations = [
        InstallSql("operators", "aduan_sees", version=1),
        migrations.RunSQL(POLICIES, NO_POLICIES),
        migrations.RunSQL(ROLE, NO_ROLE),
    ]
