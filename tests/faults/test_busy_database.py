"""FT10: a table stays locked: each page is a 503 and gives its thread to the next, in a real gunicorn."""

from __future__ import annotations

import contextlib
import http.client
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import connection

from tests.database import ADMINISTRATOR
from tests.nginx import Front

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
VISITORS = 60  # more than two times the threads of both processes


@contextlib.contextmanager
def sessions_locked() -> Iterator[None]:
    """What every page of a person who is logged in reads first."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute(f"SET ROLE {ADMINISTRATOR}")
            cursor.execute("BEGIN; LOCK TABLE django_session IN ACCESS EXCLUSIVE MODE")
            yield
    finally:
        other.close()


def status(front: Front, path: str, cookie: str = "") -> int:
    line = http.client.HTTPSConnection("127.0.0.1", front.ports["https"], timeout=120, context=front.trust())
    with contextlib.closing(line):
        line.request("GET", path, headers={"Cookie": cookie} if cookie else {})
        answer = line.getresponse()
        answer.read()
        return answer.status


def test_sixty_visitors_at_a_locked_table_are_answered_and_leave_no_one_waiting(front: Front) -> None:
    front.start()
    known = f"{settings.SESSION_COOKIE_NAME}={'x' * 32}"
    assert status(front, "/lapor/", known) == 200
    with ThreadPoolExecutor(VISITORS) as visitors, sessions_locked():
        asked = [visitors.submit(status, front, "/lapor/", known) for _visitor in range(VISITORS)]
        assert status(front, "/healthz") == 200
        assert [one.result() for one in asked] == [503] * VISITORS
    assert status(front, "/lapor/", known) == 200
