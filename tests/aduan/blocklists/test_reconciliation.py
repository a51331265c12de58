"""PB15: what an operator says it blocks is held against its list; each difference is named, none accepted."""

from __future__ import annotations

import datetime as dt

import pytest

from aduan.accounts.models import User
from aduan.blocklists import queries
from aduan.blocklists.models import BlockList, RejectedOutcomeReport, SentReminder
from aduan.blocklists.services import AnswerRow, build_interims, remind, report_outcomes
from aduan.cases import services as cases
from aduan.cases.models import Block
from aduan.core.errors import Invalid
from aduan.notifications.models import OutboxMessage
from aduan.operators.models import Operator
from tests.factories.blocklists import URGENT_DELAY, a_block, published
from tests.factories.cases import proposed, released, signed
from tests.factories.cases import report as facts

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
OWN = 6281300009999


@pytest.fixture
def blocks(telkomsel: Operator, budi: User, citra: User, now: dt.datetime) -> list[Block]:
    return [a_block(telkomsel, by=(budi, citra), at=now) for _ in range(5)]


@pytest.fixture
def block_list(blocks: list[Block], telkomsel: Operator, now: dt.datetime) -> BlockList:
    return published(telkomsel, at=now)


def report(block_list: BlockList, *rows: tuple[object, str], at: dt.datetime, digest: str = "") -> None:
    reported = [
        AnswerRow(nth, str(number), answer, at.isoformat(), "tidak bisa" if answer == "refused" else "")
        for nth, (number, answer) in enumerate(rows, start=1)
    ]
    report_outcomes(block_list, reported, list_digest=digest or block_list.digest, at=at)


def reconciled(operator: Operator, at: dt.datetime) -> queries.Reconciliation:
    found = queries.reconcile(operator, at=at)
    assert found is not None
    return found


def differing(operator: Operator, name: str, at: dt.datetime) -> list[int]:
    return [row.digits for row in queries.differing(operator, name, at=at)]


def test_before_the_first_list_there_is_nothing_to_compare(telkomsel: Operator, now: dt.datetime) -> None:
    assert queries.reconcile(telkomsel, at=now) is None
    assert queries.differing(telkomsel, "missing", at=now) == []


def test_a_number_is_waiting_for_a_day_and_missing_then(
    block_list: BlockList, blocks: list[Block], telkomsel: Operator, now: dt.datetime
) -> None:
    report(block_list, *((block.digits, "blocked") for block in blocks[:2]), at=now)
    early, late = reconciled(telkomsel, now + DAY / 2), reconciled(telkomsel, now + DAY)
    assert (early.listed, early.agreed, early.waiting, early.agrees) == (5, 2, 3, True)
    assert (late.agreed, late.waiting, late.counts["missing"], late.agrees) == (2, 0, 3, False)
    assert late.differs_since == now + DAY
    assert differing(telkomsel, "missing", now + DAY) == [block.digits for block in blocks[2:]]


def test_a_word_of_an_earlier_block_says_nothing_about_this_one(
    block_list: BlockList, blocks: list[Block], telkomsel: Operator, agus: User, budi: User, citra: User,
    now: dt.datetime,
) -> None:  # fmt: skip
    report(block_list, *((block.digits, "blocked") for block in blocks), at=now)
    released(blocks[0].case, by=agus, at=now + DAY)
    (removal,) = build_interims(at=now + DAY)
    report(removal, (blocks[0].digits, "unblocked"), at=now + DAY)
    assert reconciled(telkomsel, now + 3 * DAY).agrees
    again = cases.open_or_join(blocks[0].case.number, report=facts(), at=now + 2 * DAY)
    proposed(again, by=budi, at=now + 2 * DAY, urgent=True)
    signed(again, by=citra, at=now + 2 * DAY)
    build_interims(at=now + 2 * DAY + URGENT_DELAY)
    assert differing(telkomsel, "missing", now + 4 * DAY) == [blocks[0].digits]


