"""The questions an operator has been asked about spoofed numbers, and what it answered."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django_stubs_ext import StrOrPromise

from aduan.cases.models import TraceRequest
from aduan.operators.models import Operator

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Question:
    """`case_id` is for `complaints.queries.calls_of`, which knows when it rang."""

    trace_id: int
    case_id: int
    reference: str
    number: str
    asked_at: dt.datetime
    answered_at: dt.datetime | None
    finding: StrOrPromise
    answer: str


def questions_to(
    operator: Operator, *, answered: bool = False, before: int | None = None
) -> tuple[Question, ...]:
    """Up to a page of them, newest first; `before` is the last `trace_id` of the page above."""
    asked = TraceRequest.objects.filter(operator=operator, answered_at__isnull=not answered)
    if before is not None:
        asked = asked.filter(pk__lt=before)
    return tuple(
        Question(
            trace_id=item.pk,
            case_id=item.case_id,
            reference=item.case.reference,
            number=item.case.number_text,
            asked_at=item.asked_at,
            answered_at=item.answered_at,
            finding=item.get_finding_display(),
            answer=item.answer,
        )
        for item in asked.select_related("case").order_by("-pk")[:PAGE]
    )
