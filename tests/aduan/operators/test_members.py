"""Managers of an operator invite and deactivate their own colleagues, no one else's."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from aduan.accounts.models import User
from aduan.core.errors import Forbidden, Invalid, WrongState
from aduan.operators import actors, members
from aduan.operators.models import OperatorMember


def invited(by: User, at: dt.datetime, **changes) -> OperatorMember:
    actor = actors.actor_for(by)
    fields: dict[str, Any] = {
        "email": "fitri@telkomsel.example",
        "name": "Fitri",
        "staff_number": "88",
    } | changes
    return members.invite(actor.operator, by=actor, at=at, **fields)


def test_an_invited_colleague_has_a_login_without_a_password(dewi: User, now: dt.datetime):
    person = invited(dewi, now)
    assert not person.user.has_usable_password()
    assert person.user.roles == ["operator_person"]
    assert not person.manages_keys
    assert actors.actor_for(person.user).operator == person.operator


def test_an_address_or_staff_number_with_a_login_is_refused_the_same_way_no_matter_who_has_it(
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
    members.deactivate(person, by=actors.actor_for(dewi), at=now)
    person.user.refresh_from_db()
    with pytest.raises(Forbidden, match="not_operator"):
        actors.actor_for(person.user)
    members.reactivate(person, by=actors.actor_for(dewi), at=now)
    person.user.refresh_from_db()
    actors.actor_for(person.user)


def test_no_one_deactivates_themselves_or_others_people(dewi: User, eko: User, now: dt.datetime):
    mine = OperatorMember.objects.get(user=dewi)
    theirs = OperatorMember.objects.get(user=eko)
    with pytest.raises(WrongState, match="not_yourself"):
        members.deactivate(mine, by=actors.actor_for(dewi), at=now)
    with pytest.raises(Forbidden, match="not_own"):
        members.deactivate(theirs, by=actors.actor_for(dewi), at=now)


def test_a_colleague_who_does_not_manage_invites_no_one(dewi: User, now: dt.datetime):
    person = invited(dewi, now)
    with pytest.raises(Forbidden, match="not_manager"):
        invited(person.user, now, email="hadi@telkomsel.example", staff_number="89")
