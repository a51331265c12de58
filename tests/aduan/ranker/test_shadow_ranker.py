"""The shadow ranker learns from decisions, is compared a week later, and orders only what it has earned."""

from __future__ import annotations

import datetime as dt
import importlib.util
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.cases import queries
from aduan.cases import services as cases
from aduan.cases.models import Case, RankerPlace, RankerRun, RankingPolicy
from aduan.cases.services.ranking_policies import RANKING_FIGURES
from aduan.complaints.models import Complaint
from aduan.core.errors import Forbidden, WrongState
from aduan.core.models import AuditLogEntry
from aduan.operators.models import Operator
from aduan.ranker import services
from aduan.ranker.queries import decided_cases, known_of
from tests.factories import cases as make
from tests.factories import complaints
from tests.factories.accounts import person
from tests.factories.ranker import DAY, compared, read_lately

pytestmark = pytest.mark.django_db
FRAUD = "Pelaku menjanjikan undian berhadiah lalu meminta kode rahasia dan uang muka"
ADVERT = "Hanya iklan perumahan dari toko sebelah, mengganggu waktu istirahat keluarga"
EACH = 8
numbers = iter(range(812_7000_0001, 812_7999_9999))


@pytest.fixture
def lead(db: None) -> User:
    return person("ketua@aduan.example", "Ketua Tim", Role.LEAD)


@pytest.fixture(autouse=True)
def _few_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "FEWEST_OF_EACH", EACH)


def reported(story: str, *, at: dt.datetime, times: int = 1) -> Case:
    """A case that so many people tell in nearly the same words."""
    number = f"0{next(numbers)}"
    for _turn in range(times):
        complaint = complaints.complaint(at, number, narrative=f"{story} {complaints._own_words()}")
    return Case.objects.get(pk=complaint.case_id)


def blocked(case: Case, *, first: User, second: User, at: dt.datetime) -> None:
    make.proposed(case, by=first, at=at)
    make.signed(case, by=second, at=at + dt.timedelta(minutes=5))


@pytest.fixture
def decided(telkomsel: Operator, budi: User, citra: User, now: dt.datetime) -> None:
    """Frauds that were blocked, adverts that were closed."""
    make.reasons()
    at = now - 20 * DAY
    for turn in range(EACH):
        moment = at + turn * dt.timedelta(hours=1)
        blocked(reported(FRAUD, at=moment), first=budi, second=citra, at=moment)
        make.dismissed(reported(ADVERT, at=moment), by=budi, at=moment)


def test_it_reads_the_queue_and_is_compared_with_the_blocks_of_the_next_week(
    decided: None, budi: User, citra: User, now: dt.datetime
):
    adverts = [reported(ADVERT, at=now - DAY, times=2) for _turn in range(9)]
    fraud = reported(FRAUD, at=now - DAY)
    run = services.run_shadow_ranker(at=now)
    assert run is not None
    assert (run.state, run.decisions, run.blocks, run.placed) == ("learnt", 2 * EACH, EACH, 10)
    fraud.refresh_from_db()
    adverts[0].refresh_from_db()
    assert (fraud.ranker_chance or 0) > 500 > (adverts[0].ranker_chance or 999)
    story = Complaint.objects.get(case=fraud).narrative
    assert set(fraud.ranker_words or ["none"]) <= set(story.lower().split())
    place = RankerPlace.objects.get(case=fraud)
    assert (place.by_points, place.by_ranker) == (10, 1)
    assert [row.points.get("ranker") for row in queries.queue_page(viewer=budi, at=now).rows] == [None] * 10

    assert services.run_shadow_ranker(at=now) is None
    blocked(fraud, first=budi, second=citra, at=now + DAY)
    services.run_shadow_ranker(at=now + 8 * DAY)
    run.refresh_from_db()
    assert (run.blocked, run.found_by_points, run.found_by_ranker) == (1, 0, 1)
    assert sum(cases for _band, cases, _chances, _blocked in run.chances) == 10
    assert sum(hits for _band, _cases, _chances, hits in run.chances) == 1
    assert not run.tells
    assert not RankerPlace.objects.filter(run=run).exists()


def test_it_learns_only_from_what_was_known_when_it_was_decided(
    telkomsel: Operator, budi: User, now: dt.datetime
):
    make.reasons()
    case = reported("Cerita pertama yang singkat saja", at=now - 5 * DAY)
    make.dismissed(case, by=budi, at=now - 4 * DAY)
    complaints.filed(now - DAY, case.number_text, narrative="Cerita kedua yang datang terlambat")
    [known] = known_of({case.pk: now - 4 * DAY})
    assert (known.complaints, "terlambat" in known.story) == (1, False)
    # A complaint opened it again: nothing is decided any more.
    assert decided_cases(at=now) == []
    assert [one.case_id for one in decided_cases(at=now - 2 * DAY)] == [case.pk]


