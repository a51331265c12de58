"""A database of its own for a benchmark: made, migrated, filled, thrown away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection

NAME = "aduan_bench"


@contextmanager
def scratch() -> Iterator[None]:
    """Points Django's connection at an empty, migrated database and drops it afterwards."""
    usual = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {NAME}")
    _use(NAME)
    try:
        call_command("migrate", verbosity=0)
        yield
    finally:
        _use(usual)
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")


def _use(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
