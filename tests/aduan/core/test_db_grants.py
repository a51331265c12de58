"""The application's own database role is refused: update, delete, truncate, forge, switch triggers off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import Error, connection, transaction

from aduan.core import audit_log, db_grants
from aduan.core.audit_actions import AuditAction

pytestmark = pytest.mark.django_db
ROLE = "aduan_app_of_test"


@pytest.fixture
def as_application(now: dt.datetime) -> Iterator[None]:
    audit_log.record(AuditAction.CASE_CLAIM, actor="user:1", subject="case:1", at=now)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE}")
        db_grants.grant_app_role(ROLE)
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
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


def test_a_session_cannot_name_triggers_to_ignore(now: dt.datetime) -> None:
    """pgtrigger offers it; after our migrations it does nothing, for the owner of the tables neither."""
    audit_log.record(AuditAction.CASE_CLAIM, actor="user:1", subject="case:1", at=now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = 'core_auditlogentry'::regclass")
        names = ",".join(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", ["{" + names + "}"])
        with pytest.raises(Error, match="Cannot update or delete"), transaction.atomic():
            cursor.execute("UPDATE core_auditlogentry SET actor = 'user:2'")
