"""AB6: no one signs two hundred cases in a minute; bulk acts have limits; alarms last."""

from __future__ import annotations

import datetime as dt
import secrets

import pytest

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.cases import queries, services
from aduan.cases.models import Alarm, Block, Case, QualityReview
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
