"""The desk sees how a number was typed wherever it is read otherwise, and a signer sees it before signing."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from aduan.cases.models import Case
from aduan.complaints.models import Complaint
from aduan.core.models import AuditLogEntry
from aduan.notifications.models import OutboxMessage
from aduan.numbers.parsing import is_usual_spelling
from tests.factories import cases as factory
from tests.factories.complaints import filed
from tests.portal.public.forms import filled, receipt_of
from tests.portal.staff.login import log_in_staff

TYPED = "0812-3456-7890 (2)"


@pytest.fixture
def case(telkomsel) -> Case:
    factory.reasons()
    now = timezone.now()
    for typed in (TYPED, TYPED, "nomor 0812 3456 7890 jam 10.15", "0812 3456 7890", "+62 812-3456-7890"):
        filed(now, typed)
    return Case.objects.get()


def page_of(client: Client, case: Case) -> str:
    return client.get(f"/kelola/perkara/{case.pk}/").content.decode()


def proposal_of(case: Case) -> dict[str, object]:
    case.refresh_from_db()
    return {
        "act": "block",
        "reason_code": "test-propose",
        "seen": case.contents_digest,
        "note": "Bukti jelas",
    }


@pytest.mark.parametrize(
    ("typed", "canonical", "usual"),
    [
        ("0812-3456-7890", "+6281234567890", True),
        ("62 812.3456.7890", "+6281234567890", True),
        ("(021) 5551234", "+62215551234", True),
        ("٠٨١٢٣٤٥٦٧٨٩٠", "+6281234567890", True),
        ("+44 7911 123456", "+447911123456", True),
        ("Bank-BCA", "sender:BANK-BCA", True),
        ("Telegram @Budi_99", "telegram:@budi_99", True),
        ("0812-3456-7890 (2)", "+6281234567890", False),
        ("wa.me/6281234567890", "+6281234567890", False),
        ("0062 812 3456 7890", "+6281234567890", False),
        ("081234567890 2", "+6281234567890", False),
        ("@budi_99", "telegram:@budi_99", False),
    ],
)
def test_only_what_differs_in_more_than_grouping_is_set_beside(typed, canonical, usual):
    assert is_usual_spelling(typed, canonical) == usual


def test_the_case_page_tells_how_many_complainants_typed_which_spelling(client, budi, case):
    """The desk never saw what was typed on the code before."""
    log_in_staff(client, budi)
    page = page_of(client, case)
    facts = page[page.index('class="spellings"') :]
    facts = facts[: facts.index("</ul>")]
    rows = [" ".join(row.split()) for row in facts.split("<li>")[1:]]
    assert [TYPED in rows[0], "2 " in rows[0], "jam 10.15" in rows[1], "1 " in rows[1]] == [True] * 4
    assert "+62 812-3456-7890" in rows[0]
    assert "2 " in rows[2], "the usual spellings come last, as one"
    assert len(rows) == 3


def test_each_complaint_shows_what_was_typed_only_where_it_differs(client, budi, case):
    log_in_staff(client, budi)
    page = page_of(client, case)
    articles = page.split('<article class="complaint"')[1:]
    shown = ["Nomor seperti diketik" in article or "Number as typed" in article for article in articles]
    assert shown == [False, False, True, True, True]  # newest first


def test_a_signer_sees_the_spelling_before_the_signature(client, budi, citra, case):
    log_in_staff(client, budi)
    assert client.post(f"/kelola/perkara/{case.pk}/langkah/propose/", proposal_of(case)).status_code == 302
    log_in_staff(client, citra)
    page = page_of(client, case)
    assert page.index('id="sign-spellings"') < page.index('data-key="s"')
    assert TYPED in page[page.index('id="sign-spellings"') : page.index('data-key="s"')]


def test_usual_spellings_alone_are_not_shown(client, budi, telkomsel):
    factory.reasons()
    filed(timezone.now(), "0812 3456 7890")
    log_in_staff(client, budi)
    assert 'class="spellings"' not in page_of(client, Case.objects.get())


def test_copies_and_withdrawn_complaints_are_not_counted(client, budi, case):
    first, second = Complaint.objects.filter(number_raw=TYPED).order_by("pk")
    Complaint.objects.filter(pk=second.pk).update(
        duplicate_of=first.pk, duplicate_reason=Complaint.DuplicateReason.TEXT
    )
    log_in_staff(client, budi)
    page = page_of(client, case)
    assert "2 pengadu" not in page[page.index('class="spellings"') : page.index("jam 10.15")]


def test_what_was_typed_is_in_no_list_page_letter_log_or_audit_entry(client, budi, case, capfd):
    log_in_staff(client, budi)
    assert TYPED not in client.get("/kelola/antrean/").content.decode()
    client.post(f"/kelola/perkara/{case.pk}/langkah/propose/", proposal_of(case))
    assert TYPED not in str(list(AuditLogEntry.objects.values()))
    assert TYPED not in str(list(OutboxMessage.objects.values()))
    assert TYPED not in capfd.readouterr().err


@pytest.mark.django_db
def test_a_chosen_offer_keeps_what_was_typed_before(client):
    """The spelling of the question was lost when one of its readings was chosen."""
    typed = "081234567890 2"
    page = client.post("/lapor/", filled(number=typed, action="check")).content.decode()
    assert 'name="typed"' in page
    chosen = filled(number=typed, chosen="+62 812-3456-7890", action="check")
    again = client.post("/lapor/", chosen).content.decode()
    assert f'name="typed" value="{typed}"' in again
    sent = filled(number="+62 812-3456-7890", typed=typed, typed_for="+62 812-3456-7890")
    receipt_of(client.post("/lapor/", sent))
    complaint = Complaint.objects.get()
    assert (complaint.number.canonical, complaint.number_raw) == ("+6281234567890", typed)


@pytest.mark.django_db
def test_what_was_typed_is_forgotten_when_the_field_is_changed_by_hand(client):
    sent = filled(number="0813 3456 7890", typed="081234567890 2", typed_for="+62 812-3456-7890")
    receipt_of(client.post("/lapor/", sent))
    assert Complaint.objects.get().number_raw == "0813 3456 7890"


@pytest.mark.parametrize("step", ["ask", "dismiss"])
def test_who_closes_or_asks_many_sees_how_each_number_was_typed(client, budi, case, step):
    """Before, the list of the bulk action showed the number as read alone."""
    filed(timezone.now(), "0813 9999 0000")
    usual = Case.objects.exclude(pk=case.pk).get()
    log_in_staff(client, budi)
    page = client.post("/kelola/antrean/bersama/", {"step": step, "cases": [case.pk, usual.pk]}).text
    assert page.count('class="spellings"') == 1, "nothing is set beside a usual spelling"
    rows = page[page.index('class="spellings"') : page.index("</ul>", page.index('class="spellings"'))]
    assert TYPED in rows
    assert rows.count("+62 812-3456-7890") == 2
    assert "2 pengadu" in rows