def test_with_few_decisions_and_without_the_library_a_night_says_so(
    now: dt.datetime, monkeypatch: pytest.MonkeyPatch
):
    few = services.run_shadow_ranker(at=now)
    assert few is not None
    assert few.state == RankerRun.State.TOO_FEW
    found = importlib.util.find_spec
    monkeypatch.setattr(services, "find_spec", lambda name: None if name == "sklearn" else found(name))
    absent = services.run_shadow_ranker(at=now + DAY)
    assert absent is not None
    assert absent.state == RankerRun.State.NOT_INSTALLED


@pytest.mark.parametrize(
    ("found", "by_points", "blocked", "earned"),
    [(80, 70, 100, True), (79, 10, 100, False), (95, 86, 100, False), (29, 0, 29, False), (24, 21, 30, True)],
)
def test_eight_of_ten_blocks_and_ten_points_more_earn_it(
    lead: User, now: dt.datetime, found: int, by_points: int, blocked: int, earned: bool
):
    compared(found, by_points, blocked=blocked, at=now)
    read_lately(now)
    if earned:
        assert cases.use_ranker(use=True, reason="Seminggu dicoba", by=lead, at=now).by_ranker
        return
    with pytest.raises(WrongState):
        cases.use_ranker(use=True, reason="Seminggu dicoba", by=lead, at=now)
    figures = {name: getattr(RankingPolicy(), name) for name in RANKING_FIGURES}
    with pytest.raises(IntegrityError, match="has not earned it"), transaction.atomic():
        RankingPolicy.objects.create(**figures, by_ranker=True, reason="x", set_by=lead, set_at=now)


def test_only_a_person_who_may_set_the_order_puts_it_in_force(lead: User, budi: User, now: dt.datetime):
    compared(90, 50, at=now)
    read_lately(now)
    with pytest.raises(Forbidden):
        cases.use_ranker(use=True, reason="Coba", by=budi, at=now)
    with pytest.raises(IntegrityError, match="ranker_put_in_force_by_a_person"), transaction.atomic():
        RankingPolicy.objects.create(by_ranker=True, reason="x", set_at=now)


def test_in_use_it_orders_the_queue_explains_itself_and_keeps_objections_first(
    decided: None, lead: User, budi: User, now: dt.datetime
):
    advert, fraud = reported(ADVERT, at=now - DAY, times=3), reported(FRAUD, at=now - DAY)
    services.run_shadow_ranker(at=now)
    compared(90, 50, at=now - 7 * DAY)
    cases.use_ranker(use=True, reason="Seminggu dicoba", by=lead, at=now)
    entry = AuditLogEntry.objects.filter(action="ranking.set").latest("seq")
    assert entry.detail == {"by_ranker": [False, True]}
    cases.rerank_waiting(at=now)
    rows = queries.queue_page(viewer=budi, at=now).rows
    assert [row.case_id for row in rows] == [fraud.pk, advert.pk]
    assert set(rows[0].points) == {"ranker"}
    assert rows[0].ranker_words[0] in rows[0].why
    # A complaint of today is not read yet: it stands by its points, and is not hidden.
    fresh = reported(FRAUD, at=now, times=2)
    assert "independent" in Case.objects.get(pk=fresh.pk).score_parts
    # Other figures leave it in use.
    figures = {name: getattr(RankingPolicy(), name) for name in RANKING_FIGURES} | {"recent": 1}
    assert cases.set_ranking(figures, reason="Lain", by=lead, at=now).by_ranker


@pytest.fixture
def in_use(lead: User, now: dt.datetime) -> Callable[[], RankingPolicy]:
    compared(90, 50, at=now - DAY)
    read_lately(now - DAY)
    cases.use_ranker(use=True, reason="Seminggu dicoba", by=lead, at=now)
    return RankingPolicy.current


def test_it_switches_itself_off_when_it_finds_no_more_than_the_points(
    in_use: Callable[[], RankingPolicy], now: dt.datetime
):
    cases.compare_ranker_runs(at=now)
    assert in_use().by_ranker
    compared(85, 80, at=now + DAY)
    cases.compare_ranker_runs(at=now + DAY)
    policy = in_use()
    assert (policy.by_ranker, policy.set_by, policy.reason) == (False, None, "too_little")
    assert policy.why != policy.reason
    entry = AuditLogEntry.objects.filter(action="ranking.set").latest("seq")
    assert (entry.actor, entry.detail) == ("system", {"by_ranker": [True, False]})


def test_it_switches_itself_off_when_it_no_longer_reads_the_queue(
    in_use: Callable[[], RankingPolicy], now: dt.datetime
):
    services.run_shadow_ranker(at=now + 4 * DAY)
    assert (in_use().by_ranker, in_use().reason) == (False, "stale")
