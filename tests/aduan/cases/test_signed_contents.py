"""CC4: anyone who signs has seen the contents of this moment; a change in between is named, not swallowed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from aduan.accounts.models import User
from aduan.cases import services
from aduan.cases.dto import CROWD, ContentsChange
from aduan.cases.models import Case
from aduan.cases.workflow import ProposalType, Status
from aduan.core.errors import WrongState
from aduan.operators.models import Operator
from tests.factories import cases as make
from tests.factories.accounts import step_up

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def case(telkomsel: Operator, budi: User, now: dt.datetime) -> Case:
    case = make.make_case(telkomsel, at=now)
    make.proposed(case, by=budi, at=now)
    case.refresh_from_db()
    return case


def test_evidence_that_came_meanwhile_is_named(case: Case, citra: User, now: dt.datetime) -> None:
    seen = case.contents_digest
    services.update_contents(
        case, change=ContentsChange("item-2", evidence=1, complaints=0, confirmed=1), at=now + MINUTE
    )
    with pytest.raises(WrongState) as refusal:
        services.sign_off(
            case,
            by=citra,
            at=now + MINUTE,
            step_up=step_up(citra, now + MINUTE),
            agrees=True,
            seen_digest=seen,
        )
    assert refusal.value.code == "contents_changed"
    assert refusal.value.details["changed"] == {"evidence": 1, "confirmed": 1}
    case.refresh_from_db()
    assert case.status == Status.PROPOSED
    make.signed(case, by=citra, at=now + MINUTE)  # after looking again


@pytest.mark.parametrize("stale", ["", "x", "1.1.0:" + "0" * 40])
def test_a_digest_that_no_one_was_shown_is_refused(
    case: Case, citra: User, now: dt.datetime, stale: str
) -> None:
    with pytest.raises(WrongState):
        services.sign_off(case, by=citra, at=now, step_up=step_up(citra, now), agrees=True, seen_digest=stale)


def test_the_proposer_too_signs_over_what_was_seen(telkomsel: Operator, budi: User, now: dt.datetime) -> None:
    case = make.make_case(telkomsel, at=now)
    services.open_or_join(case.number, report=make.report(), at=now + MINUTE)
    with pytest.raises(WrongState) as refusal:
        services.propose(
            case,
            by=budi,
            at=now + MINUTE,
            step_up=step_up(budi, now + MINUTE),
            proposal_type=ProposalType.BLOCK,
            reason_code="x",
            seen_digest=case.contents_digest,
        )
    assert refusal.value.details["changed"] == {"complaints": 1, "evidence": 1}


@pytest.mark.parametrize("act", ["request_information", "dismiss", "declare_not_ours", "bulk", "refer"])
def test_an_act_of_one_person_too_is_over_what_was_seen(
    telkomsel: Operator, budi: User, now: dt.datetime, act: str
) -> None:
    make.reasons()
    case = make.make_case(telkomsel, at=now, channel="whatsapp")
    seen = case.contents_digest
    when: dict[str, Any] = {"by": budi, "at": now + MINUTE}
    services.open_or_join(case.number, report=make.report(evidence_count=2), at=now + MINUTE)
    code = {"request_information": "test-ask", "declare_not_ours": "test-declare_not_ours"}
    acts: dict[str, Callable[[], object]] = {
        "bulk": lambda: services.bulk_dismiss(
            [services.SelectedCase(case, seen)], **when, reason_code="test-dismiss"
        ).refused[0][1],
        "refer": lambda: make.proposed(
            case, **when, proposal_type=ProposalType.REFER, seen_digest=seen, evidence_ids=[]
        ),
    }
    one = acts.get(act) or (
        lambda: getattr(services, act)(
            case, **when, seen_digest=seen, reason_code=code.get(act, "test-dismiss")
        )
    )
    try:
        refusal = one()
    except WrongState as raised:
        refusal = raised
    assert isinstance(refusal, WrongState)
    assert refusal.code == "contents_changed"
    assert refusal.details["changed"] == {"complaints": 1, "evidence": 2}
    case.refresh_from_db()
    assert case.status == Status.OPEN


def test_no_one_agrees_to_a_proposal_whose_ground_was_taken_away(
    case: Case, budi: User, citra: User, now: dt.datetime
) -> None:
    services.update_contents(
        case, change=ContentsChange("withdrawn", complaints=-1, independent=-1, weaker=True), at=now + MINUTE
    )
    with pytest.raises(WrongState) as refusal:
        make.signed(case, by=citra, at=now + MINUTE)
    assert refusal.value.code == "proposal_outdated"
    services.retract(case, by=citra, at=now + MINUTE, reason="Aduan dicabut")  # anybody may clear it away
    case.refresh_from_db()
    assert case.status == Status.OPEN


def test_an_owner_who_objects_stops_the_signature(case: Case, citra: User, now: dt.datetime) -> None:
    services.record_objection(case, at=now + MINUTE)
    with pytest.raises(WrongState):
        make.signed(case, by=citra, at=now + MINUTE)


def test_in_a_crowd_one_more_complaint_is_no_news(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    case = make.make_case(telkomsel, at=now)
    for _ in range(CROWD):
        services.open_or_join(case.number, report=make.report(), at=now)
    make.proposed(case, by=budi, at=now)
    seen = Case.objects.get(pk=case.pk).contents_digest
    services.open_or_join(case.number, report=make.report(evidence_count=0), at=now)
    services.sign_off(case, by=citra, at=now, step_up=step_up(citra, now), agrees=True, seen_digest=seen)
    case.refresh_from_db()
    assert case.status == Status.CONFIRMED
