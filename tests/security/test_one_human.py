"""Two log-ins of one human: refused where they begin, and counted as one person where they are.

On d0bffad4 an invitation with the mailbox `budi+2@` or the staff number `p 77` for `P-77` made a second
log-in, and quotas, pace and the quality sample counted each log-in for itself.
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from aduan.accounts import services as accounts
from aduan.accounts.models import User
from aduan.accounts.queries import log_ins_of
from aduan.accounts.roles import Role
from aduan.cases import services
from aduan.cases.models import Alarm, QualityReview
from aduan.cases.services import quality_sampling
from aduan.core.contacts import mailbox_of, plain_staff_number
from aduan.core.errors import DomainError, Forbidden, Invalid
from aduan.operators.models import Operator
from tests.database import as_administrator
from tests.factories import cases as make
from tests.factories import holds
from tests.factories.accounts import person, step_up

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
TAKEN = [
    ("lain@aduan.example", "p 77"),
    ("lain@aduan.example", "P－７７"),
    ("budi+dua@aduan.example", "X-1"),
    ("Ｂｕｄｉ@aduan.example", "X-1"),
]


@pytest.fixture
def twin(budi: User) -> User:
    """From before the rule: Budi's second log-in."""
    return person("budi+2@aduan.example", "B. Santoso", Role.REVIEWER)


@pytest.fixture
def numbered(budi: User) -> User:
    with as_administrator() as cursor:
        cursor.execute("ALTER TABLE accounts_user DISABLE TRIGGER USER")
        cursor.execute("UPDATE accounts_user SET staff_number = 'P-77' WHERE id = %s", [budi.pk])
        cursor.execute("ALTER TABLE accounts_user ENABLE TRIGGER USER")
    return budi


@pytest.mark.parametrize(("email", "staff_number"), TAKEN)
def test_no_second_log_in_begins(
    numbered: User, rini: User, email: str, staff_number: str, now: dt.datetime
) -> None:
    with pytest.raises(Invalid):
        accounts.invite(
            email=email, name="B. S.", staff_number=staff_number, roles=[Role.REVIEWER],
            by=rini, at=now, step_up=step_up(rini, now), reason="baru",
        )  # fmt: skip
    with pytest.raises(IntegrityError, match="one human has one log-in"), transaction.atomic():
        User.objects.create_user(email, name="B. S.", staff_number=staff_number)
    User.objects.create_user(email, name="B. S.", staff_number=staff_number, roles=[Role.OPERATOR_PERSON])


@pytest.mark.parametrize("text", ["P-77", "p 77", "Ｐ７７", "19.80/ab", "Ａé-1"])
def test_the_database_and_the_application_read_staff_numbers_alike(db: None, text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT accounts_plain_number(%s), accounts_mailbox(%s)", [text, f"S.a+{text}@Gmail.com"]
        )
        assert cursor.fetchone() == (plain_staff_number(text), mailbox_of(f"S.a+{text}@Gmail.com"))


def test_a_hold_counts_the_person_in_the_application_and_in_the_database(
    telkomsel: Operator, budi: User, citra: User, agus: User, twin: User, now: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    holds.hold_rules(personal_quota=1)
    assert log_ins_of(budi) == log_ins_of(twin) == sorted([budi.pk, twin.pk])
    holds.held(telkomsel, first=budi, second=citra, at=now)
    with pytest.raises(Forbidden, match="hold_above_quota"):
        holds.proposed_hold(holds.candidate(telkomsel, at=now), by=twin, at=now + MINUTE)
    monkeypatch.setattr("aduan.cases.services.holds.above_quota", lambda *a, **k: False)
    waiting = holds.proposed_hold(holds.candidate(telkomsel, at=now), by=twin, at=now + MINUTE)
    with pytest.raises(Forbidden, match="hold_above_quota"):
        holds.confirmed_hold(waiting, by=agus, at=now + MINUTE)


def test_pace_counts_the_person(telkomsel: Operator, budi: User, twin: User, now: dt.datetime) -> None:
    for turn in range(10):
        by = (budi, twin)[turn % 2]
        make.proposed(make.make_case(telkomsel, at=now), by=by, at=now + turn * dt.timedelta(seconds=1))
    with pytest.raises(DomainError, match="too_fast"):
        make.proposed(make.make_case(telkomsel, at=now), by=twin, at=now + dt.timedelta(seconds=20))


def test_closures_of_a_day_are_those_of_the_person(
    telkomsel: Operator, budi: User, twin: User, now: dt.datetime
) -> None:
    make.reasons()
    for turn in range(50):
        make.dismissed(make.make_case(telkomsel, at=now), by=(budi, twin)[turn % 2], at=now + turn * MINUTE)
    assert Alarm.objects.get().detail["cases"] == 50


def test_no_one_reviews_their_own_decision_under_another_log_in(
    telkomsel: Operator, budi: User, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quality_sampling, "ONE_IN", 1)
    make.reasons()
    approver = person("budi+3@aduan.example", "B. S.", Role.APPROVER)
    make.dismissed(make.make_case(telkomsel, at=now), by=budi, at=now)
    with pytest.raises(Forbidden, match="own_decision"):
        services.answer_quality_review(
            QualityReview.objects.get(), by=approver, at=now + dt.timedelta(days=30), agrees=True
        )


def test_who_decided_a_block_does_not_answer_for_it_under_another_log_in(
    telkomsel: Operator, budi: User, citra: User, twin: User, now: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    case = make.confirmed(telkomsel, first=budi, second=citra, at=now)
    with pytest.raises(Forbidden, match="decided_before"):
        make.release_asked(case, by=twin, at=now + dt.timedelta(hours=1))
    monkeypatch.setattr("aduan.cases.services.release_requests.require_not_decided_by", lambda *a: None)
    with pytest.raises((IntegrityError, Forbidden)):
        make.release_asked(case, by=twin, at=now + dt.timedelta(hours=1))
