"""Pages for everybody are answered from memory: quicker, and nothing about one visitor reaches another."""

from __future__ import annotations

import datetime as dt
import re
import time
import uuid
from urllib.parse import urlencode

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from aduan.numbers.models import ProtectedNumber
from portal.common import kept_pages
from portal.public import number_check, rate_limits
from tests.factories.accounts import past_triggers, person

pytestmark = pytest.mark.django_db

KEPT = [
    f"public:{name}"
    for name in (
        *("home", "report", "check", "track", "objection_create", "help", "money", "our_messages"),
        *("privacy", "accessibility", "robots", "sitemap", "security_txt", "manifest", "service_worker"),
    )
]
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
KEY = re.compile(r'name="key" value="([^"]+)"')


@pytest.mark.parametrize("name", KEPT)
def test_a_second_visitor_costs_no_statement(name, django_assert_num_queries):
    first = Client().get(reverse(name))
    with django_assert_num_queries(0):
        second = Client().get(reverse(name))
    assert second.status_code == 200
    assert _plain(second) == _plain(first)
    assert {**second.headers, "X-Request-ID": ""} == {**first.headers, "X-Request-ID": ""}
    assert second["X-Request-ID"] != first["X-Request-ID"]


def test_each_visitor_gets_a_token_a_key_and_a_device_of_their_own():
    pages = [Client().get(reverse("public:report")) for _visitor in range(3)]
    for one in (TOKEN, KEY):
        assert len({_value(one, page) for page in pages}) == 3
    for cookie in ("device", "csrf"):
        assert len({page.cookies[cookie].value for page in pages}) == 3


def test_the_token_of_a_kept_page_is_accepted_and_anothers_is_not():
    Client().get(reverse("public:track"))
    visitor, other = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    page, theirs = visitor.get(reverse("public:track")), other.get(reverse("public:track"))
    sent = {"ticket": "AN-1", "secret": "x"}
    token, wrong = (_value(TOKEN, one) for one in (page, theirs))
    assert visitor.post(reverse("public:track"), sent | {"csrfmiddlewaretoken": token}).status_code != 403
    assert visitor.post(reverse("public:track"), sent | {"csrfmiddlewaretoken": wrong}).status_code == 403


def test_languages_stay_apart():
    for _time in range(2):
        indonesian = Client(headers={"accept-language": "id"}).get(reverse("public:help"))
        english = Client(headers={"accept-language": "en"}).get(reverse("public:help"))
        chosen = Client(headers={"accept-language": "id"})
        chosen.cookies["django_language"] = "en"
        assert '<html lang="id">' in indonesian.content.decode()
        assert '<html lang="en">' in english.content.decode()
        assert _plain(chosen.get(reverse("public:help"))) == _plain(english)


def test_a_host_that_is_not_ours_is_refused_although_the_page_is_kept(client):
    client.get(reverse("public:help"))
    assert client.get(reverse("public:help"), headers={"host": "evil.example"}).status_code == 400


def test_what_an_address_carries_is_not_kept(client):
    client.get(reverse("public:report"))
    carried = client.get(reverse("public:report") + "?nomor=081234567890")
    assert 'value="081234567890"' in carried.content.decode()
    assert "081234567890" not in Client().get(reverse("public:report")).content.decode()


def test_a_visitor_with_a_session_is_answered_anew(client):
    client.force_login(person("budi@aduan.example", "Budi"))
    client.get(reverse("public:help"))
    assert not kept_pages.kept_pages.pages


def test_a_change_of_the_register_is_seen_when_the_minute_is_over(monkeypatch, register):
    before = Client().get(reverse("public:money")).content
    with past_triggers():
        ProtectedNumber.objects.filter(pattern="short:110").update(active=False)
    assert Client().get(reverse("public:money")).content == before
    later = time.monotonic() + kept_pages.KEPT_SECONDS
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert Client().get(reverse("public:money")).content != before


def test_a_new_day_is_a_new_page(monkeypatch):
    Client().get(reverse("public:report"))
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda *_given: tomorrow)
    Client().get(reverse("public:report"))
    assert len(kept_pages.kept_pages.pages) == 2


