"""Nothing typed is lost: a decision that was not taken is offered again, with what changed meanwhile."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from aduan.accounts.roles import Role
from aduan.cases import services
from aduan.cases.models import Case, DecisionDraft
from portal.staff import case_actions
from portal.staff.site import site
from portal.tasks import tasks
from tests.factories import cases as factory
from tests.factories.accounts import PASSWORD, person
from tests.portal.staff.login import log_in_staff
from tests.portal.staff.test_presence import opened_in
from tests.portal.test_access_matrix import PAGES, SAMPLES, concrete

TEXT = "Sudah ditelusuri: dua pelapor menyebut rekening yang sama"
MORNING = dt.datetime(2026, 11, 18, 2, 0, tzinfo=dt.UTC)


def page_of(client: Client, case: Case) -> str:
    return client.get(f"/kelola/perkara/{case.pk}/").text


def sent(case: Case, step: str, **more: str) -> dict[str, str]:
    case.refresh_from_db()
    return {"reason_code": f"test-{step}", "note": TEXT, "seen": case.contents_digest, **more}


def post(client: Client, case: Case, step: str, **more: str):
    return client.post(f"/kelola/perkara/{case.pk}/langkah/{step}/", {**sent(case, step), **more})


def type_into(client: Client, case: Case, step: str, **more: str):
    return client.post(f"/kelola/perkara/{case.pk}/draf/", {**sent(case, step), "step": step, **more})


def test_what_is_typed_is_in_the_form_again_and_only_for_its_author(client, budi, citra, case):
    log_in_staff(client, budi)
    assert type_into(client, case, "dismiss").status_code == 204
    page = page_of(client, case)
    assert page.count(TEXT) == 1
    assert '<details data-key="d" open>' in page
    assert '<details data-key="a" open>' not in page
    assert f"{TEXT}</textarea>" in page
    assert TEXT not in page_of(log_in_staff(Client(), citra), case)


def test_an_emptied_form_leaves_no_draft(client, budi, case):
    log_in_staff(client, budi)
    type_into(client, case, "dismiss")
    type_into(client, case, "dismiss", note="", reason_code="")
    assert not DecisionDraft.objects.exists()


def test_a_decision_that_was_taken_leaves_no_draft(client, budi, case):
    log_in_staff(client, budi)
    type_into(client, case, "ask")
    assert post(client, case, "dismiss").status_code == 302
    assert not DecisionDraft.objects.exists()


def test_a_conflict_keeps_the_text_and_shows_what_changed(client, budi, citra, case):
    stale = case.contents_digest
    services.open_or_join(case.number, report=factory.report(evidence_count=2), at=timezone.now())
    log_in_staff(client, budi)
    answer = client.post(
        f"/kelola/perkara/{case.pk}/langkah/dismiss/", {**sent(case, "dismiss"), "seen": stale}
    )
    assert answer.status_code == 409
    assert "24 jam" in answer.text
    page = page_of(client, case)
    assert f"{TEXT}</textarea>" in page
    assert "1 aduan baru, 2 bukti baru" in page
    assert post(client, case, "dismiss").status_code == 302


def test_what_a_colleague_did_meanwhile_is_named_and_the_text_is_still_there(client, budi, citra, case):
    log_in_staff(client, budi)
    with time_machine.travel(timezone.now() - dt.timedelta(minutes=5)):
        type_into(client, case, "ask")
    factory.dismissed(case, by=citra, at=timezone.now())
    page = page_of(client, case)
    assert f"<blockquote>{TEXT}</blockquote>" in page
    assert "Citra Lestari" in page.partition('class="notice tone-attention draft"')[2].partition("</form>")[0]


def test_a_form_sent_after_the_session_ended_is_kept_and_the_log_in_leads_to_the_case(client, budi, case):
    with time_machine.travel(MORNING, tick=False) as clock:
        log_in_staff(client, budi)
        page_of(client, case)
        clock.shift(dt.timedelta(minutes=31))
        answer = post(client, case, "dismiss")
        assert answer["Location"] == f"/akun/login/?next=/kelola/perkara/{case.pk}/"
        case.refresh_from_db()
        assert case.status == "open"
        log_in_staff(client, budi)
        assert f"{TEXT}</textarea>" in page_of(client, case)


def test_without_the_pages_token_a_late_form_is_not_kept(budi, case):
    careful = Client(enforce_csrf_checks=True)
    with time_machine.travel(MORNING, tick=False) as clock:
        log_in_staff(careful, budi)
        page_of(careful, case)
        clock.shift(dt.timedelta(minutes=31))
        assert post(careful, case, "dismiss").status_code == 302
    assert not DecisionDraft.objects.exists()


def test_a_step_that_waits_for_a_proof_of_identity_is_kept_meanwhile(client, budi, case):
    log_in_staff(client, budi, proved_minutes_ago=20)
    assert post(client, case, "dismiss")["Location"].startswith("/akun/2fa/reauthenticate/")
    assert f"{TEXT}</textarea>" in page_of(client, case)


@pytest.mark.django_db(transaction=True)
def test_a_crash_loses_nothing(budi, telkomsel, monkeypatch):
    factory.reasons()
    case = factory.make_case(telkomsel, at=timezone.now(), evidence_count=0)
    client = log_in_staff(Client(raise_request_exception=False), budi)

    def crash(*_args: object, **_given: object) -> None:
        raise RuntimeError("the database went away")

    monkeypatch.setitem(case_actions.ACTIONS, "dismiss", (*case_actions.ACTIONS["dismiss"][:1], crash, ""))
    assert post(client, case, "dismiss").status_code == 500
    assert f"{TEXT}</textarea>" in page_of(client, case)


def test_after_a_day_it_is_gone(client, budi, case):
    log_in_staff(client, budi)
    type_into(client, case, "dismiss")
    tasks.purge_expired_data()
    assert DecisionDraft.objects.exists()
    DecisionDraft.objects.update(saved_at=timezone.now() - dt.timedelta(hours=24, seconds=1))
    assert TEXT not in page_of(client, case)
    tasks.purge_expired_data()
    assert not DecisionDraft.objects.exists()


def test_its_author_can_delete_it(client, budi, case):
    log_in_staff(client, budi)
    type_into(client, case, "dismiss")
    type_into(client, case, "note", note="catatan yang tetap ada")
    client.post(f"/kelola/perkara/{case.pk}/draf/", {"discard": "1", "step": "dismiss"})
    page = page_of(client, case)
    assert TEXT not in page
    assert "catatan yang tetap ada</textarea>" in page


@pytest.mark.parametrize("step", ["dismiss", "note"])
def test_a_draft_that_comes_after_its_form_was_sent_is_not_offered(client, budi, case, step):
    """The browser sent it before: it only took the longer way."""
    log_in_staff(client, budi)
    page = {"opened": opened_in(page_of(client, case))}
    late = {**page, "turn": "1"}
    if step == "note":
        form = {"note": TEXT, **page, "turn": "2"}
        assert client.post(f"/kelola/perkara/{case.pk}/catatan/", form).status_code == 302
    else:
        assert post(client, case, step, **page, turn="2").status_code == 302
    assert type_into(client, case, step, **late).status_code == 204
    assert 'class="notice tone-attention draft"' not in page_of(client, case)
    type_into(client, case, step, **page, turn="3")  # the page was left open, and typed into again
    assert 'class="notice tone-attention draft"' in page_of(client, case)


def test_of_two_drafts_the_one_typed_last_stays_however_they_arrive(client, budi, case):
    log_in_staff(client, budi)
    page = {"opened": opened_in(page_of(client, case))}
    type_into(client, case, "ask", **page, turn="2", note="utuh")
    type_into(client, case, "ask", **page, turn="1", note="ut")
    assert DecisionDraft.objects.get().fields["note"] == ["utuh"]
    type_into(client, case, "ask", **page, turn="4", note="", reason_code="")
    type_into(client, case, "ask", **page, turn="3", note="utuh sekali")
    assert 'class="notice tone-attention draft"' not in page_of(client, case)
    type_into(client, case, "ask", opened=opened_in(page_of(client, case)), turn="1", note="baru")
    assert DecisionDraft.objects.get().fields["note"] == ["baru"]


def test_the_log_in_never_leads_to_an_address_that_is_only_sent_to(client, telkomsel, dewi):
    """Every page of both interfaces: sent to without a session, opened after the log-in."""
    everybody = person(
        "semua@aduan.example", "Semua", *(role for role in Role if role != Role.OPERATOR_PERSON)
    )
    keys = SAMPLES | {"key": "1", "complaint": "1", "step": "claim", "part": "clean", "code": "telkomsel"}
    staff = log_in_staff(Client(raise_request_exception=False), everybody)
    member = Client(raise_request_exception=False)
    member.force_login(dewi)
    addresses = [(staff, f"kelola/{page.route}") for page in site.pages.values()]
    addresses += [(member, address) for address in PAGES]
    for known, address in addresses:
        answer = client.post(concrete(address, keys), {"x": "1"})
        assert answer.status_code == 302, address
        goes_on = answer["Location"].partition("?next=")[2]
        assert known.get(goes_on).status_code != 405, (address, goes_on)


def test_a_real_log_in_after_an_interrupted_decision_opens_the_case(client, budi, case):
    answer = client.post(f"/kelola/perkara/{case.pk}/langkah/dismiss/", sent(case, "dismiss"))
    done = client.post(answer["Location"], {"login": budi.email, "password": PASSWORD})
    assert done["Location"] == f"/kelola/perkara/{case.pk}/"
