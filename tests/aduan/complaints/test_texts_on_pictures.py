"""The text that a machine read on a picture lives and ends as the story does, and goes no further."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import replace

import pytest

from aduan.accounts.models import User
from aduan.cases import queries as case_queries
from aduan.cases.models import CampaignLink, Case, CaseSearchIndex
from aduan.complaints import services
from aduan.complaints.models import Complaint, Evidence, RetentionPolicy
from aduan.core import vault
from aduan.core.models import AuditLogEntry
from aduan.notifications.models import OutboxMessage
from aduan.operators.models import Operator
from tests.database import as_administrator
from tests.factories import cases as decide
from tests.factories import complaints as make
from tests.factories import files

pytestmark = pytest.mark.django_db
MARK = "zamrudkhayal"
READ = f"Paket {MARK} tertahan di gudang, bayar bea dua puluh lima ribu ke BRI 0987654321 hari ini ya kak"
YEARS = dt.timedelta(days=4000)


def with_picture(now: dt.datetime, number: str = "0812-3456-7890", read: str = READ) -> Complaint:
    upload = replace(files.upload(files.jpeg(files.chat(int(number[-2:])))), text_read=read)
    complaint = make.complaint(now, number, evidence=[upload], narrative="Mereka minta bea paket.")
    services.process_evidence(complaint.evidence.get().pk, at=now)
    services.reindex_cases(at=now)
    return complaint


def found(word: str, now: dt.datetime) -> set[int]:
    return {row.case_id for row in case_queries.find(word, at=now).rows}


def test_a_case_is_found_and_tied_to_others_by_it(telkomsel: Operator, now: dt.datetime) -> None:
    one = with_picture(now)
    copied = with_picture(now, "0812-3456-7891", READ.replace("kak", "bu"))
    paid = make.complaint(now, "0812-3456-7892", bank_account="BRI 0987654321")
    services.reindex_cases(at=now)
    assert found(MARK, now) == {one.case_id, copied.case_id}
    links = CampaignLink.objects.filter(case_id__in=[one.case_id, copied.case_id, paid.case_id])
    assert links.count() == 3
    assert len(set(links.values_list("campaign_id", flat=True))) == 1


def of_narratives(complaint: Complaint, at: dt.datetime) -> None:
    with as_administrator():
        RetentionPolicy.objects.exclude(data_class="narrative").update(days=9000)
    services.purge(at=at + YEARS)


def of_evidence(complaint: Complaint, at: dt.datetime) -> None:
    with as_administrator():
        RetentionPolicy.objects.exclude(data_class="evidence").update(days=9000)
    services.purge(at=at + YEARS)


def on_request(complaint: Complaint, at: dt.datetime) -> None:
    services.erase(complaint, by=None, at=at)


@pytest.mark.parametrize("end", [of_narratives, of_evidence, on_request])
def test_it_ends_with_the_story_and_with_its_picture_in_the_search_too(
    telkomsel: Operator, budi: User, now: dt.datetime, end: Callable[[Complaint, dt.datetime], None]
) -> None:
    """The index kept every word of an erased complaint: who knew one found the case by it."""
    complaint = with_picture(now)
    decide.reasons()
    decide.dismissed(Case.objects.get(), by=budi, reason_code="test-dismiss", at=now)
    services.reindex_cases(at=now)
    assert found(MARK, now)
    Case.objects.update(ranker_words=[MARK])
    end(complaint, now)
    services.reindex_cases(at=now)
    assert Evidence.objects.get().text_read == ""
    assert not found(MARK, now)
    assert MARK not in str(CaseSearchIndex.objects.values_list("words", flat=True).get())
    assert Case.objects.get().ranker_words is None


def letter_of(row: OutboxMessage) -> str:
    aad = vault.aad_for("notifications_outboxmessage", "payload_encrypted", row.key)
    return vault.decrypt(row.payload_encrypted, aad=aad)


def test_it_is_in_no_list_letter_or_entry_of_the_log(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    upload = replace(files.upload(files.jpeg()), text_read=READ)
    make.complaint(now, evidence=[upload], contact_email="sari@example.id")
    services.process_evidence(Evidence.objects.get().pk, at=now)
    services.reindex_cases(at=now)
    decide.reasons()
    case = Case.objects.get()
    decide.proposed(case, by=budi, at=now)
    decide.signed(case, by=citra, at=now)
    letters = [
        vault.decrypt(
            row.payload_encrypted, aad=vault.aad_for(row._meta.db_table, "payload_encrypted", row.key)
        )
        for row in OutboxMessage.objects.all()
    ]
    entries = list(AuditLogEntry.objects.values_list("detail", flat=True))
    for sent in (letters, entries, caplog.text):
        assert sent
        assert MARK not in str(sent)


def test_the_person_is_given_it_with_their_data(telkomsel: Operator, now: dt.datetime) -> None:
    upload = replace(files.upload(files.jpeg()), text_read=READ)
    make.complaint(now, evidence=[upload], contact_email="sari@example.id")
    (given,) = services.disclose_personal_data(email="sari@example.id", at=now)
    assert given["files"][0]["read_by_machine"] == READ
