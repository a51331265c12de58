"""LK2: an error of ours on any route, as a page or for a machine, says nothing about what is inside."""

from __future__ import annotations

from collections import defaultdict

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern

from portal.common.errors import server_error
from portal.common.outages import unavailable
from portal.common.owner import service_owner
from tests.portal.test_access_matrix import ROUTES, SAMPLES, concrete

pytestmark = pytest.mark.django_db
INSIDE = "SELECT narrative FROM complaints_complaint /srv/aduan/vault_keys sari@contoh.example"
TELLING = (
    "SELECT",
    "/srv/",
    "vault_keys",
    "sari@",
    "Traceback",
    "site-packages",
    "psycopg",
    "Django",
    "RuntimeError",
)
SAMPLED = defaultdict(lambda: "1", SAMPLES)


class Failing:
    """Middleware behind all others: every view fails, with a text that must stay here."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        raise RuntimeError(INSIDE)


@pytest.fixture
def failing(settings) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.Failing"]


def quiet(body: bytes) -> bool:
    text = body.decode("utf-8", "replace")
    return not any(word in text for word in TELLING)


@pytest.mark.parametrize("method", ["get", "post"])
def test_no_route_says_what_went_wrong(failing: None, method: str) -> None:
    visitor = Client(raise_request_exception=False)
    failed = 0
    for address, _pattern in ROUTES:
        answer = getattr(visitor, method)(concrete(address, SAMPLED))
        assert quiet(b"" if answer.streaming else answer.content), address
        failed += answer.status_code == 500
    assert failed > 200, "the middleware was not behind the others, or nothing was asked"


def _views() -> list[tuple[str, URLPattern]]:
    return [(address, pattern) for address, pattern in ROUTES if address.startswith("api/v1/")]


def test_an_error_inside_the_api_is_a_problem_without_words(monkeypatch) -> None:
    """Raised where the framework has its own handler of errors."""

    def fail(*_args, **_options):
        raise RuntimeError(INSIDE)

    monkeypatch.setattr("rest_framework.views.APIView.initial", fail)
    visitor = Client(raise_request_exception=False)
    assert len(_views()) > 15
    for address, _pattern in _views():
        answer = visitor.get(concrete(address, SAMPLED))
        assert answer.status_code == 500, address
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["code"] == "server_error"
        assert quiet(answer.content), address


@pytest.mark.parametrize("address", ["/lapor/", "/kelola/", "/api/v1/lists"])
def test_the_handler_itself_needs_neither_session_nor_person(address: str) -> None:
    request = RequestFactory().get(address)
    request.user = AnonymousUser()
    answer = server_error(request)
    assert isinstance(answer, HttpResponse)
    assert answer.status_code == 500
    assert quiet(answer.content)


def test_the_page_of_an_error_says_whom_to_call() -> None:
    request = RequestFactory().get("/lapor/")
    owner = service_owner()
    for answer in (server_error(request), unavailable(request, machine=False)):
        assert isinstance(answer, HttpResponse)
        for text in (owner.name, owner.call_centre, owner.address):
            assert text in answer.content.decode()
