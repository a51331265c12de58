"""Writing the audit ledger. Call it in the transaction of the act itself: a rollback writes none."""

from __future__ import annotations

import datetime as dt
from typing import Any

from aduan.core.models import LedgerEntry


def record(
    action: str, *, actor: str, subject: str, at: dt.datetime, detail: dict[str, Any] | None = None
) -> None:
    """Append one act, e.g. `record("sign_off", actor="user:7", subject="case:12", at=at)`.

    `detail` holds ids and digests only, no personal data and no text that a person typed.
    """
    LedgerEntry.objects.create(action=action, actor=actor, subject=subject, at=at, detail=detail or {})
