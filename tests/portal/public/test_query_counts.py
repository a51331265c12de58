"""Every page in at most twelve statements."""

from unittest.mock import Mock

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.common import shared_cache
from tests.portal.public.forms import opened, receipt_of, screenshot, send

MOST = 12


def asked_of(context: CaptureQueriesContext) -> list[str]:
    """Without the savepoints that only a test needs (a request is one transaction in itself)."""
    texts = [query["sql"] for query in context.captured_queries]
    return [text for text in texts if not text.startswith(("SAVEPOINT", "RELEASE SAVEPOINT"))]


@pytest.mark.parametrize(
    "path", ["/lapor/", "/cek/", "/lacak/", "/bantuan/", "/pesan-kami/", "/aksesibilitas/", "/n"]
)
def test_a_page_that_only_speaks_asks_the_database_nothing(client: Client, path: str) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    assert asked_of(asked) == []


@pytest.mark.parametrize(("path", "statements"), [("/", 2), ("/uang/", 1), ("/privasi/", 1)])
def test_a_page_with_lines_periods_or_warnings_asks_once_for_each(
    client: Client, path: str, statements: int
) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    assert len(asked_of(asked)) == statements


def test_personal_pages_ask_little(client: Client) -> None:
    answer = send(client, evidence=screenshot(), contact_email="sari@example.id")
    ticket, secret = receipt_of(answer)
    for path in (opened(client, answer["Location"]), opened(client, f"/lacak/{ticket}/{secret}/")):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        assert len(asked_of(asked)) <= MOST, asked_of(asked)


def test_checking_a_number_asks_little(client: Client) -> None:
    with CaptureQueriesContext(connection) as asked:
        client.post("/cek/", {"number": "0812-3456-7890"})
    assert len(asked_of(asked)) <= MOST


def test_an_answer_of_the_check_asks_the_database_and_the_cache_once(client: Client, monkeypatch) -> None:
    client.post("/cek/", {"number": "0812-3456-7890"})
    count = Mock(side_effect=shared_cache.SharedCache.count, autospec=True)
    monkeypatch.setattr(shared_cache.SharedCache, "count", lambda *given: count(*given))
    for number in ("0812-3456-7891", "0812-3456-7892"):
        with CaptureQueriesContext(connection) as asked:
            assert client.post("/cek/", {"number": number}).status_code == 200
        assert len(asked.captured_queries) == 1
    assert count.call_count == 2