def test_a_kept_answer_is_logged_as_every_other(caplog):
    Client().get(reverse("public:help"))
    caplog.clear()
    response = Client().get(reverse("public:help"), headers={"x-request-id": "abcdefgh-1"})
    assert response["X-Request-ID"] == "abcdefgh-1"
    lines = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
    assert [line["event"] for line in lines] == ["request_started", "request_finished"]
    assert {line["request"] for line in lines} == {"GET public:help"}
    assert {line["request_id"] for line in lines} == {"abcdefgh-1"}


def test_the_answer_to_head_has_no_body_from_memory_either(client):
    for _time in range(2):
        assert client.head(reverse("public:help")).content == b""
    assert client.get(reverse("public:help")).content


def _value(field: re.Pattern[str], response) -> str:
    found = field.search(response.content.decode())
    assert found is not None
    return found.group(1)


def _plain(response) -> str:
    return KEY.sub("", TOKEN.sub("", response.content.decode()))


@pytest.mark.parametrize("language", ["id", "en"])
def test_an_answer_in_a_kept_frame_is_the_whole_page(monkeypatch, language, register):
    def ask(number: str) -> str:
        asked = {"number": number}
        return (
            Client(headers={"accept-language": language})
            .post(reverse("public:check"), asked)
            .content.decode()
        )

    numbers = ("0812-3456-7890", "110", "tidak ada")
    framed = [ask(number) for number in numbers for _time in range(2)]
    monkeypatch.setattr(kept_pages, "_is_without_session", lambda _request: False)
    whole = [ask(number) for number in numbers for _time in range(2)]
    assert [_squeezed(page) for page in framed] == [_squeezed(page) for page in whole]
    assert "0812-3456-7890" in framed[0]
    assert "0812-3456-7890" not in framed[2]


def _squeezed(page: str) -> str:
    return " ".join(page.split())


FORM = "application/x-www-form-urlencoded"


def _ask(number: str, headers: dict[str, str] | None = None):
    body = urlencode({"number": number})
    return Client(headers=headers or {}).post(reverse("public:check"), body, content_type=FORM)


def test_a_second_answer_has_the_headers_and_the_log_lines_of_the_first(caplog):
    first = _ask("0812-3456-7890")
    caplog.clear()
    second = _ask("0812-3456-7891", headers={"x-request-id": "abcdefgh-2"})
    own = {"X-Request-ID", "Expires"}
    assert {**first.headers, **dict.fromkeys(own, "")} == {**second.headers, **dict.fromkeys(own, "")}
    assert second["X-Request-ID"] == "abcdefgh-2"
    lines = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
    assert [line["event"] for line in lines] == ["request_started", "request_finished"]
    assert {line["request"] for line in lines} == {"POST public:check"}


def test_what_is_refused_is_refused_after_a_page_was_kept_too(caplog):
    assert _ask("0812-3456-7890").status_code == 200
    assert _ask("0812-3456-7890", headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert _ask("0812-3456-7890", headers={"host": "evil.example"}).status_code == 400
    caplog.clear()
    assert _ask("tidak ada").status_code == 400
    lines = [record.msg["event"] for record in caplog.records if isinstance(record.msg, dict)]
    assert lines == ["request_started", "request_finished"]


def test_a_request_answered_on_the_whole_way_is_counted_once(monkeypatch):
    monkeypatch.setattr(rate_limits, "CHECK", rate_limits.Limit(f"check-{uuid.uuid4()}", 3, 600))
    _ask("0812-3456-7890")
    assert [_ask("tidak ada").status_code for _time in range(3)] == [400, 400, 429]


def test_a_text_that_looks_like_a_mark_or_markup_is_only_a_text():
    _ask("0812-3456-7890")
    refused = _ask("mark-typed-mark <b>0812-3456-7890</b>")
    assert "<b>0812" not in refused.content.decode()
    typed = _ask("(0812) 3456'7890")
    assert typed.status_code == 400 or "(0812) 3456&#x27;7890" in typed.content.decode()


def test_an_outage_during_a_kept_answer_is_an_outage(monkeypatch, client):
    _ask("0812-3456-7890")

    def away(*_given, **_more):
        raise OperationalError("the server is away")

    monkeypatch.setattr(number_check, "published_about", away)
    client.raise_request_exception = False
    answer = client.post(reverse("public:check"), urlencode({"number": "0812-3456-7890"}), content_type=FORM)
    assert answer.status_code == 503
