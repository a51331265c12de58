"""A form whose cookie ended, or whose key was used, goes on; one from another site does not."""

from __future__ import annotations

import pytest
from django.test import Client

from aduan.complaints.models import Complaint
from tests.portal.public.forms import filled

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


def strict() -> Client:
    return Client(enforce_csrf_checks=True)


def test_the_form_comes_back_with_all_that_was_typed() -> None:
    client = strict()
    page = client.post("/lapor/", filled(action="send"))
    assert page.status_code == 403
    form = page.context["form"]
    assert form["number"].value() == filled()["number"]
    assert form["narrative"].value() == filled()["narrative"]
    assert client.cookies["csrf"].value
    assert not Complaint.objects.exists()


def test_a_script_gets_a_token_with_which_the_same_form_is_taken() -> None:
    client = strict()
    refused = client.post("/lapor/", filled(action="check"), headers=JSON)
    assert refused.status_code == 403
    again = client.post(
        "/lapor/", filled(action="check", csrfmiddlewaretoken=refused.json()["token"]), headers=JSON
    )
    assert again.status_code == 200


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://other.example"}])
def test_a_form_of_another_site_gets_neither_token_nor_form(headers: dict[str, str]) -> None:
    answer = strict().post("/lapor/", filled(action="send"), headers=headers | JSON)
    assert answer.status_code == 403
    assert "json" not in answer["Content-Type"]
    assert "csrfmiddlewaretoken" not in answer.content.decode()


def test_a_form_that_was_sent_with_other_content_is_sent_once_more_as_another(
    client: Client, telkomsel: object
) -> None:
    first = filled()
    assert client.post("/lapor/", first).status_code == 302
    refused = client.post("/lapor/", first | {"number": "0813-1111-2222"}, headers=JSON)
    assert refused.status_code == 409
    again = client.post("/lapor/", first | {"number": "0813-1111-2222", "key": refused.json()["key"]})
    assert again.status_code == 302
    assert Complaint.objects.count() == 2
