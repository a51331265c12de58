"""CC3: two people decide one case at the same moment: one wins, the other is notified who."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from aduan.accounts.models import User
from aduan.cases import services
from aduan.cases.models import Case, CaseEvent
from aduan.cases.workflow import DECIDES, ProposalType, Status
from aduan.core.errors import DomainError
from aduan.operators.models import Operator
from tests.factories import cases as make
from tests.factories.accounts import step_up

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
Turn = Callable[[Case, User, dt.datetime], object]


def _propose(case: Case, by: User, at: dt.datetime) -> object:
    return services.propose(
        case,
        by=by,
        at=at,
        step_up=step_up(by, at),
        proposal_type=ProposalType.BLOCK,
        reason_code="test-propose",
        seen_digest=case.contents_digest,
        evidence_ids=[make.make_evidence(case)],
    )


def _dismiss(case: Case, by: User, at: dt.datetime) -> object:
    return services.dismiss(case, by=by, at=at, seen_digest=case.contents_digest, reason_code="test-dismiss")


def _agree(case: Case, by: User, at: dt.datetime) -> object:
    return services.sign_off(
        case, by=by, at=at, step_up=step_up(by, at), agrees=True, seen_digest=case.contents_digest
    )


def _disagree(case: Case, by: User, at: dt.datetime) -> object:
    return services.sign_off(
        case,
        by=by,
        at=at,
        step_up=step_up(by, at),
        agrees=False,
        seen_digest=case.contents_digest,
        reason="Tidak",
    )


def _race(case: Case, turns: list[tuple[Turn, User]], at: dt.datetime) -> list[DomainError | None]:
    start = Barrier(len(turns))

    def run(turn: tuple[Turn, User]) -> DomainError | None:
        act, by = turn
        try:
            fresh = Case.objects.get(pk=case.pk)
            start.wait(10)
            act(fresh, by, at)
        except DomainError as refusal:
            return refusal
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(turns)) as pool:
        return list(pool.map(run, turns))


def _one_wins(answers: list[DomainError | None], names: tuple[str, str]) -> None:
    assert [answer is None for answer in answers].count(True) == 1, answers
    winner = 0 if answers[0] is None else 1
    refusal = answers[1 - winner]
    assert refusal is not None
    assert refusal.status == 409
    assert refusal.details["name"] == names[winner]
    assert names[winner] in str(refusal.message)


@pytest.mark.parametrize("rounds", [15, pytest.param(500, marks=pytest.mark.slow)])
def test_a_proposal_and_a_dismissal(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime, rounds: int
) -> None:
    make.reasons()
    for turn in range(rounds):
        at = now + turn * dt.timedelta(minutes=1)
        case = make.make_case(telkomsel, at=at)
        answers = _race(case, [(_propose, budi), (_dismiss, citra)], at)
        _one_wins(answers, ("Budi Santoso", "Citra Lestari"))
        case.refresh_from_db()
        assert case.status == (Status.PROPOSED if answers[0] is None else Status.DISMISSED)
        assert case.events.exclude(action="file").count() == 1


@pytest.mark.parametrize("rounds", [15, pytest.param(500, marks=pytest.mark.slow)])
@pytest.mark.parametrize("second", [_agree, _disagree])
def test_two_second_people(
    telkomsel: Operator, budi: User, citra: User, agus: User, now: dt.datetime, second: Turn, rounds: int
) -> None:
    for turn in range(rounds):
        at = now + turn * dt.timedelta(minutes=1)
        case = make.make_case(telkomsel, at=at)
        make.proposed(case, by=budi, at=at)
        answers = _race(case, [(_agree, citra), (second, agus)], at)
        _one_wins(answers, ("Citra Lestari", "Agus Wijaya"))
        case.refresh_from_db()
        agreed = answers[0] is None or second is _agree
        assert case.status == (Status.CONFIRMED if agreed else Status.DISPUTED)
        assert case.blocks.count() == int(agreed)
        assert CaseEvent.objects.filter(case=case, action__in=DECIDES).count() == int(agreed)
