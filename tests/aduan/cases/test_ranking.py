"""The place of a case in the queue, what *next* gives out, and what a lead sees before changing it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.cases import queries, services
from aduan.cases.models import Case, RankingPolicy
from aduan.cases.services.ranking_policies import RANKING_FIGURES
from aduan.core.errors import Forbidden
from aduan.core.models import AuditLogEntry
from aduan.operators.models import Operator
from tests.conftest import Dice
from tests.factories import cases as make
from tests.factories.accounts import person

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def lead(db: None) -> User:
    return person("ketua@aduan.example", "Ketua Tim", Role.LEAD)


def reported(operator: Operator, times: int, *, at: dt.datetime) -> Case:
    """A case that so many independent people have reported."""
    case = make.make_case(operator, at=at)
    for _turn in range(times - 1):
        case = services.open_or_join(case.number, report=make.report(), at=at)
    return case


@pytest.fixture
def three(telkomsel: Operator, now: dt.datetime) -> list[Case]:
    """The oldest, one in between, and the newest, which many report."""
    return [
        make.make_case(telkomsel, at=now - 5 * DAY),
        make.make_case(telkomsel, at=now - 3 * DAY),
        reported(telkomsel, 12, at=now),
    ]


def figures(**changed: int) -> dict[str, int]:
    default = RankingPolicy()
    return {name: getattr(default, name) for name in RANKING_FIGURES} | changed


def test_equal_points_stand_by_due_date_and_age_has_no_ceiling(
    telkomsel: Operator, budi: User, now: dt.datetime
) -> None:
    late = make.make_case(telkomsel, at=now - 400 * DAY)
    viral = reported(telkomsel, 60, at=now)
    first, second = (make.make_case(telkomsel, at=now - hours * dt.timedelta(hours=1)) for hours in (3, 2))
    page = queries.queue_page(viewer=budi, at=now)
    assert [row.case_id for row in page.rows] == [late.pk, viral.pk, first.pk, second.pk]


@pytest.mark.parametrize(("fallen", "given"), [(0.1, 0), (0.2, 0), (0.215, 1), (0.5, 2), (0.99, 2)])
def test_next_gives_a_share_of_the_oldest_and_of_any(
    three: list[Case], budi: User, now: dt.datetime, dice: Dice, fallen: float, given: int
) -> None:
    dice.value = fallen
    assert services.next_case(by=budi, at=now) == three[given]


def test_what_has_waited_longer_than_the_policy_comes_first(
    three: list[Case], budi: User, now: dt.datetime, agus: User
) -> None:
    assert services.next_case(by=budi, at=now + 31 * DAY) == three[0]


def test_a_lead_sees_what_weights_would_do_and_sets_them(
    three: list[Case], lead: User, budi: User, now: dt.datetime
) -> None:
    by_age = figures(minutes_per_point=1)
    seen = queries.ranking_preview(by_age, at=now)
    assert [one.row.case_id for one in seen.top] == [case.pk for case in three]
    assert [(one.place, one.new_place) for one in seen.top] == [(2, 1), (3, 2), (1, 3)]
    assert (seen.looked_at, seen.first, seen.stay) == (3, 3, 3)
    assert seen.longest_before == seen.longest_after == 5 * DAY
    assert queries.queue_page(viewer=budi, at=now).rows[0].case_id == three[2].pk, "looking changes nothing"
    services.set_ranking(by_age, reason="Simpanan tua dahulu", by=lead, at=now)
    assert services.rerank_waiting(at=now + DAY / 24, since=now - DAY / 24) == 3
    page = queries.queue_page(viewer=budi, at=now + DAY / 24)
    assert [row.case_id for row in page.rows] == [case.pk for case in three]
    entry = AuditLogEntry.objects.get(action="ranking.set")
    assert entry.detail == {"minutes_per_point": [180, 1]}


def test_only_a_lead_sets_it_and_the_oldest_are_never_forgotten(
    lead: User, budi: User, now: dt.datetime
) -> None:
    with pytest.raises(Forbidden):
        services.set_ranking(figures(), reason="x", by=budi, at=now)
    for wrong in ({"oldest_percent": 4}, {"longest_days": 400}, {"random_percent": 71}, {"evidence": 1001}):
        with pytest.raises(IntegrityError), transaction.atomic():
            services.set_ranking(figures(**wrong), reason="x", by=lead, at=now)
    services.set_ranking(figures(), reason="x", by=lead, at=now)
    with pytest.raises(Exception, match=r"permission denied|Cannot update"), transaction.atomic():
        RankingPolicy.objects.update(evidence=0)
