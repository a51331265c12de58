"""With more complaints than decisions no case is forgotten, and what is grave is still decided first."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from aduan.cases import services
from aduan.cases.models import Case
from aduan.operators.models import Operator
from bench import backlog
from tests.factories import cases as make


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_half_as_much_again_for_sixty_days_leaves_no_case_unseen(seed: int) -> None:
    """Before, age counted with a ceiling: what came on the first day was never looked at."""
    before = backlog.simulate(backlog.BEFORE, seed=seed)
    assert before.longest > 59
    now = backlog.simulate(backlog.Rules(), seed=seed)
    assert now.longest <= backlog.Rules().longest_days
    assert now.heavy_in_a_day > 0.9
    by_age_alone = backlog.simulate(backlog.Rules(oldest=100), seed=seed)
    assert by_age_alone.heavy_in_a_day < 0.1, "what a queue without ranking would do"


def test_a_limit_of_days_holds_whatever_the_weights_say() -> None:
    rules = backlog.Rules(minutes=1000, oldest=5, any=0, longest_days=25)
    assert backlog.simulate(rules, seed=4).longest < 27


@pytest.mark.django_db
def test_the_model_counts_as_the_database_does(telkomsel: Operator, now: dt.datetime) -> None:
    draw, case = random.Random(7), make.make_case(telkomsel, at=now)
    for _turn in range(40):
        facts = backlog._drawn(draw, came=0)
        age = draw.choice([0.5, 2, 5, 9])
        Case.objects.filter(pk=case.pk).update(
            independent_count=facts.independent,
            confirmed_count=facts.confirmed,
            evidence_count=facts.evidence,
            reported_loss=facts.reported_loss,
            last_complaint_at=now - dt.timedelta(days=age),
        )
        services.rerank_waiting(at=now)
        case.refresh_from_db()
        assert sum(case.score_parts.values()) == backlog.points(facts, age * backlog.DAY), facts
