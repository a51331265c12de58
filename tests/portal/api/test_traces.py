"""An operator's machine answers where forged calls came from, and says since when a number is in use."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from aduan.accounts.models import User
from aduan.cases.models import Case, Finding, TraceRequest
from aduan.cases.workflow import ProposalType
from aduan.numbers.models import PhoneNumber
from aduan.operators.models import Operator
from tests.factories import cases as make
from tests.portal.api.conftest import key_of, machine

pytestmark = pytest.mark.django_db
TRACES = "/api/v1/traces"


@pytest.fixture
def case(telkomsel: Operator, indosat: Operator, budi: User, citra: User) -> Case:
    """Declared spoofed: both operators are asked."""
    return make.confirmed(
        telkomsel, first=budi, second=citra, at=timezone.now(), proposal_type=ProposalType.SPOOFED
    )


def answered(client: Client, trace: int, **body: str):
    return client.post(f"{TRACES}/{trace}/answer", body, "application/json")


def test_a_refusal_of_an_answer_that_is_no_choice_names_the_choices(a: Client, case: Case):
    """It said "not a valid choice" and left an engineer to look them up."""
    (question,) = a.get(TRACES).json()["results"]
    refused = answered(a, question["id"], finding="overseas")
    assert refused.status_code == 400
    assert all(name in str(refused.json()["errors"]) for name in Finding.values)
    listed = a.get("/api/v1/reconciliation?series=weekly")
    assert listed.status_code == 400
    assert "inbound" in str(listed.json())


def test_a_question_is_answered_once_and_the_same_again_changes_nothing(a: Client, b: Client, case: Case):
    (question,) = a.get(TRACES).json()["results"]
    assert (question["case"], question["finding"], question["answered_at"]) == (case.reference, "", None)
    assert answered(a, question["id"], finding="abroad").json()["code"] == "note_missing"
    reported = answered(a, question["id"], finding="abroad", note="+855, trunk 7")
    assert (reported.status_code, reported.json()["finding"]) == (200, "abroad")
    assert answered(a, question["id"], finding="abroad", note="+855, trunk 7").json() == reported.json()
    other = answered(a, question["id"], finding="nothing")
    assert (other.status_code, other.json()["code"]) == (409, "answered_already")
    assert other["Content-Type"] == "application/problem+json"
    assert a.get(TRACES).json() == {"next": None, "results": []}
    assert a.get(f"{TRACES}?answered=true").json()["results"] == [reported.json()]
    assert TraceRequest.objects.filter(case=case, answered_at=None).count() == 1, "Operator B's is open"
    assert len(b.get(TRACES).json()["results"]) == 1


def test_another_operators_question_is_not_there(a: Client, eko: User, case: Case, indosat: Operator):
    theirs = TraceRequest.objects.get(case=case, operator=indosat)
    foreign, nothing = (
        answered(a, theirs.pk, finding="nothing"), answered(a, 999_999, finding="nothing"),
    )  # fmt: skip
    assert foreign.status_code == nothing.status_code == 404
    assert foreign.content == nothing.content
    reader = machine(key_of(eko, scopes=["list:read"], name="reader"))
    assert answered(reader, theirs.pk, finding="nothing").json()["code"] == "scope_missing"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"finding": "elsewhere"}, "fields_invalid"),
        ({}, "fields_invalid"),
        ({"finding": "nothing", "note": "a\u0007b"}, "note_unreadable"),
        ({"finding": "nothing", "note": 7}, "fields_invalid"),
    ],
)
def test_what_is_no_answer_is_a_problem(a: Client, case: Case, body: dict[str, str], code: str):
    (question,) = a.get(TRACES).json()["results"]
    refusal = answered(a, question["id"], **body)
    assert (refusal.status_code, refusal.json()["code"]) == (400, code)


def test_bad_parameters_are_a_problem(a: Client):
    for query in ("before=0", "before=x", "before=99999999999999999999", "answered=perhaps"):
        assert a.get(f"{TRACES}?{query}").json()["code"] == "fields_invalid", query


@pytest.mark.parametrize(
    "address",
    [
        f"{TRACES}?before=2&before=1",
        "/api/v1/referrals?answered=true&answered=false",
        "/api/v1/lists?size=1&size=2",
        "/api/v1/lists/latest?series=block&series=referral",
        "/api/v1/lists/changes?since=0&since=1",
    ],
)
def test_which_of_two_values_was_meant_is_not_guessed(a: Client, address: str):
    refused = a.get(address)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "repeated")


@pytest.mark.parametrize("query", ["before=", "answered="])
def test_an_empty_parameter_is_no_default(a: Client, query: str):
    assert a.get(f"{TRACES}?{query}").json()["errors"][0]["code"] == "blank"


def test_an_operator_alone_says_since_when_its_number_is_in_use(a: Client, b: Client):
    body = {"number": "6281200000077", "since": "2015-03-01"}
    for _turn in range(2):
        reported = a.post("/api/v1/in-use-since", body, "application/json")
        assert (reported.status_code, reported.json()) == (200, body)
    assert str(PhoneNumber.objects.get().in_use_since) == "2015-03-01"
    refusal = b.post("/api/v1/in-use-since", body, "application/json")
    assert (refusal.status_code, refusal.json()["code"]) == (403, "not_your_number")
    tomorrow = a.post("/api/v1/in-use-since", body | {"since": "2199-01-01"}, "application/json")
    assert tomorrow.json()["code"] == "since_out_of_range"
    national = a.post("/api/v1/in-use-since", body | {"number": "081200000077"}, "application/json")
    assert "+62" in national.json()["errors"][0]["message"]
