"""A release waits at the top of the desk until another person has seen which block ends."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.cases.models import Block, Case, ChangeRequest
from aduan.operators.models import Operator
from tests.factories import cases as make
from tests.factories.accounts import person
from tests.portal.staff.login import log_in_staff

pytestmark = pytest.mark.django_db
WORK_LIST = "/kelola/orang-kedua/"


@pytest.fixture
def case(telkomsel: Operator, budi: User, citra: User, now: dt.datetime) -> Case:
    return make.confirmed(telkomsel, first=budi, second=citra, at=now)


def at_the_desk(user: User) -> Client:
    return log_in_staff(Client(headers={"accept-language": "en"}), user)


def test_raka_is_free_again_after_four_requests_of_two_people(case: Case, agus: User) -> None:
    """Agus asks on the case page; Dina sees it first thing on the queue, opens it, confirms."""
    first, second = at_the_desk(agus), at_the_desk(make.dina())
    sent = {"seen": case.contents_digest, "reason": "Nomor salah ketik", "then": "stay"}
    asked = first.post(f"/kelola/perkara/{case.pk}/langkah/release/", sent, follow=True)
    assert "asked for by" in asked.text
    assert not Block.objects.filter(released_at__isnull=False).exists()
    queue = second.get("/kelola/antrean/").text
    assert "1 release or answer waits for a second person." in queue
    assert WORK_LIST in queue
    request = ChangeRequest.objects.get()
    page = second.get(f"{WORK_LIST}{request.pk}/")
    assert "1 block ends" in page.text
    assert case.reference in page.text
    assert "Nomor salah ketik" in page.text
    done = second.post(
        f"{WORK_LIST}{request.pk}/", {"step": "confirm", "compared": "on", "seen": page.context["page"].seen}
    )
    assert done.status_code == 302
    assert Block.objects.get().release_reason == "error"
    assert "waits for a second person" not in second.get("/kelola/antrean/").text


def test_the_asker_sees_no_button_and_gets_no_second_word(case: Case, agus: User, now: dt.datetime) -> None:
    request = make.release_asked(case, by=agus, at=now)
    desk = at_the_desk(agus)
    page = desk.get(f"{WORK_LIST}{request.pk}/").text
    assert 'value="confirm"' not in page
    answer = desk.post(
        f"{WORK_LIST}{request.pk}/", {"step": "confirm", "compared": "on", "seen": request.seen_digest}
    )
    assert answer.status_code == 403
    assert "You asked for this yourself" in answer.text
    taken = desk.post(f"{WORK_LIST}{request.pk}/", {"step": "decline", "reason": "Keliru"})
    assert taken.status_code == 302
    request.refresh_from_db()
    assert request.state == "withdrawn"


def test_what_changed_meanwhile_is_not_confirmed(case: Case, agus: User, now: dt.datetime) -> None:
    request = make.release_asked(case, by=agus, at=now)
    answer = at_the_desk(make.dina()).post(
        f"{WORK_LIST}{request.pk}/", {"step": "confirm", "compared": "on", "seen": "old"}
    )
    assert answer.status_code == 409
    assert not Block.objects.filter(released_at__isnull=False).exists()


def test_a_refusal_says_why(case: Case, agus: User, now: dt.datetime) -> None:
    request = make.release_asked(case, by=agus, at=now)
    desk = at_the_desk(make.dina())
    assert desk.post(f"{WORK_LIST}{request.pk}/", {"step": "decline", "reason": ""}).status_code == 400
    assert desk.post(f"{WORK_LIST}{request.pk}/", {"step": "decline", "reason": "Tetap"}).status_code == 302
    request.refresh_from_db()
    assert (request.state, request.settled_reason) == ("declined", "Tetap")


def test_who_sees_no_cases_sees_no_release(case: Case, agus: User, lina: User, now: dt.datetime) -> None:
    request = make.release_asked(case, by=agus, at=now)
    assert at_the_desk(lina).get(f"{WORK_LIST}{request.pk}/").status_code == 404
    assert case.number_text[-4:] not in at_the_desk(lina).get(WORK_LIST).text
    auditor = at_the_desk(person("audit@aduan.example", "Audit", Role.AUDITOR))
    page = auditor.get(f"{WORK_LIST}{request.pk}/")
    assert page.status_code == 200
    assert 'value="confirm"' not in page.text


def test_release_asks_for_a_fresh_proof_of_who_asks(case: Case, agus: User) -> None:
    client = log_in_staff(Client(), agus, proved_minutes_ago=20)
    sent = {"seen": case.contents_digest, "reason": "Keliru", "then": "stay"}
    for step in ("release", "settle_objection"):
        asked = client.post(f"/kelola/perkara/{case.pk}/langkah/{step}/", sent)
        assert "reauthenticate" in asked["Location"]
    assert not ChangeRequest.objects.exists()


def test_the_work_list_costs_the_same_whatever_waits(
    case: Case,
    telkomsel: Operator,
    budi: User,
    citra: User,
    agus: User,
    now: dt.datetime,
    django_assert_num_queries,
) -> None:
    desk = at_the_desk(make.dina())
    make.release_asked(case, by=agus, at=now)
    desk.get(WORK_LIST)
    with django_assert_num_queries(6):
        desk.get(WORK_LIST)
    for _turn in range(3):
        more = make.confirmed(telkomsel, first=budi, second=citra, at=now)
        make.release_asked(more, by=agus, at=now)
    with django_assert_num_queries(6):
        desk.get(WORK_LIST)
