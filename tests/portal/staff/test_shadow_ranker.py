"""The lead's page of the shadow ranker: what it found, and the switch once it has earned it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.cases.models import RankerRun, RankingPolicy
from aduan.operators.models import Operator
from tests.factories import cases as make
from tests.factories.accounts import person
from tests.portal.staff.login import log_in_staff

pytestmark = pytest.mark.django_db
PAGE = "/kelola/antrean/urutan/bayangan/"
WEEK = dt.timedelta(days=7)


@pytest.fixture
def desk(client: Client) -> Client:
    return log_in_staff(client, person("lea@aduan.example", "Lea", Role.LEAD))


@pytest.fixture
def now() -> dt.datetime:
    """The page asks the clock itself."""
    return dt.datetime.now(dt.UTC)


def night(at: dt.datetime, state: str = "learnt", **given: object) -> RankerRun:
    return RankerRun.objects.create(day=at.date(), at=at, state=state, **given)


def weighed(at: dt.datetime, found: int) -> None:
    """A week is over in which it found so many of a hundred blocks, and the points 60."""
    night(at, decisions=900, blocks=400, placed=500)
    night(
        at - WEEK, placed=500, compared_at=at, blocked=100, found_by_points=60, found_by_ranker=found,
        chances=[[0, 380, 20_000, 10], [4, 120, 108_000, 90]],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("state", "said"), [("absent", "scikit-learn"), ("too_few", "12"), (None, '<h2 id="state-title">')]
)
def test_it_says_why_nothing_is_learnt(desk: Client, now: dt.datetime, state: str | None, said: str):
    if state:
        night(now, state, decisions=12)
    page = desk.get(PAGE)
    assert page.status_code == 200
    assert said in page.text
    assert 'name="step"' not in page.text


def test_it_is_offered_used_and_given_back(desk: Client, telkomsel: Operator, now: dt.datetime):
    case = make.make_case(telkomsel, at=now)
    type(case).objects.filter(pk=case.pk).update(ranker_chance=900, ranker_words=["hadiah", "undian"])
    weighed(now, 90)
    assert PAGE in desk.get("/kelola/dasbor/").text
    page = desk.get(PAGE)
    assert "hadiah, undian" in page.text
    assert [(one.low, one.high, round(one.said), round(one.blocked)) for one in page.context["chances"]] == [
        (0, 20, 5, 3), (80, 100, 90, 75),
    ]  # fmt: skip
    assert desk.post(PAGE, {"step": "use"}).status_code == 400
    assert desk.post(PAGE, {"step": "use", "reason": "Seminggu dicoba"}).status_code == 302
    assert RankingPolicy.current().by_ranker
    assert PAGE not in desk.get("/kelola/dasbor/").text
    assert desk.post(PAGE, {"step": "stop", "reason": "Cukup"}).status_code == 302
    assert not RankingPolicy.current().by_ranker


def test_what_is_not_earned_is_neither_offered_nor_taken(desk: Client, now: dt.datetime):
    weighed(now, 65)
    assert PAGE not in desk.get("/kelola/dasbor/").text
    assert 'name="step"' not in desk.get(PAGE).text
    assert desk.post(PAGE, {"step": "use", "reason": "Tetap saja"}).status_code == 409
    assert not RankingPolicy.objects.exists()


def test_the_history_says_that_the_portal_itself_switched_it_off(desk: Client, now: dt.datetime):
    RankingPolicy.objects.create(reason="too_little", set_at=now)
    page = desk.get("/kelola/antrean/urutan/").text
    assert "too_little" not in page
    assert "portal sendiri" in page


def test_only_leads_open_it(client: Client, budi: User):
    assert log_in_staff(client, budi).get(PAGE).status_code == 403
