"""A complaint is filed once, whole, and with an honest word about what will become of it."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid

import pytest
from django.db import transaction

from aduan.cases.models import Case
from aduan.complaints.evidence import storage
from aduan.complaints.models import Complaint, Evidence
from aduan.complaints.services import file_complaint
from aduan.complaints.types import Disposition
from aduan.core import vault
from aduan.core.errors import Invalid, WrongState
from aduan.notifications.models import OutboxMessage
from aduan.numbers.models import PhoneNumber
from tests.factories import files
from tests.factories.complaints import a_client, complaint, filed, report
from tests.factories.numbers import a_protected_number

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _home(telkomsel):
    """The numbers here belong to operator A."""


def test_a_complaint_opens_a_case_and_gives_a_receipt(now):
    receipt = filed(now)
    stored = Complaint.objects.select_related("case", "number").get()
    assert receipt.ticket.startswith("AN-")
    assert receipt.disposition == Disposition.REVIEW
    assert stored.number.canonical == "+6281234567890"
    assert stored.case.complaint_count == 1
    assert stored.case.independent_count == 1
    assert "Dua petugas" in str(receipt.message)


def test_twelve_spellings_are_one_case(now):
    for spelling in (
        "081234567890", "0812 3456 7890", "0812-3456-7890", "+6281234567890", "+62 812-3456-7890",
        "6281234567890",
        "0812.3456.7890", "(0812) 34567890", "0062 812 3456 7890", "https://wa.me/6281234567890",
        "tel:+62-812-3456-7890", "8123-4567-890",
    ):  # fmt: skip
        filed(now, spelling)
    assert PhoneNumber.objects.count() == 1
    assert Case.objects.get().complaint_count == 12


def test_the_same_form_twice_is_one_complaint_with_the_same_receipt(now):
    key, words, sender = uuid.uuid4(), report(), a_client()
    sent = [
        file_complaint(
            words,
            evidence=[files.upload(files.jpeg())],
            sender=sender,
            idempotency_key=key,
            at=now + dt.timedelta(minutes=turn),
        )
        for turn in range(3)
    ]
    assert Complaint.objects.count() == 1
    assert Evidence.objects.count() == 1
    assert {(one.ticket, one.secret) for one in sent} == {(sent[0].ticket, sent[0].secret)}
    assert [one.repeated for one in sent] == [False, True, True]
    assert Case.objects.get().complaint_count == 1


def test_the_same_form_with_other_content_is_refused(now):
    key = uuid.uuid4()
    filed(now, key=key, narrative="Pertama")
    with pytest.raises(WrongState) as refusal:
        filed(now, key=key, narrative="Kedua")
    assert refusal.value.code == "form_used"
    assert Complaint.objects.count() == 1
    assert Case.objects.get().complaint_count == 1


def test_contact_is_sealed_and_found_again_by_its_owner_only(now):
    stored = complaint(now, contact_email="Sari.Dewi@Example.ID", contact_phone="0815 0000 1234")
    row = Complaint.objects.filter(pk=stored.pk).values().get()
    everything = b"".join(bytes(value) for value in row.values() if isinstance(value, memoryview | bytes))
    assert b"Sari" not in everything
    assert b"0000" not in everything
    key = vault.unwrap(stored.subject_key, aad=stored.aad_for("subject_key"))
    assert (
        key.decrypt(stored.email_encrypted or b"", aad=stored.aad_for("email_encrypted"))
        == "Sari.Dewi@example.id"
    )
    assert (
        key.decrypt(stored.phone_encrypted or b"", aad=stored.aad_for("phone_encrypted")) == "+6281500001234"
    )
    assert bytes(stored.email_index or b"") == vault.blind_index("email", "sari.dewi@example.id")


def test_a_ciphertext_moved_to_another_complaint_does_not_open(now):
    """DL6."""
    one = complaint(now, contact_email="one@example.id")
    other = complaint(now, contact_email="other@example.id")
    Complaint.objects.filter(pk=other.pk).update(
        email_encrypted=one.email_encrypted, subject_key=one.subject_key
    )
    other.refresh_from_db()
    with pytest.raises(vault.Tampered):
        vault.unwrap(other.subject_key, aad=other.aad_for("subject_key"))


def test_the_receipt_goes_to_the_outbox_in_the_same_transaction(now):
    with transaction.atomic():
        filed(now, contact_email="sari@example.id")
        transaction.set_rollback(True)
    assert not OutboxMessage.objects.exists()
    assert not Complaint.objects.exists()
    filed(now, contact_email="sari@example.id")
    assert OutboxMessage.objects.get().kind == "complaint_received"


def test_evidence_lies_sealed_in_quarantine(now):
    data = files.jpeg()
    filed(now, evidence=[files.upload(data, "../../layar.jpg"), files.upload(files.mp3(), "suara.mp3")])
    picture, sound = Evidence.objects.order_by("id")
    assert (picture.state, picture.name, picture.medium) == ("quarantined", "layar.jpg", "image")
    assert sound.medium == "sound"
    assert picture.sha256 == hashlib.sha256(data).hexdigest()
    kept = storage.fetch(picture.original)
    assert data[:200] not in kept
    key = vault.unwrap(picture.subject_key, aad=picture.aad_for("subject_key"))
    assert key.decrypt_bytes(kept, aad=picture.aad_for("original")) == data
    assert Case.objects.get().evidence_count == 2


def test_a_refused_complaint_leaves_no_file(now, monkeypatch):
    before = set(_stored())
    monkeypatch.setattr("aduan.complaints.services.complainant_messages.send_receipt", _fail)
    with pytest.raises(ZeroDivisionError):
        filed(now, evidence=[files.upload(files.jpeg())])
    assert set(_stored()) == before
    assert not Complaint.objects.exists()


def test_an_official_number_is_recorded_as_spoofing(now):
    a_protected_number("+6281234567890")
    receipt = filed(now)
    assert receipt.disposition == Disposition.SPOOFING
    assert "nomor resmi" in str(receipt.message)
    assert Case.objects.get().suspected_spoofing


@pytest.mark.parametrize(
    ("number", "disposition"),
    [
        ("+60 12-345 6789", Disposition.REFERRAL),
        ("1500888", Disposition.RECORD),
        ("021 5550 1234", Disposition.REVIEW),
    ],
)
def test_every_kind_of_number_is_accepted_with_a_clear_word(number, disposition, now):
    receipt = filed(now, number)
    assert receipt.disposition == disposition
    assert len(str(receipt.message)) > 40


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"channel": "pigeon"}, "channel_unknown", "channel"),
        ({"category": "NOPE"}, "category_unknown", "category"),
        ({"narrative": "x" * 4001}, "text_too_long", "narrative"),
        ({"narrative": "a\x00b"}, "text_unreadable", "narrative"),
        ({"link": "x" * 501}, "text_too_long", "link"),
        ({"loss": -1}, "loss_unlikely", "loss"),
        ({"loss": 10**14}, "loss_unlikely", "loss"),
        ({"contact_email": "sari@"}, "email_unreadable", "contact_email"),
        ({"contact_email": "a@b.id\nBcc: c@d.id"}, "email_unreadable", "contact_email"),
        ({"contact_phone": "12"}, "phone_unreadable", "contact_phone"),
        ({"contact_phone": "021 5550 1234"}, "phone_not_mobile", "contact_phone"),
    ],
)
def test_what_cannot_be_accepted_names_its_field(fields, code, field, now):
    with pytest.raises(Invalid) as refusal:
        filed(now, **fields)
    assert (refusal.value.code, refusal.value.details["field"]) == (code, field)
    assert not Complaint.objects.exists()


def test_a_date_to_come_and_one_long_ago_are_refused(now):
    for day in (now + dt.timedelta(days=3), now.replace(year=1996)):
        with pytest.raises(Invalid):
            filed(now, occurred_at=day)
    filed(now, occurred_at=now - dt.timedelta(days=400))


def test_filing_takes_few_statements(now, django_assert_max_num_queries):
    filed(now)
    with django_assert_max_num_queries(10):
        filed(now, contact_email="sari@example.id")
    with django_assert_max_num_queries(18):
        filed(now, "0813-0000-0001", evidence=[files.upload(files.png())])


def _stored() -> list[str]:
    store = storage.evidence_storage()
    try:
        return [f"{folder}/{name}" for folder in store.listdir("")[0] for name in store.listdir(folder)[1]]
    except FileNotFoundError:
        return []


def _fail(*args: object, **more: object) -> None:
    raise ZeroDivisionError
