"""SQL as an attacker would send it, a statement a transaction."""

from __future__ import annotations

from django.db import connection, transaction


def run_sql(statement: str, **given: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, given)  # type: ignore[arg-type]  # psycopg2 takes any value
