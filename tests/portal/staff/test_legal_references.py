"""The page that says which law stands behind holds, and since when: data, because the law moves."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.utils import timezone

from aduan.accounts.models import User
from aduan.operators.models import Operator
from tests.factories import holds
from tests.factories.cases import make_case
from tests.portal.staff.login import log_in_staff

pytestmark = pytest.mark.django_db
PAGE = "/kelola/dasar-hukum/"
OFF = "Tidak ada ketentuan hukum yang berlaku hari ini"


def read(user: User) -> str:
    return log_in_staff(Client(), user).get(PAGE).text


def test_without_a_law_the_act_is_off_and_says_so(budi: User, rini: User) -> None:
    for reader in (budi, rini):
        assert OFF in read(reader)
    assert "/kelola/tahan/aturan/" in read(rini), "who may ask for rules finds them"
    assert "/kelola/tahan/aturan/" not in read(budi)


def test_the_law_behind_holds_stands_with_its_days(budi: User) -> None:
    today = timezone.localdate()
    law = holds.legal_reference(
        "uu-tahan", DateRange(today - dt.timedelta(days=9), today + dt.timedelta(days=9))
    )
    holds.hold_rules(legal_reference=law)
    page = read(budi)
    assert OFF not in page
    assert "(uu-tahan)" in page
    assert "Aturan uji" in page


def test_a_law_that_ended_yesterday_switches_holds_off_today(budi: User, telkomsel: Operator) -> None:
    """On the page of the laws, on that of holds, and at the act itself."""
    today = timezone.localdate()
    law = holds.legal_reference("uu-lama", DateRange(dt.date(2020, 1, 1), today))
    holds.hold_rules(legal_reference=law)
    page = read(budi)
    assert OFF in page
    assert "tidak berlaku hari ini" in page
    assert OFF in log_in_staff(Client(), budi).get("/kelola/tahan/").text
    case = make_case(telkomsel, at=timezone.now())
    assert "tahan/propose/" not in log_in_staff(Client(), budi).get(f"/kelola/perkara/{case.pk}/").text


def test_it_is_reached_from_the_page_of_holds(budi: User) -> None:
    assert PAGE in log_in_staff(Client(), budi).get("/kelola/tahan/").text
