"""A refusal at the desk is a page of the desk, with a way back; what the view had written is rolled back."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.utils import timezone

from aduan.accounts.models import User
from aduan.cases.models import Case
from aduan.core.errors import WrongState
from portal.common.return_address import page_above
from portal.staff.error_pages import with_error_pages
from tests.factories import cases as factory
from tests.portal.staff.login import log_in_staff


@pytest.fixture
def desk(client: Client, budi: User) -> Client:
    return log_in_staff(client, budi)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/kelola/perkara/999999/", 404),
        ("/kelola/tidak-ada/", 404),
        ("/kelola/orang/", 403),
        ("/kelola/berikutnya/", 405),
    ],
)
def test_an_error_has_the_head_of_the_site_and_a_way_back(desk, address, status):
    answer = desk.get(address)
    assert answer.status_code == status
    assert 'class="desk-nav"' in answer.text
    assert 'href="/kelola/antrean/" data-key="q"' in answer.text


def test_a_forms_own_address_leads_to_its_case(desk, telkomsel):
    case = factory.make_case(telkomsel, at=timezone.now())
    answer = desk.get(f"/kelola/perkara/{case.pk}/langkah/dismiss/")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"
    assert f'href="/kelola/perkara/{case.pk}/" data-key="o"' in answer.text


def test_who_sees_no_cases_is_led_to_their_own_work(client, lina):
    answer = log_in_staff(client, lina).get("/kelola/antrean/")
    assert answer.status_code == 403
    assert 'href="/kelola/" data-key="q"' in answer.text


@pytest.mark.parametrize("atomic", [True, False])
def test_what_a_view_wrote_before_its_refusal_is_rolled_back(rf, budi, telkomsel, atomic):
    case = factory.make_case(telkomsel, at=timezone.now())

    def refuse() -> HttpResponseBase:
        Case.objects.filter(pk=case.pk).update(region="Lain")
        raise WrongState("moved_on", "Sudah berubah.")

    request = rf.get("/kelola/antrean/")
    request.user = budi
    with transaction.atomic():
        answer = with_error_pages(request, lambda _request: {}, refuse, atomic=atomic)
    assert answer.status_code == 409
    case.refresh_from_db()
    assert (case.region == "Lain") is not atomic  # a view that keeps its own transactions rolls back itself


def test_the_page_above_an_address():
    assert page_above("/kelola/perkara/7/langkah/dismiss/") == "/kelola/perkara/7/"
    assert page_above("/kelola/berikutnya/") == "/kelola/"
