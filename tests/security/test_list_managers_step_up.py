"""What list managers sign names the evidence of their step-up, and the database checks it.

Seen on e14b882: one UPDATE of `resumed_by_id` and `second_resumed_by_id` resumed a stopped list, and one of
`agreed_by_id` put rules in force, with no proof of either person.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from aduan.accounts.models import StepUpEvidence, User
from aduan.accounts.roles import Role
from aduan.blocklists.models import BlockList, ListRules
from aduan.blocklists.services import agree_rules, build_interims, propose_rules, resume_list
from aduan.blocklists.stop_rules import Thresholds
from aduan.core.errors import Forbidden
from aduan.operators.models import Operator
from tests.factories.accounts import person, step_up
from tests.factories.blocklists import a_block, published
from tests.factories.cases import released

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def mira(db: None) -> User:
    return person("mira@aduan.example", "Mira Utami", Role.LIST_MANAGER)


def refused(statement: str, values: list[Any]) -> None:
    with (
        pytest.raises(IntegrityError, match="list managers"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, values)


@pytest.fixture
def stopped(
    telkomsel: Operator, budi: User, citra: User, agus: User, lina: User, mira: User, now: dt.datetime
) -> BlockList:
    """A list that the rule about freed numbers stopped."""
    asked = propose_rules(
        Thresholds(freed_limit=1), cooling_off=dt.timedelta(0), reason="uji", by=lina, at=now,
        step_up=step_up(lina, now),
    )  # fmt: skip
    agree_rules(asked, by=mira, step_up=step_up(mira, now), at=now)
    blocks = [a_block(telkomsel, by=(budi, citra), at=now) for _ in range(3)]
    published(telkomsel, at=now)
    for block in blocks[:2]:
        released(block.case, by=agus, at=now + MINUTE)
    (made,) = build_interims(at=now + 2 * MINUTE)
    assert made.state == BlockList.State.STOPPED
    return made


def test_a_stopped_list_takes_the_step_up_of_both(
    stopped: BlockList, lina: User, mira: User, now: dt.datetime
) -> None:
    both = "UPDATE blocklists_blocklist SET resumed_by_id = %s, second_resumed_by_id = %s WHERE id = %s"
    refused(both, [lina.pk, mira.pk, stopped.pk])
    resume_list(stopped, by=lina, step_up=step_up(lina, now + 3 * MINUTE), at=now + 3 * MINUTE)
    proof = StepUpEvidence.objects.get(act="block_list.resume")
    assert (proof.person, proof.digest) == (lina, stopped.digest)
    refused(
        "UPDATE blocklists_blocklist SET second_resumed_by_id = %s, second_resumed_step_up_id = %s"
        " WHERE id = %s",
        [mira.pk, proof.pk, stopped.pk],
    )
    with pytest.raises(Forbidden, match="step_up_missing"):
        resume_list(stopped, by=mira, step_up=step_up(lina, now + 4 * MINUTE), at=now + 4 * MINUTE)
    resume_list(stopped, by=mira, step_up=step_up(mira, now + 4 * MINUTE), at=now + 4 * MINUTE)


def test_rules_take_the_step_up_of_both(lina: User, mira: User, now: dt.datetime) -> None:
    asked = propose_rules(
        Thresholds(), cooling_off=dt.timedelta(0), reason="uji", by=lina, step_up=step_up(lina, now), at=now
    )
    refused(
        "UPDATE blocklists_listrules SET agreed_by_id = %s, agreed_at = %s WHERE id = %s",
        [mira.pk, now, asked.pk],
    )
    columns = [str(field.column) for field in ListRules._meta.fields if field.column != "id"]
    unproved = ["NULL::bigint" if name.endswith("step_up_id") else name for name in columns]
    refused(
        f"INSERT INTO blocklists_listrules ({', '.join(columns)}) SELECT {', '.join(unproved)}"  # noqa: S608
        " FROM blocklists_listrules WHERE id = %s",
        [asked.pk],
    )
    agree_rules(asked, by=mira, step_up=step_up(mira, now), at=now)
    assert ListRules.objects.get(pk=asked.pk).agreed_step_up is not None
