"""`manage.py backup service`: streams WAL for ever, and runs the other acts when each is due.

Every act is a process of its own, so one that hangs or grows cannot take the stream with it.
"""

from __future__ import annotations

import datetime as dt
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.core.management import CommandError

from aduan.core.periods import JAKARTA
from portal.management.backup import postgres

if TYPE_CHECKING:
    from collections.abc import Callable

FILES_EVERY: Final = dt.timedelta(minutes=5)
# A base backup at night; by day only where the last one is missing or failed.
_AT_NIGHT_AFTER: Final = dt.timedelta(hours=20)
_AT_ANY_TIME_AFTER: Final = dt.timedelta(hours=26)
_TICK: Final = 1.0
_PAUSE_AFTER_DEATH: Final = 5.0  # seconds, also after an act that failed


def base_is_due(newest: dt.datetime | None, *, at: dt.datetime, hour: int) -> bool:
    """Whether a base backup should begin now. `hour`: of the night in Jakarta in which it should."""
    if newest is None:
        return True
    age = at - newest
    at_night = at.astimezone(JAKARTA).hour == hour
    return age >= _AT_ANY_TIME_AFTER or (at_night and age >= _AT_NIGHT_AFTER)


class Service:
    """Runs until it gets SIGTERM or SIGINT. `say` gets one line for what a person should see."""

    def __init__(self, root: Path, say: Callable[[str], object]) -> None:
        self.root = root
        self.say = say
        self.over = threading.Event()
        self.wal: subprocess.Popen[bytes] | None = None
        self.wal_again_at = dt.datetime.min.replace(tzinfo=dt.UTC)
        self.files_at = dt.datetime.min.replace(tzinfo=dt.UTC)
        self.base_not_before = dt.datetime.min.replace(tzinfo=dt.UTC)

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_signal: self.over.set())
        try:
            while not self.over.is_set():
                self._tick(dt.datetime.now(dt.UTC))
                self.over.wait(_TICK)
        finally:
            self._end_wal()

    def _tick(self, at: dt.datetime) -> None:
        self._keep_streaming(at)
        known = postgres.bases(self.root)
        newest = dt.datetime.fromisoformat(known[-1]["at"]) if known else None
        if at >= self.base_not_before and base_is_due(newest, at=at, hour=settings.BACKUP_HOUR):
            failed = self._act("base")
            self.base_not_before = at + (FILES_EVERY if failed else dt.timedelta())
            self.files_at = at
        elif at - self.files_at >= FILES_EVERY:
            self._act("files")
            self.files_at = at

    def _keep_streaming(self, at: dt.datetime) -> None:
        if self.wal is not None and self.wal.poll() is not None:
            self.say(f"the stream of WAL ended with {self.wal.returncode}; it begins again")
            self.wal, self.wal_again_at = None, at + dt.timedelta(seconds=_PAUSE_AFTER_DEATH)
        if self.wal is None and at >= self.wal_again_at:
            self.wal = subprocess.Popen(_command("wal"))

    def _act(self, name: str) -> int:
        """Waits for the act, but no longer than until the service is asked to end. Returns its status."""
        with subprocess.Popen(_command(name)) as running:
            while running.poll() is None:
                if self.over.wait(_TICK / 5):
                    running.terminate()
                    break
            status = running.wait()
        if status and not self.over.is_set():
            self.say(f"backup {name} ended with {status}; it is tried again")
        return status

    def _end_wal(self) -> None:
        if self.wal is None or self.wal.poll() is not None:
            return
        self.wal.terminate()
        try:
            self.wal.wait(20)
        except subprocess.TimeoutExpired:
            self.wal.kill()
            self.wal.wait()


def check_places(places: tuple[Path, ...]) -> None:
    """Raises CommandError for a folder that cannot be written: otherwise a fire would find it out."""
    for place in places:
        try:
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
            probe = place / ".writable"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise CommandError(f"{place} cannot be written: {error.strerror}") from error


def _command(act: str) -> list[str]:
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), "backup", act]
