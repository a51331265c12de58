"""The row behind an access key, read with every request of a machine: its statement is put together once."""

from __future__ import annotations

import functools

from django.db import connection

from aduan.operators.models import AccessKey, Operator


def key_with_prefix(prefix: str) -> AccessKey | None:
    """What `AccessKey.objects.select_related("operator")` finds, without compiling 40 columns each time."""
    statement, of_key, of_operator = _statement()
    with connection.cursor() as cursor:
        cursor.execute(statement, [prefix])
        row = cursor.fetchone()
    if row is None:
        return None
    key = AccessKey.from_db(connection.alias, of_key, row[: len(of_key)])
    key.operator = Operator.from_db(connection.alias, of_operator, row[len(of_key) :])
    return key


@functools.cache
def _statement() -> tuple[str, list[str], list[str]]:
    of_key, of_operator = AccessKey._meta.concrete_fields, Operator._meta.concrete_fields
    columns = [f"k.{field.column}" for field in of_key] + [f"o.{field.column}" for field in of_operator]
    statement = (
        f"SELECT {', '.join(columns)} FROM {AccessKey._meta.db_table} k"  # noqa: S608 - names of ours
        f" JOIN {Operator._meta.db_table} o ON o.id = k.operator_id WHERE k.prefix = %s"
    )
    return statement, [field.attname for field in of_key], [field.attname for field in of_operator]
