"""The hold lane is switched on, and off, by two people at the desk, without the owner of the tables.

Before, only SQL as that owner wrote the rules.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client

from aduan.accounts.models import ApprovalRequest, User
from aduan.accounts.roles import Role
from aduan.cases import queries, services
from aduan.cases.models import HoldPolicy
from aduan.cases.services.hold_policies import FIGURES
from aduan.core.errors import Forbidden, Invalid, WrongState
from tests.factories import holds
from tests.factories.accounts import person, step_up
from tests.portal.staff.login import log_in_staff

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def lea(db: None) -> User:
    return person("lea@aduan.example", "Lea", Role.LEAD)


@pytest.fixture(autouse=True)
def as_application(telkomsel, lea, rini, budi, now) -> Iterator[None]:
    """With the rights of the application, also where tests log in as the administrator."""
    holds.legal_reference()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE aduan_app")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def approved(asked: ApprovalRequest, *, by: User, at: dt.datetime) -> None:
    services.approve_hold_policy(asked, by=by, step_up=step_up(by, at), at=at)


def test_two_people_set_the_rules(lea: User, rini: User, now: dt.datetime) -> None:
    asked = holds.policy_requested(by=lea, at=now)
    assert queries.hold_policy(at=now) is None
    with pytest.raises(Forbidden, match="same_person"):
        approved(asked, by=lea, at=now)
    approved(asked, by=rini, at=now)
    rules = queries.hold_policy(at=now)
    assert rules is not None
    assert {name: getattr(rules, name) for name in FIGURES} == {name: asked.asked[name] for name in FIGURES}


def test_who_sets_no_limits_asks_for_no_rules(budi: User, now: dt.datetime) -> None:
    with pytest.raises(Forbidden):
        holds.policy_requested(by=budi, at=now)


def test_new_rules_take_the_place_of_old_ones_and_end(lea: User, rini: User, now: dt.datetime) -> None:
    approved(holds.policy_requested(by=lea, at=now), by=rini, at=now)
    later = now + dt.timedelta(seconds=1)
    approved(holds.policy_requested(by=rini, at=later, since=now.date() + 2 * DAY), by=lea, at=later)
    first, second = HoldPolicy.objects.order_by("valid")
    assert first.valid.upper == second.valid.lower == now.date() + 2 * DAY
    last = later + 3 * DAY
    asked = services.request_hold_stop(
        on=last.date(), reason="Putusan MK", by=lea, step_up=step_up(lea, last), at=last
    )
    approved(asked, by=rini, at=last)
    assert queries.hold_policy(at=last) is None


@pytest.mark.parametrize(
    ("days", "until", "code"),
    [(-1, None, "day_is_over"), (1, 1, "until_before_since"), (-10_000, None, "day_is_over")],
)
def test_days_that_cannot_be(lea: User, now: dt.datetime, days: int, until: int | None, code: str) -> None:
    end = now.date() + until * DAY if until is not None else None
    with pytest.raises(Invalid, match=code):
        holds.policy_requested(by=lea, at=now, since=now.date() + days * DAY, until=end)


def test_a_law_that_is_not_in_force_gives_no_rules(lea: User, now: dt.datetime) -> None:
    law = holds.legal_reference("lama-uji", DateRange(dt.date(2001, 1, 1), dt.date(2002, 1, 1)))
    with pytest.raises(Invalid, match="law_not_in_force"):
        holds.policy_requested(by=lea, at=now, law=law)


def test_a_request_whose_day_is_over_is_not_approved(lea: User, rini: User, now: dt.datetime) -> None:
    asked, later = holds.policy_requested(by=lea, at=now), now + 2 * DAY
    with pytest.raises(WrongState, match="day_is_over"):
        approved(asked, by=rini, at=later)
    asked.refresh_from_db()
    assert asked.state == ApprovalRequest.State.PENDING


def test_sql_of_the_application_sets_no_rules(lea: User, rini: User, now: dt.datetime) -> None:
    with pytest.raises(IntegrityError, match="two people"), transaction.atomic():
        HoldPolicy.objects.create(valid=holds.EVER, legal_reference=holds.legal_reference())
    approved(holds.policy_requested(by=lea, at=now), by=rini, at=now)
    rules = HoldPolicy.objects.get()
    with transaction.atomic(), pytest.raises(IntegrityError, match="two people"):
        HoldPolicy.objects.filter(pk=rules.pk).update(
            valid=DateRange(rules.valid.lower, now.date() + 9 * DAY)
        )


def test_at_the_desk_a_lead_asks_and_an_administrator_approves(lea: User, rini: User, client: Client) -> None:
    desk = log_in_staff(client, lea)
    page = desk.get("/kelola/tahan/aturan/")
    assert page.status_code == 200
    sent = {
        **{name: value for name, value in page.context["form"].initial.items() if value},
        "law": holds.legal_reference().pk, "reason": "Peraturan Menteri 1/2027", "step": "set",
    }  # fmt: skip
    assert desk.post("/kelola/tahan/aturan/", {**sent, "hours": 169}).status_code == 400
    assert desk.post("/kelola/tahan/aturan/", sent).status_code == 302
    asked = ApprovalRequest.objects.get()
    address = f"/kelola/orang-kedua/persetujuan/{asked.pk}/"
    other = log_in_staff(Client(), rini)
    assert "Aturan uji (tahan-uji)" in other.get(address).text
    assert "/kelola/tahan/aturan/" in other.get(address).text, "in the menu of who reads no cases"
    assert other.post(address, {"step": "approve"}).status_code == 400, "not ticked as read"
    assert other.post(address, {"step": "approve", "read": "on"}).status_code == 302
    assert HoldPolicy.objects.get().hours == 168
    assert "/kelola/tahan/aturan/" in desk.get("/kelola/tahan/").text


def test_the_page_is_for_those_who_set_limits_with_a_fresh_proof(lea: User, budi: User) -> None:
    assert log_in_staff(Client(), budi).get("/kelola/tahan/aturan/").status_code == 403
    stale = log_in_staff(Client(), lea, proved_minutes_ago=20)
    answer = stale.post("/kelola/tahan/aturan/", {"step": "stop"})
    assert "reauthenticate" in answer["Location"]
