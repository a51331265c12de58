"""`manage.py doctor`: what is broken is found and said with what to do; what is away stops no other check."""

from __future__ import annotations

import datetime as dt
import io
import json
from pathlib import Path

import pytest
from django.core import mail as django_mail
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from aduan.blocklists.services import keys
from aduan.complaints.evidence import confinement
from aduan.core import jobs
from aduan.monitoring.services import record_backup, record_task_run, watch
from portal.management.doctor import machine, servers
from portal.management.doctor.report import Level, examine, well

pytestmark = pytest.mark.django_db


def findings(*words: str) -> dict[str, dict[str, str]]:
    """What the command prints, by sentence."""
    out = io.StringIO()
    with pytest.raises(CommandError, match="must be done"):  # beat and backup do not run here
        call_command("doctor", "--json", *words, stdout=out)
    return {one["sentence"]: one for one in map(json.loads, out.getvalue().splitlines())}


def alarms(check) -> list[str]:
    return [one.sentence for one in examine(check) if one.level is Level.ALARM]


def test_everything_is_looked_at_and_every_alarm_says_what_to_do() -> None:
    found = findings()
    assert len(found) > 12
    assert all(one["advice"] for one in found.values() if one["level"] != "well")
    assert any(sentence.startswith("PostgreSQL answers as") for sentence in found)


def test_what_cannot_be_looked_at_is_an_alarm_and_stops_no_other() -> None:
    def broken():
        yield well("before")
        raise OSError("no such mount\nand more")

    def refused():
        yield well("before")
        raise DatabaseError("permission denied")

    assert [one.sentence for one in examine(broken)] == ["before", "broken: OSError: no such mount"]
    assert [one.level for one in examine(refused)] == [Level.WELL, Level.ALARM]


def test_without_a_broker_it_says_what_still_works(settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1"
    [sentence] = alarms(servers.broker)
    assert "complaints are taken in" in sentence


def test_beat_backups_and_incidents_are_judged_by_what_they_left(settings, rini) -> None:
    assert alarms(servers.scheduled_tasks) == ["no scheduled task has ever come to its end"]
    assert alarms(servers.backups) == ["nothing is backed up"]
    settings.BACKUP_RECIPIENT = "age1x"
    record_backup("base", error="", at=jobs.now())
    assert alarms(servers.backups) == ["backup files has never succeeded", "backup wal has never succeeded"]
    record_task_run("send_outbox", error="OSError", at=jobs.now())
    assert alarms(servers.scheduled_tasks) == []
    record_backup("base", error="", at=jobs.now() - dt.timedelta(days=2))
    watch(at=jobs.now())
    assert len(alarms(servers.incidents)) == 2  # the task that fails, the backup that is late


def test_keys_that_should_lie_elsewhere_are_named(settings, tmp_path: Path) -> None:
    settings.KEYS_DIR = tmp_path
    assert alarms(servers.list_keys) == []
    keys.create(roles=("root", "targets", "timestamp"))
    [sentence] = alarms(servers.list_keys)
    assert "root-1.pem" in sentence
    assert "targets-3.pem" in sentence
    assert "timestamp" not in sentence


def test_secrets_that_others_may_read_are_named(monkeypatch, tmp_path: Path) -> None:
    secret = tmp_path / "vault_keys"
    secret.write_text("x")
    secret.chmod(0o644)
    monkeypatch.setenv("ADUAN_VAULT_KEYS_FILE", str(secret))
    assert len(alarms(machine.secrets)) == 1
    secret.chmod(0o400)
    assert alarms(machine.secrets) == []


def test_missing_locks_of_the_sandbox_are_named(monkeypatch) -> None:
    monkeypatch.setattr(confinement, "available", lambda: ())
    assert alarms(machine.sandbox) == ["evidence waits: this kernel has neither Landlock nor seccomp"]
    monkeypatch.setattr(confinement, "available", lambda: ("seccomp",))
    [found] = list(examine(machine.sandbox))
    assert found.level is Level.ATTENTION
    assert "landlock is missing" in found.sentence


def test_images_are_named_until_they_have_a_digest(settings, tmp_path: Path) -> None:
    settings.BASE_DIR = tmp_path
    (tmp_path / "Dockerfile").write_text("FROM python:3.11-slim AS build\nFROM python:3.11-slim\n")
    (tmp_path / "docker-compose.yml").write_text(
        f"    image: postgres:18@sha256:{'0' * 64}\n    image: us:local\n"
    )
    [found] = list(examine(machine.base_images))
    assert found.sentence == "images without a digest: python:3.11-slim"
    (tmp_path / "Dockerfile").unlink()
    assert list(examine(machine.base_images)) == []


def test_it_sends_a_test_mail_and_a_test_code(settings, tmp_path: Path) -> None:
    settings.ADUAN_HOME = tmp_path
    settings.SMS_GATEWAY = settings.SMS_TO_FILES
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    found = findings("--mail", "rini@example.go.id", "--sms", "+6281270004321")
    assert django_mail.outbox[-1].to == ["rini@example.go.id"]
    assert len(list((tmp_path / "sms").iterdir())) == 1
    assert sum("took a test" in sentence for sentence in found) == 2


def test_a_mail_server_that_is_away_is_said(settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert "the mail server took no test mail: ConnectionRefusedError" in findings("--mail", "a@example.id")
