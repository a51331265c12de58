"""What an operator did.

All rows or none, proved by the digest, twice is once, and every answer has its effect.
"""

from __future__ import annotations

import datetime as dt
import time

import pytest
from django.db import connection

from aduan.accounts.models import User
from aduan.blocklists import queries
from aduan.blocklists.models import BlockList, Outcome, SentReminder
from aduan.blocklists.services import (
    AnswerRow,
    build_interims,
    remind,
    report_outcomes,
    settle_refusal,
    start_download,
)
from aduan.cases.models import Block, Case
from aduan.core.errors import Invalid, WrongState
from aduan.numbers.models import RoutingTask
from aduan.operators.models import Operator
from tests.factories.blocklists import a_block, published
from tests.factories.cases import released

pytestmark = pytest.mark.django_db


@pytest.fixture
def blocks(telkomsel: Operator, budi: User, citra: User, now: dt.datetime) -> list[Block]:
    return [a_block(telkomsel, by=(budi, citra), at=now) for _ in range(4)]


@pytest.fixture
def block_list(blocks: list[Block], telkomsel: Operator, now: dt.datetime) -> BlockList:
    return published(telkomsel, at=now)


def row(
    number: object, answer: str = "blocked", *, at: str = "", reason: str = "", nth: int = 1
) -> AnswerRow:
    return AnswerRow(nth, str(number), answer, at, reason)


def reported(block_list: BlockList, *rows: AnswerRow, at: dt.datetime, by: User) -> int:
    return report_outcomes(block_list, rows, list_digest=block_list.digest, at=at, by=by).changed_count


def refused(block_list: BlockList, *rows: AnswerRow, at: dt.datetime) -> list[str]:
    with pytest.raises(Invalid, match="rows_refused") as refusal:
        report_outcomes(block_list, rows, list_digest=block_list.digest, at=at)
    assert not Outcome.objects.exists()
    return [error["code"] for error in refusal.value.details["rows"]]


def test_a_long_report_is_not_cut_by_the_limit_on_pages(
    block_list: BlockList, blocks: list[Block], dewi: User, now: dt.datetime
) -> None:
    def slowly():
        for nth, block in enumerate(blocks):
            time.sleep(0.05)
            yield row(block.digits, nth=nth)

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 20")  # deploy/gunicorn.py says 5,000
    report = report_outcomes(block_list, slowly(), list_digest=block_list.digest, at=now, by=dewi)
    assert report.changed_count == len(blocks)


def test_each_answer_has_its_effect(
    block_list: BlockList, blocks: list[Block], dewi: User, now: dt.datetime
) -> None:
    later = now + dt.timedelta(hours=3)
    answers = ["blocked", "not_ours", "recycled", "refused"]
    rows = [
        row(block.digits, answer, reason="bukan nomor kami" if answer == "refused" else "")
        for block, answer in zip(blocks, answers, strict=True)
    ]
    assert reported(block_list, *rows, at=later, by=dewi) == 4
    assert RoutingTask.objects.get().number.digits == blocks[1].digits
    blocks[2].refresh_from_db()
    assert blocks[2].release_reason == "recycled"
    (removal,) = build_interims(at=later)
    assert removal.removed_count == 1
    refusal = Outcome.objects.get(answer="refused", settled_at=None)
    assert Case.objects.get(pk=blocks[3].case_id).events.filter(action="answer").exists()
    assert refusal.effect_note == ""


def test_a_refusal_is_settled_once(
    block_list: BlockList, blocks: list[Block], dewi: User, budi: User, now: dt.datetime
) -> None:
    reported(block_list, row(blocks[0].digits, "refused", reason="pelanggan korporat"), at=now, by=dewi)
    outcome = settle_refusal(Outcome.objects.get(), by=budi, at=now)
    assert outcome.settled_by == budi
    with pytest.raises(WrongState):
        settle_refusal(outcome, by=budi, at=now)


def test_the_same_report_twice_changes_nothing(
    block_list: BlockList, blocks: list[Block], dewi: User, now: dt.datetime
) -> None:
    rows = [row(block.digits, nth=nth) for nth, block in enumerate(blocks, start=1)]
    assert reported(block_list, *rows, at=now, by=dewi) == 4
    assert reported(block_list, *rows, at=now + dt.timedelta(hours=1), by=dewi) == 0
    assert Outcome.objects.count() == 4


@pytest.mark.parametrize(
    ("number", "answer", "at", "code"),
    [
        ("6.28123E+12", "blocked", "", "number_in_scientific_form"),
        ("6,28123E+12", "blocked", "", "number_in_scientific_form"),
        ("'6281200000001", "blocked", "", "number_unreadable"),
        ("６２８１２００", "blocked", "", "number_unreadable"),
        ("", "blocked", "", "number_missing"),
        ("628120000", "blocked", "", "not_on_list"),
        ("6281500000001", "blocked", "", "not_on_list"),
        ("{}", "diblokir", "", "answer_unknown"),
        ("{}", "refused", "", "reason_missing"),
        ("{}", "unblocked", "", "not_removed_by_list"),
        ("{}", "blocked", "18/11/2026", "time_unreadable"),
        ("{}", "blocked", "2026-11-18T10:00:00", "time_unreadable"),
        ("{}", "blocked", "2027-01-01T00:00:00Z", "time_in_future"),
    ],
)
def test_a_damaged_row_is_named_and_nothing_is_applied(
    block_list: BlockList, blocks: list[Block], now: dt.datetime, number: str, answer: str, at: str, code: str
) -> None:
    bad = row(number.format(blocks[0].digits), answer, at=at, nth=2)
    assert refused(block_list, row(blocks[1].digits), bad, at=now) == [code]


