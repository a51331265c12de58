"""A ministry with many cases, made by set-based SQL with triggers off: only for measuring."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any, Final

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.utils import timezone

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.cases.models import Case
from aduan.complaints import tickets
from aduan.complaints.categories import all_categories
from aduan.complaints.models import Complaint
from aduan.operators.models import Operator
from bench import desk_rows
from bench.loading import past_triggers, unindexed

PER_CASE: Final = 5  # complaints to a case, as in 10 M / 2 M
TICKETS: Final = 500  # complaints whose tickets are real ones, to be searched for
# Five operators with nine tenths of the market, and one that is easily overlooked.
OPERATORS: Final = ("op1", "op2", "op3", "op4", "op5", "tiny")
_SHARES: Final = [0.45, 0.7, 0.87, 0.96, 0.999]


def fill(complaints: int) -> None:
    """About so many complaints, a fifth as many cases, documents to search, and people who work on them."""
    people = [_person(name) for name in ("viewer", "colleague", "third")]
    operators = [_operator(code) for code in OPERATORS]
    given: dict[str, Any] = {
        "at": timezone.now(),
        "cases": complaints // PER_CASE,
        "first_operator": operators[0].pk,
        "shares": _SHARES,
        "categories": list(all_categories()),
        "viewer": people[0].pk,
        "colleague": people[1].pk,
        "third": people[2].pk,
    }
    tables = {
        "numbers_phonenumber": desk_rows.NUMBERS,
        "cases_case": desk_rows.CASES,
        "cases_proposal": desk_rows.PROPOSALS,
        "complaints_complaint": desk_rows.COMPLAINTS,
        "cases_casesearchindex": desk_rows.DOCUMENTS,
    }
    with unindexed(*tables), connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5)")
        for statement in tables.values():
            cursor.execute(statement, given)
    _hold_some(people[0])
    _give_real_tickets()


def viewer() -> User:
    return User.objects.get(email="viewer@aduan.example")


def at_the_desk() -> Client:
    """A browser in which the viewer has logged in. No test instrumentation: pages cost what they cost."""
    client = Client(raise_request_exception=True)
    client.force_login(viewer())
    return client


def real_tickets() -> list[str]:
    """All others begin with a zero, which no ticket of ours holds."""
    found = Complaint.objects.filter(ticket__gte="2").order_by("ticket").values_list("ticket", flat=True)
    return [tickets.show(ticket) for ticket in found]


def _person(name: str) -> User:
    with past_triggers():
        return User.objects.create_user(
            f"{name}@aduan.example", None, name=name.title(), staff_number=name, roles=[Role.REVIEWER]
        )


def _operator(code: str) -> Operator:
    return Operator.objects.create(
        code=code,
        name=f"Operator {code}",
        legal_name=f"PT {code}",
        kind=Operator.Kind.MOBILE,
        obligation=Operator.Obligation.MANDATORY,
        active=DateRange(dt.date(2000, 1, 1), None),
        source="bench",
    )


def _hold_some(person: User) -> None:
    """A hand of cases that the viewer has taken."""
    urgent = Case.objects.filter(status="open", held_by=None).order_by("-score", "-id")[:8]
    Case.objects.filter(pk__in=[case.pk for case in urgent]).update(
        held_by=person, held_until=timezone.now() + dt.timedelta(days=1)
    )


def _give_real_tickets() -> None:
    keys = range(1, Complaint.objects.order_by("-pk")[0].pk)
    for key in random.Random(1).sample(keys, TICKETS):  # the same ones each time
        Complaint.objects.filter(pk=key).update(ticket=tickets.new_ticket())
