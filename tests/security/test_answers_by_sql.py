"""What frees a number later, on the word of its operator, is that operator's word: SQL writes no such word.

On 1d4faade SQL wrote an answer "new holder" into a table, and the next run of the application ended the block
for it, with the application's own code: the trigger that asks for that code could not tell the difference.
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, InternalError

from aduan.accounts.models import User
from aduan.blocklists import services as lists
from aduan.blocklists.models import BlockList
from aduan.blocklists.outcome_rows import AnswerRow
from aduan.cases import services as cases
from aduan.cases.models import Block, RecycledNotice
from aduan.core.errors import WrongState
from aduan.operators.models import Operator
from aduan.recycling.services import check_numbers
from tests.factories.blocklists import a_block, published
from tests.security.injection import run_sql

pytestmark = pytest.mark.django_db
NUMBERS = [6281270001000 + turn for turn in range(6)]
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
ANSWER = """
    INSERT INTO blocklists_outcome (operator_id, block_list_id, report_id, digits, case_id, answer, acted_at,
        reason, clock_from, due_at, reported_at, effect_note, mac)
    SELECT l.operator_id, l.id, r.id, b.digits, b.case_id, 'recycled', %(at)s, '', %(at)s, %(at)s, %(at)s, '',
        (SELECT max(mac) FROM blocklists_outcome)
    FROM blocklists_blocklist l, blocklists_outcomereport r, cases_block b
    WHERE NOT EXISTS (SELECT FROM blocklists_outcome o WHERE o.digits = b.digits) LIMIT 1"""
CHANGED = """
    INSERT INTO recycling_recyclingcheck (case_id, operator_id, since, asked_at, changed, error, mac)
    SELECT case_id, operator_id, %(at)s::date, %(at)s, true, '', {mac} FROM cases_block
    WHERE digits IN (6281270001001, 6281270001002)"""


NOTICE = """
    INSERT INTO cases_recyclednotice (case_id, operator_id, source, state, received_at, detail, mac)
    SELECT case_id, operator_id, 'operator', 'waiting', %(at)s, '{{}}', {mac} FROM cases_block
    WHERE digits = %(digits)s"""


@pytest.fixture
def block_list(telkomsel: Operator, budi: User, citra: User, now: dt.datetime) -> BlockList:
    for digits in NUMBERS:
        a_block(telkomsel, by=(budi, citra), at=now, digits=digits)
    return published(telkomsel, at=now)


def said(block_list: BlockList, numbers: list[int], answer: str, *, by: User, at: dt.datetime) -> None:
    rows = [AnswerRow(turn, str(digits), answer, "", "") for turn, digits in enumerate(numbers, start=1)]
    lists.report_outcomes(block_list, rows, list_digest=block_list.digest, by=by, at=at)


def freed() -> int:
    return Block.objects.exclude(released_at=None).count()


def waiting() -> int:
    return RecycledNotice.objects.filter(state="waiting").count()


def test_sql_inserts_no_answer_that_frees(block_list: BlockList, dewi: User, now, injected) -> None:
    said(block_list, NUMBERS[:1], "recycled", by=dewi, at=now)
    assert freed() == 1
    run_sql(ANSWER, at=now)
    lists.apply_effects(at=now + MINUTE)
    assert (freed(), waiting()) == (1, 1), "a person asks the operator first, and the leads hear of it"


def test_sql_turns_no_answer_into_one_that_frees(block_list: BlockList, dewi: User, now, injected) -> None:
    said(block_list, NUMBERS[:2], "blocked", by=dewi, at=now)
    said(block_list, NUMBERS[2:3], "recycled", by=dewi, at=now)
    run_sql(
        "UPDATE blocklists_outcome o SET answer = 'recycled', effect_at = NULL, report_id = g.report_id,"
        " mac = g.mac, reported_at = g.reported_at"
        " FROM blocklists_outcome g WHERE g.answer = 'recycled' AND o.answer = 'blocked'"
    )
    lists.apply_effects(at=now + MINUTE)
    assert (freed(), waiting()) == (1, 2)


@pytest.mark.parametrize("later", [HOUR, DAY + HOUR])
def test_an_answer_that_was_not_believed_does_not_count_again(
    block_list: BlockList, dewi: User, agus: User, now, injected, later: dt.timedelta
) -> None:
    said(block_list, NUMBERS, "recycled", by=dewi, at=now)
    assert (freed(), waiting()) == (0, 6)
    for notice in RecycledNotice.objects.all():
        cases.settle_recycled(notice, by=agus, at=now + MINUTE, believed=False)
    run_sql(
        "UPDATE blocklists_outcome SET effect_at = NULL, effect_note = '' WHERE digits = %(digits)s",
        digits=NUMBERS[0],
    )
    lists.apply_effects(at=now + later)
    assert freed() == 0


def test_one_person_believes_each_notice_of_a_long_report(block_list, dewi, agus, now) -> None:
    said(block_list, NUMBERS, "recycled", by=dewi, at=now)
    assert (freed(), waiting()) == (0, 6)
    for notice in RecycledNotice.objects.all():
        cases.settle_recycled(notice, by=agus, at=now + MINUTE, believed=True)
    assert freed() == 6


@pytest.mark.parametrize("mac", ["NULL", "'\\x00'", "(SELECT max(mac) FROM blocklists_outcome)"])
def test_no_one_person_believes_what_sql_wrote(block_list: BlockList, dewi, agus, now, injected, mac) -> None:
    """On ce07222b one reviewer and SQL freed a number: as an answer, and as the notice itself."""
    said(block_list, NUMBERS[:1], "recycled", by=dewi, at=now)
    run_sql(ANSWER, at=now)
    lists.apply_effects(at=now + MINUTE)
    run_sql(NOTICE.format(mac=mac), at=now + MINUTE, digits=NUMBERS[5])
    assert (freed(), waiting()) == (1, 2)
    for notice in RecycledNotice.objects.filter(state="waiting"):
        with pytest.raises(WrongState, match="not_from_operator"):
            cases.settle_recycled(notice, by=agus, at=now + HOUR, believed=True)
        cases.settle_recycled(notice, by=agus, at=now + HOUR, believed=False)
    assert (freed(), waiting()) == (1, 0)


def test_a_notice_that_was_not_believed_is_not_written_again(block_list, dewi, agus, now, injected) -> None:
    said(block_list, NUMBERS, "recycled", by=dewi, at=now)
    [notice] = RecycledNotice.objects.filter(case__blocks__digits=NUMBERS[0])
    cases.settle_recycled(notice, by=agus, at=now + MINUTE, believed=False)
    with pytest.raises(IntegrityError, match="mac"):
        run_sql(
            NOTICE.format(mac="(SELECT mac FROM cases_recyclednotice WHERE state = 'declined')"),
            at=notice.received_at,
            digits=NUMBERS[0],
        )


def test_sql_lets_no_notice_wait_again(block_list: BlockList, dewi, agus, now, injected) -> None:
    said(block_list, NUMBERS, "recycled", by=dewi, at=now)
    cases.settle_recycled(RecycledNotice.objects.all()[0], by=agus, at=now + MINUTE, believed=False)
    with pytest.raises(InternalError, match="Cannot update rows"):
        run_sql(
            "UPDATE cases_recyclednotice SET state = 'waiting', settled_by_id = NULL, settled_at = NULL"
            " WHERE state = 'declined'"
        )


class Silent:
    """An interface that knows of no change."""

    def has_changed(self, number: int, *, since: dt.date) -> bool:
        return False


@pytest.mark.parametrize("mac", ["NULL", "''", "'\\x00'"])
def test_sql_says_nothing_for_an_interface(
    block_list: BlockList, telkomsel: Operator, now, injected, mac: str
) -> None:
    run_sql(CHANGED.format(mac=mac), at=now)
    check_numbers({"telkomsel": Silent()}, at=now + MINUTE)
    assert freed() == 0
    assert waiting() == 2


def test_the_code_of_one_change_serves_no_other(
    block_list: BlockList, telkomsel: Operator, now, injected
) -> None:
    class Knowing(Silent):
        def has_changed(self, number: int, *, since: dt.date) -> bool:
            return number == NUMBERS[0]

    check_numbers({"telkomsel": Knowing()}, at=now)
    assert freed() == 1
    run_sql(CHANGED.format(mac="(SELECT mac FROM recycling_recyclingcheck WHERE changed)"), at=now + MINUTE)
    check_numbers({"telkomsel": Silent()}, at=now + 2 * MINUTE)
    assert freed() == 1
