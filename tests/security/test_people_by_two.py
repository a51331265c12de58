"""Who people are and where data goes: what one administrator, or SQL as the application's role, changes.

On 707e92a6 one administrator cleared the number that tied two log-ins of one human together, one list manager
sent a platform's referrals to an address of their own, and one administrator made an operator's first person.
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from aduan.accounts import services as accounts
from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.core.errors import Forbidden, WrongState
from aduan.operators.models import Operator, OperatorMember
from aduan.referrals.models import PlatformContact
from tests.factories import approvals as make
from tests.factories import referrals
from tests.factories.accounts import person, step_up
from tests.factories.operators import operator
from tests.security.injection import run_sql

pytestmark = pytest.mark.django_db
PHONE = "+6281299998888"


@pytest.fixture
def tuti(db: None) -> User:
    return person("tuti@aduan.example", "Tuti", Role.ADMINISTRATOR)


@pytest.fixture
def numbered(budi: User, rini: User, now: dt.datetime) -> User:
    return accounts.set_phone(budi, PHONE, by=rini, at=now)


def test_a_number_that_is_written_down_takes_two_administrators(
    numbered: User, rini: User, tuti: User, now: dt.datetime
) -> None:
    with pytest.raises(WrongState, match="phone_takes_two"):
        accounts.set_phone(numbered, "", by=rini, at=now)
    asked = accounts.request_phone(numbered, "", reason="salah", by=rini, step_up=step_up(rini, now), at=now)
    with pytest.raises(Forbidden, match="same_person"):
        accounts.approve_phone(asked, by=rini, step_up=step_up(rini, now), at=now)
    assert User.objects.get(pk=numbered.pk).phone == PHONE
    accounts.approve_phone(asked, by=tuti, step_up=step_up(tuti, now), at=now)
    assert User.objects.get(pk=numbered.pk).phone == ""


def test_the_person_whose_number_it_is_is_not_one_of_the_two(
    rini: User, tuti: User, now: dt.datetime
) -> None:
    third = person("uki@aduan.example", "Uki", Role.ADMINISTRATOR)
    accounts.set_phone(rini, PHONE, by=tuti, at=now)
    with pytest.raises(Forbidden, match="own_account"):
        accounts.request_phone(rini, "", reason="baru", by=rini, step_up=step_up(rini, now), at=now)
    asked = accounts.request_phone(rini, "", reason="baru", by=third, step_up=step_up(third, now), at=now)
    with pytest.raises(Forbidden):
        accounts.approve_phone(asked, by=rini, step_up=step_up(rini, now), at=now)
    assert User.objects.get(pk=rini.pk).phone == PHONE


@pytest.mark.parametrize("phone", ["", "+6281200000001"])
def test_sql_does_not_part_a_person_from_their_number(numbered: User, phone: str) -> None:
    with pytest.raises(IntegrityError, match="two administrators"):
        run_sql("UPDATE accounts_user SET phone = %(phone)s WHERE id = %(id)s", phone=phone, id=numbered.pk)


def test_sql_does_not_send_referrals_elsewhere(db: None) -> None:
    referrals.platform()
    with pytest.raises(IntegrityError, match="two people"):
        run_sql("UPDATE referrals_platformcontact SET referral_email = 'x@evil.example'")
    bare = operator("signal", "Signal", kind=Operator.Kind.OTT)
    with pytest.raises(IntegrityError, match="two people"):
        PlatformContact.objects.create(platform=bare, referral_email="x@evil.example", source="x")


def test_sql_makes_no_first_person_of_an_organisation(budi: User) -> None:
    lone = operator("smartfren", "Smartfren")
    user = User.objects.create_user(
        "sari@evil.example", name="Sari", staff_number="X1", roles=["operator_person"]
    )
    for manages in (True, False):
        with pytest.raises(IntegrityError, match="two administrators"), transaction.atomic():
            OperatorMember.objects.create(user=user, operator=lone, manages_keys=manages)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE operators_operator SET kind = 'ott'",
        "UPDATE operators_operator SET is_sandbox = true",
        "UPDATE operators_operatormember SET manages_keys = true",
        "UPDATE operators_operatormember SET operator_id = (SELECT max(id) FROM operators_operator)",
    ],
)
def test_sql_changes_neither_what_an_organisation_is_nor_who_acts_for_it(dewi: User, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        run_sql(statement)


def test_an_approval_invites_the_person_it_names_and_no_other(
    rini: User, tuti: User, now: dt.datetime
) -> None:
    lone = operator("smartfren", "Smartfren")
    assert make.first_person(lone, by=(rini, tuti), at=now).user.email == "sari@signal.example"
    with pytest.raises(WrongState, match="access_managed"):
        make.first_person(lone, by=(rini, tuti), at=now, email="lain@signal.example")
