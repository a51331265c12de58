"""After a new master key came first in VAULT_KEYS: keys of complaints and files come under that one."""

from __future__ import annotations

import logging
import math
import time
from typing import Any, Final

from django.db import connection, transaction

from aduan.complaints.models import Complaint, Evidence
from aduan.core import vault

_logger = logging.getLogger(__name__)
_NAMED_BY: Final = {Complaint: "ticket", Evidence: "uid"}  # what stands in the AAD


def rewrap_all_keys(*, batch: int = 1000, seconds: float = math.inf) -> int:
    """Batch after batch to the last wrapped key, beginning none after so many seconds. How many were old.

    Each row is read once, and new complaints come under the current key, so it ends however many come in. A
    row that is locked meanwhile is left to the next run; so is one that cannot be read, with a line logged.
    """
    if not vault.has_older_keys():
        return 0  # and no row is read
    renewed, end = 0, time.monotonic() + seconds
    for model in (Complaint, Evidence):
        after: int | None = 0
        while after is not None and time.monotonic() < end:
            done, after = _rewrap_batch(model, after=after, limit=batch)
            renewed += done
    return renewed


def old_keys() -> int:
    """Complaints and files whose key is under an older master key. Reads every row."""
    return sum(
        model._default_manager.exclude(subject_key=None)
        .extra(where=["substring(subject_key from 2 for 4) <> %s"], params=[vault.current_key_id()])
        .count()
        for model in (Complaint, Evidence)
    )


@transaction.atomic
def _rewrap_batch(model: type[Complaint | Evidence], *, after: int, limit: int) -> tuple[int, int | None]:
    """How many of the rows behind `after` were renewed, and the last of them; None when there was none."""
    rows: list[Any] = list(
        model._default_manager.raw(  # the name of the key stands in bytes 2 to 5
            f"SELECT id, subject_key, {_NAMED_BY[model]} FROM {model._meta.db_table} WHERE id > %s"  # noqa: S608 - ours
            " AND subject_key IS NOT NULL AND substring(subject_key from 2 for 4) <> %s"
            " ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED",
            [after, vault.current_key_id(), limit],
        )
    )
    renewed: dict[int, bytes] = {}
    for row in rows:
        try:
            renewed[row.pk] = vault.reencrypt(row.subject_key or b"", aad=row.aad_for("subject_key"))
        except (vault.Tampered, vault.KeyUnknown) as error:
            _logger.error("key not renewed: %s", error)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {model._meta.db_table} AS t SET subject_key = n.key"  # noqa: S608 - a table of ours
            " FROM unnest(%s::bigint[], %s::bytea[]) AS n(id, key) WHERE t.id = n.id",
            [list(renewed), list(renewed.values())],
        )
    return len(renewed), rows[-1].pk if rows else None
