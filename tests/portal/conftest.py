"""Published lists of operators A and B, for both interfaces of operators."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from aduan.accounts.models import User
from aduan.blocklists.models import BlockList
from aduan.core.periods import last_ended
from aduan.operators.models import Operator
from tests.factories.blocklists import a_block, published

A_NUMBERS = (628120000001, 6281200000002, 6281200000003)
B_NUMBERS = (6281500000001, 6281500000002)


@pytest.fixture
def a_list(telkomsel: Operator, budi: User, citra: User) -> BlockList:
    """Operator A's monthly list of the month that ended, published an hour ago: three numbers."""
    return _listed(telkomsel, A_NUMBERS, (budi, citra))


@pytest.fixture
def b_list(indosat: Operator, budi: User, citra: User) -> BlockList:
    """Operator B's: two numbers."""
    return _listed(indosat, B_NUMBERS, (budi, citra))


def _listed(operator: Operator, numbers: tuple[int, ...], two: tuple[User, User]) -> BlockList:
    at = timezone.now() - dt.timedelta(hours=1)
    for digits in numbers:
        a_block(operator, by=two, at=at, digits=digits)
    return published(operator, at=at, period=last_ended(at))
