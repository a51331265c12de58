"""After filing: add_update, withdraw, say that it goes on; follow it by ticket and secret."""

from __future__ import annotations

import datetime as dt

import pytest

from aduan.cases.models import Case
from aduan.cases.notices import NoticeText
from aduan.cases.services import claim
from aduan.complaints import evidence_queries, queries
from aduan.complaints.models import Complaint, ComplaintUpdate, Evidence
from aduan.complaints.services import add_update, complainant_updates, report_still_active, withdraw
from aduan.complaints.services.evidence_refusal import refuse
from aduan.complaints.types import ClientIdentity, Progress, Receipt
from aduan.core.errors import Invalid, WrongState
from tests.factories import cases, files
from tests.factories.cases import reasons
from tests.factories.complaints import complaint, filed, progress_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _home(telkomsel):
    """The numbers here belong to operator A."""


def page(receipt: Receipt, *, at: dt.datetime) -> Progress:
    progress = progress_of(receipt.ticket, receipt.secret, at=at)
    assert progress is not None
    return progress


def theirs(receipt: Receipt) -> Complaint:
    complaint = queries.complaint_of(receipt.ticket, receipt.secret)
    assert complaint is not None
    return complaint


def codes(progress: Progress) -> list[tuple[str, str]]:
    return [(step.code, step.state) for step in progress.steps]


def test_ticket_and_secret_open_the_page_and_nothing_else_does(now):
    receipt, other = filed(now), filed(now)
    assert progress_of(receipt.ticket, receipt.secret, at=now)
    assert progress_of(receipt.ticket.lower().replace("-", " "), receipt.secret, at=now)
    for ticket, secret in (
        (receipt.ticket, other.secret),
        (other.ticket, receipt.secret),
        (receipt.ticket, ""),
        ("", receipt.secret),
        ("AN-99999-99999", receipt.secret),
        (receipt.ticket, receipt.secret + "x"),
    ):
        assert progress_of(ticket, secret, at=now) is None


def test_a_new_complaint_is_in_review_and_says_what_comes(now):
    receipt = filed(now, contact_email="sari.dewi@example.id", contact_phone="0815 0000 1234")
    progress = page(receipt, at=now)
    assert codes(progress) == [
        ("received", "done"),
        ("review", "now"),
        ("decided", "todo"),
        ("listed", "todo"),
        ("answered", "todo"),
    ]
    assert progress.email_shown == "s…i@example.id"
    assert progress.phone_shown == "+62815****234"
    assert progress.may_complete
    assert progress.may_withdraw
    assert not progress.may_say_still_active


def test_what_is_asked_is_shown_and_completing_wakes_the_case(now, budi):
    receipt = filed(now)
    case = Case.objects.get()
    claim(case, by=budi, at=now)
    reasons()
    asked = NoticeText("Mohon kirim tangkapan layar.", "Please send a screenshot.")
    cases.asked(case, by=budi, reason_code="test-ask", note="Tampak palsu.", notice=asked, at=now)
    progress = page(receipt, at=now)
    assert progress.asked == "Mohon kirim tangkapan layar."
    assert ("asked", "now") in codes(progress)
    found = theirs(receipt)
    add_update(
        found, text="Ini layarnya.", evidence=[files.upload(files.png())], at=now + dt.timedelta(hours=1)
    )
    case.refresh_from_db()
    assert case.status == "open"
    assert case.evidence_count == 1
    after = page(receipt, at=now + dt.timedelta(hours=2))
    assert after.asked == ""
    assert [piece.state for piece in after.evidence] == ["quarantined"]


def test_the_same_addition_twice_is_one(now):
    one = complaint(now)
    data = files.png()
    for _turn in range(2):
        add_update(one, text="Tambahan.", evidence=[files.upload(data)], at=now)
    assert ComplaintUpdate.objects.count() == Evidence.objects.count() == 1
    assert Case.objects.get().evidence_count == 1


def test_an_empty_addition_is_refused(now):
    with pytest.raises(Invalid):
        add_update(complaint(now), text="  ", at=now)


