"""Writing down reports that were turned away, so that the ministry sees them and not only their sender."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from aduan.blocklists.models import BlockList, RejectedOutcomeReport

if TYPE_CHECKING:
    import datetime as dt

    from aduan.accounts.models import User
    from aduan.core.errors import Invalid
    from aduan.operators.models import AccessKey

_DIGEST = re.compile(r"[0-9a-f]{64}")
NAMED = 20  # so many numbers that are not on the list are kept


def record_rejected_report(
    block_list: BlockList,
    refusal: Invalid,
    *,
    list_digest: str,
    at: dt.datetime,
    by: User | None,
    access_key: AccessKey | None,
) -> None:
    """Keep what was refused and why, each refusal about a list once.

    A machine that retries sends the same again every few minutes, also between reports that are taken.
    """
    rows: list[dict[str, Any]] = refusal.details.get("rows", [])
    said: dict[str, Any] = {
        "block_list": block_list,
        "code": refusal.code,
        "list_digest": list_digest if _DIGEST.fullmatch(list_digest) else "",
        "row_codes": dict(Counter(row["code"] for row in rows)),
        "extra": [row["number"] for row in rows if row["code"] == "not_on_list"][:NAMED],
    }
    known = RejectedOutcomeReport.objects.filter(operator_id=block_list.operator_id, **said)
    if not known.exists():
        RejectedOutcomeReport.objects.create(
            operator_id=block_list.operator_id, by=by, access_key=access_key, at=at, **said
        )
