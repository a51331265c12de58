"""The script that makes the role of the backups, without containers and with several clusters."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from devserver import home, postgres
from devserver.addresses import ROLE

pytestmark = pytest.mark.faults
PROJECT = Path(__file__).resolve().parents[2]
LINE = "host replication aduan_backup samenet scram-sha-256"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgres.Server]:
    made = postgres.server(home.prepare(tmp_path_factory.mktemp("cluster") / ".aduan"))
    made.start()
    yield made
    made.destroy()
    home.forget(made.home)


def _run(cluster: postgres.Server, password: Path) -> None:
    """Without PGDATA: `/etc/postgresql/*/main` is two folders where there are two clusters."""
    subprocess.run(
        ["sh", str(PROJECT / "deploy/postgres/20-backup.sh")],
        env={
            "PATH": f"{cluster.programs.bindir}:/usr/bin:/bin",
            "PGHOST": str(cluster.sockets),
            "POSTGRES_USER": ROLE,
            "POSTGRES_DB": "aduan",
            "ADUAN_BACKUP_PASSWORD_FILE": str(password),
            "LD_LIBRARY_PATH": os.environ.get("LD_LIBRARY_PATH", ""),
        },
        check=True, capture_output=True, text=True,
    )  # fmt: skip


def _ask(cluster: postgres.Server, sql: str) -> Any:
    connection = psycopg2.connect(host=str(cluster.sockets), user=ROLE, dbname="aduan")
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone()
    finally:
        connection.close()


def test_the_role_is_made_and_its_password_renewed(cluster: postgres.Server, tmp_path: Path):
    password, said = tmp_path / "password", []
    for text in ("first", "it's $(a) \\second\n"):
        password.write_text(text, encoding="utf-8")
        _run(cluster, password)
        said.append(_ask(cluster, "SELECT rolpassword FROM pg_authid WHERE rolname = 'aduan_backup'")[0])
    assert said[0] != said[1]
    assert _ask(
        cluster,
        "SELECT rolcanlogin, rolreplication, rolsuper, rolcreaterole FROM pg_roles"
        " WHERE rolname = 'aduan_backup'",
    ) == (True, True, False, False)
    hba = (cluster.data / "pg_hba.conf").read_text(encoding="ascii").splitlines()
    assert hba.count(LINE) == 1
    assert _ask(
        cluster, "SELECT count(*), max(error) FROM pg_hba_file_rules WHERE 'aduan_backup' = ANY(user_name)"
    ) == (1, None)
