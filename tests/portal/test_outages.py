"""PostgreSQL away or its disk full: 503 that says when to come back, and nothing typed is lost."""

from __future__ import annotations

import html
import os
import re
import runpy
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from aduan.accounts.models import User
from aduan.complaints.models import Complaint
from tests.database import ADMINISTRATOR, as_administrator
from tests.factories.accounts import PASSWORD
from tests.factories.files import jpeg
from tests.journeys.browser_client import hidden

pytestmark = pytest.mark.django_db(transaction=True)
FIELDS = {
    "channel": "sms",
    "category": "HADIAH",
    "number": "0812-7000-4321",
    "narrative": '\nSaya menang <undian>.\r\nSaya harus "membayar" pajak hadiah dahulu & mentransfer.',
    "action": "send",
}


@contextmanager
def database_away() -> Iterator[None]:
    """Nothing listens where the database was."""
    facts = connection.settings_dict
    before = facts["HOST"], facts["PORT"]
    connection.close()
    facts["HOST"], facts["PORT"] = "127.0.0.1", "9"
    try:
        yield
    finally:
        connection.close()
        facts["HOST"], facts["PORT"] = before


@contextmanager
def full_disk() -> Iterator[None]:
    """PostgreSQL answers an INSERT as it does when no block can be added to a table."""
    with as_administrator() as cursor:
        cursor.execute(
            "CREATE FUNCTION pg_temp.full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION"
            " 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER full_disk BEFORE INSERT ON complaints_complaint EXECUTE FUNCTION pg_temp.full()"
        )
        yield
        cursor.execute("DROP TRIGGER full_disk ON complaints_complaint")
        cursor.execute("DROP FUNCTION pg_temp.full()")


@contextmanager
def locked_table() -> Iterator[None]:
    """FT10: another session holds the table for longer than a statement may take."""
    facts = connection.settings_dict
    before = facts["OPTIONS"]
    connection.close()
    facts["OPTIONS"] = before | {"options": f"{before.get('options', '')} -c statement_timeout=500"}
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute(f"SET ROLE {ADMINISTRATOR}")
            cursor.execute("BEGIN; LOCK TABLE complaints_complaint IN ACCESS EXCLUSIVE MODE")
            yield
    finally:
        other.close()
        connection.close()
        facts["OPTIONS"] = before


@contextmanager
def no_connection_left() -> Iterator[None]:
    """FT10: PostgreSQL takes no more of them."""
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    with as_administrator() as cursor:
        cursor.execute(f"ALTER DATABASE {name} CONNECTION LIMIT 0")
    connection.close()
    try:
        yield
    finally:
        with psycopg2.connect(**_administrator()) as other, other.cursor() as cursor:
            cursor.execute(f"ALTER DATABASE {name} CONNECTION LIMIT -1")
        other.close()


@contextmanager
def silent_server() -> Iterator[list[socket.socket]]:
    """FT10: PostgreSQL hangs: it takes connections, each of which is in the list, and never says a word."""
    facts = connection.settings_dict
    before = facts["HOST"], facts["PORT"], facts["OPTIONS"]
    connection.close()
    taken: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        facts["HOST"], facts["PORT"] = "127.0.0.1", str(server.getsockname()[1])
        facts["OPTIONS"] = before[2] | {"connect_timeout": 2}
        threading.Thread(target=_take, args=(server, taken), daemon=True).start()
        try:
            yield taken
        finally:
            connection.close()
            facts["HOST"], facts["PORT"], facts["OPTIONS"] = before
            server.shutdown(socket.SHUT_RDWR)
            for line in taken:
                line.close()


def _take(server: socket.socket, taken: list[socket.socket]) -> None:
    with suppress(OSError):
        while True:
            taken.append(server.accept()[0])


def _administrator() -> dict[str, Any]:
    """How the administrator logs in, for whom the limit does not count."""
    found = connection.get_connection_params()
    return {name: found[name] for name in ("dbname", "host", "port") if name in found} | {
        "user": ADMINISTRATOR
    }


@pytest.fixture
def visitor() -> Client:
    """Sees the page of an error rather than the exception."""
    return Client(raise_request_exception=False)


def kept(page: str) -> dict[str, str]:
    """The fields that the page would send again, as a browser reads them."""
    found = re.findall(r'<textarea hidden name="([^"]+)">\n(.*?)</textarea>', page, re.DOTALL)
    return {name: html.unescape(value) for name, value in found}


