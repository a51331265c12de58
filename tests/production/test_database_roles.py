"""Who is who in the database of the layout, and that a part with too much power does not start."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest

from deploy import preflight
from tests.production.layout import Layout

pytestmark = [pytest.mark.production, pytest.mark.faults]


def log_in(layout: Layout, role: str, secret: str) -> Any:
    password = (layout.folder / "secrets" / secret).read_text(encoding="ascii").strip()
    connection = psycopg2.connect(
        host="127.0.0.1", port=layout.ports["postgres"], user=role, password=password, dbname="aduan"
    )
    connection.autocommit = True
    return connection


@pytest.fixture
def administrator(layout: Layout) -> Iterator[Any]:
    connection = log_in(layout, "aduan", "postgres_password")
    with connection.cursor() as cursor:
        yield cursor
    connection.close()


def test_every_part_is_logged_in_as_the_application(layout: Layout, administrator: Any) -> None:
    administrator.execute(
        "SELECT DISTINCT usename FROM pg_stat_activity"
        " WHERE backend_type IN ('client backend', 'walsender') AND pid <> pg_backend_pid()"
    )
    assert {name for (name,) in administrator.fetchall()} <= {"aduan_app", "aduan_backup"}
    administrator.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")
    assert administrator.fetchall() == [("aduan_owner",)]


@pytest.mark.parametrize(
    "attack",
    [
        "SET ROLE aduan_owner",
        "SET ROLE aduan",
        "SET session_replication_role = replica",
        "UPDATE core_auditlogentry SET actor = ''",
        "DELETE FROM blocklists_listfile",
        "CREATE TABLE mine (id int)",
        "COPY cases_case TO PROGRAM 'true'",
    ],
)
def test_the_applications_log_in_rewrites_nothing(layout: Layout, attack: str) -> None:
    connection = log_in(layout, "aduan_app", "app_password")
    with connection.cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
        cursor.execute(attack)
    connection.close()


def test_the_log_in_for_reading_reads(layout: Layout) -> None:
    connection = log_in(layout, "aduan_readonly", "readonly_password")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM operators_operator")
        assert cursor.fetchone()[0] > 0
        for attack in ("SELECT password FROM accounts_user", "DELETE FROM cases_alarm"):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                cursor.execute(attack)
    connection.close()


def test_a_part_with_the_administrators_log_in_does_not_start(layout: Layout) -> None:
    password = (layout.folder / "secrets/postgres_password").read_text(encoding="ascii").strip()
    address = f"postgres://aduan:{password}@127.0.0.1:{layout.ports['postgres']}/aduan"
    said, code = layout.try_part("web", DATABASE_URL=address)
    assert code == preflight.EX_CONFIG
    assert "DATABASE_URL logs in as aduan, who is a superuser" in said
    assert password not in said


def test_migrate_without_the_migrators_log_in_says_so(layout: Layout) -> None:
    said, code = layout.try_part("migrate", ADUAN_MIGRATE_DATABASE_URL="")
    assert code == preflight.EX_CONFIG
    assert "ADUAN_MIGRATE_DATABASE_URL is not set" in said


def test_the_roles_are_made_again_without_harm(layout: Layout) -> None:
    assert "aduan_app" in layout.run_once("roles")
    log_in(layout, "aduan_app", "app_password").close()


def test_no_secret_of_another_part_can_be_read_by_the_application(layout: Layout) -> None:
    """The parts that serve hold the application's password and no other; beat asks no database."""
    for name, own in (
        ("web", ["app_pgpass"]),
        ("worker", ["app_pgpass"]),
        ("monitor", ["app_pgpass"]),
        ("beat", []),
    ):
        secrets = layout.compose.services[name]["secrets"]
        assert [one for one in secrets if "pass" in one] == own
    if layout.image.user.drop:
        secret = layout.folder / "secrets/migrate_password"
        done = subprocess.run(["/bin/cat", str(secret)], capture_output=True, **layout.image.user.popen())
        assert done.returncode != 0
