"""What is missing is said in one sentence, before a process starts."""

from __future__ import annotations

import os
import socketserver
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import yaml
from django.db import connection

from deploy import preflight
from scripts.check import PRODUCTION

PROJECT = Path(__file__).resolve().parents[2]


def said(tmp_path: Path, **changes: str) -> str:
    """What a process would print in a production environment that was changed so."""
    environment = {"PATH": os.environ["PATH"], **PRODUCTION, "ADUAN_HOME": str(tmp_path / "home"), **changes}
    done = subprocess.run(
        [sys.executable, "deploy/preflight.py"], cwd=PROJECT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == preflight.EX_CONFIG
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def test_a_missing_secret_is_named_with_the_way_to_make_it(tmp_path: Path) -> None:
    """It was a traceback of forty lines."""
    missing = tmp_path / "vault_keys"
    sentence = said(tmp_path, ADUAN_VAULT_KEYS_FILE=str(missing))
    assert f"ADUAN_VAULT_KEYS_FILE={missing} is not there" in sentence
    assert "make-secrets" in sentence


def test_a_password_file_that_libpq_would_ignore_is_named(tmp_path: Path) -> None:
    passwords = tmp_path / "pgpass"
    passwords.write_text("*:*:*:aduan:x")
    passwords.chmod(0o644)
    assert "chmod 0400" in said(tmp_path, PGPASSFILE=str(passwords))


def test_an_unsafe_setting_is_one_sentence(tmp_path: Path) -> None:
    assert "ADUAN_ALLOWED_HOSTS must name the hosts" in said(tmp_path, ADUAN_ALLOWED_HOSTS="*")


@pytest.mark.parametrize("limits", ['{"beat": 3}', '{"beat_minutes": "3"}', '{"beat_minutes": -3}'])
def test_limits_of_incidents_that_cannot_be_are_one_sentence(tmp_path: Path, limits: str) -> None:
    """Each process started; the one that watches failed each minute, so no incident was ever told."""
    assert "ADUAN_MONITORING" in said(tmp_path, ADUAN_MONITORING=limits)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ADUAN_SMS_GATEWAY", "portal.tasks.sms.over_https"),
        ("ADUAN_SMS_GATEWAY", "over_http"),
        ("ADUAN_SMS_GATEWAY", "portal..sms"),
        ("ADUAN_SMS_GATEWAY", "portal.tasks.sms.TIMEOUT_SECONDS"),
        ("ADUAN_EVIDENCE_STORAGE", "aduan.complaints.evidence.s3.S3"),
        ("ADUAN_WORKER_SLOTS", "list=2"),
        ("ADUAN_WORKER_SLOTS", "lists=two"),
        ("ADUAN_WORKER_SLOTS", "lists=2;mail=3"),
        ("ADUAN_WORKER_SLOTS", "mail=0"),
    ],
)
def test_what_this_program_does_not_have_is_one_sentence(tmp_path: Path, name: str, value: str) -> None:
    """Found by the first code that a person waited for, and by a worker that ended again and again."""
    sentence = said(tmp_path, **{name: value})
    assert name in sentence
    assert value in sentence or "=" in value


def test_a_state_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "cannot write there" in said(tmp_path, ADUAN_HOME=str(tmp_path / "file" / "home"))


def test_a_database_that_is_away_is_named(tmp_path: Path) -> None:
    sentence = said(tmp_path, DATABASE_URL="postgres://aduan@127.0.0.1:9/aduan")
    assert "PostgreSQL at 127.0.0.1:9" in sentence


class Pooler(socketserver.StreamRequestHandler):
    """PgBouncer's answer to a connection with options."""

    def handle(self) -> None:
        self.request.recv(8)  # may it be TLS?
        self.request.sendall(b"N")
        self.request.recv(4096)
        fields = b"SFATAL\0C08P01\0Munsupported startup parameter: options\0\0"
        self.request.sendall(b"E" + (len(fields) + 4).to_bytes(4, "big") + fields)


def test_a_transaction_pooler_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Pooler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        port = server.server_address[1]
        sentence = said(tmp_path, DATABASE_URL=f"postgres://aduan@127.0.0.1:{port}/aduan")
        server.shutdown()
    assert "transaction pooler" in sentence


@pytest.mark.django_db
def test_a_role_that_could_rewrite_history_is_refused() -> None:
    """Every process logged in as the superuser that made the database."""
    facts = connection.settings_dict
    assert list(preflight.too_strong_role(facts | {"USER": "aduan_app"})) == []
    (sentence,) = preflight.too_strong_role(facts | {"USER": "aduan"})
    assert "DATABASE_URL logs in as aduan, who is a superuser" in sentence
    assert "owns the audit log" in sentence
    assert "deploy/make_roles.py" in sentence


@pytest.mark.django_db
@pytest.mark.parametrize(("options", "refused"), [("", True), (None, False)])
def test_a_pooler_that_drops_our_options_is_refused(options: str | None, refused: bool) -> None:
    """As one that is set to ignore them: six of six locks of jobs leaked."""
    facts = connection.settings_dict
    given = facts["OPTIONS"]["options"] if options is None else options
    found = list(preflight.unreachable_database(facts | {"OPTIONS": {"options": given}}))
    assert (found == [preflight.POOLER]) is refused
    assert refused or found == []


def test_secrets_are_made_once_each_for_one_account(tmp_path: Path) -> None:
    me = str(os.geteuid())
    command = ["deploy/make-secrets", "--folder", str(tmp_path / "s"), "--owner", me, "--database-owner", me]
    for _time in range(2):
        subprocess.run(command, cwd=PROJECT, check=True, capture_output=True)
        made = {path.name: path.read_text() for path in (tmp_path / "s").iterdir()}
    first = dict(made)
    subprocess.run(command, cwd=PROJECT, check=True, capture_output=True)
    assert {path.name: path.read_text() for path in (tmp_path / "s").iterdir()} == first
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "s").iterdir()} == {0o400}
    secrets = {text.strip().rpartition(":")[2] for text in made.values()}
    repeats = {name for name in made if name.endswith("_pgpass")}
    assert len(repeats) == 4
    assert len(secrets) == len(made) - len(repeats)


def test_every_part_is_started_again_when_it_ends() -> None:
    """A worker died with Valkey and stayed dead: nothing outside `make up` started it again."""
    unit = (PROJECT / "deploy/systemd/aduan@.service").read_text(encoding="utf-8")
    assert "\nRestart=always\n" in unit
    assert "\nStartLimitIntervalSec=0\n" in unit
    assert "\nExecStart=/opt/aduan/app/deploy/entrypoint.sh %i\n" in unit
    services = yaml.safe_load((PROJECT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    kept = {name for name, facts in services.items() if facts["restart"] == "unless-stopped"}
    assert kept == set(services) - {"roles", "migrate"}
