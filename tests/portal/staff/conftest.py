"""What the tests of the staff site share."""

from __future__ import annotations

import pytest
from django.utils import timezone

from aduan.cases.models import Case
from aduan.operators.models import Operator
from tests.factories import cases as factory


@pytest.fixture
def case(telkomsel: Operator) -> Case:
    """An open case that a person can decide: there are reasons to give."""
    factory.reasons()
    return factory.make_case(telkomsel, at=timezone.now(), evidence_count=0)
