"""Who signs reads whether the operator was asked for a new holder, and what it answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import timezone

from aduan.accounts.models import User
from aduan.cases.models import Case
from aduan.cases.services import recycled_notices
from aduan.operators.models import Operator
from aduan.recycling.services import check_numbers, configured_interfaces
from tests.factories import cases as make
from tests.factories import holds
from tests.factories.camara_server import CamaraServer, camara_server
from tests.portal.staff.login import log_in_staff

NOT_ASKED = "The operator was not asked yet"


@pytest.fixture
def server(settings) -> Iterator[CamaraServer]:
    with camara_server() as running:
        settings.RECYCLING_APIS = {"telkomsel": running.options}
        yield running


@pytest.fixture
def today() -> dt.datetime:
    return timezone.now()


@pytest.fixture
def proposed(telkomsel: Operator, budi: User, today: dt.datetime) -> Case:
    case = make.make_case(telkomsel, at=today, confirmed=True)
    make.proposed(case, by=budi, at=today)
    return case


def page(client: Client, case: Case, reader: User) -> str:
    log_in_staff(client, reader)
    answer = client.get(f"/kelola/perkara/{case.pk}/", headers={"accept-language": "en"})
    return " ".join(answer.content.decode().split())


def test_the_second_person_reads_that_no_question_was_asked_and_then_the_answer(
    client, server, proposed, citra, today
):
    assert NOT_ASKED in page(client, proposed, citra)
    check_numbers(configured_interfaces(), at=today)
    said = page(client, proposed, citra)
    assert "No new holder since" in said
    assert NOT_ASKED not in said


def test_no_answer_is_not_taken_for_a_good_one(client, server, proposed, citra, today):
    server.mood = "503"
    check_numbers(configured_interfaces(), at=today)
    said = page(client, proposed, citra)
    assert "no answer. Nobody knows yet" in said
    assert "No new holder" not in said


def test_both_who_sign_a_hold_read_it(client, server, telkomsel, budi, citra, today):
    holds.hold_rules()
    case = holds.candidate(telkomsel, at=today)
    assert NOT_ASKED in page(client, case, budi)
    holds.proposed_hold(case, by=budi, at=today)
    check_numbers(configured_interfaces(), at=today)
    assert "No new holder since" in page(client, case, citra)


def test_a_new_holder_is_named_while_a_person_has_to_decide(
    client, server, proposed, citra, today, monkeypatch
):
    monkeypatch.setattr(recycled_notices, "FEWEST", 0)
    server.changed = {int(proposed.number_text.removeprefix("+"))}
    check_numbers(configured_interfaces(), at=today)
    assert "A new holder since" in page(client, proposed, citra)


def test_an_operator_without_an_interface_is_not_said_to_be_asked(client, settings, proposed, citra):
    settings.RECYCLING_APIS = {}
    assert "<dt>Holder</dt>" not in page(client, proposed, citra)
    settings.RECYCLING_APIS = {"indosat": {}}
    assert "<dt>Holder</dt>" not in page(client, proposed, citra)
