"""BI8, BI11, BI16: from quarantine to clean or refused; without the scanner's word nothing leaves it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import inspect
import io
import re
import socket
import threading

import pytest
from PIL import Image

from aduan.cases.models import Case
from aduan.complaints import evidence_queries as queries
from aduan.complaints.evidence import (
    documents,
    limits,
    pictures,
    processing,
    recordings,
    sandbox,
    sandbox_worker,
    storage,
    texts,
)
from aduan.complaints.models import Evidence
from aduan.complaints.services import due_evidence, evidence_processing, process_evidence, purge, withdraw
from tests.factories import files
from tests.factories.complaints import complaint

pytestmark = pytest.mark.django_db
_MODULES = (
    sandbox, sandbox_worker, pictures, recordings, documents, texts, processing, evidence_processing,
)  # fmt: skip
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.fixture(autouse=True)
def _home(telkomsel):
    """The numbers here belong to operator A."""


def one_file(now: dt.datetime, data: bytes) -> Evidence:
    complaint(now, evidence=[files.upload(data)])
    return Evidence.objects.latest("id")


class Clamd(threading.Thread):
    """A daemon that speaks INSTREAM on a Unix socket and knows one virus."""

    def __init__(self, path: str, answer: bytes | None = None) -> None:
        super().__init__(daemon=True)
        self.path, self.answer = path, answer
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(path)
        self.server.listen()
        self.seen = 0

    def run(self) -> None:
        while True:
            try:
                link, _peer = self.server.accept()
            except OSError:
                return
            with link, link.makefile("rb") as incoming:
                assert incoming.read(10) == b"zINSTREAM\x00"
                body = b""
                while size := int.from_bytes(incoming.read(4), "big"):
                    body += incoming.read(size)
                self.seen += 1
                virus = b"stream: Eicar-Signature FOUND\x00" if EICAR in body else b"stream: OK\x00"
                link.sendall(self.answer or virus)

    def stop(self) -> None:
        self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()
        self.join(5)


@pytest.fixture
def clamd(tmp_path, settings):
    settings.CLAMD_SOCKET = str(tmp_path / "c.sock")
    daemon = Clamd(settings.CLAMD_SOCKET)
    daemon.start()
    yield daemon
    daemon.stop()


def test_a_good_picture_becomes_a_clean_one_with_a_thumbnail(now):
    row = one_file(now, files.telling_jpeg())
    assert due_evidence(at=now) == [row.pk]
    assert process_evidence(row.pk, at=now) == "clean"
    row.refresh_from_db()
    for name in (row.derivative, row.thumbnail):
        data = storage.fetch(name)
        assert Image.open(io.BytesIO(data)).format == "JPEG"
        assert files.CANARY not in data
    assert (row.width, row.height) == (1480, 720)
    assert row.picture_hash is not None
    assert due_evidence(at=now) == []


def test_examining_twice_changes_nothing(now):
    row = one_file(now, files.jpeg())
    process_evidence(row.pk, at=now)
    digest = Case.objects.get().contents_digest
    assert process_evidence(row.pk, at=now + dt.timedelta(days=1)) == "clean"
    assert Case.objects.get().contents_digest == digest


def test_a_hostile_file_is_refused_no_longer_counts_and_goes_after_a_week(now):
    """It was destroyed in the same second, before its sender could learn why."""
    row = one_file(now, files.hollow_jpeg())
    assert Case.objects.get().evidence_count == 1
    assert process_evidence(row.pk, at=now) == "refused"
    row.refresh_from_db()
    assert row.refusal == "not_a_picture"
    assert Case.objects.get().evidence_count == 0
    assert storage.evidence_storage().exists(row.original)
    purge(at=now + dt.timedelta(days=6))
    assert storage.evidence_storage().exists(row.original)
    purge(at=now + dt.timedelta(days=7, seconds=1))
    original = row.original
    row.refresh_from_db()
    assert row.subject_key is None
    assert not storage.evidence_storage().exists(original)


def test_a_picture_that_needs_more_than_pictures_may_is_refused_at_once_and_not_tried_again(now, monkeypatch):
    allowed = limits.LIMITS["image"]
    assert (allowed.cpu_seconds, allowed.memory) == (5, 512 * limits.MEBIBYTE)
    less = dataclasses.replace(allowed, memory=160 * limits.MEBIBYTE)
    monkeypatch.setattr(limits, "LIMITS", {**limits.LIMITS, "image": less})
    row = one_file(now, files.png(files.chat(width=4000, height=6000)))
    assert process_evidence(row.pk, at=now) == "refused"
    row.refresh_from_db()
    assert (row.refusal, row.attempts) == ("too_heavy", 1)
    assert due_evidence(at=now + dt.timedelta(days=3)) == []


def test_a_recording_is_handed_out_as_a_download_only(now):
    row = one_file(now, files.mp3(tag=files.CANARY))
    assert process_evidence(row.pk, at=now) == "clean"
    row.refresh_from_db()
    found = queries.clean_file(Case.objects.get(), str(row.uid))
    assert found is not None
    name, mime, shown = found
    assert (name, mime) == (row.derivative, "audio/mpeg")
    assert shown == f"bukti-{str(row.uid)[:8]}.mp3"
    assert queries.clean_file(Case.objects.get(), str(row.uid), thumbnail=True) is None


def test_a_recording_in_a_strange_container_is_handed_out_as_what_it_became(now):
    """A recording of a phone, 3GP with AMR in it, was taken and refused; now it is an AMR file."""
    row = one_file(now, files.recording("3gp", "libopencore_amrnb", rate=8000))
    assert process_evidence(row.pk, at=now) == "clean"
    found = queries.clean_file(Case.objects.get(), str(row.uid))
    assert found is not None
    assert found[1:] == ("audio/amr", f"bukti-{str(row.uid)[:8]}.amr")
    browsers = one_file(now, files.recording("webm", "libopus"))
    assert process_evidence(browsers.pk, at=now) == "clean"
    browsers.refresh_from_db()
    assert (browsers.medium, browsers.kind) == ("sound", "ogg")


def test_nothing_but_clean_files_of_this_case_is_handed_out(now):
    row = one_file(now, files.jpeg())
    other = complaint(now, "0813-0000-0001").case
    assert row.complaint is not None
    assert queries.clean_file(row.complaint.case, str(row.uid)) is None
    process_evidence(row.pk, at=now)
    assert queries.clean_file(row.complaint.case, str(row.uid))
    assert queries.clean_file(other, str(row.uid)) is None


def test_a_claimed_file_is_left_alone_until_the_claim_lapses(now):
    row = one_file(now, files.jpeg())
    Evidence.objects.update(next_try_at=now + dt.timedelta(minutes=10))
    assert process_evidence(row.pk, at=now) == "quarantined"
    assert due_evidence(at=now) == []
    assert due_evidence(at=now + dt.timedelta(minutes=11)) == [row.pk]


def test_a_withdrawn_complaint_is_examined_without_counting(now):
    row = one_file(now, files.jpeg())
    assert row.complaint is not None
    withdraw(row.complaint, at=now)
    assert process_evidence(row.pk, at=now) == "clean"
    assert Case.objects.get().evidence_count == 0


def test_with_the_scanner_on_a_clean_file_passes_and_a_virus_does_not(now, clamd):
    good = one_file(now, files.jpeg())
    bad = one_file(now, files.jpeg() + EICAR)
    assert process_evidence(good.pk, at=now) == "clean"
    assert process_evidence(bad.pk, at=now) == "refused"
    bad.refresh_from_db()
    assert bad.refusal == "virus"
    assert clamd.seen == 2


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\x00", b"", b"\x00"])
def test_a_scanner_without_an_answer_leaves_the_file_in_quarantine(answer, now, tmp_path, settings):
    settings.CLAMD_SOCKET = str(tmp_path / "c.sock")
    daemon = Clamd(settings.CLAMD_SOCKET, answer or b"?\x00")
    daemon.start()
    row = one_file(now, files.jpeg())
    assert process_evidence(row.pk, at=now) == "quarantined"
    daemon.stop()


def test_with_the_scanner_down_intake_goes_on_and_the_file_waits_for_its_return(now, settings, tmp_path):
    settings.CLAMD_SOCKET = str(tmp_path / "c.sock")
    row = one_file(now, files.jpeg())
    at = now
    for _round in range(4):
        assert process_evidence(row.pk, at=at) == "quarantined"
        assert due_evidence(at=at) == []
        at += dt.timedelta(hours=6)
        assert due_evidence(at=at) == [row.pk]
    daemon = Clamd(settings.CLAMD_SOCKET)
    daemon.start()
    assert process_evidence(row.pk, at=at) == "clean"
    daemon.stop()


def test_every_reason_that_the_sandbox_gives_has_a_label():
    given = {
        reason
        for module in _MODULES
        for found in re.findall(
            r'Refused\("(\w+)"\)|"reason": "(\w+)"|reason="(\w+)"', inspect.getsource(module)
        )
        for reason in found
        if reason
    } | {"too_slow", "unreadable"}  # chosen by the exit code of the child
    assert len(given) >= len(Evidence.Refusal)
    assert given <= set(Evidence.Refusal.values)
