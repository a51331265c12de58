"""Who carried a number on a day: the mergers, both sides of the day, and prefixes that no one holds."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from aduan.operators.models import NumberRange, Operator
from aduan.operators.queries import holder_of, range_table
from aduan.operators.ranges import shipped_table
from tests.database import as_administrator
from tests.factories.operators import a_range, operator

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)


def held(who: Any, *, on: dt.date) -> Any:
    return holder_of(who, on=on)


def code_of(digits: int, on: dt.date) -> str | None:
    holding = held(digits, on=on)
    return holding.operator_code if holding else None


@pytest.mark.parametrize(
    ("digits", "day", "before", "after", "brand"),
    [
        (6283112345678, dt.date(2014, 4, 8), "axis", "xl-axiata", "AXIS"),
        (6283212345678, dt.date(2014, 4, 8), "axis", "xl-axiata", "AXIS"),
        (6283812345678, dt.date(2014, 4, 8), "axis", "xl-axiata", "AXIS"),
        (6283112345678, dt.date(2025, 4, 16), "xl-axiata", "xlsmart", "AXIS"),
        (6281712345678, dt.date(2025, 4, 16), "xl-axiata", "xlsmart", "XL"),
        (6287712345678, dt.date(2025, 4, 16), "xl-axiata", "xlsmart", "XL"),
        (6288112345678, dt.date(2025, 4, 16), "smartfren", "xlsmart", "Smartfren"),
        (6288912345678, dt.date(2025, 4, 16), "smartfren", "xlsmart", "Smartfren"),
        (6289512345678, dt.date(2022, 1, 4), "hutchison-3", "indosat", "Tri"),
        (6289912345678, dt.date(2022, 1, 4), "hutchison-3", "indosat", "Tri"),
    ],
)
def test_a_merger_moves_the_prefix_on_its_day_and_keeps_the_brand(
    register, digits, day, before, after, brand
):
    assert code_of(digits, day - dt.timedelta(days=1)) == before
    assert code_of(digits, day) == after
    assert held(digits, on=day).brand == brand


def test_a_closed_operator_is_known_but_never_routed_to(register):
    last_day = held(6282812345678, on=dt.date(2021, 11, 30))
    assert (last_day.operator_code, last_day.routable) == ("net1", True)
    afterwards = held(6282812345678, on=dt.date(2021, 12, 1))
    assert (afterwards.status, afterwards.routable) == ("defunct", False)


@pytest.mark.parametrize("digits", [6281012345678, 6286312345678, 6287012345678, 6289412345678])
def test_an_unassigned_prefix_is_never_routed_by_guess(register, digits):
    assert not held(digits, on=TODAY).routable


def test_the_longest_prefix_wins(register):
    assert held(6285155123456, on=TODAY).brand == "by.U"
    assert held(6285151123456, on=TODAY).brand == "Telkomsel"


def test_a_landline_has_no_holder_in_the_table(register):
    assert held(62215551234, on=TODAY) is None


def test_the_shipped_table_answers_like_the_database(register):
    shipped = shipped_table()
    for day in (dt.date(2010, 1, 1), dt.date(2014, 4, 8), dt.date(2022, 1, 4), dt.date(2025, 4, 15), TODAY):
        for prefix in range(800, 900):
            digits = int(f"62{prefix}1234567")
            kept, read = held(digits, on=day), shipped.holder_of(digits, on=day)
            assert (kept and (kept.operator_code, kept.status)) == (
                read and (read.operator_code, read.status)
            )


def _answer(holding):
    return holding and (holding.operator_code, holding.status)


def test_two_operators_cannot_hold_a_prefix_on_the_same_day(telkomsel, indosat):
    with pytest.raises(IntegrityError, match="one_holder_per_prefix_and_day"), transaction.atomic():
        a_range("62811", indosat, since=dt.date(2026, 1, 1))


def test_nothing_that_was_in_the_register_can_be_deleted(telkomsel):
    for row in (NumberRange.objects.get(prefix="62811"), telkomsel):
        with pytest.raises(Exception, match="Cannot delete"), transaction.atomic(), as_administrator():
            type(row).objects.filter(pk=row.pk).delete()


def test_a_change_is_seen_by_the_next_call(telkomsel, indosat, django_assert_num_queries):
    assert code_of(6281112345678, TODAY) == "telkomsel"
    with django_assert_num_queries(1):
        assert code_of(6281112345678, TODAY) == "telkomsel"
    NumberRange.objects.filter(prefix="62811").update(operator=indosat)
    assert code_of(6281112345678, TODAY) == "indosat"


def test_a_change_that_was_rolled_back_is_forgotten(telkomsel, indosat):
    try:
        with transaction.atomic():
            NumberRange.objects.filter(prefix="62811").update(operator=indosat)
            assert code_of(6281112345678, TODAY) == "indosat"
            raise InterruptedError
    except InterruptedError:
        pass
    assert code_of(6281112345678, TODAY) == "telkomsel"


def test_a_renamed_operator_is_seen_too(telkomsel):
    assert held(6281112345678, on=TODAY).operator_name == "Telkomsel"
    Operator.objects.filter(pk=telkomsel.pk).update(name="Telkomsel Baru")
    assert held(6281112345678, on=TODAY).operator_name == "Telkomsel Baru"


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_a_change_by_another_process_is_seen_at_once():
    home, other = operator("telkomsel", "Telkomsel"), operator("indosat", "Indosat")
    a_range("62811", home)
    assert code_of(6281112345678, TODAY) == "telkomsel"

    def transfer() -> None:
        NumberRange.objects.filter(prefix="62811").update(operator=other)
        connection.close()

    elsewhere = threading.Thread(target=transfer)
    elsewhere.start()
    elsewhere.join()
    assert code_of(6281112345678, TODAY) == "indosat"


def test_a_withdrawn_row_holds_nothing(telkomsel):
    NumberRange.objects.filter(prefix="62811").update(valid=DateRange(empty=True))
    assert held(6281112345678, on=TODAY) is None
    assert len(range_table()) == 2
