"""`manage.py backup service`: when each act is due, and that it ends what it started."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from aduan.monitoring.models import TaskRun
from portal.management.backup import sealing
from portal.management.backup.service import base_is_due, check_places

AT = dt.datetime(2026, 11, 26, 18, 30, tzinfo=dt.UTC)  # half past one at night in Jakarta
HOUR = dt.timedelta(hours=1)
PROJECT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    ("age", "after_night", "due"),
    [
        (None, 12 * HOUR, True),  # there is none
        (HOUR, 0 * HOUR, False),  # made this night
        (24 * HOUR, 0 * HOUR, True),
        (24 * HOUR, 12 * HOUR, False),  # by day it waits for the night,
        (27 * HOUR, 12 * HOUR, True),  # unless a night was missed
    ],
)
def test_a_base_backup_is_due_once_a_night(
    age: dt.timedelta | None, after_night: dt.timedelta, due: bool
) -> None:
    at = AT + after_night
    assert base_is_due(at - age if age else None, at=at, hour=1) is due


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CommandError, match="file/set cannot be written"):
        check_places((tmp_path / "file" / "set",))


@pytest.mark.django_db
def test_an_act_that_fails_is_noted_with_its_error(tmp_path: Path, settings) -> None:
    for name in ("ROOT", "JOURNAL", "KEYS"):
        setattr(settings, f"BACKUP_{name}", str(tmp_path / name.lower()))
    settings.BACKUP_RECIPIENT = sealing.new_identity()[1]
    settings.PG_BINDIR = str(tmp_path)  # no pg_basebackup there
    with pytest.raises((CommandError, OSError)):
        call_command("backup", "base")
    run = TaskRun.objects.get(task="backup:base")
    assert run.succeeded_at is None
    assert run.error


def test_the_service_restarts_its_stream_and_ends_with_all_it_started(tmp_path: Path) -> None:
    """Its programs are stand-ins here, which tests/production replaces by the real ones."""
    program = tmp_path / "acts.py"
    program.write_text(
        "import os, sys, time\n"
        f"out = open({str(tmp_path / 'log')!r}, 'a')\n"
        "out.write(f'{sys.argv[1]} {os.getpid()}\\n'); out.flush()\n"
        "time.sleep(60 if sys.argv[1] == 'wal' else 0)\n"
    )
    code = (
        "import sys, django; django.setup()\n"
        "from pathlib import Path\n"
        "from portal.management.backup import service\n"
        f"service._command = lambda act: [sys.executable, {str(program)!r}, act]\n"
        "service._PAUSE_AFTER_DEATH = 0.1\n"
        f"service.Service(Path({str(tmp_path)!r}), lambda text: print(text, flush=True)).run()\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], cwd=PROJECT, stdout=subprocess.PIPE, text=True)

    def streams() -> list[int]:
        text = (tmp_path / "log").read_text() if (tmp_path / "log").exists() else ""
        return [int(line.split()[1]) for line in text.splitlines() if line.startswith("wal")]

    try:
        _until(lambda: len(streams()) == 1)
        os.kill(streams()[0], signal.SIGKILL)
        _until(lambda: len(streams()) == 2)
        assert "base" in (tmp_path / "log").read_text()
    finally:
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=60)[0]
    assert process.returncode == 0
    assert "the stream of WAL ended with -9" in said
    with pytest.raises(ProcessLookupError):
        os.kill(streams()[1], 0)


def _until(true, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)
