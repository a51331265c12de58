"""Deleting downloads and outcomes whose ten years are over.

The database does it, by a function of its owner: blocklists/sql/delete_old_proofs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import connection, transaction

from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction

if TYPE_CHECKING:
    import datetime as dt

_BATCH: Final = 10_000


def delete_old_proofs(*, at: dt.datetime, batch: int = _BATCH) -> int:
    """Deletes every download, outcome and report older than ten years by the database's clock; how many.

    A transaction a batch: a killed run goes on where it stopped.
    """
    deleted = 0
    while found := _delete_batch(batch):
        deleted += found
    if deleted:
        audit_log.record(
            AuditAction.LIST_PROOFS_DELETE,
            actor="system",
            subject="block_lists",
            detail={"rows": deleted},
            at=at,
        )
    return deleted


@transaction.atomic
def _delete_batch(batch: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT blocklists_delete_old_proofs(%s)", [batch])
        return int(cursor.fetchone()[0])
