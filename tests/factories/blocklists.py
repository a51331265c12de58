"""Blocks in force and lists in a wanted state, always reached through services."""

from __future__ import annotations

import datetime as dt
from typing import Any

from aduan.accounts.models import User
from aduan.blocklists.models import BlockList, ListType
from aduan.blocklists.services import build_list, publish_due
from aduan.cases import services as case_services
from aduan.cases.models import Block
from aduan.core.periods import Month
from aduan.operators.models import Operator
from tests.factories.cases import number, proposed, report, signed

OCTOBER = Month(2026, 10)
NOVEMBER = Month(2026, 11)
URGENT_DELAY = dt.timedelta(seconds=120)


def a_block(
    operator: Operator,
    *,
    by: tuple[User, User],
    at: dt.datetime,
    digits: int | None = None,
    urgent: bool = False,
    until: dt.date | None = None,
) -> Block:
    """A number that two people decided to block; an urgent one long enough ago that a list may take it."""
    if urgent:
        at -= URGENT_DELAY
    case = case_services.open_or_join(number(operator, at=at, digits=digits), report=report(), at=at)
    more: dict[str, Any] = {"block_until": until} if until else {}
    proposed(case, by=by[0], at=at, urgent=urgent, **more)
    signed(case, by=by[1], at=at)
    return Block.objects.get(case=case)


def published(
    operator: Operator, *, at: dt.datetime, period: Month = OCTOBER, kind: ListType = ListType.MONTHLY
) -> BlockList:
    """The operator's list, built and published."""
    built = build_list(operator, period=period, kind=kind, at=at)
    assert built is not None, "nobody else builds in a test"
    publish_due(at=at)
    built.refresh_from_db()
    assert built.state == BlockList.State.PUBLISHED, (built.state, built.stop_reasons)
    return built
