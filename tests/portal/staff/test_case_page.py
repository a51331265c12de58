"""The case page: what is shown to whom, and the steps that can be taken from it."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone

from aduan.accounts.roles import Role
from aduan.cases import services
from aduan.cases.models import Case
from aduan.cases.services import load_reasons
from aduan.core.models import AuditLogEntry
from tests.factories import cases as factory
from tests.factories.accounts import person
from tests.portal.second_factor import code_now
from tests.portal.staff.login import log_in_staff


@pytest.fixture
def today() -> dt.datetime:
    return timezone.now()


@pytest.fixture
def case(telkomsel, today) -> Case:
    factory.reasons()
    return factory.make_case(telkomsel, at=today, evidence_count=0)


def at(case: Case, step: str) -> str:
    return f"/kelola/perkara/{case.pk}/langkah/{step}/"


def proposal_of(case: Case, **more) -> dict[str, object]:
    case.refresh_from_db()
    return {
        "act": "block",
        "reason_code": "test-propose",
        "seen": case.contents_digest,
        "note": "Rahasia dapur",
        **more,
    }


def signature_of(case: Case, **more) -> dict[str, object]:
    case.refresh_from_db()
    return {"agrees": "yes", "compared": "on", "seen": case.contents_digest, **more}


def test_two_people_decide_and_no_one_alone(client, budi, citra, case):
    log_in_staff(client, budi)
    assert client.post(at(case, "propose"), proposal_of(case)).status_code == 302
    own = client.post(f"/kelola/perkara/{case.pk}/tanda-tangan/", signature_of(case))
    assert own.status_code == 403
    case.refresh_from_db()
    assert case.status == "proposed"
    log_in_staff(client, citra)
    assert client.post(f"/kelola/perkara/{case.pk}/tanda-tangan/", signature_of(case)).status_code == 302
    case.refresh_from_db()
    assert case.status == "confirmed"
    assert case.blocks.get().proposal.second_by == citra


def test_the_second_person_signs_blind(client, budi, citra, case):
    client = log_in_staff(client, budi)
    client.post(at(case, "propose"), proposal_of(case))
    page = log_in_staff(client, citra).get(f"/kelola/perkara/{case.pk}/").text
    assert "Rahasia dapur" not in page
    assert "test-propose" not in page
    assert "Budi" not in page
    client.post(
        f"/kelola/perkara/{case.pk}/tanda-tangan/", signature_of(case, agrees="no", reason="Tidak terbaca")
    )
    after = client.get(f"/kelola/perkara/{case.pk}/").text
    assert "Rahasia dapur" in after
    assert "Budi" in after


def test_a_disagreement_goes_to_a_third_person(client, budi, citra, agus, case):
    log_in_staff(client, budi).post(at(case, "propose"), proposal_of(case))
    sign = f"/kelola/perkara/{case.pk}/tanda-tangan/"
    log_in_staff(client, citra)
    assert client.post(sign, signature_of(case, agrees="no")).status_code == 400  # why is missing
    client.post(sign, signature_of(case, agrees="no", reason="Tidak terbaca"))
    assert client.post(sign, signature_of(case, third="True")).status_code == 403
    log_in_staff(client, agus).post(sign, signature_of(case, third="True"))
    case.refresh_from_db()
    assert case.status == "confirmed"


def test_who_was_slower_is_reported_who_was_faster(client, budi, citra, case):
    late = proposal_of(case)
    log_in_staff(client, budi).post(at(case, "propose"), proposal_of(case))
    answer = log_in_staff(client, citra).post(at(case, "propose"), late)
    assert answer.status_code == 409
    assert "Budi Santoso" in answer.text
    assert case.proposals.count() == 1


def test_a_page_that_is_no_longer_true_cannot_be_signed(client, budi, case, today):
    stale = proposal_of(case)
    services.open_or_join(case.number, report=factory.report(evidence_count=2), at=today)
    answer = log_in_staff(client, budi).post(at(case, "propose"), stale)
    assert answer.status_code == 409
    assert "1 aduan baru" in answer.text
    assert "2 bukti baru" in answer.text
    case.refresh_from_db()
    assert case.status == "open"


@pytest.mark.parametrize("step", ["ask", "dismiss", "declare_not_ours"])
def test_a_page_that_is_no_longer_true_closes_and_asks_nothing(client, budi, case, today, step):
    stale = {"reason_code": f"test-{step}", "seen": case.contents_digest}
    services.open_or_join(case.number, report=factory.report(evidence_count=2), at=today)
    log_in_staff(client, budi)
    for sent in (stale, {"reason_code": f"test-{step}"}):
        answer = client.post(at(case, step), sent)
        assert answer.status_code == 409
    assert "2 bukti baru" in client.post(at(case, step), stale).text
    case.refresh_from_db()
    assert case.status == "open"
    assert client.post(at(case, step), {**stale, "seen": case.contents_digest}).status_code == 302


def test_a_form_that_came_back_keeps_what_was_typed(client, budi, case):
    answer = log_in_staff(client, budi).post(at(case, "dismiss"), {"note": "Sudah ditelusuri"})
    assert answer.status_code == 400
    assert "Sudah ditelusuri" in answer.text
    assert "invalid-feedback" in answer.text


EVERY_FIELD = {
    **{field.attname: "1" for field in Case._meta.fields},
    "status": "confirmed",
    "proposed_by": "1",
    "second_by": "1",
    "second_agrees": "true",
    "needs_third": "",
    "is_staff": "1",
    "roles": "approver",
}


@pytest.mark.parametrize("step", ["claim", "ask", "dismiss", "propose", "declare_not_ours"])
def test_extra_fields_change_nothing(client, budi, citra, case, step):
    """AZ4: every field of the case and of the proposal is sent along with an honest step."""
    log_in_staff(client, citra)
    client.post(at(case, step), {**EVERY_FIELD, **proposal_of(case), "reason_code": f"test-{step}"})
    before = case.number_id
    case.refresh_from_db()
    assert case.status in {"open", "needs_info", "dismissed", "proposed", "not_ours"}
    assert case.number_id == before
    assert not case.protected
    assert not case.blocks.exists()
    assert not case.proposals.filter(second_by__isnull=False).exists()
    citra.refresh_from_db()
    assert citra.roles == ["reviewer"]


@pytest.mark.parametrize("role", [Role.LIST_MANAGER, Role.ADMINISTRATOR])
def test_roles_without_cases_see_none(client, case, role):
    log_in_staff(client, person(f"{role}@aduan.example", "Orang Lain", role))
    assert client.get(f"/kelola/perkara/{case.pk}/").status_code == 403
    assert client.get("/kelola/antrean/").status_code == 403


@pytest.mark.parametrize("role", [Role.LEAD, Role.AUDITOR])
def test_roles_that_only_read_decide_nothing(client, case, role):
    log_in_staff(client, person(f"{role}@aduan.example", "Orang Lain", role))
    page = client.get(f"/kelola/perkara/{case.pk}/")
    assert page.status_code == 200
    assert "/langkah/" not in page.text
    assert client.post(at(case, "propose"), proposal_of(case)).status_code == 403
    assert client.post(at(case, "dismiss"), {"reason_code": "test-dismiss"}).status_code == 403
    assert client.post("/kelola/berikutnya/").status_code == 403
    case.refresh_from_db()
    assert case.status == "open"


def test_signing_wants_a_fresh_proof_and_then_goes_on(client, budi, citra, case):
    """AZ16: a twenty-minute-old log-in is asked again; the signature is not lost."""
    log_in_staff(client, budi).post(at(case, "propose"), proposal_of(case))
    log_in_staff(client, citra, proved_minutes_ago=20)
    sign = f"/kelola/perkara/{case.pk}/tanda-tangan/"
    answer = client.post(sign, signature_of(case))
    assert answer["Location"].startswith("/akun/2fa/reauthenticate/")
    case.refresh_from_db()
    assert case.status == "proposed"
    client.post(answer["Location"], {"code": code_now(), "next": sign})
    case.refresh_from_db()
    assert case.status == "confirmed"


def test_own_contact_in_the_case_closes_it_to_the_person(client, budi, case, today):
    services.record_conflicts(case, user_ids=[budi.pk])
    log_in_staff(client, budi)
    assert "/langkah/" not in client.get(f"/kelola/perkara/{case.pk}/").text
    assert client.post(at(case, "dismiss"), {"reason_code": "test-dismiss"}).status_code == 403


def test_nothing_is_decided_by_looking(client, budi, case):
    log_in_staff(client, budi)
    for step in ("claim", "propose", "dismiss"):
        assert client.get(at(case, step)).status_code == 405
    assert client.get(f"/kelola/perkara/{case.pk}/tanda-tangan/").status_code == 405
    assert client.get("/kelola/berikutnya/").status_code == 405


def test_steps_that_do_not_exist_are_not_there(client, budi, case):
    log_in_staff(client, budi)
    assert client.post(at(case, "confirm_block")).status_code == 404
    assert client.get("/kelola/perkara/999999/").status_code == 404


def test_every_step_is_on_record_once(client, budi, case):
    log_in_staff(client, budi)
    before = AuditLogEntry.objects.count()
    client.post(at(case, "claim"), {})
    client.post(at(case, "propose"), {**proposal_of(case), "reason_code": "no-such-reason"})
    client.post(at(case, "ask"), {"reason_code": "test-ask", "seen": case.contents_digest})
    assert [entry.action for entry in AuditLogEntry.objects.order_by("seq")[before:]] == [
        "case.claim",
        "case.ask",
    ]


def test_the_page_takes_few_statements(client, budi, case, django_assert_max_num_queries):
    log_in_staff(client, budi)
    client.get(f"/kelola/perkara/{case.pk}/")
    with django_assert_max_num_queries(
        13
    ):  # two for the transaction, one for the account policy (not in production)
        client.get(f"/kelola/perkara/{case.pk}/")


def test_two_keys_never_sign_and_the_facts_stand_beside_the_signature(client, budi, citra, case):
    """Seen on e14b882: `s` signed at once, on a page whose decision panel showed none of the facts."""
    client = log_in_staff(client, budi)
    client.post(at(case, "propose"), proposal_of(case))
    page = log_in_staff(client, citra).get(f"/kelola/perkara/{case.pk}/")
    assert 'data-key="s"' in page.text
    assert not re.search(r'<form[^>]*data-key="s"', page.text)
    shown = "Terbaca|Seperti diketik|Pengadu|Bukti|Keterangan operator|Sebelum nomor diblokir"
    for fact in shown.split("|"):
        assert fact in page.text.partition('class="signing-facts"')[2], fact
    sent = signature_of(case)
    del sent["compared"]
    assert client.post(f"/kelola/perkara/{case.pk}/tanda-tangan/", sent).status_code == 400
    case.refresh_from_db()
    assert case.status == "proposed"


def test_an_urgent_block_is_stopped_on_its_page_by_one_signer(client, budi, citra, case):
    client = log_in_staff(client, budi)
    client.post(at(case, "propose"), proposal_of(case, urgent="on"))
    client = log_in_staff(client, citra)
    client.post(f"/kelola/perkara/{case.pk}/tanda-tangan/", signature_of(case))
    assert "Hentikan blokir mendesak ini" in client.get(f"/kelola/perkara/{case.pk}/").text
    assert client.post(at(case, "stop_urgent"), {"reason": "Nomor salah ketik"}).status_code == 302
    case.refresh_from_db()
    assert (case.status, case.blocks.get().release_reason) == ("open", "stopped")


def test_no_reason_is_offered_beside_a_measure_that_it_does_not_speak_of(client, budi, telkomsel, today):
    """All reasons stood beside each measure; the untrue ones were refused after they were chosen."""
    load_reasons()
    case = factory.make_case(telkomsel, at=today, evidence_count=0, category="SPOOFING")
    page = log_in_staff(client, budi).get(f"/kelola/perkara/{case.pk}/")
    offered = {
        name: {code for code, _text in page.context["panels"][name].fields["reason_code"].choices}
        for name in ("propose", "spoofed")
    }
    assert "propose-spoofed" in offered["spoofed"]
    assert not offered["propose"] & {"propose-spoofed", "propose-platform"}
    assert "propose-platform" not in offered["spoofed"]
    for spoken_of in ("propose-spoofed", "propose-platform"):
        answer = client.post(at(case, "propose"), proposal_of(case, reason_code=spoken_of))
        assert answer.status_code == 400
    assert client.post(at(case, "propose"), proposal_of(case, act="nothing")).status_code == 400


def test_who_has_no_step_on_a_case_reads_so(client, case):
    """A lead saw the heading *Decide* with nothing below it: the form of a note counted as a step."""
    lead = person("lea@aduan.example", "Lea", Role.LEAD)
    page = log_in_staff(client, lead).get(f"/kelola/perkara/{case.pk}/")
    assert "note" in page.context["panels"]
    assert "tidak ada yang perlu Anda putuskan di sini" in page.text


def test_who_has_steps_reads_them_alone(client, budi, case):
    page = log_in_staff(client, budi).get(f"/kelola/perkara/{case.pk}/")
    assert "tidak ada yang perlu Anda putuskan di sini" not in page.text