def test_a_number_twice_in_one_report_is_refused(
    block_list: BlockList, blocks: list[Block], now: dt.datetime
) -> None:
    twice = [row(blocks[0].digits, nth=1), row(blocks[0].digits, "inactive", nth=2)]
    assert refused(block_list, *twice, at=now) == ["duplicate_row"]


def test_the_report_must_quote_the_lists_digest(
    block_list: BlockList, blocks: list[Block], now: dt.datetime
) -> None:
    with pytest.raises(Invalid, match="digest_mismatch"):
        report_outcomes(block_list, [row(blocks[0].digits)], list_digest="0" * 64, at=now)
    csv = block_list.files.get(name="block.csv")
    assert report_outcomes(block_list, [row(blocks[0].digits)], list_digest=csv.sha256, at=now).row_count == 1


def test_the_clock_runs_from_the_list_that_reported_the_number_first(
    telkomsel: Operator,
    block_list: BlockList,
    blocks: list[Block],
    dewi: User,
    budi: User,
    citra: User,
    now: dt.datetime,
) -> None:
    a_block(telkomsel, by=(budi, citra), at=now, urgent=True)
    (second,) = build_interims(at=now + dt.timedelta(days=3))
    acted = (now + dt.timedelta(hours=30)).isoformat()
    reported(second, row(blocks[0].digits, at=acted), at=now + dt.timedelta(days=3), by=dewi)
    outcome = Outcome.objects.get()
    assert (outcome.clock_from, outcome.due_at) == (now, now + dt.timedelta(hours=24))
    figures = queries.performance_of(telkomsel, since=now, until=now + dt.timedelta(days=9))
    assert (figures.answered, figures.in_time, figures.p50_hours) == (1, 0, 30.0)


def test_a_receiver_that_missed_the_removing_list_can_still_say_that_the_number_is_free(
    telkomsel: Operator,
    block_list: BlockList,
    blocks: list[Block],
    dewi: User,
    budi: User,
    citra: User,
    agus: User,
    now: dt.datetime,
) -> None:
    gone, other = blocks[0], blocks[1]
    reported(block_list, row(gone.digits), row(other.digits, nth=2), at=now, by=dewi)
    released(gone.case, by=agus, at=now)
    a_block(telkomsel, by=(budi, citra), at=now, urgent=True)
    removing, adding = build_interims(at=now)
    assert (removing.removed_count, adding.removed_count) == (1, 0)
    reported(adding, row(gone.digits, "unblocked"), at=now, by=dewi)
    outcome = Outcome.objects.get(block_list=adding)
    assert (outcome.answer, outcome.case_id) == ("unblocked", gone.case_id)
    with pytest.raises(Invalid):
        reported(adding, row(other.digits, "unblocked"), at=now, by=dewi)
    with pytest.raises(Invalid):
        reported(adding, row(6281299999999, "unblocked"), at=now, by=dewi)


def test_what_is_open_is_reminded_of_and_escalated_once(
    telkomsel: Operator, block_list: BlockList, blocks: list[Block], dewi: User, lina: User, now: dt.datetime
) -> None:
    reported(block_list, row(blocks[0].digits), at=now, by=dewi)
    (clock,) = queries.clocks_of(telkomsel)
    assert (clock.reported, clock.open) == (4, 3)
    assert len(queries.open_numbers(block_list)) == 3
    handed = start_download(block_list, "block.txt", to=telkomsel, at=now, by=dewi)
    assert handed is not None
    handed.finish(handed.file.size, True)
    assert remind(at=now + dt.timedelta(hours=19)) == 0
    assert remind(at=now + dt.timedelta(hours=21)) == 1
    assert remind(at=now + dt.timedelta(hours=25)) == 1
    assert remind(at=now + dt.timedelta(hours=26)) == 0
    assert set(SentReminder.objects.values_list("kind", flat=True)) == {"list_due", "list_overdue"}


def test_a_list_that_no_one_fetched_is_an_alarm(
    block_list: BlockList, telkomsel: Operator, indosat: Operator, dewi: User, now: dt.datetime
) -> None:
    half = start_download(block_list, "block.csv", to=telkomsel, at=now, by=dewi)
    assert half is not None
    half.finish(10, False)
    assert start_download(block_list, "block.csv", to=indosat, at=now) is None
    later = now + dt.timedelta(hours=7)
    assert queries.not_fetched(at=later, after=dt.timedelta(hours=6)) == [block_list]
    remind(at=later)
    assert SentReminder.objects.get().kind == "list_not_fetched"
