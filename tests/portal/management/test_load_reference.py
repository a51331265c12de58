"""Reference data is loaded at every start and never undoes what people decided."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.management import call_command

from aduan.numbers import services
from aduan.numbers.models import ProtectedNumber
from aduan.operators.models import NumberRange, Operator
from aduan.operators.services import ranges

pytestmark = pytest.mark.django_db


def load() -> str:
    out = io.StringIO()
    call_command("load_reference", stdout=out)
    return out.getvalue()


def test_the_second_run_adds_nothing():
    first, second = load(), load()
    assert "number_ranges: 127 added" in first
    assert all(line.endswith(": 0 added") for line in second.splitlines())


def test_every_row_has_a_source():
    load()
    for rows in (NumberRange, Operator, ProtectedNumber):
        assert rows.objects.exists()
        assert not rows.objects.filter(source="").exists()


def test_what_people_changed_stays(rini, now):
    load()
    row = NumberRange.objects.get(prefix="62811")
    ranges.end_range(row, on=dt.date(2026, 12, 1), reason="Given back", by=rini, at=now)
    protected = ProtectedNumber.objects.get(pattern="service:1500888")
    services.unprotect(protected, reason="Has moved", by=rini, at=now)
    Operator.objects.filter(code="telkomsel").update(name="Telkomsel Baru")
    load()
    assert list(NumberRange.objects.filter(prefix="62811")) == [row]
    assert not ProtectedNumber.objects.get(pattern="service:1500888").active
    assert Operator.objects.get(code="telkomsel").name == "Telkomsel Baru"