@pytest.mark.parametrize("path", ["/lapor/", "/lacak/", "/kelola/"])
def test_a_page_without_the_database_is_503_and_says_when_to_come_back(visitor: Client, path: str) -> None:
    """It was a 500 that called it our mistake, and gave no time."""
    visitor.cookies["sid"] = "x" * 32  # as of a person who is logged in: their session is in the database
    with database_away():
        answer = visitor.get(path)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("fault", [database_away, full_disk, locked_table, no_connection_left])
def test_a_complaint_that_could_not_be_taken_is_sent_again_from_the_page(visitor: Client, fault) -> None:
    key = hidden(visitor.get("/lapor/").content.decode(), "key")
    sent = FIELDS | {"key": key}
    with fault():
        picture = SimpleUploadedFile("layar.jpg", jpeg(), "image/jpeg")
        answer = visitor.post("/lapor/", {**sent, "evidence": picture})
    assert answer.status_code == 503
    again = kept(answer.content.decode())
    assert {name: again[name] for name in sent} == sent
    assert visitor.post("/lapor/", again).status_code == 302
    assert visitor.post("/lapor/", again).status_code == 302
    assert Complaint.objects.count() == 1


@pytest.mark.parametrize("path", ["/", "/lapor/", "/lacak/", "/kelola/", "/api/v1/lists"])
def test_a_page_waits_once_for_a_database_that_hangs(visitor: Client, path: str) -> None:
    """It waited without an end, and with it one thread after another."""
    visitor.cookies["sid"] = "x" * 32
    headers = {"Authorization": "Bearer an_aaaaaaaa_" + "b" * 43} if path.startswith("/api/") else {}
    with silent_server() as taken:
        answer = visitor.get(path, headers=headers)
        assert answer.status_code in {200, 503}  # 200: it needs no database
        assert len(taken) == (answer.status_code == 503)


def test_a_page_gives_up_within_three_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """FT10: each wait for PostgreSQL ends a request with 503, so one of them is all that a page takes."""
    limits = {"CONNECT_TIMEOUT_S": 1, "LOCK_TIMEOUT_MS": 1000, "STATEMENT_TIMEOUT_MS": 1000}
    for name in limits:
        monkeypatch.delenv(f"ADUAN_DB_{name}", raising=False)
    runpy.run_path("deploy/gunicorn.py")
    assert all(0 < float(os.environ[f"ADUAN_DB_{name}"]) / unit < 3 for name, unit in limits.items())


def test_a_log_in_is_typed_again(visitor: Client) -> None:
    with database_away():
        answer = visitor.post("/akun/login/", {"login": "budi@aduan.example", "password": "rahasia sekali"})
    assert answer.status_code == 503
    assert b"rahasia" not in answer.content
    assert kept(answer.content.decode()) == {}


def test_machines_get_a_problem(visitor: Client) -> None:
    with database_away():
        answer = visitor.get("/api/v1/lists", headers={"Authorization": "Bearer an_aaaaaaaa_" + "b" * 43})
        sent = FIELDS | {"key": str(uuid.uuid4())}
        form = visitor.post("/lapor/", sent, headers={"Accept": "application/json"})
    for one in (answer, form):
        assert one.status_code == 503
        assert one["Retry-After"] == "30"
        assert one["Content-Type"] == "application/problem+json"
        assert one.json()["code"] == "unavailable"


def test_another_mistake_of_ours_stays_a_500(visitor: Client, monkeypatch) -> None:
    monkeypatch.setattr("portal.public.complaint_views.ComplaintForm.fresh", lambda: 1 / 0)
    answer = visitor.get("/lapor/")
    assert answer.status_code == 500
    assert "Retry-After" not in answer


@pytest.mark.parametrize("password", [PASSWORD, "tebakan"])
def test_without_the_counts_of_attempts_no_one_is_logged_in_and_the_page_says_why(
    visitor: Client, budi: User, settings, password: str
) -> None:
    """FT6: guessing would have no limit; it was a 500. Complaints are taken meanwhile."""
    settings.CACHES = {
        name: cache | {"LOCATION": "redis://127.0.0.1:9"} for name, cache in settings.CACHES.items()
    }
    answer = visitor.post("/akun/login/", {"login": budi.email, "password": password})
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert "_auth_user_id" not in visitor.session
