"""Loading many rows: without indexes first, then each index built once over all of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

# Primary keys stay (rows come in their order), and whatever a foreign key leans on.
_INDEXES = """
    SELECT format('DROP INDEX %%I', c.relname), pg_get_indexdef(c.oid)
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE i.indrelid = ANY(%(tables)s::regclass[])
        AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = c.oid)
    UNION ALL
    SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', k.conrelid::regclass, k.conname),
        format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', k.conrelid::regclass, k.conname,
            pg_get_constraintdef(k.oid))
    FROM pg_constraint k
    WHERE k.conrelid = ANY(%(tables)s::regclass[]) AND k.contype IN ('u', 'x')
        AND NOT EXISTS (SELECT 1 FROM pg_constraint f WHERE f.contype = 'f' AND f.conindid = k.conindid)
"""


@contextmanager
def unindexed(*tables: str) -> Iterator[None]:
    """No secondary index and no trigger while rows are loaded; at the end all indexes are as they were."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET maintenance_work_mem = '1GB'")
        cursor.execute("SET work_mem = '256MB'")
        cursor.execute(_INDEXES, {"tables": list(tables)})
        found = cursor.fetchall()
        for drop, _create in found:
            cursor.execute(drop)
        yield
        for _drop, create in found:
            cursor.execute(create)
        cursor.execute("RESET ALL")
        cursor.execute(f"VACUUM ANALYZE {', '.join(tables)}")


@contextmanager
def past_triggers() -> Iterator[None]:
    """Loads rows as the database's superuser, past the rules that the services keep."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
