"""A typing error in an address, a body or a table is refused by its name, never passed over."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from aduan.accounts.models import User
from aduan.blocklists.models import BlockList, Outcome
from aduan.blocklists.queries import name_of
from aduan.referrals.models import Referral
from portal.api.v1.urls import urlpatterns
from tests.factories import referrals as make
from tests.factories.operators import person_of
from tests.portal.api.conftest import key_of, machine
from tests.portal.api.test_outcomes import url_of
from tests.portal.conftest import A_NUMBERS

KNOWN = {
    "name": "2026-10-monthly-v1", "file": "block.txt", "uid": "00000000-0000-0000-0000-000000000001",
    "pk": 1, "path": "a/b",
}  # fmt: skip


def addresses() -> list[str]:
    def address(name: str) -> str:
        [(_template, names)] = get_resolver("portal.api.v1.urls").reverse_dict.getlist(name)[0][0]
        return reverse(f"api:v1:{name}", kwargs={one: KNOWN[one] for one in names})

    return [address(str(pattern.name)) for pattern in urlpatterns]


@pytest.mark.django_db
@pytest.mark.parametrize("address", addresses())
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_unknown_parameter_is_refused_by_its_name(a: Client, address: str, method: str):
    """Seen to fail on d0bffad4: `?seris=referral` was answered with the main series."""
    answer = getattr(a, method)(f"{address}?seris=referral", content_type="application/json")
    if answer.status_code == 405:
        return
    assert answer.headers["Content-Type"] == "application/problem+json"
    [fault] = answer.json()["errors"]
    assert (answer.status_code, fault["field"], fault["code"]) == (400, "seris", "unknown")


@pytest.mark.django_db
def test_the_refusal_names_the_parameters_that_there_are(a: Client):
    answer = a.get("/api/v1/lists/latest?seris=hold", headers={"accept-language": "en"})
    assert answer.json()["errors"][0]["message"].endswith("There are: series.")


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ('{"number": "6281200000001", "answer": "blocked", "answer": "inactive"}', "answer", "repeated"),
        ('{"number": "6281200000001", "answer": "blocked", "acted_on": "2026-01-01"}', "acted_on", "unknown"),
    ],
)
def test_a_field_that_is_unknown_or_stands_twice_is_refused(
    a: Client, a_list: BlockList, body: str, field: str, code: str
):
    """Seen to fail on d0bffad4: the last value counted, and the time of a misspelt field was now."""
    answer = a.post("/api/v1/notices", body, "application/json")
    [fault] = answer.json()["errors"]
    assert (answer.status_code, fault["field"], fault["code"]) == (400, field, code)
    assert not Outcome.objects.exists()


def test_a_row_with_an_unknown_field_is_named(a: Client, a_list: BlockList):
    rows = [{"number": str(number), "answer": "blocked"} for number in A_NUMBERS[:2]]
    rows[1]["reasn"] = "why"
    body = json.dumps({"list_digest": a_list.digest, "outcomes": rows})
    answer = a.post(url_of(a_list), body, "application/json")
    assert (answer.status_code, [fault["field"] for fault in answer.json()["errors"]]) == (
        400,
        ["outcomes.1.reasn"],
    )
    assert not Outcome.objects.exists()


@pytest.mark.parametrize("header", ["number,answer,acted-at", "number,answer,answer", "number,reason"])
def test_a_column_that_is_unknown_doubled_or_missing_is_refused(a: Client, a_list: BlockList, header: str):
    """Seen to fail on d0bffad4: what stood under `acted-at` became "now"."""
    answer = report(a, a_list, f"{header}\n{A_NUMBERS[0]},blocked,2026-01-01T00:00:00+07:00\n")
    assert (answer.status_code, answer.json()["code"]) == (400, "header_unknown")


def test_the_list_itself_with_a_column_of_answers_is_a_report(a: Client, a_list: BlockList):
    table = b"".join(a.get(f"/api/v1/lists/{name_of(a_list)}/files/block.csv"))
    head, row = table.decode().splitlines()[:2]
    answer = report(a, a_list, f"{head},answer\n{row},blocked\n")
    assert (answer.status_code, answer.json()["changed"]) == (200, 1)


def report(a: Client, a_list: BlockList, table: str):
    headers = {"x-list-digest": a_list.digest}
    return a.post(url_of(a_list), table, "text/csv", headers=headers)


def test_a_head_of_the_audit_log_that_cannot_be_read_is_refused(a: Client, a_list: BlockList):
    """Seen to fail on d0bffad4: it was dropped, and with it the proof."""
    headers = {"x-list-digest": a_list.digest, "x-audit-head": "7 abc"}
    table = f"number,answer\n{A_NUMBERS[0]},blocked\n"
    answer = a.post(url_of(a_list), table, "text/csv", headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "X-Audit-Head")


def test_a_packed_body_is_refused_as_one(a: Client, a_list: BlockList):
    answer = a.post(url_of(a_list), b"\x1f\x8b", "text/csv", headers={"content-encoding": "gzip"})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
    assert "gzip" in answer.json()["detail"]


QUERIES = ("", "?answered=true", "?answered=false")


@pytest.fixture
def referral(budi: User, citra: User) -> Referral:
    make.platform()
    return make.referred("0812-3456-7899", at=timezone.now(), by=budi, second=citra)


@pytest.fixture
def platform(referral: Referral) -> Client:
    """The machine of the platform that is asked."""
    return machine(key_of(person_of(referral.platform, "rudi@whatsapp.example", "Rudi")))


def test_without_a_choice_answered_referrals_are_there_too(platform: Client, referral: Referral):
    """Seen to fail on d0bffad4: a parameter that was not given counted as an empty checkbox."""
    answered = {"answer": "suspended"}
    platform.post(f"/api/v1/referrals/{referral.uid}/answer", answered, "application/json")
    found = [platform.get(f"/api/v1/referrals{query}").json()["results"] for query in QUERIES]
    assert [len(one) for one in found] == [1, 1, 0]


@pytest.mark.parametrize("acted_at", ["2026-11-20T10:00:00", "2026-11-20"])
def test_a_time_without_its_offset_is_refused(platform: Client, referral: Referral, acted_at: str):
    """Seen to fail on d0bffad4: it was taken for Jakarta's, a day for its midnight."""
    said = {"answer": "suspended", "acted_at": acted_at}
    answer = platform.post(f"/api/v1/referrals/{referral.uid}/answer", said, "application/json")
    assert answer.status_code == 400
    assert "offset" in answer.json()["errors"][0]["message"]


def test_a_banned_number_may_be_a_json_number(platform: Client):
    said = {"numbers": [{"number": 6281234567890, "category": "JUDOL"}]}
    answer = platform.post("/api/v1/banned-numbers", said, "application/json")
    assert (answer.status_code, answer.json()["taken"]) == (200, 1)
