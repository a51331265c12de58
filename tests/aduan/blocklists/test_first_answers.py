"""The first answer to each clock counts; every open clock counts; words and letters follow the obligation.

Seen to fail on 0.1.0: an operator that acted within hours and restated its numbers with the next list had a
P95 of weeks, clocks beyond the 24 newest lists were gone, and platforms that are asked got "overdue" letters.
"""

from __future__ import annotations

import datetime as dt

import pytest

from aduan.accounts.models import User
from aduan.blocklists import queries
from aduan.blocklists.models import BlockList, ClosedClock, SentReminder
from aduan.blocklists.services import build_interims, build_referrals, remind
from aduan.cases.models import Block, Case
from aduan.cases.workflow import ProposalType
from aduan.notifications.models import OutboxMessage
from aduan.operators.models import Operator
from tests.aduan.blocklists.test_outcomes import reported, row
from tests.factories.accounts import past_triggers
from tests.factories.blocklists import a_block, published
from tests.factories.cases import proposed, released, signed
from tests.factories.complaints import filed
from tests.factories.operators import operator, person_of

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def blocks(telkomsel: Operator, budi: User, citra: User, now: dt.datetime) -> list[Block]:
    return [a_block(telkomsel, by=(budi, citra), at=now) for _ in range(3)]


@pytest.fixture
def block_list(blocks: list[Block], telkomsel: Operator, now: dt.datetime) -> BlockList:
    return published(telkomsel, at=now)


def acted(block: Block, at: dt.datetime, answer: str = "blocked", *, nth: int = 1):
    return row(block.digits, answer, at=at.isoformat(), nth=nth)


def test_a_number_restated_with_a_later_list_is_not_late(
    telkomsel: Operator,
    block_list: BlockList,
    blocks: list[Block],
    dewi: User,
    budi: User,
    citra: User,
    now: dt.datetime,
) -> None:
    in_time = now + 2 * HOUR
    rows = [acted(block, in_time, nth=nth) for nth, block in enumerate(blocks, start=1)]
    reported(block_list, *rows, at=in_time, by=dewi)
    a_block(telkomsel, by=(budi, citra), at=now, urgent=True)
    (second,) = build_interims(at=now + 50 * DAY)
    much_later = now + 50 * DAY + HOUR
    again = [acted(block, much_later, nth=nth) for nth, block in enumerate(blocks, start=1)]
    reported(second, *again, at=much_later, by=dewi)
    figures = queries.performance_of(telkomsel, since=now, until=now + 90 * DAY)
    assert (figures.answered, figures.in_time, figures.p95_hours) == (3, 3, 2.0)
    assert (figures.later, figures.later_p95_hours) == (0, None), "the same answer again is no news"
    later = queries.performance_of(telkomsel, since=now + 30 * DAY, until=now + 90 * DAY)
    assert later.answered == 0
    compared = queries.reconcile(telkomsel, at=much_later)
    assert compared is not None
    assert compared.counts["late"] == 0


def test_news_about_an_old_number_has_a_clock_of_its_own(
    telkomsel: Operator, block_list: BlockList, blocks: list[Block], dewi: User, now: dt.datetime
) -> None:
    reported(block_list, acted(blocks[0], now + HOUR), at=now + HOUR, by=dewi)
    changed = now + 57 * DAY
    reported(block_list, acted(blocks[0], changed, "inactive"), at=changed + 3 * HOUR, by=dewi)
    figures = queries.performance_of(telkomsel, since=now, until=now + 90 * DAY)
    assert (figures.answered, figures.in_time, figures.p95_hours) == (1, 1, 1.0)
    assert figures.by_answer == {"blocked": 1}
    assert (figures.later, figures.later_p95_hours) == (1, 3.0)


def test_a_first_answer_that_was_late_stays_late(
    telkomsel: Operator, block_list: BlockList, blocks: list[Block], dewi: User, now: dt.datetime
) -> None:
    reported(block_list, acted(blocks[0], now + 30 * HOUR, "inactive"), at=now + 30 * HOUR, by=dewi)
    reported(block_list, acted(blocks[0], now + HOUR), at=now + 40 * HOUR, by=dewi)
    figures = queries.performance_of(telkomsel, since=now, until=now + 9 * DAY)
    assert (figures.answered, figures.in_time, figures.p50_hours) == (1, 0, 30.0)


