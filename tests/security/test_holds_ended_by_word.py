"""What the application learns of a held number ends its hold: no key alone, and no SQL, ends all of them so.

On 6fe90755 a key with `report:write` ended every hold of its operator within seconds, without the scope and
the ceiling that "recycled" has; and SQL marked numbers as look-alikes of official ones, whose holds the
application ended itself.
"""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.utils import timezone

from aduan.accounts.models import User
from aduan.cases.models import Case, Hold
from aduan.cases.services import sync_lookalike_flags
from aduan.numbers.services import protect
from aduan.operators.models import Operator
from tests.factories import holds
from tests.portal.api.conftest import key_of, machine
from tests.security.injection import run_sql

pytestmark = pytest.mark.django_db


@pytest.fixture
def seven(telkomsel: Operator, budi: User, citra: User) -> list[Hold]:
    holds.hold_rules()
    now = timezone.now()
    return [holds.held(telkomsel, first=budi, second=citra, at=now) for _turn in range(7)]


def word_of(client: Client, digits: int, since: str = "2001-02-03") -> int:
    body = json.dumps({"number": str(digits), "since": since})
    return client.post("/api/v1/in-use-since", body, "application/json").status_code


def held() -> int:
    return Hold.objects.filter(ended_at=None).count()


def test_a_key_without_the_scope_ends_no_hold(dewi: User, seven: list[Hold]) -> None:
    weak = machine(key_of(dewi, scopes=["list:read", "report:write"]))
    assert [word_of(weak, hold.digits) for hold in seven] == [403] * 7
    assert held() == 7
    assert word_of(weak, seven[0].digits, timezone.now().date().isoformat()) == 200, (
        "a young number ends nothing"
    )
    assert word_of(weak, 6281299990000) == 200, "nor does one that is not held"


def test_more_than_a_few_a_day_wait_for_the_ministry(dewi: User, seven: list[Hold]) -> None:
    key = machine(key_of(dewi))
    assert [word_of(key, hold.digits) for hold in seven] == [200] * 5 + [409] * 2
    assert held() == 2
    seven[-1].number.refresh_from_db()
    assert seven[-1].number.in_use_since is None, "all of it or nothing"


def test_a_mark_by_sql_ends_no_hold(rini: User, seven: list[Hold], injected: None) -> None:
    protect("0812-9999-0000", owner="RSUP", kind="hospital", source="surat", reason="diminta", by=rini,
            at=timezone.now())  # fmt: skip
    run_sql("UPDATE numbers_phonenumber SET resembles_id = (SELECT max(id) FROM numbers_protectednumber)")
    sync_lookalike_flags(at=timezone.now())
    assert held() == 7
    assert not Case.objects.filter(resembles_protected=True).exists()
    assert sync_lookalike_flags(at=timezone.now()) == 0, "the mark is taken off again"
