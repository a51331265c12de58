"""The page on which a lead sees what other figures would do, and sets them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.cases.models import RankingPolicy
from aduan.operators.models import Operator
from tests.factories import cases as make
from tests.factories.accounts import person
from tests.portal.staff.login import log_in_staff

pytestmark = pytest.mark.django_db
PAGE = "/kelola/antrean/urutan/"


@pytest.fixture
def desk(client: Client) -> Client:
    return log_in_staff(client, person("lea@aduan.example", "Lea", Role.LEAD))


def test_looking_changes_nothing_and_setting_asks_why(desk: Client, telkomsel: Operator, now: dt.datetime):
    case = make.make_case(telkomsel, at=now)
    page = desk.get(PAGE)
    sent = page.context["form"].initial
    seen = desk.post(PAGE, {**sent, "recent": 0, "step": "see"})
    assert seen.status_code == 200
    assert f"/kelola/perkara/{case.pk}/" in seen.text
    assert not RankingPolicy.objects.exists()
    assert desk.post(PAGE, {**sent, "recent": 0, "step": "set"}).status_code == 400
    set_now = desk.post(PAGE, {**sent, "recent": 0, "step": "set", "reason": "Uji coba"})
    assert set_now.status_code == 302
    policy = RankingPolicy.objects.get()
    assert (policy.recent, str(policy.set_by)) == (0, "Lea")
    assert "Uji coba" in desk.get(PAGE).text
    assert PAGE in desk.get("/kelola/antrean/").text


@pytest.mark.parametrize(
    "wrong", [{"oldest_percent": 4}, {"random_percent": 71}, {"evidence": -1}, {"recent": "x"}]
)
def test_what_the_table_refuses_is_said_at_the_field(desk: Client, wrong: dict[str, object]):
    sent = desk.get(PAGE).context["form"].initial
    answer = desk.post(PAGE, {**sent, **wrong, "step": "set", "reason": "x"})
    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == set(wrong)
    assert not RankingPolicy.objects.exists()


def test_only_leads_open_it(client: Client, budi: User):
    assert log_in_staff(client, budi).get(PAGE).status_code == 403
