"""Primary keys taken before their rows are written: what a code over a new row names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from django.db.models import Model


def keys_ahead(model: type[Model], count: int = 1) -> list[int]:
    """The table's next keys, for the caller alone. One that is never used leaves a gap."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [key for (key,) in cursor.fetchall()]
