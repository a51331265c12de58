"""The hold lane of the desk: candidates on top with a clock, two people, and the end by one key."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.cases import services
from aduan.cases.models import Case, Hold, HoldGrounds, RecycledNotice
from aduan.notifications.models import OutboxMessage
from aduan.numbers.models import PhoneNumber
from portal.common.web_sessions import people_at_work
from tests.factories import cases as factory
from tests.factories import holds
from tests.factories.accounts import person
from tests.portal.staff.login import log_in_staff

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def today() -> dt.datetime:
    return timezone.now()


@pytest.fixture
def rules(db: None) -> None:
    holds.hold_rules()


@pytest.fixture
def case(rules, telkomsel, today) -> Case:
    return holds.candidate(telkomsel, at=today - 3 * MINUTE)


@pytest.fixture
def lead(db: None) -> User:
    return person("sinta@aduan.example", "Sinta Lead", Role.LEAD)


def at(case: Case, step: str) -> str:
    return f"/kelola/perkara/{case.pk}/tahan/{step}/"


def said(case: Case, **more: object) -> dict[str, object]:
    case.refresh_from_db()
    hold = Hold.objects.filter(case=case).last()
    given = {"seen": case.contents_digest, "hold": hold.pk if hold else "", "compared": "on"}
    return {**given, "reason": "Sedang menelepon banyak orang", **more}


def test_the_second_person_signs_the_proposal_on_the_page_and_no_other(
    client, budi, citra, lead, case, today
):
    """Budi takes his back, and a lead proposes for a reason of their own, while Citra reads."""
    first = holds.proposed_hold(case, by=budi, at=today)
    read = said(case)
    services.decline_hold(first, by=budi, at=today, reason="keliru")
    holds.proposed_hold(case, by=lead, at=today)
    log_in_staff(client, citra)
    assert client.post(at(case, "confirm"), read).status_code == 409
    assert not Hold.objects.filter(state="confirmed").exists()
    assert client.post(at(case, "confirm"), said(case)).status_code == 302


def test_a_candidate_stands_on_top_of_the_queue_with_its_clock(client, budi, telkomsel, case, today):
    factory.make_case(telkomsel, at=today, loss=90_000_000, evidence_count=5)
    page = log_in_staff(client, budi).get("/kelola/antrean/").text
    assert page.index("Bisa ditangguhkan sekarang") < page.index('class="filters"')
    lane = page[page.index('id="hold-lane"') : page.index('class="filters"')]
    assert f"/kelola/perkara/{case.pk}/#hold-title" in lane
    assert re.search(r"menunggu 3 menit", lane)
    assert 'data-key="h"' in lane
    fragment = client.get("/kelola/antrean/tahan/").text
    assert f"/kelola/perkara/{case.pk}/" in fragment
    assert "<html" not in fragment


def test_two_people_hold_a_number_and_no_one_alone(client, budi, citra, case):
    log_in_staff(client, budi)
    assert "Usulkan penangguhan nomor" in client.get(f"/kelola/perkara/{case.pk}/").text
    assert client.post(at(case, "propose"), said(case)).status_code == 302
    assert client.post(at(case, "confirm"), said(case)).status_code == 403
    log_in_staff(client, citra)
    page = client.get(f"/kelola/perkara/{case.pk}/").text
    assert "Konfirmasi" in page
    assert "Sedang menelepon banyak orang" in page
    assert client.post(at(case, "confirm"), said(case)).status_code == 302
    hold = Hold.objects.get(case=case)
    assert hold.state == "confirmed"
    assert (hold.proposed_by, hold.second_by) == (budi, citra)
    late = client.post(at(case, "confirm"), said(case))
    assert late.status_code == 409


@pytest.mark.parametrize("step", ["propose", "confirm"])
def test_no_signature_without_the_tick_and_a_fresh_proof(client, budi, citra, case, today, step):
    if step == "confirm":
        holds.proposed_hold(case, by=citra, at=today)
    log_in_staff(client, budi)
    given = said(case)
    given.pop("compared")
    answer = client.post(at(case, step), given)
    assert answer.status_code == 400
    assert "Baca faktanya dulu" in answer.text
    log_in_staff(client, budi, proved_minutes_ago=60)
    asked = client.post(at(case, step), said(case))
    assert asked.status_code == 302
    assert "/akun/" in asked["Location"]
    assert not Hold.objects.filter(state="confirmed").exists()


@pytest.mark.parametrize(("step", "reason"), [("end", "not_needed"), ("end_wrong", "mistake")])
def test_either_signer_or_a_lead_ends_a_hold_by_one_key(
    client, budi, citra, agus, lead, telkomsel, rules, today, step, reason
):
    hold = holds.held(telkomsel, first=budi, second=citra, at=today - MINUTE)
    log_in_staff(client, agus)
    assert 'data-key="y"' not in client.get(f"/kelola/perkara/{hold.case_id}/").text
    assert client.post(at(hold.case, step)).status_code == 403
    log_in_staff(client, lead, proved_minutes_ago=60)  # to free a number takes no fresh proof
    page = client.get(f"/kelola/perkara/{hold.case_id}/").text
    assert re.search(r'<form method="post" action="[^"]*end_wrong/" data-key="y">', page)
    assert client.post(at(hold.case, step)).status_code == 302
    hold.refresh_from_db()
    assert (hold.end_reason, hold.ended_by) == (reason, lead)
    assert client.post(at(hold.case, step)).status_code == 409


def test_a_proposed_hold_is_turned_down_with_a_reason(client, budi, citra, case, today):
    holds.proposed_hold(case, by=budi, at=today)
    log_in_staff(client, citra)
    assert client.post(at(case, "decline"), said(case, reason="")).status_code == 400
    assert client.post(at(case, "decline"), said(case)).status_code == 302
    assert Hold.objects.get(case=case).state == "declined"


def test_a_number_that_is_never_held_says_why_and_stands_in_no_lane(client, budi, case, today):
    PhoneNumber.objects.filter(pk=case.number_id).update(in_use_since="2010-01-01")
    log_in_staff(client, budi)
    page = client.get(f"/kelola/perkara/{case.pk}/").text
    assert "tidak pernah ditangguhkan" in page
    assert "Usulkan penangguhan nomor" not in page
    assert f"/kelola/perkara/{case.pk}/#hold-title" not in client.get("/kelola/antrean/").text
    assert client.post(at(case, "propose"), said(case)).status_code == 403


def test_without_rules_no_candidate_is_shown(client, budi, telkomsel, today):
    case = holds.candidate(telkomsel, at=today)
    log_in_staff(client, budi)
    assert 'class="queue-row hold-row"' not in client.get("/kelola/antrean/").text
    assert "Tidak ada ketentuan hukum" in client.get("/kelola/tahan/").text
    assert "Tidak ada dasar hukum" in client.get(f"/kelola/perkara/{case.pk}/").text


def test_above_the_quota_the_page_says_that_two_leads_sign(client, budi, citra, lead, telkomsel, today):
    holds.hold_rules(personal_quota=1)
    holds.held(telkomsel, first=budi, second=citra, at=today - MINUTE)
    case = holds.candidate(telkomsel, at=today)
    page = log_in_staff(client, budi).get(f"/kelola/perkara/{case.pk}/").text
    assert "dua koordinator" in page
    assert "Usulkan penangguhan nomor" not in page
    refused = client.post(at(case, "propose"), said(case))
    assert refused.status_code == 403
    assert "dua koordinator" in refused.text
    services.skip_case(case.pk, by=budi, at=today)  # who opened it has it until they go
    log_in_staff(client, lead)
    assert client.post(at(case, "propose"), said(case)).status_code == 302
    assert Hold.objects.get(case=case).needs_leads is False  # her own quota is free


def test_the_page_of_holds_shows_what_is_held_until_when(client, budi, citra, telkomsel, rules, today):
    hold = holds.held(telkomsel, first=budi, second=citra, at=today - MINUTE)
    page = log_in_staff(client, budi).get("/kelola/tahan/").text
    assert "Ditangguhkan sampai" in page
    assert "sisa 6 hari 23" in page
    assert at(hold.case, "end") in page


def test_the_lane_takes_few_statements_however_long_it_is(
    client, budi, citra, telkomsel, rules, today, django_assert_max_num_queries
):
    for turn in range(8):
        holds.candidate(telkomsel, at=today - turn * MINUTE)
    log_in_staff(client, budi)
    client.get("/kelola/antrean/")
    with django_assert_max_num_queries(14):
        client.get("/kelola/antrean/")
    with django_assert_max_num_queries(7):
        client.get("/kelola/antrean/tahan/")


def test_leads_are_alerted_when_no_two_signers_are_at_work(budi, citra, lead, case, today):
    services.alert_leads_of_candidates(at_work=[budi.pk, citra.pk], at=today)
    assert not OutboxMessage.objects.filter(kind="hold_alert").exists()
    assert services.alert_leads_of_candidates(at_work=[budi.pk], at=today) == 1
    assert services.alert_leads_of_candidates(at_work=[], at=today + MINUTE) == 0  # once
    assert OutboxMessage.objects.filter(kind="hold_alert").count() == 1


def test_leads_are_alerted_of_a_candidate_that_waits_too_long(budi, citra, lead, case, today):
    later = today + 8 * MINUTE  # it qualified three minutes before
    assert services.alert_leads_of_candidates(at_work=[budi.pk, citra.pk], at=later - 2 * MINUTE) == 0
    assert services.alert_leads_of_candidates(at_work=[budi.pk, citra.pk], at=later) == 1


def test_a_held_number_alerts_no_one(budi, citra, lead, case, today):
    holds.confirmed_hold(holds.proposed_hold(case, by=budi, at=today), by=citra, at=today)
    services.note_hold_grounds(case, grounds=HoldGrounds.INDEPENDENT, at=today)
    assert services.alert_leads_of_candidates(at_work=[], at=today + 30 * MINUTE) == 0


def test_numbers_that_may_not_be_held_stand_in_the_way_of_no_alert(lead, telkomsel, rules, case, today):
    """Before, twenty of them hid every later candidate from the leads."""
    for _turn in range(20):
        official = holds.candidate(telkomsel, at=today - 10 * MINUTE)
        Case.objects.filter(pk=official.pk).update(resembles_protected=True)
    assert services.alert_leads_of_candidates(at_work=[], at=today) == 1


def test_a_page_that_polls_keeps_no_one_at_work(client, budi, db):
    log_in_staff(client, budi)
    client.get("/kelola/antrean/")
    assert Session.objects.count() == 1
    now = timezone.now()
    assert people_at_work(at=now) == {budi.pk}
    held = client.session
    held["session_seen"] = (now - 20 * MINUTE).timestamp()
    held.save()
    client.get("/kelola/antrean/tahan/", headers={"X-Polling": "1"})
    assert people_at_work(at=now) == set()
    client.get("/kelola/antrean/")
    assert people_at_work(at=timezone.now()) == {budi.pk}


def test_one_whose_own_contact_is_in_the_case_sees_no_candidate(client, budi, case):
    Case.objects.filter(pk=case.pk).update(conflicted_user_ids=[budi.pk])
    assert f"/kelola/perkara/{case.pk}/" not in log_in_staff(client, budi).get("/kelola/antrean/tahan/").text


def test_who_merely_has_the_case_open_holds_up_no_second_signature(client, budi, citra, agus, case, today):
    """Seen to fail on 635abb3: the page of a case takes it, and the proposer was led back to it."""
    log_in_staff(client, budi)
    assert client.post(at(case, "propose"), said(case))["Location"] == "/kelola/tahan/"
    log_in_staff(client, agus).get(f"/kelola/perkara/{case.pk}/")
    log_in_staff(client, citra)
    assert "Konfirmasi: tangguhkan" in client.get(f"/kelola/perkara/{case.pk}/").text
    assert client.post(at(case, "confirm"), said(case)).status_code == 302


def test_a_case_that_stays_when_the_operator_names_a_new_holder_says_why(
    case, telkomsel, budi, citra, today, client
):
    """Seen to fail on 1d4faade: the hold was gone, the case open, and nothing on the page said so."""
    said = "Perkara ini tetap terbuka"
    hold = holds.confirmed_hold(holds.proposed_hold(case, by=budi, at=today), by=citra, at=today)
    log_in_staff(client, budi)
    assert said not in client.get(f"/kelola/perkara/{case.pk}/").text
    source = RecycledNotice.Source.OPERATOR
    assert services.take_recycled(case, operator_id=telkomsel.pk, source=source, batch=1, at=timezone.now())
    hold.refresh_from_db()
    assert hold.end_reason == "recycled"
    assert said in client.get(f"/kelola/perkara/{case.pk}/").text
