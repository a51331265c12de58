"""Operators' people answer where forged calls came from, and say since when a number is in use."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from aduan.accounts.models import User
from aduan.cases.models import Case, TraceRequest
from aduan.cases.workflow import ProposalType
from aduan.numbers.models import PhoneNumber
from aduan.operators.models import Operator
from tests.factories import cases as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(telkomsel: Operator, indosat: Operator, budi: User, citra: User) -> Case:
    return make.confirmed(
        telkomsel, first=budi, second=citra, at=timezone.now(), proposal_type=ProposalType.SPOOFED
    )


def test_dewi_answers_her_question_and_sees_no_other(
    dewi_desk: Client, case: Case, telkomsel: Operator, indosat: Operator
):
    mine = TraceRequest.objects.get(case=case, operator=telkomsel)
    theirs = TraceRequest.objects.get(case=case, operator=indosat)
    page = dewi_desk.get("/operator/telusur/").content.decode()
    assert case.reference in page
    assert dewi_desk.get(f"/operator/telusur/{theirs.pk}/").status_code == 404
    form = f"/operator/telusur/{mine.pk}/"
    assert "Please say which network" in dewi_desk.post(form, {"finding": "abroad"}).content.decode()
    assert dewi_desk.post(form, {"finding": "abroad", "note": "+855"}).status_code == 302
    assert "+855" in dewi_desk.get("/operator/telusur/").content.decode()
    again = dewi_desk.post(form, {"finding": "nothing"})
    assert again.status_code == 400
    mine.refresh_from_db()
    assert mine.finding == "abroad"


def test_dewi_says_since_when_a_number_is_in_use(dewi_desk: Client, eko_desk: Client):
    reported = {"number": "6281200000077", "since": "2015-03-01"}
    assert dewi_desk.post("/operator/nomor/", reported).status_code == 302
    assert str(PhoneNumber.objects.get().in_use_since) == "2015-03-01"
    assert "Only the operator of a number" in eko_desk.post("/operator/nomor/", reported).content.decode()
    assert dewi_desk.post("/operator/nomor/", reported | {"number": "0812"}).status_code == 400