def test_what_was_released_and_is_not_said_to_be_lifted_may_still_be_blocked(
    block_list: BlockList, blocks: list[Block], telkomsel: Operator, agus: User, now: dt.datetime
) -> None:
    report(block_list, *((block.digits, "blocked") for block in blocks), at=now)
    released(blocks[0].case, by=agus, at=now + DAY)
    (removal,) = build_interims(at=now + DAY)
    assert reconciled(telkomsel, now + 1.5 * DAY).agrees, "its day still runs"
    assert differing(telkomsel, "still_blocked", now + 2 * DAY) == [blocks[0].digits]
    report(removal, (blocks[0].digits, "unblocked"), at=now + 2 * DAY)
    assert reconciled(telkomsel, now + 2 * DAY).agrees


def test_what_is_to_be_lifted_is_counted_once_and_by_the_newest_word(
    block_list: BlockList, blocks: list[Block], telkomsel: Operator, agus: User, now: dt.datetime
) -> None:
    said = [(block.digits, "blocked") for block in blocks[:3]]
    report(block_list, *said, at=now)
    report(block_list, *said, at=now + DAY / 2)
    for block in blocks[:4]:  # the last of them was never said to be blocked
        released(block.case, by=agus, at=now + DAY)
    assert queries.not_reported_as_lifted(block_list) == 0, "they are on the list still"
    (removal,) = build_interims(at=now + DAY)
    assert queries.not_reported_as_lifted(removal) == 3
    report(removal, (blocks[0].digits, "unblocked"), at=now + DAY)
    assert queries.not_reported_as_lifted(removal) == 2


def test_late_and_declined_are_named(
    block_list: BlockList, blocks: list[Block], telkomsel: Operator, now: dt.datetime
) -> None:
    at = now + 1.25 * DAY
    report(block_list, *((block.digits, "blocked") for block in blocks[:4]), at=at)
    report(block_list, (blocks[4].digits, "refused"), at=at)
    found = reconciled(telkomsel, at)
    assert found.counts == {"missing": 0, "still_blocked": 0, "declined": 1, "late": 4}
    (row,) = queries.differing(telkomsel, "declined", at=at)
    assert (row.digits, row.answer, row.case_id) == (blocks[4].digits, "refused", blocks[4].case_id)


def test_numbers_that_are_not_listed_and_another_version_are_kept_until_made_good(
    block_list: BlockList, blocks: list[Block], telkomsel: Operator, now: dt.datetime
) -> None:
    good = [(block.digits, "blocked") for block in blocks]
    for _retry in range(3):
        with pytest.raises(Invalid, match="rows_refused"):
            report(block_list, *good, (OWN, "blocked"), at=now)
    with pytest.raises(Invalid, match="digest_mismatch"):
        report(block_list, *good, at=now, digest="0" * 64)
    wrong_version, extra = reconciled(telkomsel, now).refused
    assert (wrong_version.code, wrong_version.list_digest) == ("digest_mismatch", "0" * 64)
    assert (extra.extra, extra.row_codes) == ([str(OWN)], {"not_on_list": 1})
    assert not reconciled(telkomsel, now).agrees
    report(block_list, *good, at=now + DAY / 4)
    assert reconciled(telkomsel, now + DAY / 4).agrees
    assert RejectedOutcomeReport.objects.count() == 2, "what was said stays written down"


def test_after_three_days_both_sides_are_alarmed_once(
    block_list: BlockList, blocks: list[Block], telkomsel: Operator, dewi: User, lina: User, now: dt.datetime
) -> None:
    def alarms() -> int:
        return OutboxMessage.objects.filter(kind__endswith="list_differs").count()

    missing_since = now + DAY
    remind(at=missing_since + dt.timedelta(hours=71, minutes=59))
    assert alarms() == 0
    remind(at=missing_since + dt.timedelta(hours=72))
    assert alarms() == 2
    assert SentReminder.objects.get(kind="list_differs").open_count == 5
    remind(at=missing_since + dt.timedelta(hours=90))
    assert alarms() == 2


def test_who_agrees_is_left_in_peace(
    block_list: BlockList, blocks: list[Block], dewi: User, lina: User, now: dt.datetime
) -> None:
    report(block_list, *((block.digits, "blocked") for block in blocks), at=now)
    remind(at=now + 9 * DAY)
    assert not SentReminder.objects.filter(kind="list_differs").exists()
