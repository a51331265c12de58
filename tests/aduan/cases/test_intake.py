"""Complaints on the same number join one live case; on a closed one they reopen it or start anew, by rule."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from pytest_django import DjangoAssertNumQueries

from aduan.accounts.models import User
from aduan.cases import services
from aduan.cases.models import Case
from aduan.cases.services.transitions import rank
from aduan.cases.workflow import Status
from aduan.operators.models import Operator
from tests.factories import cases as make

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


@pytest.mark.django_db
def test_a_second_complaint_joins_and_is_counted(telkomsel: Operator, now: dt.datetime) -> None:
    number = make.number(telkomsel, at=now)
    first = services.open_or_join(number, report=make.report(loss=50_000), at=now)
    second = services.open_or_join(
        number,
        report=make.report(channel="whatsapp", independent=False, loss=100_000, evidence_count=0),
        at=now + HOUR,
    )
    assert first.pk == second.pk
    second.refresh_from_db()
    assert (second.complaint_count, second.independent_count, second.evidence_count) == (2, 1, 1)
    assert (int(second.reported_loss), second.channels, second.via_ott) == (
        150_000,
        {"sms": 1, "whatsapp": 1},
        True,
    )
    assert (second.first_complaint_at, second.last_complaint_at) == (now, now + HOUR)
    assert second.contents_digest != first.contents_digest


@pytest.mark.django_db
def test_the_clock_starts_with_the_first_complete_complaint(telkomsel: Operator, now: dt.datetime) -> None:
    number = make.number(telkomsel, at=now)
    case = services.open_or_join(number, report=make.report(complete=False), at=now)
    assert case.due_at is None
    case = services.open_or_join(number, report=make.report(), at=now + HOUR)
    assert case.due_at == now + 25 * HOUR
    case = services.open_or_join(number, report=make.report(), at=now + 3 * HOUR)
    assert case.due_at == now + 25 * HOUR


@pytest.mark.django_db
def test_the_clock_stands_still_while_citizens_are_asked(
    telkomsel: Operator, budi: User, now: dt.datetime
) -> None:
    make.reasons()
    case = make.make_case(telkomsel, at=now)
    case = make.asked(case, by=budi, at=now + 2 * HOUR, reason_code="test-ask", note="Kirim tangkapan layar")
    assert (case.status, case.paused_at) == (Status.NEEDS_INFO, now + 2 * HOUR)
    services.open_or_join(case.number, report=make.report(), at=now + 12 * HOUR)
    case.refresh_from_db()
    assert (case.status, case.paused_at, case.due_at) == (Status.OPEN, None, now + 34 * HOUR)


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "same"), [(89, True), (91, False)])
def test_a_dismissed_case_is_reopened_for_ninety_days(
    telkomsel: Operator, budi: User, now: dt.datetime, days: int, same: bool
) -> None:
    make.reasons()
    case = make.make_case(telkomsel, at=now)
    make.dismissed(case, by=budi, at=now, reason_code="test-dismiss")
    later = services.open_or_join(case.number, report=make.report(), at=now + days * DAY)
    assert (later.pk == case.pk) is same
    later.refresh_from_db()
    assert later.status == Status.OPEN
    assert later.reopened_count == int(same)
    assert (later.previous_id == case.pk) is not same


@pytest.mark.django_db
def test_after_a_release_a_new_case_begins_because_the_owner_may_be_new(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    case = make.confirmed(telkomsel, first=budi, second=citra, at=now)
    services.record_operator_outcome(case, operator_id=1, answer="recycled", at=now + DAY)
    later = services.open_or_join(case.number, report=make.report(), at=now + 2 * DAY)
    assert later.pk != case.pk
    assert (later.previous_id, later.complaint_count) == (case.pk, 1)


@pytest.mark.django_db
def test_a_complaint_on_a_blocked_number_is_counted_and_changes_nothing(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    case = make.confirmed(telkomsel, first=budi, second=citra, at=now)
    later = services.open_or_join(case.number, report=make.report(), at=now + DAY)
    later.refresh_from_db()
    assert (later.pk, later.status, later.complaint_count) == (case.pk, Status.CONFIRMED, 2)


@pytest.mark.django_db
def test_counting_one_more_on_a_known_number_takes_few_statements(
    telkomsel: Operator, now: dt.datetime, django_assert_max_num_queries: object
) -> None:
    number = make.make_case(telkomsel, at=now).number
    with django_assert_max_num_queries(1):  # type: ignore[operator]
        services.open_or_join(number, report=make.report(), at=now + dt.timedelta(minutes=1))


def test_a_number_seen_for_the_first_time_is_not_looked_for_among_the_cases(
    telkomsel: Operator, now: dt.datetime, django_assert_max_num_queries: object
) -> None:
    number = make.number(telkomsel, at=now)
    with django_assert_max_num_queries(3):  # type: ignore[operator]
        case = services.open_or_join(number, report=make.report(), at=now)
    assert [(event.action, event.to_status) for event in case.events.all()] == [("file", "open")]
    assert services.open_or_join(number, report=make.report(), at=now) == case, "whatever the clock says"


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_a_thousand_at_once_on_a_new_number_lose_none(telkomsel: Operator, now: dt.datetime) -> None:
    """`ON CONFLICT DO NOTHING` with a SELECT in one statement lost up to 95 of 1,000 here."""
    number = make.number(telkomsel, at=now)

    def file_some(_worker: int) -> set[int]:
        try:
            return {services.open_or_join(number, report=make.report(), at=now).pk for _ in range(50)}
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        cases = set().union(*pool.map(file_some, range(20)))
    connections.close_all()
    case = Case.objects.get()
    assert cases == {case.pk}
    assert (case.complaint_count, case.evidence_count, case.channels) == (1000, 1000, {"sms": 1000})


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_many_at_once_on_a_closed_number_reopen_it_once(
    telkomsel: Operator, budi: User, now: dt.datetime
) -> None:
    make.reasons()
    case = make.make_case(telkomsel, at=now)
    make.dismissed(case, by=budi, at=now, reason_code="test-dismiss")

    def file_some(_worker: int) -> None:
        try:
            for _ in range(5):
                services.open_or_join(case.number, report=make.report(), at=now + DAY)
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(file_some, range(12)))
    reopened = Case.objects.get()
    assert (reopened.complaint_count, reopened.reopened_count, reopened.status) == (61, 1, Status.OPEN)
    assert reopened.events.filter(action="reopen").count() == 1


@pytest.mark.django_db
def test_a_new_case_stands_at_once_where_a_later_count_puts_it(
    telkomsel: Operator, now: dt.datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    reports = (
        make.report(loss=2_500_000, evidence_count=3, confirmed=True, complete=True),
        make.report(complete=False, independent=False),
    )
    for report in reports:
        number = make.number(telkomsel, at=now)
        with django_assert_num_queries(1):
            case = services.open_or_join(number, report=report, at=now)
        rank([case.pk], at=now)
        counted = Case.objects.get(pk=case.pk)
        assert (case.score, case.score_parts) == (counted.score, counted.score_parts)
        assert case.score > 0
        [event] = case.events.all()
        assert (event.action, event.from_status, event.to_status) == ("file", "open", "open")
        assert (event.created_at, event.detail, event.reason, event.actor) == (now, {}, "", None)


@pytest.mark.django_db
def test_a_case_that_is_joined_stands_at_once_where_a_later_count_puts_it(
    telkomsel: Operator, now: dt.datetime
) -> None:
    case = make.make_case(telkomsel, at=now)
    reports = (
        make.report(loss=2_500_000, evidence_count=3, confirmed=True, complete=True),
        make.report(complete=False, independent=False),
        make.report(),
    )
    for days, report in enumerate(reports, start=1):
        at = now + days * DAY
        joined = services.open_or_join(case.number, report=report, at=at)
        rank([case.pk], at=at)
        counted = Case.objects.get(pk=case.pk)
        assert (joined.score, joined.score_parts) == (counted.score, counted.score_parts)


@pytest.mark.django_db
def test_a_blocked_number_keeps_its_points_when_it_is_reported_again(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    case = make.confirmed(telkomsel, first=budi, second=citra, at=now)
    case.refresh_from_db()
    later = services.open_or_join(case.number, report=make.report(loss=10**9), at=now + DAY)
    assert (later.score, later.score_parts) == (case.score, case.score_parts)
