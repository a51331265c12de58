"""FT17, FT18: what was away costs a file minutes, never a verdict, and delays no other file."""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from aduan.cases.models import Case
from aduan.complaints.evidence import clamd, processing, storage
from aduan.complaints.models import Evidence
from aduan.complaints.services import due_evidence, erase, examine_due, process_evidence, read_texts
from aduan.core import jobs
from aduan.core.models import Job
from sample import pictures
from tests.factories import files
from tests.factories.complaints import complaint

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _home(telkomsel):
    """The numbers here belong to operator A."""


def waiting_files(count: int) -> list[Evidence]:
    at = jobs.now() - MINUTE
    for turn in range(count):
        complaint(at, evidence=[files.upload(files.jpeg(comment=b"%d" % turn))])
    return list(Evidence.objects.order_by("pk"))


class SilentScanner:
    """Takes every connection and never answers; counts them."""

    def __init__(self, path: Path) -> None:
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(str(path))
        self.server.listen()
        self.taken: list[socket.socket] = []
        self.thread = threading.Thread(target=self._take, daemon=True)
        self.thread.start()

    def _take(self) -> None:
        while True:
            try:
                self.taken.append(self.server.accept()[0])
            except OSError:
                return

    def stop(self) -> None:
        self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()
        self.thread.join(5)
        for line in self.taken:
            line.close()


@pytest.fixture
def silent(tmp_path, settings, monkeypatch) -> Iterator[SilentScanner]:
    settings.CLAMD_SOCKET = str(tmp_path / "c.sock")
    monkeypatch.setattr(clamd, "_PATIENCE", 0.2)
    scanner = SilentScanner(tmp_path / "c.sock")
    yield scanner
    scanner.stop()


def test_a_silent_scanner_is_waited_for_once_a_run(silent) -> None:
    """Each of a hundred files waited half a minute for it, and then hours more than it was away."""
    rows = waiting_files(3)
    assert examine_due(seconds=60) == 0
    assert len(silent.taken) == 1
    assert [row.attempts for row in Evidence.objects.order_by("pk")] == [0, 0, 0]
    assert len(due_evidence(at=jobs.now())) == 2
    assert len(due_evidence(at=jobs.now() + MINUTE)) == len(rows)


def test_where_no_file_can_be_kept_in_memory_it_waits(monkeypatch) -> None:
    """On macOS each run ended with an error of ours, and the file with it."""
    [row] = waiting_files(1)
    monkeypatch.delattr(os, "memfd_create")
    assert process_evidence(row.pk, at=jobs.now()) == "quarantined"


def test_after_a_day_without_the_scanner_files_wait_a_minute_more(silent, settings, now) -> None:
    """They waited up to six hours more: each try had doubled the pause."""
    [row] = waiting_files(1)
    for turn in range(10):
        assert process_evidence(row.pk, at=jobs.now() + turn * MINUTE) == "quarantined"
    settings.CLAMD_SOCKET = ""
    assert process_evidence(row.pk, at=jobs.now() + 10 * MINUTE) == "clean"


def test_a_file_that_came_back_is_examined_within_ten_minutes(now) -> None:
    """It waited as long again as it had been missing, up to six hours."""
    [row] = waiting_files(1)
    sealed = storage.fetch(row.original)
    storage.drop(row.original)
    at = jobs.now()
    for _turn in range(10):
        assert process_evidence(row.pk, at=at) == "quarantined"
        at += 10 * MINUTE
        assert due_evidence(at=at) == [row.pk]
    storage.keep(row.original, sealed)
    assert process_evidence(row.pk, at=at) == "clean"


