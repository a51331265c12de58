"""What each role of the database may do, table by table, and what the application's own role is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import Error, connection, transaction

from aduan.core import audit_log, db_grants
from aduan.core.audit_actions import AuditAction
from portal.management.table_grants import FUNCTIONS, TABLES
from tests.database import as_administrator

pytestmark = pytest.mark.django_db
APP = "aduan_app"
ROLES = (APP, db_grants.OPERATOR_SCOPE, db_grants.READONLY)


def tables() -> set[str]:
    """Every table and view, without the partitions of lists, which come and go."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind IN ('r', 'p', 'v', 'm') AND NOT relispartition"
        )
        return {name for (name,) in cursor.fetchall()}


def test_every_table_has_a_rule_and_every_rule_a_table():
    assert tables() - set(TABLES) == set(), "add the table to portal.management.table_grants.py"
    assert set(TABLES) - tables() == set()


@pytest.mark.parametrize("role", ROLES)
def test_a_role_holds_what_its_rules_say_and_nothing_else(role: str):
    holds = db_grants.granted(role)
    should = {table: privileges for table, privileges in db_grants.wanted(role, TABLES).items() if privileges}
    assert {table: sorted(privileges) for table, privileges in holds.items()} == {
        table: sorted(privileges) for table, privileges in should.items()
    }


def test_what_a_trigger_protects_the_rules_protect_too():
    """Both lines of defence name the same tables: a trigger of the model, a right that is not granted."""
    for model in (one for one in apps.get_models() if one._meta.managed and not one._meta.proxy):
        triggers = {trigger.name for trigger in getattr(model._meta, "triggers", ())}
        app = TABLES[model._meta.db_table].app
        if "append_only" in triggers:
            assert set(app) == {"r", "i"}, model
        if triggers & {"append_only", "never_deleted", "kept_ten_years"}:
            assert "d" not in app, model


@pytest.mark.parametrize("role", ROLES)
def test_a_role_has_no_power_beyond_its_grants(role: str):
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
                      has_schema_privilege(rolname, 'public', 'CREATE'),
                      has_parameter_privilege(rolname, 'session_replication_role', 'SET'),
                      pg_has_role(rolname, 'aduan_owner', 'MEMBER')
               FROM pg_roles WHERE rolname = %s""",
            [role],
        )
        assert cursor.fetchone() == (False,) * 8


@pytest.mark.parametrize("role", ROLES)
def test_only_the_application_runs_what_the_owner_left_for_it(role: str):
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT proname, has_function_privilege(%s, oid, 'EXECUTE'), proconfig
               FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef""",
            [role],
        )
        found = {name: (may, config) for name, may, config in cursor.fetchall()}
    who = {APP: "app", db_grants.OPERATOR_SCOPE: "operators", db_grants.READONLY: "readers"}[role]
    assert {name: may for name, (may, _config) in found.items()} == {
        name: who in callers.split() for name, callers in FUNCTIONS.items()
    }
    assert all("search_path=public, pg_temp" in config for _may, config in found.values())


@pytest.fixture
def as_application(now: dt.datetime) -> Iterator[None]:
    audit_log.record(AuditAction.CASE_CLAIM, actor="user:1", subject="case:1", at=now)
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {APP}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE core_auditlogentry SET actor = 'user:2'",
        "DELETE FROM core_auditlogentry",
        "TRUNCATE core_auditlogentry",
        """INSERT INTO core_auditlogentry (at, actor, action, subject, detail, seq, prev, hash)
           VALUES (now(), 'user:2', 'x', 'y', '{}', 2, '', repeat('0', 64))""",
        "ALTER TABLE core_auditlogentry DISABLE TRIGGER ALL",
        "DROP TABLE core_auditlogentry",
        "SET session_replication_role = replica",
        "UPDATE cases_caseevent SET reason = ''",
        "DELETE FROM cases_caseevent",
        "TRUNCATE cases_caseevent",
        "DELETE FROM cases_case",
        "UPDATE cases_proposal SET proposed_by_id = 2",
        "DELETE FROM cases_proposal",
        "DELETE FROM cases_block",
        "UPDATE blocklists_blocklist SET sequence = 7",
        "DELETE FROM blocklists_blocklist",
        "INSERT INTO blocklists_blocklistentry SELECT * FROM blocklists_blocklistentry",
        "UPDATE blocklists_blocklistentry SET digits = 1",
        "UPDATE blocklists_listfile SET signature = NULL",
        "DELETE FROM blocklists_download",
        "DELETE FROM blocklists_outcome",
        "UPDATE complaints_retentionpolicy SET days = 1",
        "CREATE TABLE mine (id int)",
        """CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN
           AS 'SELECT true' LANGUAGE sql""",
    ],
)
def test_every_way_is_denied(as_application: None, attack: str) -> None:
    with pytest.raises(Error, match=r"permission denied|must be owner"), transaction.atomic():
        connection.cursor().execute(attack)


def test_it_can_still_write_and_read_the_audit_log(as_application: None, now: dt.datetime) -> None:
    audit_log.record(AuditAction.CASE_CLAIM, actor="user:1", subject="case:2", at=now)
    verdict = audit_log.verify()
    assert (verdict.entries, verdict.holds) == (2, True)


def test_the_role_for_reading_sees_no_secret():
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {db_grants.READONLY}")
        cursor.execute("SELECT count(*), min(name) FROM accounts_user")
        for secret in (
            "SELECT password FROM accounts_user",
            "SELECT email_encrypted FROM complaints_complaint",
            "SELECT payload_encrypted FROM notifications_outboxmessage",
            "SELECT secret_hash FROM operators_accesskey",
            "SELECT session_data FROM django_session",
            "SELECT data FROM mfa_authenticator",
        ):
            with pytest.raises(Error, match="permission denied"), transaction.atomic():
                cursor.execute(secret)
        cursor.execute("RESET ROLE")


def test_a_session_cannot_name_triggers_to_ignore(now: dt.datetime) -> None:
    """pgtrigger offers it; after our migrations it does nothing, for the owner of the tables neither."""
    audit_log.record(AuditAction.CASE_CLAIM, actor="user:1", subject="case:1", at=now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = 'core_auditlogentry'::regclass")
        names = ",".join(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", ["{" + names + "}"])
    refused = pytest.raises(Error, match="Cannot update or delete")
    with refused, transaction.atomic(), as_administrator() as cursor:
        cursor.execute("UPDATE core_auditlogentry SET actor = 'user:2'")
