"""A held number: said to citizens only once it is published, and its owner can object at once."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from aduan.appeals.models import Objection
from aduan.cases import services
from aduan.cases.models import Case, Hold, HoldGrounds
from aduan.complaints import tickets
from aduan.complaints.models import Complaint
from tests.factories import holds
from tests.portal.public.forms import progress_address, send
from tests.portal.public.test_number_check import without_echo

NUMBER, OTHER = "0812-9999-0000", "0812-3456-7890"
HIS_WORD = "Nomor ini saya pakai sejak 2019 untuk warung saya."


@pytest.fixture
def held(client: Client, telkomsel, budi, citra) -> Hold:
    """A complaint, and two people who hold its number. No list has gone out."""
    holds.hold_rules()
    progress_address(client, send(client, number=NUMBER))
    case: Case = Complaint.objects.get().case
    now = timezone.now()
    services.note_hold_grounds(case, grounds=HoldGrounds.EVIDENCE, at=now)
    hold = holds.proposed_hold(case, by=budi, at=now)
    return holds.confirmed_hold(hold, by=citra, at=now)


def test_a_hold_that_is_not_published_is_said_to_no_one(client, held):
    page = client.post("/cek/", {"number": NUMBER})
    assert without_echo(page, NUMBER) == without_echo(client.post("/cek/", {"number": OTHER}), OTHER)
    assert "Ditangguhkan" not in page.text
    refused = client.post("/keberatan/", {"number": NUMBER, "statement": HIS_WORD})
    assert refused.status_code == 409


def test_a_published_hold_is_said_until_when_and_that_it_is_examined(client, held):
    holds.listed(held, at=timezone.now())
    page = client.post("/cek/", {"number": NUMBER}).text
    assert "Ditangguhkan sementara, sedang diperiksa" in page
    assert timezone.localtime(held.ends_at).strftime("%H.%M") in page
    assert "/keberatan/?nomor=" in page
    assert "Ditangguhkan" not in client.post("/cek/", {"number": OTHER}).text


def test_a_hold_whose_hour_is_over_is_not_said_although_its_list_is_the_newest(client, held):
    holds.listed(held, at=timezone.now())
    with time_machine.travel(held.ends_at, tick=False):
        assert "Ditangguhkan" not in client.post("/cek/", {"number": NUMBER}).text


def test_the_complainant_reads_it_only_once_it_is_published(client, held):
    page = f"/lacak/{tickets.show(Complaint.objects.get().ticket)}/"
    assert "Ditangguhkan sementara" not in client.get(page).text
    holds.listed(held, at=timezone.now())
    text = client.get(page).text
    assert "Ditangguhkan sementara" in text
    assert "sedang diperiksa" in text


def test_the_owner_objects_at_once_and_is_promised_an_hour(client, held):
    holds.listed(held, at=timezone.now())
    form = client.get("/keberatan/").text.partition("<footer")[0]
    assert "Ajukan keberatan atas blokir atau penangguhan" in form
    assert "blokir ini" not in form, "what is held is called no block"
    answer = client.post("/keberatan/", {"number": NUMBER, "statement": HIS_WORD})
    assert answer.status_code == 302
    assert Objection.objects.get().case == held.case
