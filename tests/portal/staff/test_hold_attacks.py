"""Attacks on the hold lane over HTTP: one human with two log-ins, double clicks, a complaint taken back."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.cases import services
from aduan.cases.models import Case, CaseEvent, ChangeRequest, Hold, HoldGrounds
from aduan.complaints.models import Complaint
from tests.factories import holds
from tests.factories.accounts import past_triggers, person
from tests.portal.public.forms import progress_address, send
from tests.portal.staff.login import log_in_staff
from tests.portal.staff.test_holds import at, said
from tests.races import at_once

SECOND = dt.timedelta(seconds=1)
ONE_HUMAN = ["staff_number", "email"]


@pytest.fixture
def today() -> dt.datetime:
    return timezone.now()


@pytest.fixture
def case(db: None, telkomsel, today) -> Case:
    holds.hold_rules()
    return holds.candidate(telkomsel, at=today - 60 * SECOND)


def second_log_in_of(human: User, same: str) -> User:
    """Another log-in of this human, who wrote what is the same in another way."""
    other = person(f"second.{human.email}", "B. Santoso", Role.REVIEWER)
    name, domain = human.email.split("@")
    written = {"staff_number": f" {human.staff_number.lower()}-", "email": f"{name}+2@{domain}"}
    with past_triggers():
        User.objects.filter(pk=other.pk).update(**{same: written[same]})
    return User.objects.get(pk=other.pk)


@pytest.mark.parametrize("same", ONE_HUMAN)
def test_one_human_with_two_log_ins_holds_no_number(client, budi, case, today, same):
    other = second_log_in_of(budi, same)
    log_in_staff(client, budi)
    assert client.post(at(case, "propose"), said(case)).status_code == 302
    log_in_staff(client, other)
    assert client.post(at(case, "confirm"), said(case)).status_code == 403
    assert Hold.objects.get().state == "pending"


@pytest.mark.parametrize("same", ONE_HUMAN)
def test_one_human_with_two_log_ins_is_not_the_two_who_answer_an_owner(
    client, budi, citra, agus, telkomsel, today, same
):
    """Neither as both of the two, nor as one who held the number."""
    holds.hold_rules()
    hold = holds.held(telkomsel, first=budi, second=citra, at=today - 60 * SECOND)
    services.record_objection(hold.case, at=today)
    answer = {"upheld": "yes", "reason": "Nomor ini miliknya.", "compared": "on"}
    address = f"/kelola/perkara/{hold.case_id}/langkah/settle_objection/"
    hold.case.refresh_from_db()
    answer["seen"] = hold.case.contents_digest
    log_in_staff(client, second_log_in_of(budi, same))
    assert client.post(address, answer).status_code == 403
    log_in_staff(client, agus)
    assert client.post(address, answer).status_code == 302
    request = ChangeRequest.objects.get()
    hold.case.refresh_from_db()
    log_in_staff(client, second_log_in_of(agus, same))
    given = {"step": "confirm", "compared": "on", "seen": hold.case.contents_digest}
    assert client.post(f"/kelola/orang-kedua/{request.pk}/", given).status_code == 403
    request.refresh_from_db()
    hold.refresh_from_db()
    assert (request.state, hold.ended_at) == ("pending", None)


def test_a_double_click_on_confirm_makes_one_hold_and_says_so(client, budi, citra, case, today):
    """Seen to fail on b969b36a: Citra read that Citra was faster."""
    holds.proposed_hold(case, by=budi, at=today)
    log_in_staff(client, citra)
    given = said(case)
    assert client.post(at(case, "confirm"), given).status_code == 302
    first = Hold.objects.get()
    again = client.post(at(case, "confirm"), given)
    assert again.status_code == 409
    assert "lebih cepat" not in again.text
    assert "Anda sudah" in again.text
    same = Hold.objects.get()
    assert (same.ends_at, same.second_step_up_id) == (first.ends_at, first.second_step_up_id)
    assert CaseEvent.objects.filter(action="confirm_hold").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_make_one_hold(budi, citra, case, today):
    holds.proposed_hold(case, by=budi, at=today)
    log_in_staff(desk := Client(), citra)
    given = said(case)

    def click(_turn: int) -> int:
        browser = Client()
        browser.cookies = desk.cookies
        return browser.post(at(case, "confirm"), given).status_code

    assert sorted(at_once(click, 2)) == [302, 409]
    assert Hold.objects.get().state == "confirmed"
    assert CaseEvent.objects.filter(action="confirm_hold").count() == 1


def test_a_double_click_on_propose_asks_once(client, budi, case):
    log_in_staff(client, budi)
    given = said(case)
    assert client.post(at(case, "propose"), given).status_code == 302
    assert client.post(at(case, "propose"), given).status_code == 409
    assert Hold.objects.get().state == "pending"


def test_after_the_complaint_was_withdrawn_no_second_signature_counts(client, budi, citra, telkomsel):
    """Sari takes her complaint back on her own page, while Citra reads; nor is it proposed again.

    Seen to fail on b969b36a: until the loop looked again, the case was a candidate without a complaint.
    """
    holds.hold_rules()
    sari = Client()
    tracking = progress_address(sari, send(sari))
    case = Complaint.objects.get().case
    now = timezone.now()
    services.note_hold_grounds(case, grounds=HoldGrounds.EVIDENCE, at=now)
    log_in_staff(client, budi)
    assert client.post(at(case, "propose"), said(case)).status_code == 302
    log_in_staff(client, citra)
    read = said(case)
    assert sari.post(tracking, {"action": "withdraw"}).status_code == 302
    for given in (read, said(case)):
        assert client.post(at(case, "confirm"), given).status_code == 409
    assert not Hold.objects.filter(state__in=("pending", "confirmed")).exists()
    log_in_staff(client, budi)
    assert client.post(at(case, "propose"), said(case)).status_code == 409
