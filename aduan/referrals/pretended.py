"""What the sandbox of platforms is asked: always the same one referral, in no table."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Final

from aduan.cases.models import Case
from aduan.operators.models import Operator
from aduan.referrals.models import Referral
from aduan.referrals.notice import EvidenceSummary

PRETENDED_UID: Final = uuid.UUID("5a6d8c1e-0000-4000-8000-000000000000")
_MADE_AT: Final = dt.datetime(2026, 1, 2, 3, 0, tzinfo=dt.UTC)
_EVIDENCE: Final = EvidenceSummary({"image": 3, "text": 1}, 2, dt.date(2025, 12, 28), dt.date(2026, 1, 1))


def pretended_referral(sandbox: Operator) -> Referral:
    """`R-00000000` of `K-00000000`, which no sequence gives. Never saved, and so is every answer to it."""
    return Referral(
        pk=0,
        uid=PRETENDED_UID,
        case=Case(pk=0),
        platform=sandbox,
        account="telegram:@contoh_undian",
        category="HADIAH",
        evidence=_EVIDENCE.as_json(),
        made_at=_MADE_AT,
    )
