"""A proposal relies on evidence that is of its case and can be seen; the service asks, the database knows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction

from aduan.accounts.models import User
from aduan.cases.models import Case, Proposal
from aduan.complaints.models import Complaint, Evidence
from aduan.core.errors import Invalid
from aduan.operators.models import Operator
from tests.factories import cases as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(telkomsel: Operator, now: dt.datetime) -> Case:
    return make.make_case(telkomsel, at=now)


def _refused(case: Case, budi: User, now: dt.datetime, *evidence: int) -> None:
    with pytest.raises(Invalid) as refusal:
        make.proposed(case, by=budi, at=now, evidence_ids=evidence)
    assert (refusal.value.code, refusal.value.details["field"]) == ("evidence_unknown", "evidence_ids")
    case.refresh_from_db()
    assert (case.status, Proposal.objects.count()) == ("open", 0)


def test_evidence_of_the_case_is_relied_on(case: Case, budi: User, now: dt.datetime) -> None:
    item = make.make_evidence(case)
    assert make.proposed(case, by=budi, at=now, evidence_ids=[item, item]).evidence_ids == [item]


def test_evidence_of_another_case_is_refused(
    case: Case, telkomsel: Operator, budi: User, now: dt.datetime
) -> None:
    foreign = make.make_evidence(make.make_case(telkomsel, at=now))
    _refused(case, budi, now, make.make_evidence(case), foreign)


def test_evidence_that_does_not_exist_is_refused(case: Case, budi: User, now: dt.datetime) -> None:
    _refused(case, budi, now, 987_654_321)


@pytest.mark.parametrize(
    "hide",
    [
        lambda item: Evidence.objects.filter(pk=item).update(state="quarantined"),
        lambda item: Evidence.objects.filter(pk=item).update(state="refused"),
        lambda item: Evidence.objects.filter(pk=item).update(derivative=""),
        lambda item: Complaint.objects.filter(evidence=item).update(withdrawn_at=dt.datetime.now(dt.UTC)),
    ],
    ids=["still being checked", "refused", "forgotten", "withdrawn"],
)
def test_evidence_that_no_one_can_see_is_refused(
    case: Case, budi: User, now: dt.datetime, hide: Callable[[int], int]
) -> None:
    item = make.make_evidence(case)
    assert hide(item) == 1
    _refused(case, budi, now, item)


def test_the_database_refuses_it_without_the_service(
    case: Case, telkomsel: Operator, budi: User, now: dt.datetime
) -> None:
    other = make.make_case(telkomsel, at=now)
    make.proposed(other, by=budi, at=now)
    copy = """
        INSERT INTO cases_proposal (case_id, proposal_type, state, reason_code, reason, evidence_ids, urgent,
            seen_digest, seen_counts, needs_third, third_because, proposed_by_id, proposed_at, second_reason,
            second_digest, third_reason, third_digest)
        SELECT %s, proposal_type, state, '', '', evidence_ids, false, 'x', '{}', false, '', proposed_by_id,
            now(), '', '', '', '' FROM cases_proposal"""
    with (
        pytest.raises(IntegrityError, match="not of this case"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(copy, [case.pk])
