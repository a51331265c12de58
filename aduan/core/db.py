"""Writing a row at most once: the database's unique constraints decide, not a query beforehand."""

from __future__ import annotations

from django.db import connections, models, router


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
