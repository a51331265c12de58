"""What list managers set: two people for the rules, data for the subscriptions, canaries that cut no line."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.blocklists import queries
from aduan.blocklists.models import BlockList, Canary, ListRules, ListType
from aduan.blocklists.services import (
    agree_rules,
    build_list,
    build_referrals,
    propose_rules,
    request_inbound,
)
from aduan.blocklists.stop_rules import USUAL, Thresholds
from aduan.cases.models import Case
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import DomainError, Forbidden, Invalid, WrongState
from aduan.core.models import AuditLogEntry
from aduan.operators.models import Operator
from tests.factories.accounts import person, step_up
from tests.factories.approvals import canary_added, canary_asked, canary_ended, inbound_switched
from tests.factories.blocklists import NOVEMBER, OCTOBER, a_block, published

pytestmark = pytest.mark.django_db
FREE = "0840-0000-0001"  # in no one's range


@pytest.fixture
def mira(db: None) -> User:
    return person("mira@aduan.example", "Mira Utami", Role.LIST_MANAGER)


def proposed(by: User, at: dt.datetime, *, hours: int = 6, **changes: int) -> ListRules:
    wait = dt.timedelta(hours=hours)
    return propose_rules(
        Thresholds(**changes), cooling_off=wait, reason="uji coba", by=by, step_up=step_up(by, at), at=at
    )


def test_rules_are_in_force_when_two_have_agreed(
    telkomsel: Operator, budi: User, citra: User, lina: User, mira: User, now: dt.datetime
) -> None:
    rules = proposed(lina, now, additions_floor=1)
    assert queries.rules_in_force().thresholds == USUAL
    with pytest.raises(Forbidden, match="same_person"):
        agree_rules(rules, by=lina, step_up=step_up(lina, now), at=now)
    with pytest.raises(Forbidden):
        agree_rules(rules, by=budi, step_up=step_up(budi, now), at=now)
    agree_rules(rules, by=mira, step_up=step_up(mira, now), at=now)
    assert queries.rules_in_force().thresholds.additions_floor == 1
    assert queries.rules_proposed() is None

    a_block(telkomsel, by=(budi, citra), at=now, digits=6281200000001)
    free = build_list(telkomsel, period=OCTOBER, kind=ListType.MONTHLY, at=now)
    assert free is not None
    assert free.publish_not_before == now + dt.timedelta(hours=6)
    assert free.stop_reasons == []
    a_block(telkomsel, by=(budi, citra), at=now, digits=6281200000002)
    held = build_list(telkomsel, period=NOVEMBER, kind=ListType.MONTHLY, at=now)
    assert held is not None
    assert [reason["code"] for reason in held.stop_reasons] == ["too_many_additions"]
    acts = list(
        AuditLogEntry.objects.filter(subject=f"list_rules:{rules.pk}").values_list("action", flat=True)
    )
    assert sorted(acts) == [AuditAction.LIST_RULES_AGREE, AuditAction.LIST_RULES_PROPOSE]


def test_only_the_newest_proposal_can_be_agreed_to(lina: User, mira: User, now: dt.datetime) -> None:
    older, newer = proposed(lina, now), proposed(mira, now, removals_floor=5)
    with pytest.raises(WrongState):
        agree_rules(older, by=mira, step_up=step_up(mira, now), at=now)
    agree_rules(newer, by=lina, step_up=step_up(lina, now), at=now)
    with pytest.raises(WrongState):
        agree_rules(newer, by=lina, step_up=step_up(lina, now), at=now)


@pytest.mark.parametrize(
    "changes",
    [{"additions_ceiling": 100_001}, {"removals_percent": 26}, {"hours": 73}, {"prefix_block_limit": 0}],
)
def test_no_two_people_can_pass_the_bounds(lina: User, now: dt.datetime, changes: dict[str, int]) -> None:
    with pytest.raises(Invalid, match="beyond_bounds"):
        proposed(lina, now, **changes)


@pytest.mark.parametrize(
    "change", [{"additions_floor": 5000}, {"agreed_by": None, "agreed_at": None}, {"reason": "lain"}]
)
def test_the_database_keeps_what_was_agreed(
    lina: User, mira: User, now: dt.datetime, change: dict[str, object]
) -> None:
    rules = agree_rules(proposed(lina, now), by=mira, step_up=step_up(mira, now), at=now)
    with pytest.raises(DatabaseError), transaction.atomic():
        ListRules.objects.filter(pk=rules.pk).update(**change)
    alone = proposed(lina, now)
    with pytest.raises(DatabaseError), transaction.atomic():
        ListRules.objects.filter(pk=alone.pk).update(agreed_by=lina, agreed_at=now)


def test_the_filter_for_foreign_numbers_is_switched_per_operator(
    telkomsel: Operator, budi: User, lina: User, mira: User, now: dt.datetime
) -> None:
    assert [subscription.inbound for subscription in queries.subscriptions(at=now)] == [False]
    with pytest.raises(Forbidden):
        request_inbound(telkomsel, on=True, note="uji", by=budi, step_up=step_up(budi, now), at=now)
    with pytest.raises(Invalid):
        request_inbound(telkomsel, on=True, note=" ", by=lina, step_up=step_up(lina, now), at=now)
    inbound_switched(telkomsel, on=True, note="surat 12/2026", by=(lina, mira), at=now)
    assert [(subscription.inbound, subscription.note) for subscription in queries.subscriptions(at=now)] == [
        (True, "surat 12/2026")
    ]
    inbound_switched(telkomsel, on=False, note="selesai", by=(mira, lina), at=now)
    assert build_referrals(at=now) == []
    assert [
        entry.detail["on"]
        for entry in AuditLogEntry.objects.filter(action=AuditAction.OPERATOR_SWITCH_INBOUND).order_by("seq")
    ] == [
        True,
        False,
    ]


def test_a_canary_comes_and_goes_with_the_lists(
    telkomsel: Operator, budi: User, citra: User, lina: User, mira: User, now: dt.datetime
) -> None:
    a_block(telkomsel, by=(budi, citra), at=now)
    canary = canary_added(telkomsel, number=FREE, by=(lina, mira), at=now)
    assert not Case.objects.filter(pk=canary.case_id).exists()
    first = published(telkomsel, at=now)
    assert first.count == 2
    canary_ended(canary, by=(mira, lina), at=now)
    canary.refresh_from_db()
    with pytest.raises(WrongState):
        canary_ended(canary, by=(mira, lina), at=now)
    assert published(telkomsel, at=now, period=NOVEMBER).removed_count == 1
    assert BlockList.objects.count() == 2
    assert Canary.objects.filter(pk=canary.pk).exists(), "old lists still carry it"


@pytest.mark.parametrize("number", ["0812-0000-0001", "021 5000 0001", "+60 11-0000 0001", "0840"])
def test_a_canary_can_cut_no_line(telkomsel: Operator, lina: User, now: dt.datetime, number: str) -> None:
    with pytest.raises(DomainError):
        canary_asked(telkomsel, number=number, by=lina, at=now)
    assert not Canary.objects.exists()
