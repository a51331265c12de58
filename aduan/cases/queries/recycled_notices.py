"""Notices of new holders that wait for a person."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from aduan.cases.models import RecycledNotice
from aduan.numbers.parsing import format_number


@dataclass(frozen=True, slots=True)
class WaitingNotice:
    id: int
    case_id: int
    reference: str
    number: str
    operator: str
    source: str
    received_at: dt.datetime
    may_be_believed: bool


def waiting_recycled(*, limit: int = 200) -> list[WaitingNotice]:
    """Oldest first: each of them may be an innocent new holder whose line is cut."""
    rows = RecycledNotice.objects.filter(state=RecycledNotice.State.WAITING)
    return [
        WaitingNotice(
            id=row.pk,
            case_id=row.case_id,
            reference=row.case.reference,
            number=format_number(row.case.number_text),
            operator=row.operator.name,
            source=str(row.get_source_display()),
            received_at=row.received_at,
            may_be_believed=row.may_be_believed,
        )
        for row in rows.select_related("case", "operator").order_by("received_at", "pk")[:limit]
    ]
