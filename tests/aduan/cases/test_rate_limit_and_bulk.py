"""AB6: no one signs two hundred cases in a minute; bulk acts have limits; alarms last."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable

import pytest

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.cases import queries, services
from aduan.cases.models import Alarm, Block, Case, PaceLimits, QualityReview
from aduan.cases.services import SelectedCase, quality_sampling
from aduan.cases.workflow import ProposalType, Status
from aduan.core.errors import DomainError, Forbidden, Invalid, WrongState
from aduan.operators.models import Operator
from tests.factories import cases as make
from tests.factories.accounts import person, step_up

pytestmark = pytest.mark.django_db


def test_two_hundred_signatures_in_a_minute_are_slowed_and_alarmed(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    cases = [make.make_case(telkomsel, at=now) for _ in range(30)]
    for turn, case in enumerate(cases):
        make.proposed(case, by=budi, at=now - dt.timedelta(hours=1) + turn * dt.timedelta(seconds=30))
    signed, refused = 0, []
    for turn in range(200):
        case = cases[signed] if signed < len(cases) else cases[-1]
        try:
            make.signed(case, by=citra, at=now + turn * dt.timedelta(milliseconds=300))
            signed += 1
        except DomainError as refusal:
            refused.append(refusal)
    assert signed == 10
    assert {refusal.code for refusal in refused} == {"too_fast"}
    assert 0 < refused[-1].details["retry_after"] <= 60
    assert Block.objects.count() == 10
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.person) == (Alarm.Kind.RUBBER_STAMP, citra)
    make.signed(cases[10], by=citra, at=now + dt.timedelta(seconds=70))  # later, calmly


def test_an_alarm_is_seen_once(telkomsel: Operator, citra: User, now: dt.datetime) -> None:
    lead = person("lead@aduan.example", "Lea", Role.LEAD)
    alarm = services.raise_alarm(Alarm.Kind.CONTACTS_REVEALED, person=citra, at=now, detail={"count": 31})
    (shown,) = queries.unseen_alarms(viewer=lead)
    assert (shown.kind, shown.person) == (Alarm.Kind.CONTACTS_REVEALED, "Citra Lestari")
    services.mark_alarm_seen(alarm, by=lead, at=now)
    assert queries.unseen_alarms(viewer=lead) == ()
    with pytest.raises(WrongState):
        services.mark_alarm_seen(alarm, by=lead, at=now)
    with pytest.raises(Forbidden):
        queries.unseen_alarms(viewer=citra)


def test_bulk_does_what_it_can_and_says_what_it_cannot(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    make.reasons()
    plain, held, own = (make.make_case(telkomsel, at=now) for _ in range(3))
    services.claim(held, by=citra, at=now)
    services.record_conflicts(own, user_ids=[budi.pk])
    result = services.bulk_dismiss(
        make.selected([plain, held, own]), by=budi, at=now, reason_code="test-dismiss"
    )
    assert result.done == (plain.pk,)
    assert [(key, refusal.code) for key, refusal in result.refused] == [
        (held.pk, "held"),
        (own.pk, "conflict_of_interest"),
    ]
    assert plain.events.filter(action="dismiss").count() == 1
    plain.refresh_from_db()
    assert plain.status == Status.DISMISSED


def test_bulk_has_a_limit_and_raises_an_alarm(telkomsel: Operator, budi: User, now: dt.datetime) -> None:
    make.reasons()
    cases = [make.make_case(telkomsel, at=now) for _ in range(51)]
    with pytest.raises(Invalid):
        services.bulk_dismiss(make.selected([*cases, *cases]), by=budi, at=now, reason_code="test-dismiss")
    with pytest.raises(Invalid):
        services.bulk_dismiss([], by=budi, at=now, reason_code="test-dismiss")
    assert (
        len(
            services.bulk_request_information(
                make.selected(cases), by=budi, at=now, reason_code="test-ask"
            ).done
        )
        == 51
    )
    assert Alarm.objects.get().detail == {"action": "ask", "cases": 51}


def test_there_is_no_bulk_block_without_each_case_named_and_seen(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    make.reasons()
    cases = [make.make_case(telkomsel, at=now) for _ in range(5)]
    services.open_or_join(cases[2].number, report=make.report(), at=now)  # after the page was loaded
    listed = [SelectedCase(case, case.contents_digest, (make.make_evidence(case),)) for case in cases]
    first = services.propose_each(
        listed,
        by=budi,
        at=now,
        step_up=step_up(budi, now),
        proposal_type=ProposalType.BLOCK,
        reason_code="test-propose",
    )
    assert [refusal.code for _key, refusal in first.refused] == ["contents_changed"]
    second = services.sign_each(listed, by=citra, at=now, step_up=step_up(citra, now), agrees=True)
    assert len(second.done) == 4
    assert Block.objects.count() == 4
    assert {proposal.pk for proposal in Case.objects.get(pk=cases[0].pk).proposals.all()}.isdisjoint(
        proposal.pk for proposal in Case.objects.get(pk=cases[1].pk).proposals.all()
    )
    with pytest.raises(Invalid):
        services.sign_each(listed * 3, by=citra, at=now, step_up=step_up(citra, now), agrees=True)


def test_decisions_are_drawn_for_a_further_person(
    telkomsel: Operator,
    budi: User,
    citra: User,
    agus: User,
    now: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make.reasons()
    monkeypatch.setattr(quality_sampling, "ONE_IN", 1)
    case = make.confirmed(telkomsel, first=budi, second=citra, at=now)
    dismissed = make.dismissed(make.make_case(telkomsel, at=now), by=budi, at=now, reason_code="test-dismiss")
    assert QualityReview.objects.count() == 2
    later = now + dt.timedelta(days=30)
    assert queries.waiting_quality_reviews(viewer=agus, at=now) == ()
    assert {item.case_id for item in queries.waiting_quality_reviews(viewer=agus, at=later)} == {
        case.pk,
        dismissed.pk,
    }
    review = QualityReview.objects.get(case=case)
    with pytest.raises(Invalid):
        services.answer_quality_review(review, by=agus, at=later, agrees=False)
    services.answer_quality_review(review, by=agus, at=later, agrees=False, reason="Bukti lemah")
    with pytest.raises(WrongState):
        services.answer_quality_review(review, by=agus, at=later, agrees=True)
    (answered,) = queries.answered_quality_reviews(viewer=agus)
    assert (answered.decision, answered.agrees) == ("confirm_block", False)
    case.refresh_from_db()
    assert case.status == Status.CONFIRMED


@pytest.fixture
def never_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """No decision is sampled by chance: what is, is sampled with certainty."""
    monkeypatch.setattr(secrets, "randbelow", lambda most: most - 1)


@pytest.mark.usefixtures("never_drawn")
@pytest.mark.parametrize("close", [make.dismissed, make.not_ours])
def test_a_closed_case_with_confirmed_contacts_and_evidence_is_always_read_again(
    telkomsel: Operator, budi: User, agus: User, now: dt.datetime, close: Callable[..., Case]
) -> None:
    make.reasons()
    for confirmed, evidence in ((True, 0), (False, 1)):
        weak = make.make_case(telkomsel, at=now, confirmed=confirmed, evidence_count=evidence)
        close(weak, by=budi, at=now)
    assert not QualityReview.objects.exists()
    closed = close(make.make_case(telkomsel, at=now, confirmed=True), by=budi, at=now)
    asked = make.asked(make.make_case(telkomsel, at=now, confirmed=True), by=budi, at=now)
    (waiting,) = queries.waiting_quality_reviews(viewer=agus, at=now + dt.timedelta(days=30))
    assert waiting.case_id == closed.pk != asked.pk


@pytest.mark.usefixtures("never_drawn")
@pytest.mark.parametrize("bulk", [False, True])
def test_who_closes_more_in_an_hour_than_can_be_read_is_read_again(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime, bulk: bool
) -> None:
    make.reasons()
    first = [make.make_case(telkomsel, at=now) for _ in range(PaceLimits().closures_per_hour)]
    further = [make.make_case(telkomsel, at=now) for _ in range(3)]
    services.bulk_dismiss(make.selected(first), by=budi, at=now, reason_code="test-dismiss")
    assert not QualityReview.objects.exists()
    soon, later = now + dt.timedelta(minutes=59), now + dt.timedelta(minutes=61)
    make.dismissed(further[0], by=citra, at=soon)
    assert not QualityReview.objects.exists(), "another person's own hour"
    if bulk:
        services.bulk_dismiss(make.selected(further[1:2]), by=budi, at=soon, reason_code="test-dismiss")
    else:
        make.not_ours(further[1], by=budi, at=soon)
    assert QualityReview.objects.get().case_id == further[1].pk
    make.dismissed(further[2], by=budi, at=later)
    assert QualityReview.objects.count() == 1


def test_forty_nine_again_and_again_raise_the_alarm_by_the_sum_of_a_day(
    telkomsel: Operator, budi: User, now: dt.datetime
) -> None:
    make.reasons()
    cases = [make.make_case(telkomsel, at=now) for _ in range(101)]
    services.bulk_dismiss(make.selected(cases[:49]), by=budi, at=now, reason_code="test-dismiss")
    assert not Alarm.objects.exists()
    make.not_ours(cases[49], by=budi, at=now + dt.timedelta(hours=5))
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.person, alarm.detail["cases"]) == (Alarm.Kind.BULK, budi, 50)
    next_day = now + dt.timedelta(hours=25)
    services.bulk_dismiss(make.selected(cases[50:98]), by=budi, at=next_day, reason_code="test-dismiss")
    assert Alarm.objects.count() == 1, "49 of this day"
    make.asked(cases[98], by=budi, at=next_day)
    assert Alarm.objects.count() == 1, "what is asked is another sum"
    make.dismissed(cases[99], by=budi, at=next_day)
    assert list(Alarm.objects.order_by("pk").values_list("detail__cases", flat=True)) == [50, 50]


def test_no_one_reviews_an_own_decision(
    telkomsel: Operator, budi: User, agus: User, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quality_sampling, "ONE_IN", 1)
    make.confirmed(telkomsel, first=budi, second=agus, at=now)
    later = now + dt.timedelta(days=30)
    assert queries.waiting_quality_reviews(viewer=agus, at=later) == ()
    with pytest.raises(Forbidden):
        services.answer_quality_review(QualityReview.objects.get(), by=agus, at=later, agrees=True)


def test_about_one_decision_in_twenty_is_drawn() -> None:
    hits = sum(not secrets.randbelow(quality_sampling.ONE_IN) for _ in range(20_000))
    assert 800 < hits < 1200