def test_a_file_that_kills_its_worker_waits_longer_each_time(now, monkeypatch) -> None:
    def die(_data: bytes) -> None:
        raise KeyboardInterrupt  # nothing after it is done, as after SIGKILL

    [row] = waiting_files(1)
    monkeypatch.setattr(processing, "scan_and_convert", die)
    at, pauses = jobs.now(), []
    for _turn in range(7):
        with pytest.raises(KeyboardInterrupt):
            process_evidence(row.pk, at=at)
        row.refresh_from_db()
        pauses.append(int((row.next_try_at - at) / MINUTE))
        at = row.next_try_at
    assert pauses == [10, 20, 40, 80, 160, 320, 360]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT, signal.SIGHUP])
def test_a_sandbox_that_is_ended_from_outside_says_nothing_about_the_file(number: signal.Signals) -> None:
    """`systemctl restart` sends SIGTERM to it as well, and the file was refused for good as unreadable."""
    if signal.getsignal(number) == signal.SIG_IGN:  # as under nohup, and so for every program started here
        signal.signal(number, signal.SIG_DFL)
    [row] = waiting_files(1)
    done = threading.Event()
    killer = threading.Thread(target=_end_children, args=(number, done))
    killer.start()
    state = process_evidence(row.pk, at=jobs.now())
    done.set()
    killer.join(10)
    assert state == "quarantined"
    assert process_evidence(row.pk, at=jobs.now() + MINUTE) == "clean"


def _end_children(number: signal.Signals, done: threading.Event) -> None:
    """A signal to the first process of the sandbox that appears, when it is its own program."""
    while not done.is_set():
        for task in Path("/proc/self/task").iterdir():
            for child in (task / "children").read_text(encoding="ascii").split():
                command = (
                    Path(f"/proc/{child}/cmdline").read_bytes() if Path(f"/proc/{child}").exists() else b""
                )
                if b"sandbox_worker" in command:
                    os.kill(int(child), number)
                    return
        time.sleep(0.002)


def test_a_run_begins_no_file_after_its_time_and_the_next_goes_on(now) -> None:
    waiting_files(2)
    assert examine_due(seconds=-1) == 0
    assert examine_due(seconds=60) == 2


# The text on pictures


def chat_of_a_complaint() -> Evidence:
    """A picture that came with its complaint, examined."""
    chat = pictures.chat("0812-3456-7890", "Bayar ke rekening BCA 1234567890", random.Random(1))
    complaint(jobs.now() - MINUTE, evidence=[files.upload(chat)])
    row = Evidence.objects.get()
    assert process_evidence(row.pk, at=jobs.now()) == "clean"
    return row


def test_a_verdict_does_not_wait_for_a_reading_which_comes_after_it(monkeypatch) -> None:
    """A reading gives way to everything: on a busy machine all other files stood in quarantine behind it."""
    read = processing.read_picture
    monkeypatch.setattr(processing, "read_picture", lambda _data: pytest.fail("a verdict waited"))
    row = chat_of_a_complaint()
    monkeypatch.setattr(processing, "read_picture", read)
    before = Case.objects.get()
    assert read_texts() == 1
    row.refresh_from_db()
    case = Case.objects.get()
    assert "1234567890" in row.text_read
    assert case.search_stale
    assert case.contents_digest != before.contents_digest, "a signature made before has not seen it"
    assert read_texts() == 0


def test_a_reading_that_cannot_be_made_now_is_made_later(monkeypatch) -> None:
    """It was forgotten."""

    def away(_data: bytes) -> None:
        raise processing.TryAgainLater

    row = chat_of_a_complaint()
    with monkeypatch.context() as patch:
        patch.setattr(processing, "read_picture", away)
        assert read_texts() == 0
    assert read_texts() == 0  # in ten minutes
    Job.objects.update(run_after=None)
    assert read_texts() == 1
    row.refresh_from_db()
    assert row.text_read


def test_nothing_is_read_for_a_complaint_that_was_erased(now) -> None:
    row = chat_of_a_complaint()
    assert row.complaint is not None
    erase(row.complaint, by=None, at=jobs.now())
    assert read_texts() == 1
    row.refresh_from_db()
    assert row.text_read == ""
