"""Rows of SQL by column name, and inserting a row at most once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connections, models, router

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper


def named_rows(cursor: CursorWrapper) -> list[dict[str, Any]]:
    """All rows of the last query as dicts by column name."""
    names = [column.name for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def insert_or_ignore(row: models.Model) -> bool:
    """INSERT … ON CONFLICT DO NOTHING.

    False when a unique constraint already holds such a row; sets the key if not.

    Django's `bulk_create(ignore_conflicts=True)` does not say whether it wrote anything.
    """
    connection = connections[router.db_for_write(type(row))]
    fields = [
        field
        for field in row._meta.concrete_fields
        if not (field.primary_key and getattr(row, field.attname) is None)
    ]
    quote = connection.ops.quote_name
    key = row._meta.pk
    # Table and column names are our own, quoted by the driver; every value is a parameter.
    statement = "INSERT INTO {} ({}) VALUES ({}) ON CONFLICT DO NOTHING RETURNING {}".format(  # noqa: S608
        quote(row._meta.db_table),
        ", ".join(quote(field.column or "") for field in fields),
        ", ".join(["%s"] * len(fields)),
        quote(key.column or ""),
    )
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        written = cursor.fetchone()
    if written is None:
        return False
    setattr(row, key.attname, written[0])
    row._state.adding = False
    return True
