"""Managers of an operator invite and deactivate their own colleagues, nobody else's."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from aduan.accounts.models import User
from aduan.core.errors import Forbidden, Invalid, WrongState
from aduan.operators import access, people
from aduan.operators.models import OperatorPerson


def invited(by: User, at: dt.datetime, **changes) -> OperatorPerson:
    actor = access.actor_for(by)
    fields: dict[str, Any] = {
        "email": "fitri@telkomsel.example",
        "name": "Fitri",
        "staff_number": "88",
    } | changes
    return people.invite(actor.operator, by=actor, at=at, **fields)


def test_an_invited_colleague_has_a_login_without_a_password(dewi: User, now: dt.datetime):
    person = invited(dewi, now)
    assert not person.user.has_usable_password()
    assert person.user.roles == ["operator_person"]
    assert not person.manages_keys
    assert access.actor_for(person.user).operator == person.operator


def test_an_address_or_staff_number_with_a_login_is_refused_the_same_way_whoever_has_it(
    dewi: User, eko: User, now: dt.datetime
):
    invited(dewi, now)
    for changes in (
        {"email": "eko@indosat.example"},
        {"email": "FITRI@telkomsel.example"},
        {"email": "gita@telkomsel.example"},
    ):
        with pytest.raises(Invalid, match="person_exists"):
            invited(dewi, now, **changes)


def test_the_same_staff_number_at_another_operator_is_another_person(dewi: User, eko: User, now: dt.datetime):
    invited(dewi, now)
    invited(eko, now, email="gita@indosat.example")


def test_a_deactivated_colleague_acts_no_more(dewi: User, now: dt.datetime):
    person = invited(dewi, now)
    people.deactivate(person, by=access.actor_for(dewi), at=now)
    person.user.refresh_from_db()
    with pytest.raises(Forbidden, match="not_operator"):
        access.actor_for(person.user)
    people.reactivate(person, by=access.actor_for(dewi), at=now)
    person.user.refresh_from_db()
    access.actor_for(person.user)


def test_nobody_deactivates_themselves_or_others_people(dewi: User, eko: User, now: dt.datetime):
    mine = OperatorPerson.objects.get(user=dewi)
    theirs = OperatorPerson.objects.get(user=eko)
    with pytest.raises(WrongState, match="not_yourself"):
        people.deactivate(mine, by=access.actor_for(dewi), at=now)
    with pytest.raises(Forbidden, match="not_own"):
        people.deactivate(theirs, by=access.actor_for(dewi), at=now)


def test_a_colleague_who_does_not_manage_invites_nobody(dewi: User, now: dt.datetime):
    person = invited(dewi, now)
    with pytest.raises(Forbidden, match="not_manager"):
        invited(person.user, now, email="hadi@telkomsel.example", staff_number="89")
