"""Operators, their ranges and their people."""

from __future__ import annotations

import datetime as dt

from django.db.backends.postgresql.psycopg_any import DateRange

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.operators.models import Brand, NumberRange, Operator, OperatorMember
from tests.factories.accounts import past_triggers, person

LONG_AGO = dt.date(2000, 1, 1)


def operator(
    code: str,
    name: str,
    *,
    kind: Operator.Kind = Operator.Kind.MOBILE,
    obligation: Operator.Obligation = Operator.Obligation.MANDATORY,
) -> Operator:
    return Operator.objects.create(
        code=code,
        name=name,
        legal_name=f"PT {name}",
        kind=kind,
        obligation=obligation,
        active=DateRange(LONG_AGO, None),
        source="test",
    )


def a_range(
    prefix: str, holder: Operator, *, since: dt.date = LONG_AGO, until: dt.date | None = None
) -> NumberRange:
    brand, _ = Brand.objects.get_or_create(name=holder.name)
    return NumberRange.objects.create(
        prefix=prefix,
        operator=holder,
        brand=brand,
        status=NumberRange.Status.ACTIVE,
        valid=DateRange(since, until),
        source="test",
    )


def person_of(holder: Operator, email: str, name: str) -> User:
    user = person(email, name, Role.OPERATOR_PERSON)
    with past_triggers():
        OperatorMember.objects.create(user=user, operator=holder, manages_keys=True)
    return user
