"""A person who objects sends files as one who complains: same refusals, same examination, kept as long."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

from aduan.appeals.models import Objection
from aduan.complaints.evidence import storage
from aduan.complaints.models import Complaint, Evidence
from aduan.complaints.services import examine_due, find_hold_candidates, purge, purge_orphaned_files
from tests.factories import cases as make
from tests.factories import holds
from tests.factories.blocklists import a_block, published
from tests.factories.files import chat, jpeg
from tests.portal.public.test_objections import objected
from tests.portal.staff.login import log_in_staff

DAY = dt.timedelta(days=1)


@pytest.fixture
def listed(telkomsel, budi, citra) -> None:
    now = timezone.now()
    a_block(telkomsel, by=(budi, citra), at=now, digits=6281270001234)
    published(telkomsel, at=now)


def sent() -> QuerySet[Evidence]:
    """The block of the number has evidence of its own."""
    return Evidence.objects.filter(objection__isnull=False)


def picture(turn: int = 0) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"tagihan-{turn}.jpg", jpeg(chat(turn)), "image/jpeg")


def test_files_come_with_the_objection_and_later_and_reviewers_open_them_when_they_are_clean(
    client: Client, listed: None, budi
) -> None:
    page = objected(client, evidence=picture())["Location"]
    objection = Objection.objects.get()
    first = sent().get()
    assert (first.objection, first.complaint, first.case_id) == (objection.uid, None, objection.case_id)
    client.post(page, {"action": "add_files", "evidence": [picture(1), picture()]})
    assert sent().count() == 2, "the same file once"
    case = log_in_staff(Client(), budi)
    address = f"/kelola/perkara/{objection.case_id}/bukti/{first.uid}/"
    assert case.get(address).status_code == 404, "no one has examined it"
    examine_due(seconds=60)
    assert set(sent().values_list("state", flat=True)) == {"clean"}
    assert case.get(address).status_code == 200
    assert address in case.get("/kelola/keberatan/").text
    assert "Berkas 2" in client.get(page).text


def test_what_a_complaint_would_not_take_is_refused_here_too_and_costs_no_other_file(
    client: Client, listed: None
) -> None:
    program = SimpleUploadedFile("surat.pdf.exe", b"MZ" + bytes(500), "application/pdf")
    page = objected(client, evidence=[program, picture()])["Location"]
    assert sent().count() == 1
    assert "surat.pdf.exe" in client.get(page).text
    for first in (1, 6, 11):
        more = [picture(turn) for turn in range(first, first + 5)]
        client.post(page, {"action": "add_files", "evidence": more[: 14 - sent().count() + 1]})
    assert sent().count() == 15
    client.post(page, {"action": "add_files", "evidence": [picture(99)]})
    assert sent().count() == 15, "as many as a complaint, over its whole life"


def test_they_count_for_no_case_and_are_no_grounds_of_a_hold(client: Client, listed: None) -> None:
    holds.hold_rules()
    objected(client, evidence=picture())
    case = Objection.objects.get().case
    before = (case.evidence_count, case.contents_digest)
    examine_due(seconds=60)
    case.refresh_from_db()
    assert (case.evidence_count, case.contents_digest) == before
    assert find_hold_candidates(at=timezone.now()) == 0


def test_an_answered_objection_takes_no_more_and_its_files_go_with_those_of_complaints(
    client: Client, listed: None
) -> None:
    page = objected(client, evidence=picture())["Location"]
    examine_due(seconds=60)
    row = sent().get()
    names = [row.original, row.derivative, row.thumbnail]
    assert not {row.original, row.derivative} & set(purge_orphaned_files(at=timezone.now() + 2 * DAY))
    Objection.objects.update(state=Objection.State.LAPSED)
    client.post(page, {"action": "add_files", "evidence": [picture(1)]})
    assert sent().count() == 1
    purge(at=timezone.now() + 4000 * DAY)
    row.refresh_from_db()
    assert (row.original, row.derivative, row.subject_key) == ("", "", None)
    assert not any(storage.evidence_storage().exists(name) for name in names)


def test_a_file_has_one_owner_and_no_more(client: Client, listed: None, telkomsel, now) -> None:
    objected(client, evidence=picture())
    other = make.make_case(telkomsel, at=now)
    make.make_evidence(other)
    for owners in ({"objection": None}, {"complaint": Complaint.objects.get(case=other)}):
        with pytest.raises(IntegrityError, match="evidence_has_one_owner"), transaction.atomic():
            sent().update(**owners)
