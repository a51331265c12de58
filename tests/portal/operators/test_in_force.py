"""What must be blocked now, and why: the union of the newest lists, to the second."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from aduan.accounts.models import User
from aduan.blocklists.models import BlockList
from aduan.operators.models import Operator
from tests.factories import holds
from tests.portal.conftest import A_NUMBERS, a_list  # noqa: F401 - a fixture
from tests.portal.operators.conftest import at_desk

pytestmark = pytest.mark.django_db
PAGE = "/operator/berlaku/"
HELD = 6281299990001


def numbers(client: Client, query: str = "") -> list[int]:
    return [number.digits for number, _grounds in client.get(PAGE + query).context["numbers"]]


@pytest.fixture
def hold_list(telkomsel: Operator, budi: User, citra: User, a_list: BlockList) -> BlockList:  # noqa: F811
    at = timezone.now() - dt.timedelta(minutes=10)
    holds.hold_rules()
    return holds.listed(holds.held(telkomsel, first=budi, second=citra, at=at, digits=HELD), at=at)


def test_blocks_and_holds_stand_together_with_list_ground_and_end(
    dewi: User, dewi_desk: Client, eko_desk: Client, hold_list: BlockList
) -> None:
    assert numbers(dewi_desk) == sorted([*A_NUMBERS, HELD])
    text = dewi_desk.get(PAGE).content.decode()
    assert f"-hold-v{hold_list.version}" in text
    assert "K-0000" in text
    assert numbers(eko_desk) == []
    with time_machine.travel(timezone.now() + dt.timedelta(days=7)):
        assert numbers(at_desk(dewi)) == sorted(A_NUMBERS), "the hold has ended by itself, without a list"


def test_one_number_is_found_as_it_is_dialled_and_as_it_is_listed(
    dewi_desk: Client, hold_list: BlockList
) -> None:
    for spelling in ("0812-9999-0001", "%2B62 812 9999 0001", str(HELD)):
        assert numbers(dewi_desk, f"?nomor={spelling}") == [HELD], spelling
    for other in ("0812-9999-0002", "siapa", "9" * 30):
        answer = dewi_desk.get(PAGE, {"nomor": other})
        assert "No list of yours carries this number now." in answer.content.decode(), other
    assert numbers(dewi_desk, f"?sesudah={HELD - 1}") == [HELD]


def test_it_asks_one_statement_a_list(
    dewi_desk: Client, hold_list: BlockList, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(17):
        dewi_desk.get(PAGE)
