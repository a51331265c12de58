"""Fixtures for those who attack."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection


@pytest.fixture
def injected() -> Iterator[None]:
    """The test has the rights of `aduan_app`, whatever role it logged in as."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE aduan_app")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
