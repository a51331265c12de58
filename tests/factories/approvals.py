"""Acts that one person asks for and another approves, done to their end."""

from __future__ import annotations

import datetime as dt

from aduan.accounts.models import ApprovalRequest, User
from aduan.blocklists import services as lists
from aduan.blocklists.models import Canary
from aduan.operators import members
from aduan.operators.models import Operator, OperatorMember
from aduan.referrals import services as referrals
from tests.factories.accounts import step_up

Pair = tuple[User, User]


def inbound_switched(
    operator: Operator, *, on: bool, by: Pair, at: dt.datetime, note: str = "uji"
) -> ApprovalRequest:
    one, two = by
    asked = lists.request_inbound(operator, on=on, note=note, by=one, step_up=step_up(one, at), at=at)
    return lists.approve_list_change(asked, by=two, step_up=step_up(two, at), at=at)


def canary_asked(
    operator: Operator, *, by: User, at: dt.datetime, number: str = "0840-0000-0001", reason: str = "uji"
) -> ApprovalRequest:
    return lists.request_canary(
        operator, number=number, category="HADIAH", reason=reason, by=by, step_up=step_up(by, at), at=at
    )


def canary_added(operator: Operator, *, by: Pair, at: dt.datetime, number: str = "0840-0000-0001") -> Canary:
    asked = canary_asked(operator, by=by[0], at=at, number=number)
    lists.approve_list_change(asked, by=by[1], step_up=step_up(by[1], at), at=at)
    return Canary.objects.latest("pk")


def canary_ended(canary: Canary, *, by: Pair, at: dt.datetime) -> ApprovalRequest:
    one, two = by
    asked = lists.request_canary_end(canary, reason="uji", by=one, step_up=step_up(one, at), at=at)
    return lists.approve_list_change(asked, by=two, step_up=step_up(two, at), at=at)


def platform_joined(data: referrals.PlatformData, *, by: Pair, at: dt.datetime) -> Operator:
    one, two = by
    asked = referrals.request_platform(data, by=one, step_up=step_up(one, at), at=at)
    return referrals.approve_platform(asked, by=two, step_up=step_up(two, at), at=at)


def first_person(
    operator: Operator, *, by: Pair, at: dt.datetime, email: str = "sari@signal.example"
) -> OperatorMember:
    one, two = by
    asked = members.request_first(
        operator,
        email=email,
        name="Sari",
        staff_number="7",
        reason="surat 12/2026",
        by=one,
        step_up=step_up(one, at),
        at=at,
    )
    return members.approve_first(asked, by=two, step_up=step_up(two, at), at=at)
