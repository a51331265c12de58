"""Operators answer where spoofed calls came from: each its own questions, once, for the reviewers to read."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction

from aduan.accounts.models import User
from aduan.cases import services
from aduan.cases.models import Case, TraceRequest
from aduan.cases.queries import case_page, questions_to
from aduan.cases.workflow import ProposalType, Status
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden, Invalid, WrongState
from aduan.core.models import AuditLogEntry
from aduan.operators.access_keys import create_key
from aduan.operators.actors import actor_for, actor_with_key
from aduan.operators.models import Operator
from aduan.operators.row_security import operator_scope
from tests.factories import cases as make

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def case(telkomsel: Operator, indosat: Operator, budi: User, citra: User, now: dt.datetime) -> Case:
    """Declared spoofed: both operators are asked."""
    return make.confirmed(telkomsel, first=budi, second=citra, at=now, proposal_type=ProposalType.SPOOFED)


def _asked(case: Case, operator: Operator) -> TraceRequest:
    return TraceRequest.objects.get(case=case, operator=operator)


def test_an_answer_stands_on_the_timeline_and_in_the_audit_log(
    case: Case, indosat: Operator, eko: User, budi: User, now: dt.datetime
) -> None:
    actor = actor_for(eko)
    answered = services.answer_trace(
        _asked(case, indosat),
        finding="other_network",
        note="Masuk dari XL, trunk 12",
        actor=actor,
        at=now + DAY,
    )
    assert (answered.answered_by, answered.answered_at) == (eko, now + DAY)
    page = case_page(case.pk, viewer=budi, at=now + DAY)
    assert (page.steps[0].action, page.steps[0].reason) == ("answer", "Masuk dari XL, trunk 12")
    assert str(page.steps[0].finding) == "panggilan masuk dari jaringan lain"
    reported = {trace.operator: str(trace.finding) for trace in page.traces}
    assert reported[indosat.name] == "panggilan masuk dari jaringan lain"
    entry = AuditLogEntry.objects.get(action=AuditAction.CASE_ANSWER_TRACE)
    assert (entry.actor, entry.subject, entry.detail["finding"]) == (
        actor.label,
        f"case:{case.pk}",
        "other_network",
    )
    case.refresh_from_db()
    assert case.status == Status.SPOOFED


def test_a_machine_answers_with_its_key(
    case: Case, telkomsel: Operator, dewi: User, now: dt.datetime
) -> None:
    key, text = create_key(telkomsel, by=actor_for(dewi), name="gw", scopes=["report:write"], at=now)
    actor = actor_with_key(text, address="10.0.0.1", at=now)
    answered = services.answer_trace(_asked(case, telkomsel), finding="nothing", actor=actor, at=now)
    assert (answered.answered_by, answered.answered_with) == (None, key)


def test_no_one_answers_for_another_operator(
    case: Case, telkomsel: Operator, eko: User, now: dt.datetime
) -> None:
    with pytest.raises(Forbidden):
        services.answer_trace(_asked(case, telkomsel), finding="nothing", actor=actor_for(eko), at=now)
    assert _asked(case, telkomsel).answered_at is None
    assert not AuditLogEntry.objects.filter(action=AuditAction.CASE_ANSWER_TRACE).exists()


def test_a_key_that_only_reads_answers_nothing(
    case: Case, telkomsel: Operator, dewi: User, now: dt.datetime
) -> None:
    _key, text = create_key(telkomsel, by=actor_for(dewi), name="gw", scopes=["list:read"], at=now)
    with pytest.raises(Forbidden):
        services.answer_trace(
            _asked(case, telkomsel),
            finding="nothing",
            actor=actor_with_key(text, address="10.0.0.1", at=now),
            at=now,
        )


def test_an_answer_is_given_once_also_for_the_database(
    case: Case, telkomsel: Operator, dewi: User, now: dt.datetime
) -> None:
    asked = _asked(case, telkomsel)
    services.answer_trace(asked, finding="nothing", actor=actor_for(dewi), at=now)
    with pytest.raises(WrongState) as refusal:
        services.answer_trace(asked, finding="own_network", actor=actor_for(dewi), at=now)
    assert refusal.value.code == "answered_already"
    for statement in ("UPDATE cases_tracerequest SET answer = 'x'", "DELETE FROM cases_tracerequest"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"{statement} WHERE id = %s", [asked.pk])


@pytest.mark.parametrize(
    ("finding", "note", "code"),
    [
        ("sure", "", "finding_unknown"),
        ("", "", "finding_unknown"),
        ("abroad", "  ", "note_missing"),
        ("abroad", "\u200b\u202e", "note_missing"),
        ("nothing", "x" * 2001, "note_too_long"),
        ("nothing", "a\x00b", "note_unreadable"),
    ],
)
def test_half_an_answer_is_refused(
    case: Case, telkomsel: Operator, dewi: User, now: dt.datetime, finding: str, note: str, code: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        services.answer_trace(
            _asked(case, telkomsel), finding=finding, note=note, actor=actor_for(dewi), at=now
        )
    assert refusal.value.code == code


def test_calls_from_the_numbers_own_line_open_the_case_again(
    case: Case, telkomsel: Operator, dewi: User, budi: User, now: dt.datetime
) -> None:
    services.answer_trace(_asked(case, telkomsel), finding="own_line", actor=actor_for(dewi), at=now + DAY)
    case.refresh_from_db()
    assert (case.status, case.reopened_count) == (Status.OPEN, 1)
    assert not case.blocks.exists()
    step = case_page(case.pk, viewer=budi, at=now + DAY).steps[0]
    assert (step.action, step.by) == ("reopen", "")
    assert "nomor itu sendiri" in str(step.reason)


def test_an_operator_reads_its_own_questions_only(
    case: Case, telkomsel: Operator, indosat: Operator, dewi: User, now: dt.datetime
) -> None:
    (question,) = questions_to(telkomsel)
    assert (question.number, question.answered_at) == (case.number_text, None)
    services.answer_trace(_asked(case, telkomsel), finding="nothing", actor=actor_for(dewi), at=now)
    assert questions_to(telkomsel) == ()
    assert [item.trace_id for item in questions_to(telkomsel, answered=True)] == [question.trace_id]
    with operator_scope(indosat):  # the database shows no foreign row, whatever is asked
        assert set(TraceRequest.objects.values_list("operator", flat=True)) == {indosat.pk}
