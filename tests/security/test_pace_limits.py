"""The limits of how fast one person decides are data, and take two people to change.

On bb865956 they stood in the code, where no one at the ministry could lower them.
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from aduan.accounts.models import ApprovalRequest, User
from aduan.accounts.roles import Role
from aduan.cases import services
from aduan.cases.models import PACE_BOUNDS, PaceLimits
from aduan.core.errors import Forbidden, Invalid
from aduan.operators.models import Operator
from tests.factories import cases as make
from tests.factories.accounts import person, step_up
from tests.portal.staff.login import log_in_staff
from tests.security.injection import run_sql

pytestmark = pytest.mark.django_db
FIGURES = {name: getattr(PaceLimits(), name) for name in PACE_BOUNDS}


@pytest.fixture
def lea(db: None) -> User:
    return person("lea@aduan.example", "Lea", Role.LEAD)


def test_one_person_asks_on_the_page_and_another_approves(lea: User, rini: User) -> None:
    desk, other = log_in_staff(Client(), lea), log_in_staff(Client(), rini)
    sent = {**FIGURES, "signatures_per_minute": 3, "reason": "banyak putusan keliru"}
    assert desk.post("/kelola/batas/", {**sent, "signatures_per_minute": 31}).status_code == 400
    assert desk.post("/kelola/batas/", sent).status_code == 302
    asked = ApprovalRequest.objects.get()
    address = f"/kelola/orang-kedua/persetujuan/{asked.pk}/"
    assert desk.post(address, {"step": "approve", "read": "on"}).status_code == 403
    assert not PaceLimits.objects.exists()
    assert other.post(address, {"step": "approve", "read": "on"}).status_code == 302
    assert PaceLimits.current().signatures_per_minute == 3
    assert "/kelola/batas/" in desk.get("/kelola/orang-kedua/").text


def test_they_are_in_force_at_once(telkomsel: Operator, budi: User, lea: User, rini: User) -> None:
    now = timezone.now()
    asked = services.request_pace_limits(
        {**FIGURES, "signatures_per_minute": 2}, reason="x", by=lea, step_up=step_up(lea, now), at=now
    )
    services.approve_pace_limits(asked, by=rini, step_up=step_up(rini, now), at=now)
    make.reasons()
    for turn in range(3):
        case, soon = make.make_case(telkomsel, at=now), now + dt.timedelta(seconds=turn)
        if turn < 2:
            make.proposed(case, by=budi, at=soon)
        else:
            with pytest.raises(Forbidden, match="too_fast"):
                make.proposed(case, by=budi, at=soon)


@pytest.mark.parametrize("name", PACE_BOUNDS)
def test_no_two_people_take_a_limit_away(lea: User, now: dt.datetime, name: str) -> None:
    with pytest.raises(Invalid, match="out_of_bounds"):
        services.request_pace_limits(
            {**FIGURES, name: 10_000}, reason="x", by=lea, step_up=step_up(lea, now), at=now
        )


def test_sql_changes_none(db: None) -> None:
    with pytest.raises(IntegrityError, match="two people"):
        run_sql(
            "INSERT INTO cases_pacelimits (signatures_per_minute, closures_per_hour, closures_alarm,"
            " contacts_per_day, contacts_alarm, since) VALUES (30, 100, 200, 100, 100, now())"
        )