def test_a_complaint_holds_fifteen_files_and_a_refused_one_leaves_none_behind(now):
    one = complaint(now)
    for turn in range(3):
        pictures = [
            files.upload(files.png(files.chat(turn * 10 + n, width=200, height=300))) for n in range(5)
        ]
        add_update(one, evidence=pictures, at=now)
    with pytest.raises(WrongState):
        add_update(one, evidence=[files.upload(files.png(files.chat(99)))], at=now)
    assert Evidence.objects.count() == 15


def test_withdrawing_takes_it_out_of_the_count_once(now):
    receipt = filed(now, loss=500_000, evidence=[files.upload(files.png())])
    one = theirs(receipt)
    withdraw(one, at=now)
    case = Case.objects.get()
    assert (case.complaint_count, case.independent_count, case.evidence_count, int(case.reported_loss)) == (
        0,
        0,
        0,
        0,
    )
    with pytest.raises(WrongState):
        withdraw(one, at=now)
    progress = page(receipt, at=now)
    assert codes(progress) == [("received", "done"), ("withdrawn", "now")]
    assert not progress.may_complete


def test_withdrawing_a_copy_leaves_the_count_of_people_alone(now):
    complaint(now, sender=ClientIdentity(device="a"))
    withdraw(complaint(now, sender=ClientIdentity(device="a")), at=now)
    case = Case.objects.get()
    assert (case.complaint_count, case.independent_count) == (1, 1)


def test_a_number_that_is_not_blocked_is_not_still_active(now):
    with pytest.raises(WrongState):
        report_still_active(complaint(now), at=now)


def test_reviewers_see_the_story_and_never_the_contact(now):
    one = complaint(now, contact_email="sari@example.id", evidence=[files.upload(files.png())])
    (reported,) = queries.complaints_of(one.case)
    assert reported.has_contact
    assert "sari" not in repr(reported)
    assert [file.shown for file in evidence_queries.files_of(one.case)] == [False]


def test_a_page_of_complaints_takes_one_statement(now, django_assert_num_queries):
    case = complaint(now).case
    for _turn in range(6):
        filed(now, evidence=[files.upload(files.png(files.chat(_turn)))])
    with django_assert_num_queries(1):
        assert len(queries.complaints_of(case)) == 7


def test_a_lost_file_can_be_sent_again_and_takes_no_second_place(now):
    """Its sender was asked to send it again, the page thanked, and nothing was kept."""
    data = files.png()
    one = complaint(now, evidence=[files.upload(data)])
    refuse(Evidence.objects.get(), Evidence.Refusal.LOST, now)
    assert Case.objects.get().evidence_count == 0
    add_update(one, evidence=[files.upload(data)], at=now)
    assert [row.state for row in Evidence.objects.order_by("id")] == ["refused", "quarantined"]
    assert Case.objects.get().evidence_count == 1
    add_update(one, evidence=[files.upload(data)], at=now)
    assert Evidence.objects.count() == 2


def test_a_full_complaint_takes_what_we_lost_again(now, monkeypatch):
    monkeypatch.setattr(complainant_updates, "MAX_FILES", 1)
    data = files.png()
    one = complaint(now, evidence=[files.upload(data)])
    refuse(Evidence.objects.get(), Evidence.Refusal.LOST, now)
    add_update(one, evidence=[files.upload(data)], at=now)
    with pytest.raises(WrongState):
        add_update(one, evidence=[files.upload(files.png(files.chat(9)))], at=now)


def test_a_file_that_was_refused_is_not_taken_a_second_time_and_the_page_says_why(now):
    """The page thanked for it."""
    data = files.hollow_jpeg()
    one = complaint(now, evidence=[files.upload(data)])
    refuse(Evidence.objects.get(), Evidence.Refusal.NOT_A_PICTURE, now)
    with pytest.raises(Invalid) as refusal:
        add_update(one, text="Ini lagi.", evidence=[files.upload(data, "foto.jpg")], at=now)
    assert "foto.jpg" in str(refusal.value.message)
    assert str(Evidence.Refusal.NOT_A_PICTURE.label) in str(refusal.value.message)
    assert Evidence.objects.count() == 1


def test_the_same_file_chosen_twice_is_one(now):
    data = files.png()
    complaint(now, evidence=[files.upload(data, "a.png"), files.upload(data, "b.png")])
    assert [row.name for row in Evidence.objects.all()] == ["a.png"]
    assert Case.objects.get().evidence_count == 1