def test_a_clock_is_open_however_many_lists_came_after(
    telkomsel: Operator,
    block_list: BlockList,
    blocks: list[Block],
    dewi: User,
    budi: User,
    citra: User,
    now: dt.datetime,
) -> None:
    for nth in range(26):
        at = now + nth * HOUR
        block = a_block(telkomsel, by=(budi, citra), at=at, urgent=True)
        (made,) = build_interims(at=at)
        reported(made, row(block.digits), at=at, by=dewi)
    later = now + 27 * HOUR
    remind(at=later)
    (clock,) = queries.clocks_of(telkomsel)
    assert (clock.block_list, clock.open, clock.late(later)) == (block_list, 3, True)
    assert ClosedClock.objects.count() == 26
    assert SentReminder.objects.filter(kind="list_overdue", block_list=block_list).exists()
    assert not SentReminder.objects.filter(kind="list_due").exists(), "nothing is soon that is over"


def test_a_number_that_was_taken_off_needs_no_answer_any_more(
    telkomsel: Operator, block_list: BlockList, blocks: list[Block], agus: User, now: dt.datetime
) -> None:
    gone = blocks[0]
    gone.case.refresh_from_db()
    released(gone.case, by=agus, at=now)
    build_interims(at=now + HOUR)
    (clock,) = queries.clocks_of(telkomsel)
    assert (clock.reported, clock.answered, clock.open) == (3, 0, 2)
    assert gone.digits not in queries.open_numbers(block_list)


def test_a_closed_clock_still_says_how_much_was_answered(
    telkomsel: Operator, block_list: BlockList, blocks: list[Block], dewi: User, now: dt.datetime
) -> None:
    rows = [row(block.digits, nth=nth) for nth, block in enumerate(blocks, start=1)]
    reported(block_list, *rows, at=now, by=dewi)
    before = queries.clocks_for([block_list])[block_list.pk]
    remind(at=now + HOUR)
    assert queries.clocks_of(telkomsel) == []
    assert queries.clocks_for([block_list])[block_list.pk] == before
    assert (before.answered, before.open) == (3, 0)


def test_a_platform_is_never_overdue_and_not_reminded_of_lists(
    budi: User, citra: User, lina: User, now: dt.datetime
) -> None:
    """It is asked again about each referral, in the thread of its mail: once, not twice."""
    platform = operator(
        "whatsapp", "WhatsApp", kind=Operator.Kind.OTT, obligation=Operator.Obligation.VOLUNTARY
    )
    person_of(platform, "rudi@whatsapp.example", "Rudi Hartono")
    filed(now, "0812-3456-7890", channel="whatsapp")
    (case,) = Case.objects.all()
    proposed(case, by=budi, at=now, proposal_type=ProposalType.REFER)
    signed(case, by=citra, at=now)
    (referral,) = build_referrals(at=now)
    (clock,) = queries.clocks_of(platform)
    assert (clock.obliged, clock.open, clock.late(now + 30 * DAY)) == (False, 1, False)
    remind(at=now + 30 * HOUR)
    remind(at=now + 8 * DAY)
    assert _reminded(referral) == set()
    assert not OutboxMessage.objects.filter(kind__regex="unanswered|not_fetched|overdue").exists()


def test_an_operator_that_follows_voluntarily_is_asked_again_and_never_overdue(
    telkomsel: Operator, dewi: User, budi: User, citra: User, lina: User, now: dt.datetime
) -> None:
    telkomsel.obligation = Operator.Obligation.VOLUNTARY
    with past_triggers():
        telkomsel.save()
    a_block(telkomsel, by=(budi, citra), at=now)
    block_list = published(telkomsel, at=now)
    remind(at=now + 30 * HOUR)
    assert _reminded(block_list) == {"list_not_fetched"}
    remind(at=now + 8 * DAY)
    remind(at=now + 9 * DAY)
    assert _reminded(block_list) == {"list_not_fetched", "list_unanswered"}
    letters = OutboxMessage.objects.filter(kind__contains="unanswered")
    assert {letter.kind for letter in letters} == {"list_unanswered", "operator_list_unanswered"}


def _reminded(block_list: BlockList) -> set[str]:
    return set(SentReminder.objects.filter(block_list=block_list).values_list("kind", flat=True))
