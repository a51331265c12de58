"""The second person sees the act and the evidence, not the reasoning, until they have chosen themselves."""

from __future__ import annotations

import datetime as dt

import pytest

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.cases import queries, services
from aduan.cases.models import Case
from aduan.cases.workflow import ProposalType
from aduan.core.errors import Forbidden
from aduan.operators.models import Operator
from tests.factories import cases as make
from tests.factories.accounts import person

pytestmark = pytest.mark.django_db
SECRET = "Saya yakin karena rekeningnya sama"


@pytest.fixture
def case(telkomsel: Operator, budi: User, now: dt.datetime) -> Case:
    case = make.make_case(telkomsel, at=now, kind="landline")
    make.proposed(case, by=budi, at=now, reason=SECRET, evidence_ids=[make.make_evidence(case)])
    return case


def test_nothing_of_the_reasoning_reaches_the_second_person(
    case: Case, citra: User, now: dt.datetime
) -> None:
    page = queries.case_page(case.pk, viewer=citra, at=now)
    assert page.proposal is not None
    assert page.proposal.blind
    assert page.proposal.proposal_type == ProposalType.BLOCK
    shown = repr(page)
    for hidden in (SECRET, "Budi", "test-propose", "(3, 7)"):
        assert hidden not in shown
    assert "sign_off" in page.may


def test_it_is_open_after_the_choice_and_to_those_who_cannot_sign(
    case: Case, budi: User, citra: User, agus: User, now: dt.datetime
) -> None:
    make.signed(case, by=citra, at=now)
    lead = person("lead@aduan.example", "Lea", Role.LEAD)
    for viewer in (citra, budi, lead):
        page = queries.case_page(case.pk, viewer=viewer, at=now)
        assert page.proposal is not None
        assert SECRET in repr(page)
        assert page.proposal.evidence_ids == (make.make_evidence(case),)
        assert not {"sign_off", "decide_third"} & page.may
    third = queries.case_page(case.pk, viewer=agus, at=now)
    assert SECRET not in repr(third)
    assert "Citra" not in repr(third)
    assert "decide_third" in third.may


def test_who_settles_a_disagreement_reads_both_sides(
    case: Case, citra: User, agus: User, now: dt.datetime
) -> None:
    make.signed(case, by=citra, at=now, agrees=False, reason="Nomor rumah sakit")
    page = queries.case_page(case.pk, viewer=agus, at=now)
    assert SECRET in repr(page)
    assert "Nomor rumah sakit" in repr(page)


def test_whose_contact_is_in_the_case_may_do_nothing(case: Case, citra: User, now: dt.datetime) -> None:
    services.record_conflicts(case, user_ids=[citra.pk])
    assert queries.case_page(case.pk, viewer=citra, at=now).may == frozenset()
    with pytest.raises(Forbidden) as refusal:
        make.signed(case, by=citra, at=now)
    assert refusal.value.code == "conflict_of_interest"
    with pytest.raises(Forbidden):
        services.claim(case, by=citra, at=now)
    assert services.next_case(by=citra, at=now, task="signature") is None


def test_a_case_page_takes_few_statements(
    case: Case, citra: User, now: dt.datetime, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        queries.case_page(case.pk, viewer=citra, at=now)
