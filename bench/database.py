"""A database of its own for a benchmark: made, migrated, filled, thrown away."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection

# With ADUAN_BENCH_KEEP=1 the database stays and the next run takes it as it is: filling ten million rows
# takes minutes. DATABASE_URL has to name a server that stays, too.
KEEP = bool(os.environ.get("ADUAN_BENCH_KEEP"))


@contextmanager
def scratch(name: str = "empty", fill: Callable[[], object] | None = None) -> Iterator[str]:
    """Points Django's connection at a migrated and filled database, dropped afterwards; gives its name."""
    keep = KEEP and fill is not None
    usual = str(connection.settings_dict["NAME"])
    database = f"aduan_bench_{name}"
    if not (keep and _is_filled(database)):
        _execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)", f"CREATE DATABASE {database}")
    try:
        use(database)
        call_command("migrate", verbosity=0)
        if fill is not None and not _is_filled(database):
            fill()
            _execute(f"COMMENT ON DATABASE {database} IS 'filled'")
        yield database
    finally:
        use(usual)
        if not keep:
            _execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")


def load_register() -> None:
    """Operators, number ranges and protected numbers, as `manage.py migrate` leaves them for `make up`."""
    call_command("load_reference", stdout=io.StringIO())


def use(database: str) -> None:
    """Here, and in the processes that are started from now on."""
    connection.close()
    connection.settings_dict["NAME"] = database
    os.environ["DATABASE_URL"] = f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{database}"


def _is_filled(database: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_database WHERE datname = %s"
            " AND shobj_description(oid, 'pg_database') = 'filled'",
            [database],
        )
        return bool(cursor.fetchone()[0])


def _execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
