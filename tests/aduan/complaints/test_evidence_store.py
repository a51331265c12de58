"""What is missing is later, never a verdict: without proof of the store nothing is judged, swept or taken in.

Before, a file in quarantine was refused as lost, and its key destroyed, at the first look into a folder
that was not mounted; a version of the master key that was not there stopped the whole round.
"""

from __future__ import annotations

import base64
import datetime as dt
import io
import os
import tempfile

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command

from aduan.complaints.evidence import storage
from aduan.complaints.models import Evidence
from aduan.complaints.services import (
    StoreAway,
    declare_lost,
    process_evidence,
    purge_orphaned_files,
    store_trouble,
)
from aduan.core.errors import WrongState
from aduan.core.models import AuditLogEntry
from tests.factories import files
from tests.factories.complaints import complaint

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _own_store(telkomsel, settings, tmp_path):
    """The numbers here belong to operator A, and the store is this test's alone."""
    mount(settings, tmp_path / "store")


def mount(settings, folder):
    folder.mkdir(exist_ok=True)
    settings.STORAGES = settings.STORAGES | {
        "evidence": settings.STORAGES["evidence"] | {"OPTIONS": {"location": str(folder)}}
    }
    vars(storages)["_storages"].clear()  # Django makes a store once


@pytest.fixture
def waiting(now) -> Evidence:
    complaint(now, evidence=[files.upload(files.jpeg())])
    return Evidence.objects.get()


def test_a_new_installation_marks_its_store_by_itself():
    assert storage.read_marker() is None
    assert store_trouble() == ""
    assert storage.read_marker() == storage.own_marker()


def test_a_folder_takes_pieces_as_they_come_and_keeps_nothing_of_a_file_that_ends_early(
    monkeypatch, tmp_path
):
    def cut_off():
        yield b"first"
        raise ConnectionResetError

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "no room for a second copy"))
    assert storage.fetch(storage.keep_pieces("staged/whole", [b"first", b"second"])) == b"firstsecond"
    with pytest.raises(ConnectionResetError):
        storage.keep_pieces("staged/cut", cut_off())
    assert [file.name for file in (tmp_path / "store" / "staged").iterdir()] == ["whole"]


def test_an_unmounted_store_costs_no_attempt_and_evidence_goes_on_when_it_is_back(
    waiting, now, settings, tmp_path
):
    mount(settings, tmp_path / "empty mount point")
    for hours in range(3):
        with pytest.raises(StoreAway):
            process_evidence(waiting.pk, at=now + dt.timedelta(hours=hours))
    assert store_trouble() == "unmarked"
    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts) == ("quarantined", 0)
    assert waiting.subject_key
    mount(settings, tmp_path / "store")
    assert process_evidence(waiting.pk, at=now) == "clean"


def test_nothing_is_swept_from_another_installation_s_store(waiting, settings, tmp_path, now):
    foreign = tmp_path / "foreign"
    mount(settings, foreign)
    storage.keep(storage.MARKER, b"0" * 64)
    theirs = storage.keep("ab/ab.original", b"theirs")
    assert store_trouble() == "foreign"
    with pytest.raises(StoreAway):
        purge_orphaned_files(at=dt.datetime.now(dt.UTC) + 2 * DAY)
    assert storage.fetch(theirs) == b"theirs"


def test_a_complaint_with_files_is_asked_to_come_without_them_while_the_store_is_away(
    waiting, now, settings, tmp_path
):
    mount(settings, tmp_path / "empty mount point")
    with pytest.raises(StoreAway):
        complaint(now, "0813-0000-0001", evidence=[files.upload(files.jpeg())])
    assert complaint(now, "0813-0000-0001").pk


def test_a_missing_file_waits_and_only_a_person_declares_it_lost(waiting, now):
    ciphertext = storage.fetch(waiting.original)
    storage.drop(waiting.original)
    at = now
    for _round in range(5):
        assert process_evidence(waiting.pk, at=at) == "quarantined"
        at += DAY
    with pytest.raises(CommandError, match="1 files are missing"):
        call_command("evidence_store", stdout=io.StringIO())
    storage.keep(waiting.original, ciphertext)
    with pytest.raises(WrongState):
        declare_lost(waiting, at=at)
    storage.drop(waiting.original)
    call_command("evidence_store", declare_lost=waiting.uid, stdout=io.StringIO())
    waiting.refresh_from_db()
    assert (waiting.state, waiting.refusal) == ("refused", "lost")
    assert AuditLogEntry.objects.filter(action="evidence.declare_lost").count() == 1


def test_a_missing_version_of_the_master_key_is_later(waiting, now, settings):
    before = settings.VAULT_KEYS
    settings.VAULT_KEYS = [base64.b64encode(os.urandom(32)).decode()]
    assert process_evidence(waiting.pk, at=now) == "quarantined"
    settings.VAULT_KEYS = before
    assert process_evidence(waiting.pk, at=now + DAY) == "clean"


def test_a_damaged_ciphertext_waits_for_the_backup(waiting, now):
    whole = storage.fetch(waiting.original)
    storage.keep(waiting.original, whole[:-1] + bytes([whole[-1] ^ 1]))
    assert process_evidence(waiting.pk, at=now) == "quarantined"
    storage.keep(waiting.original, whole)
    assert process_evidence(waiting.pk, at=now + DAY) == "clean"


def test_a_store_that_an_earlier_version_filled_is_marked_by_the_newest_files(waiting):
    storage.drop(storage.MARKER)
    assert store_trouble() == ""
    assert storage.read_marker() == storage.own_marker()


def test_a_person_adopts_a_store(waiting, settings, tmp_path):
    mount(settings, tmp_path / "restored")
    with pytest.raises(CommandError, match="unmarked"):
        call_command("evidence_store", stdout=io.StringIO())
    call_command("evidence_store", adopt=True, stdout=io.StringIO())
    assert store_trouble() == ""
    assert AuditLogEntry.objects.filter(action="evidence_store.adopt").count() == 1
