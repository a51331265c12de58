"""Lists sort by place; that must be the order of `LC_ALL=C sort`, for numbers of any length."""

from __future__ import annotations

import random

import pytest
from django.db import connection

from aduan.blocklists.services.entries_sql import PLACE

pytestmark = pytest.mark.django_db


def test_place_sorts_as_the_c_locale_does() -> None:
    dice = random.Random(7)
    numbers = {dice.randrange(100, 10 ** dice.randrange(3, 16)) for _ in range(4000)}
    numbers |= {int(str(number)[:length]) for number in list(numbers)[:500] for length in (3, 5, 8, 11)}
    numbers = {number for number in numbers if number >= 100}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT n FROM unnest(%s::bigint[]) n ORDER BY {PLACE.format('n')}, n",  # noqa: S608
            [list(numbers)],
        )
        assert [row[0] for row in cursor.fetchall()] == sorted(
            numbers, key=lambda number: str(number).encode()
        )
