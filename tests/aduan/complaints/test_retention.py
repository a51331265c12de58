"""DL1, DL5, P17: what is due goes, what is held stays, keys turn over, an erasure leaves the decision."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from aduan.cases.models import Case
from aduan.cases.services import claim
from aduan.complaints.evidence import storage
from aduan.complaints.models import Complaint, Evidence, RetentionPolicy, SourceFingerprint
from aduan.complaints.services import (
    add_update,
    complaints_of_contact,
    erase,
    process_evidence,
    purge,
    purge_orphaned_files,
)
from aduan.core import vault
from aduan.core.audit_actions import AuditAction
from aduan.core.models import AuditLogEntry
from tests.factories import files
from tests.factories.cases import dismissed, reasons
from tests.factories.complaints import complaint

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _home(telkomsel):
    """The numbers here belong to operator A."""


@pytest.fixture
def closed(now, budi) -> Complaint:
    """A complaint with everything, whose case was closed."""
    one = complaint(now, contact_email="sari@example.id", evidence=[files.upload(files.jpeg())])
    add_update(one, text="Tambahan dari Sari.", at=now)
    process_evidence(Evidence.objects.get().pk, at=now)
    case = Case.objects.get()
    claim(case, by=budi, at=now)
    reasons()
    dismissed(case, by=budi, reason_code="test-dismiss", at=now)
    assert Case.objects.get().closed_at == now
    return one


def days(data_class: str) -> dt.timedelta:
    return dt.timedelta(days=RetentionPolicy.objects.get(data_class=data_class).days)


@pytest.mark.parametrize("data_class", ["original", "contact", "evidence", "narrative"])
def test_each_class_goes_on_its_day_and_not_before(data_class, closed, now):
    due = now + days(data_class)
    for at, expected in ((due - DAY, 0), (due, 0), (due + DAY, 1)):
        assert purge(at=at, dry_run=True)[data_class] == expected
        assert purge(at=at)[data_class] == expected
    assert purge(at=due + 2 * DAY)[data_class] == 0


def test_the_original_is_shredded_and_the_clean_picture_stays(closed, now):
    row = Evidence.objects.get()
    original = row.original
    purge(at=now + days("original") + DAY)
    row.refresh_from_db()
    assert (row.subject_key, row.original) == (None, "")
    assert row.sha256
    assert not storage.evidence_storage().exists(original)
    assert storage.fetch(row.derivative)


def test_a_contact_that_went_cannot_be_opened_from_an_old_copy_either(closed, now):
    sealed = closed.email_encrypted
    purge(at=now + days("contact") + DAY)
    closed.refresh_from_db()
    assert sealed
    with pytest.raises(vault.Shredded):
        vault.unwrap(closed.subject_key, aad=closed.aad_for("subject_key"))
    assert not SourceFingerprint.objects.filter(complaint_id=closed.pk).exists()


@pytest.mark.parametrize("held", ["legal hold", "objection", "open case"])
def test_what_is_held_objected_to_or_open_stays(held, closed, now):
    if held == "legal hold":
        Complaint.objects.update(legal_hold_reason="Pengadilan Negeri 12/2026")
    elif held == "objection":
        Case.objects.update(objection_since=now)
    else:
        complaint(now + DAY)  # the same number: its case opens again
        assert Case.objects.get().status == "open"
    assert set(purge(at=now + 9999 * DAY).values()) == {0}


def test_an_interrupted_purge_goes_on_where_it_stopped(closed, now, monkeypatch):
    later = now + days("evidence") + DAY
    real = storage.drop
    monkeypatch.setattr("aduan.complaints.evidence.storage.drop", lambda *names: (real(*names), 1 / 0))
    with pytest.raises(ZeroDivisionError):
        purge(at=later)
    monkeypatch.undo()
    done = purge(at=later)
    assert (done["original"], done["evidence"]) == (1, 1)
    assert not _stored()


def test_an_erasure_leaves_the_decision_and_nothing_of_the_person(closed, now):
    erase(closed, by=None, at=now + DAY)
    closed.refresh_from_db()
    assert (closed.narrative, closed.number_raw, closed.subject_key, closed.email_index) == (
        "",
        "",
        None,
        None,
    )
    assert closed.erased_at == now + DAY
    assert not closed.updates.exists()
    assert not _stored()
    assert Case.objects.get().status == "dismissed"
    assert AuditLogEntry.objects.filter(
        action=AuditAction.COMPLAINT_ERASE, subject=f"complaint:{closed.pk}"
    ).exists()


def test_a_person_finds_all_that_is_theirs(closed, now):
    other = complaint(now, "0813-0000-0001", contact_email="sari@example.id")
    complaint(now, contact_email="raka@example.id")
    assert complaints_of_contact(email="sari@example.id") == [closed, other]
    assert complaints_of_contact() == []


def test_files_that_no_complaint_names_are_swept_after_a_day_and_others_stay(closed, now):
    orphan = storage.keep(storage.name_for(uuid.uuid4(), "original"), b"x")
    kept = set(_stored()) - {orphan}
    assert purge_orphaned_files(at=dt.datetime.now(dt.UTC) + dt.timedelta(hours=23)) == []
    assert purge_orphaned_files(at=dt.datetime.now(dt.UTC) + dt.timedelta(hours=25)) == [orphan]
    assert set(_stored()) == kept


def _stored() -> list[str]:
    store = storage.evidence_storage()
    try:
        return [f"{folder}/{name}" for folder in store.listdir("")[0] for name in store.listdir(folder)[1]]
    except FileNotFoundError:
        return []
