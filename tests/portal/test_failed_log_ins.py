"""Failed log-ins in the audit log: without a secret, and so few that no flood fills the chain."""

from __future__ import annotations

import datetime as dt
import json

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.core.models import AuditLogEntry
from portal.common.failed_log_ins import note_failure
from tests.factories.accounts import PASSWORD, person
from tests.portal.second_factor import enrol

LOG_IN, SECOND = "/akun/login/", "/akun/2fa/authenticate/"
HOUR = dt.datetime(2026, 11, 18, 1, 0, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_counts() -> None:
    server = cache._cache.get_client()  # type: ignore[attr-defined]
    for key in list(server.scan_iter(cache.make_key("*"))):
        server.delete(key)


def failures() -> list[AuditLogEntry]:
    return list(AuditLogEntry.objects.filter(action="user.fail_log_in"))


def test_a_wrong_password_is_on_record_with_the_account_and_nothing_that_was_typed(budi: User) -> None:
    """Seen to fail on 043f5db: it was in a log line only."""
    Client().post(LOG_IN, {"login": budi.email.upper(), "password": "tebakan rahasia 1"})
    [entry] = failures()
    assert (entry.actor, entry.subject) == ("system", f"user:{budi.pk}")
    assert entry.detail == {"attempts": 1, "second_factor": False}
    kept = json.dumps(list(AuditLogEntry.objects.values("actor", "subject", "detail", "action")))
    assert "tebakan" not in kept
    assert budi.email not in kept


def test_a_wrong_code_after_the_right_password_is_on_record_as_such(budi: User) -> None:
    """This person knows the password: a graver matter than a wrong one."""
    enrol(budi)
    client = Client()
    client.post(LOG_IN, {"login": budi.email, "password": PASSWORD})
    client.post(SECOND, {"code": "000000"})
    assert [entry.detail for entry in failures()] == [{"attempts": 1, "second_factor": True}]


def test_a_flood_adds_a_handful_of_entries_an_hour(budi: User, agus: User) -> None:
    """1,000 wrong passwords within an hour are 4 entries; another account and another hour have their own."""
    with time_machine.travel(HOUR, tick=False) as clock:
        for _turn in range(1_000):
            note_failure(email=budi.email)
        assert [entry.detail["attempts"] for entry in failures()] == [1, 10, 100, 1_000]
        note_failure(email=agus.email)
        assert len(failures()) == 5
        clock.shift(dt.timedelta(hours=1))
        note_failure(email=budi.email)
        assert len(failures()) == 6


def test_without_a_count_one_entry_an_hour_is_left(budi: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cache is away: no failure is counted, but the first of the hour is on record."""

    def gone(*_args: object, **_more: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(cache, "count", gone)
    with time_machine.travel(HOUR, tick=False):
        for _turn in range(20):
            note_failure(email=budi.email)
        note_failure(email=budi.email, second_factor=True)
    assert [entry.detail for entry in failures()] == [
        {"attempts": None, "second_factor": False},
        {"attempts": None, "second_factor": True},
    ]


def test_an_address_without_an_account_adds_nothing(db: None) -> None:
    for turn in range(3):
        Client().post(LOG_IN, {"login": f"orang{turn}@aduan.example", "password": "x"})
    assert not AuditLogEntry.objects.exists()


def test_readers_of_the_audit_log_see_it_in_words(client: Client, budi: User) -> None:
    note_failure(email=budi.email)
    client.force_login(person("siti@aduan.example", "Siti", Role.AUDITOR))
    shown = client.get("/kelola/audit/", headers={"Accept-Language": "en"})
    assert "log-in of an account failed" in shown.text
    assert "failed attempts: 1, second factor: no" in shown.text
