"""A lead sees people: what each has open and decided, how it held, and the cases behind each figure."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.cases import queries, services
from aduan.operators.models import Operator
from portal.staff.undo import UNDO
from tests.factories import cases as make
from tests.factories.accounts import person
from tests.portal.staff.login import log_in_staff

pytestmark = pytest.mark.django_db
PEOPLE = "/kelola/dasbor/petugas/"


@pytest.fixture
def lead(db: None) -> User:
    return person("lea@aduan.example", "Lea", Role.LEAD)


def test_each_figure_leads_to_its_cases(
    client: Client, lead: User, budi: User, citra: User, telkomsel: Operator
) -> None:
    now = timezone.now()
    make.confirmed(telkomsel, first=citra, second=budi, at=now - dt.timedelta(minutes=30))
    closed, open_, undone = (make.make_case(telkomsel, at=now) for _turn in range(3))
    make.reasons()
    make.dismissed(closed, by=budi, at=now)
    make.dismissed(undone, by=budi, at=now, undo_within=UNDO)
    services.undo(undone, by=budi, at=now)
    services.claim(open_, by=budi, at=now)
    log_in_staff(client, lead)
    page = client.get(PEOPLE)
    lines = {line.figures.name: line for line in page.context["people"]}
    mine = lines[budi.name].figures
    assert (mine.open, mine.decided) == (1, 2)
    assert lines[citra.name].figures.decided == 1
    assert (lines[citra.name].figures.agreement.part, lines[citra.name].figures.agreement.whole) == (1, 1)
    behind = client.get(f"{PEOPLE}{budi.pk}/").text
    assert open_.reference in behind
    assert closed.reference in behind
    assert undone.reference not in behind
    assert PEOPLE in client.get("/kelola/dasbor/").text


def test_it_takes_few_statements_and_only_leads_see_it(
    client: Client, lead: User, budi: User, django_assert_max_num_queries: object
) -> None:
    log_in_staff(client, lead)
    client.get(PEOPLE)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        client.get(PEOPLE)
    log_in_staff(client, budi)
    assert client.get(PEOPLE).status_code == 403
    assert client.get(f"{PEOPLE}{budi.pk}/").status_code == 403


def test_the_forecast_goes_on_as_the_last_days_went() -> None:
    assert queries.backlog_in(10, waiting=100, opened=[6, 4], decided=[2, 2]) == 130
    assert queries.backlog_in(10, waiting=5, opened=[0], decided=[9]) == 0
