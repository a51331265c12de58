"""Who gets into the machines' interface, and with what answer the others are turned away."""

from __future__ import annotations

import datetime as dt
import logging

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from aduan.accounts.models import User
from aduan.notifications.models import OutboxMessage
from aduan.operators import access_keys as key_services
from aduan.operators import actors
from aduan.operators.models import AccessKey
from portal.common.logs import formatter
from tests.portal.api.conftest import key_of, machine

KEY = "/api/v1/key"


def test_a_good_key_learns_about_itself(dewi: User):
    answer = machine(key_of(dewi)).get(KEY)
    assert answer.status_code == 200
    assert answer.json()["operator"] == "telkomsel"
    assert answer.json()["scopes"] == ["list:read", "report:recycled", "report:write"]


def test_both_spellings_of_the_header_are_taken(dewi: User):
    key = key_of(dewi)
    for scheme in ("Bearer", "bearer", "Api-Key"):
        assert Client(headers={"authorization": f"{scheme} {key}"}).get(KEY).status_code == 200


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "Bearer x", "an_x"])
def test_without_a_good_key_the_answer_is_401_with_a_challenge(db, header: str | None):
    client = Client(headers={"authorization": header} if header is not None else {})
    answer = client.get(KEY)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="aduan-nomor"'
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] in {"key_missing", "key_invalid"}


def test_a_logged_in_browser_is_no_one_here(client: Client, dewi: User):
    client.force_login(dewi)
    assert client.get(KEY).status_code == 401


def test_an_expired_key_is_refused(dewi: User):
    key = key_of(dewi)
    with time_machine.travel(timezone.now() + dt.timedelta(days=90, seconds=1)):
        answer = machine(key).get(KEY)
    assert (answer.status_code, answer.json()["code"]) == (401, "key_expired")


def test_a_revoked_key_is_refused_at_the_next_request(dewi: User):
    key = key_of(dewi)
    browser = machine(key)
    assert browser.get(KEY).status_code == 200
    key_services.revoke_key(AccessKey.objects.get(), by=actors.actor_for(dewi), at=timezone.now())
    answer = browser.get(KEY)
    assert (answer.status_code, answer.json()["code"]) == (401, "key_invalid")


def test_old_and_new_key_are_both_good_for_seven_days_then_the_old_one_is_refused(dewi: User):
    start = timezone.now()
    old = key_of(dewi)
    _row, new = key_services.rotate_key(AccessKey.objects.get(), by=actors.actor_for(dewi), at=start)
    with time_machine.travel(start + dt.timedelta(days=6, hours=23)):
        assert machine(old).get(KEY).json()["being_replaced"] is True
        assert machine(new).get(KEY).status_code == 200
    with time_machine.travel(start + dt.timedelta(days=7)):
        assert machine(old).get(KEY).status_code == 401
        assert machine(new).get(KEY).status_code == 200


def test_a_key_from_a_foreign_address_is_refused_and_the_alarm_survives_the_refusal(dewi: User):
    key = key_of(dewi, networks=["127.0.0.1"])
    assert machine(key).get(KEY, REMOTE_ADDR="127.0.0.1").status_code == 200
    answer = machine(key).get(KEY, REMOTE_ADDR="127.0.0.2")
    assert (answer.status_code, answer.json()["code"]) == (403, "address_not_allowed")
    assert OutboxMessage.objects.get().kind == "operator_key_foreign_address"


def test_a_client_cannot_choose_its_own_address(dewi: User):
    key = key_of(dewi, networks=["127.0.0.1"])
    for header in ("X-Real-IP", "X-Forwarded-For", "Forwarded"):
        client = Client(headers={"authorization": f"Bearer {key}", header: "127.0.0.1"})
        assert client.get(KEY, REMOTE_ADDR="127.0.0.2").status_code == 403


@pytest.mark.parametrize("place", ["?key={}", "?access_token={}", "?x=1&y=z{}", "/{}"])
def test_a_key_in_the_address_is_refused_even_beside_a_good_header(dewi: User, place: str):
    key = key_of(dewi)
    answer = machine(key).get(KEY + place.format(key))
    if place.startswith("?"):
        assert (answer.status_code, answer.json()["code"]) == (401, "key_in_url")
        assert OutboxMessage.objects.get().kind == "operator_key_in_url"
    else:
        assert answer.status_code == 404


def test_no_key_stands_in_any_log(dewi: User, caplog):
    key = key_of(dewi)
    with caplog.at_level(logging.DEBUG):
        machine(key).get(KEY)
        machine(key).get(f"{KEY}?key={key}")
        machine(key[:-1] + "x").get(KEY)
    texts = [formatter().format(record) for record in caplog.records]
    assert len(texts) > 6
    assert not [text for text in texts if key.split("_", 2)[2] in text]


def test_every_answer_forbids_storing_and_says_what_it_varies_on(a: Client, db):
    for answer in (a.get(KEY), Client().get(KEY)):
        assert "no-store" in answer["Cache-Control"]
        assert "Authorization" in answer["Vary"]


def test_each_answer_says_what_is_left_and_the_last_one_says_when_to_return(a: Client, settings):
    settings.API_RATES = {"read": "3/hour", "write": "1/hour"}
    left = [a.get(KEY)["RateLimit-Remaining"] for _turn in range(3)]
    assert left == ["2", "1", "0"]
    refused = a.get(KEY)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert 0 < int(refused["Retry-After"]) <= 3600
    assert refused["RateLimit-Limit"] == "3"


def test_one_keys_limit_is_not_anothers(a: Client, b: Client, settings):
    settings.API_RATES = {"read": "1/hour", "write": "1/hour"}
    a.get(KEY)
    assert a.get(KEY).status_code == 429
    assert b.get(KEY).status_code == 200


def test_when_the_cache_is_away_no_one_is_turned_away(a: Client, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    assert a.get(KEY).status_code == 200


def test_a_wrong_method_is_a_problem_too(a: Client):
    answer = a.delete(KEY)
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


@pytest.mark.parametrize("address", ["/api/v1/nothing", "/api/v1/lists/", "/api/v2/lists", "/api/"])
def test_an_unknown_address_is_a_problem_and_no_page(a: Client, address: str):
    answer = a.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["code"] == "not_found"


def test_a_fault_of_ours_is_a_problem_too(a: Client, monkeypatch: pytest.MonkeyPatch):
    def broken(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("portal.api.v1.key.timezone.now", broken)
    a.raise_request_exception = False
    answer = a.get("/api/v1/key")
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert "ZeroDivision" not in answer.content.decode()
