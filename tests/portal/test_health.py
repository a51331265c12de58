import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from aduan.core import jobs
from portal.common import health

WELL = {"database": True, "migrations": True, "clock": True, "broker": True, "files": True}


def test_alive_depends_on_nothing(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.django_db
def test_a_health_check_calls_by_address_and_without_https(client: Client, settings, path: str) -> None:
    """It got 400 for the host 127.0.0.1, so no container was ever healthy."""
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = ["aduan.example.go.id"], True
    assert client.get(path, headers={"Host": "127.0.0.1:8000"}).status_code == 200
    assert client.get("/", headers={"Host": "127.0.0.1:8000"}).status_code == 400


@pytest.mark.django_db
def test_ready_when_every_part_works(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200, response.json()
    assert response.json() == WELL | {"status": "ready"}


@pytest.mark.django_db
def test_degraded_but_ready_without_the_broker(client: Client, settings) -> None:
    """A lost Valkey took every web process out of service, though complaints are taken in without it."""
    settings.REDIS_URL = "redis://127.0.0.1:1"
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == WELL | {"broker": False, "status": "degraded"}


@pytest.mark.parametrize("minutes", [-1, 1])
@pytest.mark.django_db
def test_a_clock_that_is_not_the_databases_is_said(client: Client, monkeypatch, minutes: int) -> None:
    """A code's hour is written by one machine and compared by another: it waited while they differ."""
    now = jobs.now() + dt.timedelta(minutes=minutes)
    monkeypatch.setattr(jobs, "now", lambda: now)
    assert client.get("/readyz").json() == WELL | {"clock": False, "status": "degraded"}


@pytest.mark.parametrize("part", ["migrations", "files"])
def test_not_ready_without_what_intake_needs(client: Client, monkeypatch, part: str) -> None:
    works: dict[str, Callable[[], bool]] = dict.fromkeys(health.CHECKS, lambda: True)
    monkeypatch.setattr(health, "CHECKS", works | {part: lambda: False})
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == WELL | {part: False, "status": "unready"}


def test_a_database_that_is_away_is_waited_for_once(client: Client, monkeypatch) -> None:
    asked: list[str] = []

    def check(name: str) -> Callable[[], bool]:
        def ask() -> bool:
            asked.append(name)
            return name != "database"

        return ask

    monkeypatch.setattr(health, "CHECKS", {name: check(name) for name in health.CHECKS})
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == WELL | dict.fromkeys(["database", *health.ON_DATABASE], False) | {
        "status": "unready"
    }
    assert not health.ON_DATABASE & set(asked)


def test_who_asks_in_a_loop_costs_one_check_in_seconds(client: Client, monkeypatch) -> None:
    asked: list[int] = []

    def check() -> bool:
        asked.append(1)
        return True

    monkeypatch.setattr(health, "CHECKS", {"database": check})
    now = [1000.0]
    monkeypatch.setattr(health, "monotonic", lambda: now[0])
    for _ in range(50):
        assert client.get("/readyz").status_code == 200
    assert len(asked) == 1
    now[0] += health.KEPT_SECONDS
    client.get("/readyz")
    assert len(asked) == 2
