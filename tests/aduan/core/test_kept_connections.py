"""A kept connection is used again without being asked, and not after its server has ended it."""

from __future__ import annotations

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext


@pytest.fixture
def other(transactional_db):
    """A connection of its own, as requests keep one: tests share theirs."""
    own = connections.create_connection("default")
    own.settings_dict["CONN_HEALTH_CHECKS"] = True
    yield own
    own.close()


def _used(own):
    own.health_check_done = False  # a new request begins
    with own.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def test_a_living_connection_is_not_asked(other):
    first = _used(other)
    with CaptureQueriesContext(other) as asked:
        assert _used(other) == first
    assert [query["sql"] for query in asked.captured_queries] == ["SELECT pg_backend_pid()"]
    assert other.is_usable()


def test_a_connection_that_its_server_ended_is_opened_anew(other):
    first = _used(other)
    _used(other)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [first])
    assert _used(other) != first
