"""The sandbox: everything works in it, nothing that happens in it reaches a case, a person or a figure."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command

from aduan.accounts.models import User
from aduan.blocklists import queries
from aduan.blocklists.models import BlockListEntry, Canary, Outcome, SentReminder
from aduan.blocklists.services import AnswerRow, open_sandbox, refresh_sandbox, remind, report_outcomes
from aduan.cases import queries as case_queries
from aduan.cases import services as cases
from aduan.cases.models import Block, Case, TraceRequest
from aduan.cases.workflow import ProposalType
from aduan.core.errors import Forbidden
from aduan.notifications.models import OutboxMessage
from aduan.numbers.models import PhoneNumber, RoutingTask
from aduan.operators import actors
from aduan.operators.models import Operator
from tests.factories import cases as make
from tests.factories.operators import person_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def sandbox(lina: User, now: dt.datetime) -> Operator:
    opened = open_sandbox(by=lina, at=now)
    assert refresh_sandbox(at=now) is not None
    return opened


def test_it_opens_once_with_a_published_list_of_numbers_that_no_one_has(
    sandbox: Operator, register: None, lina: User, budi: User, now: dt.datetime
) -> None:
    assert open_sandbox(by=lina, at=now) == sandbox
    with pytest.raises(Forbidden):
        open_sandbox(by=budi, at=now)
    first = queries.latest(sandbox)
    assert first is not None
    assert (first.count, first.added_count) == (12, 12)
    digits = BlockListEntry.objects.filter(list_id=first.pk).values_list("digits", flat=True)
    for number in digits:
        assert queries.published_block(number, now.date()) is None, "no citizen's look-up knows of it"


def test_something_happens_in_it_every_few_hours(sandbox: Operator, now: dt.datetime) -> None:
    assert refresh_sandbox(at=now + dt.timedelta(hours=5)) is None
    gone = 0
    for turn in range(1, 5):
        made = refresh_sandbox(at=now + turn * dt.timedelta(hours=7))
        assert made is not None
        assert (made.state, made.sequence) == ("published", turn + 1), made.stop_reasons
        assert made.added_count >= 1
        gone += made.removed_count
    assert gone > 0
    assert Canary.objects.filter(operator=sandbox).count() > 12


def test_what_is_reported_in_it_reaches_no_case(sandbox: Operator, now: dt.datetime) -> None:
    block_list = queries.latest(sandbox)
    assert block_list is not None
    digits = list(BlockListEntry.objects.filter(list_id=block_list.pk).values_list("digits", flat=True))
    answers = ["recycled", "not_ours", "refused", *["blocked"] * 9]
    rows = [AnswerRow(nth, str(one), answers[nth], "", "x") for nth, one in enumerate(digits)]
    report_outcomes(block_list, rows, list_digest=block_list.digest, at=now)
    assert set(Outcome.objects.exclude(effect_note="").values_list("effect_note", flat=True)) == {"no_case"}
    assert not Case.objects.exists()
    assert not RoutingTask.objects.exists()
    assert not Block.objects.exists()


def test_no_one_is_reminded_of_it(sandbox: Operator, lina: User, now: dt.datetime) -> None:
    person_of(sandbox, "sandi@sandbox.example", "Sandi")
    remind(at=now + dt.timedelta(days=3))
    assert not SentReminder.objects.exists()
    assert not OutboxMessage.objects.filter(kind__contains="list").exists()


def test_its_question_about_calls_is_pretended_and_its_answers_are_forgotten(
    sandbox: Operator, telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    sandi = actors.actor_for(person_of(sandbox, "sandi@sandbox.example", "Sandi"))
    number = make.number(telkomsel, at=now, digits=6281255500001)
    case = cases.open_or_join(number, report=make.report(), at=now)
    make.proposed(case, by=budi, at=now, proposal_type=ProposalType.SPOOFED)
    make.signed(case, by=citra, at=now)
    assert [asked.operator for asked in TraceRequest.objects.all()] == [telkomsel], "the sandbox is not asked"
    (question,) = case_queries.questions_to(sandbox)
    asked = TraceRequest(pk=question.trace_id, case_id=question.case_id)
    cases.answer_trace(asked, finding="abroad", note="+855", actor=sandi, at=now)
    assert case_queries.questions_to(sandbox) == (question,)
    assert TraceRequest.objects.get().answered_at is None
    cases.set_in_use_since(6281255500001, since=dt.date(2015, 3, 1), actor=sandi, at=now)
    assert PhoneNumber.objects.get(digits=6281255500001).in_use_since is None


def test_it_is_opened_from_the_console(lina: User) -> None:
    call_command("open_sandbox", "--by", lina.email)
    call_command("open_sandbox", "--by", lina.email)
    sandbox, platform = Operator.objects.filter(is_sandbox=True).order_by("pk")
    assert (sandbox.code, queries.latest(sandbox) is not None) == ("sandbox", True)
    assert (platform.code, platform.kind) == ("sandbox-platform", "ott")
