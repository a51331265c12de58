"""Several numbers of one scam in one complaint: one receipt, a case each, one campaign, all or none."""

from __future__ import annotations

import uuid

import pytest

from aduan.cases.models import Campaign, CampaignLink, Case
from aduan.complaints import queries
from aduan.complaints.evidence import storage
from aduan.complaints.models import Complaint, Evidence
from aduan.complaints.services import confirm_contact, file_together, send_code, submit
from aduan.complaints.types import ContactWay, FiledTogether, NumberAlso
from aduan.core.errors import WrongState
from aduan.notifications.models import OutboxMessage
from aduan.numbers.parsing import parse
from tests.factories import files
from tests.factories.complaints import a_client, filed, report, sent_code

pytestmark = pytest.mark.django_db

CHAT = ("0812-3456-7890", "0857 1111 2222", "+62 878-2222-3333", "0895-3333-4444", "0821-4444-5555")


def also(*typed: str) -> list[NumberAlso]:
    return [NumberAlso(parse(one), one) for one in typed]


def together(now, first, *others, **changes) -> FiledTogether:
    given = {"evidence": [], "sender": a_client(), "idempotency_key": uuid.uuid4(), **changes}
    words = given.pop("words", None) or report(first)
    return file_together(words, also=also(*others), at=now, **given)


def test_five_numbers_of_a_chat_are_five_cases_of_one_campaign(now):
    done = together(now, *CHAT)
    assert (len(done.others), done.left_out) == (4, 0)
    complaints = list(Complaint.objects.select_related("number"))
    assert {one.number.canonical for one in complaints} == {parse(typed).canonical for typed in CHAT}
    assert {one.number_raw for one in complaints} == set(CHAT)
    assert Case.objects.count() == 5
    assert Campaign.objects.get().size == 5
    assert set(CampaignLink.objects.values_list("kind", flat=True)) == {"together"}


def test_one_number_makes_no_campaign(now):
    filed(now)
    assert not Campaign.objects.exists()


def test_a_number_named_twice_is_one_complaint(now):
    done = together(now, CHAT[0], "+62 812 3456 7890", CHAT[1], "085711112222")
    assert (len(done.others), done.left_out) == (1, 0)
    assert Case.objects.count() == 2


def test_ten_are_taken_and_the_rest_is_counted(now):
    many = [f"0812-5555-{turn:04}" for turn in range(1000, 1013)]
    done = together(now, *many)
    assert (len(done.others), done.left_out) == (9, 3)
    assert Complaint.objects.count() == 10


def test_each_case_has_the_story_and_the_files_and_the_loss_is_counted_once(now):
    together(now, *CHAT[:3], evidence=[files.upload(files.jpeg())], words=report(CHAT[0], loss=2_000_000))
    assert sorted(Case.objects.values_list("evidence_count", flat=True)) == [1, 1, 1]
    assert len({row.original for row in Evidence.objects.all()}) == 3
    assert all(storage.fetch(row.original) for row in Evidence.objects.all())
    assert len(set(Complaint.objects.values_list("narrative", flat=True))) == 1
    losses = dict(Complaint.objects.values_list("number__canonical", "loss"))
    assert [loss for loss in losses.values() if loss] == [2_000_000]
    assert losses[parse(CHAT[0]).canonical] == 2_000_000


def test_the_same_form_again_is_the_same_receipts(now):
    key, sender, words = uuid.uuid4(), a_client(), report(CHAT[0])
    first = together(now, *CHAT, idempotency_key=key, sender=sender, words=words)
    again = together(now, *CHAT, idempotency_key=key, sender=sender, words=words)
    assert again.receipt.repeated
    tickets = [(done.receipt.ticket, [one.ticket for one in done.others]) for done in (first, again)]
    assert tickets[0] == tickets[1]
    assert Complaint.objects.count() == 5


def test_the_same_form_with_another_number_is_refused(now):
    key, sender, words = uuid.uuid4(), a_client(), report(CHAT[0])
    together(now, *CHAT[:3], idempotency_key=key, sender=sender, words=words)
    with pytest.raises(WrongState):
        together(now, *CHAT[:4], idempotency_key=key, sender=sender, words=words)
    assert Complaint.objects.count() == 3


def test_all_or_none(now, monkeypatch, evidence_folder):
    whole, turns = submit.insert_complaint, []

    def fails_at_the_third(*args, **contacts):
        turns.append(1)
        if len(turns) == 3:
            raise RuntimeError("the line is cut")
        whole(*args, **contacts)

    monkeypatch.setattr(submit, "insert_complaint", fails_at_the_third)
    with pytest.raises(RuntimeError):
        together(now, *CHAT, evidence=[files.upload(files.jpeg())])
    assert not Complaint.objects.exists()
    assert not Case.objects.exists()
    assert [path for path in evidence_folder.rglob("*.original*") if path.is_file()] == []


def test_one_letter_for_all_and_the_first_leads_to_the_others(now):
    done = together(now, *CHAT, words=report(CHAT[0], contact_email="sari@contoh.example"))
    assert OutboxMessage.objects.filter(kind="complaint_received").count() == 1
    first = queries.complaint_of(done.receipt.ticket, done.receipt.secret)
    assert first is not None
    shown = [one.number.canonical for one in queries.filed_together(first)]
    assert shown == [parse(typed).canonical for typed in CHAT[1:]]
    for one in done.others:
        opened = queries.complaint_of(one.ticket, one.secret)
        assert opened is not None
        assert queries.filed_together(opened) == []


def test_one_code_confirms_the_contact_of_every_number_of_the_form(now):
    together(now, *CHAT[:3], words=report(CHAT[0], contact_email="sari@example.id"))
    other = filed(now, number="0838-7777-6666", contact_email="sari@example.id")
    first = Complaint.objects.earliest("pk")
    send_code(first, way=ContactWay.EMAIL, sender=a_client(), at=now)
    assert confirm_contact(first, way=ContactWay.EMAIL, code=sent_code(), at=now)
    confirmed = Complaint.objects.filter(email_confirmed_at=now)
    assert confirmed.count() == 3
    assert other not in confirmed  # another form asks for itself
    assert Case.objects.filter(confirmed_count=1).count() == 3
