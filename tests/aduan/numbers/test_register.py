"""A number is registered once, routed to who holds it, and a person's word stands above the table."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from aduan.core.errors import Forbidden, WrongState
from aduan.numbers import services
from aduan.numbers.models import HolderOverride, PhoneNumber, Routing, RoutingTask
from aduan.numbers.parsing import parse
from aduan.numbers.queries import holder_of
from aduan.operators.models import NumberRange, Operator
from aduan.operators.services import ranges
from tests.races import at_once

pytestmark = pytest.mark.django_db


def held(who: Any, *, on: dt.date) -> Any:
    return holder_of(who, on=on)


def code(number: PhoneNumber) -> str | None:
    number.refresh_from_db()
    return number.operator.code if number.operator else None


def test_every_spelling_is_the_same_number(register, now):
    first = services.register(parse("0812-3456-7890"), at=now)
    again = services.register(parse("wa.me/6281234567890"), at=now)
    assert first == again
    assert (first.digits, code(first), first.routing) == (6281234567890, "telkomsel", Routing.BY_RANGE)


def test_a_known_number_costs_one_query(register, now, django_assert_num_queries):
    services.register(parse("0812-3456-7890"), at=now)
    with django_assert_num_queries(1):
        services.register(parse("081234567890"), at=now)


@pytest.mark.parametrize("raw", ["0863 1234 567", "0828 1234 5678", "021-5551234"])
def test_a_number_that_no_one_is_known_for_is_accepted_and_given_to_a_person(register, now, raw):
    number = services.register(parse(raw), at=now)
    assert (number.operator, number.routing) == (None, Routing.UNASSIGNED)
    assert RoutingTask.objects.get(number=number).resolved_at is None


@pytest.mark.parametrize("raw", ["+447911123456", "1500888", "3636", "BANK-BCA", "Private number"])
def test_what_no_operator_carries_is_not_routed(register, now, raw):
    number = services.register(parse(raw), at=now)
    assert (number.operator, number.routing) == (None, Routing.NOT_ROUTED)
    assert not RoutingTask.objects.exists()


def test_an_account_belongs_to_its_platform(register, now):
    assert code(services.register(parse("t.me/penipu_id"), at=now)) == "telegram"


def test_not_ours_opens_one_task_and_its_answer_moves_the_number(register, rini, now):
    number = services.register(parse("0812-3456-7890"), at=now)
    telkomsel, indosat = Operator.objects.get(code="telkomsel"), Operator.objects.get(code="indosat")
    given = {"reason": RoutingTask.Reason.NOT_OURS, "raised_by_id": telkomsel.pk, "at": now}
    task = services.open_routing_task(number, note="no such subscriber", **given)
    assert services.open_routing_task(number, note="again", **given) == task
    assert (task.raised_by, task.reason, task.note) == (telkomsel, "not_ours", "no such subscriber")
    services.settle_task(task, operator=indosat, reason="Confirmed by telephone", by=rini, at=now)
    assert code(number) == "indosat"
    assert held(number, on=now.date()).operator_code == "indosat"
    assert held(number, on=now.date() - dt.timedelta(days=2)).operator_code == "telkomsel"
    with pytest.raises(WrongState, match="task_settled"):
        services.settle_task(task, operator=indosat, reason="Confirmed again", by=rini, at=now)


def test_an_override_is_kept_and_can_be_taken_back(register, rini, budi, now):
    number = services.register(parse("0812-3456-7890"), at=now)
    indosat, xlsmart = Operator.objects.get(code="indosat"), Operator.objects.get(code="xlsmart")
    with pytest.raises(Forbidden):
        services.override_holder(number, operator=indosat, reason="I think so", by=budi, at=now)
    services.override_holder(number, operator=indosat, reason="Their letter", by=rini, at=now)
    second = services.override_holder(number, operator=xlsmart, reason="A later letter", by=rini, at=now)
    assert HolderOverride.objects.filter(number=number).count() == 2
    services.end_override(second, reason="It was a mistake", by=rini, at=now)
    assert code(number) == "telkomsel"
    with pytest.raises(WrongState, match="override_ended"):
        services.end_override(second, reason="It was a mistake", by=rini, at=now)


def test_routing_many_follows_the_table_and_leaves_overrides_alone(register, rini, now):
    spelled = [
        "0811 0000 001",
        "0817 0000 001",
        "0831 0000 001",
        "0851 5500 0001",
        "0863 0000 001",
        "0895 0000 001",
    ]
    numbers = [services.register(parse(text), at=now) for text in spelled]
    fixed = services.register(parse("0811 0000 002"), at=now)
    axis = Operator.objects.get(code="axis")
    services.override_holder(fixed, operator=axis, reason="Their letter", by=rini, at=now)

    assert services.route_many(on=dt.date(2013, 1, 1)) == 3
    assert [code(number) for number in numbers] == [
        "telkomsel", "xl-axiata", "axis", "telkomsel", None, "hutchison-3",
    ]  # fmt: skip
    assert services.route_many(on=now.date()) == 3
    assert [code(number) for number in numbers] == [
        "telkomsel", "xlsmart", "xlsmart", "telkomsel", None, "indosat",
    ]  # fmt: skip
    assert code(fixed) == "axis"
    assert services.route_many(on=now.date()) == 0


def test_routing_many_answers_like_the_lookup_of_one(register, now):
    for prefix in range(810, 900):
        if not 840 <= prefix < 850:
            services.register(parse(f"0{prefix}1234567"), at=now)
    for day in (dt.date(2010, 1, 1), dt.date(2014, 4, 8), dt.date(2022, 1, 3), dt.date(2025, 4, 16)):
        services.route_many(on=day)
        for number in PhoneNumber.objects.select_related("operator"):
            holding = held(number, on=day)
            expected = holding.operator_id if holding and holding.routable else None
            assert number.operator_id == expected, (number, day)


def test_a_transfer_for_tomorrow_takes_effect_tomorrow(register, rini, now):
    number = services.register(parse("0811 0000 001"), at=now)
    tomorrow = now.date() + dt.timedelta(days=1)
    ranges.transfer_range(
        NumberRange.objects.get(prefix="62811"),
        to=Operator.objects.get(code="indosat"),
        on=tomorrow,
        source="Berita Negara",
        reason="Merger announced",
        by=rini,
        at=now,
    )
    assert services.route_many(on=now.date()) == 0
    assert services.route_many(on=tomorrow) == 1
    assert code(number) == "indosat"


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_a_number_that_many_report_at_once_is_registered_once(now):
    seen = at_once(lambda _turn: services.register(parse("0863 1234 567"), at=now).pk, 6)
    assert len(seen) == 6
    assert len(set(seen)) == 1
    assert RoutingTask.objects.count() == 1
