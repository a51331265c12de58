"""Writing down reports that were turned away, so that the ministry sees them and not only their sender."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from aduan.blocklists.models import BlockList, RejectedOutcomeReport
from aduan.blocklists.queries import open_refusals

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
    """Keep what was refused and why. The same refusal again and again, by a machine that retries, is one."""
    rows: list[dict[str, Any]] = refusal.details.get("rows", [])
    said: dict[str, Any] = {
        "block_list": block_list,
        "code": refusal.code,
        "list_digest": list_digest if _DIGEST.fullmatch(list_digest) else "",
        "row_codes": Counter(row["code"] for row in rows),
        "extra": [row["number"] for row in rows if row["code"] == "not_on_list"][:NAMED],
    }
    last = open_refusals(block_list.operator_id).first()
    if last is None or any(getattr(last, name) != value for name, value in said.items()):
        RejectedOutcomeReport.objects.create(
            operator_id=block_list.operator_id, by=by, access_key=access_key, at=at, **said
        )
