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
    finding_code: str
    answer: str
    pretended_calls: tuple[dt.datetime, ...] = ()


# What the sandbox is asked: always the same, and its answers are forgotten.
_PRETENDED: Final = Question(
    trace_id=1,
    case_id=0,
    reference="K-00000000",
    number="+6284000000000",
    asked_at=dt.datetime(2026, 1, 2, 3, 0, tzinfo=dt.UTC),
    answered_at=None,
    finding="",
    finding_code="",
    answer="",
    pretended_calls=(dt.datetime(2026, 1, 1, 12, 0, tzinfo=dt.UTC),),
)


def questions_to(
    operator: Operator, *, answered: bool = False, before: int | None = None
) -> tuple[Question, ...]:
    """Up to a page of them, newest first; `before` is the last `trace_id` of the page above."""
    if operator.is_sandbox:
        return () if answered or (before or 2) < 2 else (_PRETENDED,)
    asked = TraceRequest.objects.filter(operator=operator, answered_at__isnull=not answered)
    if before is not None:
        asked = asked.filter(pk__lt=before)
    return tuple(_question(item) for item in asked.select_related("case").order_by("-pk")[:PAGE])


def question_to(operator: Operator, trace_id: int) -> Question | None:
    """One of the operator's own; None for anybody else's."""
    if operator.is_sandbox:
        return _PRETENDED if trace_id == _PRETENDED.trace_id else None
    item = TraceRequest.objects.filter(operator=operator, pk=trace_id).select_related("case").first()
    return _question(item) if item is not None else None


def _question(item: TraceRequest) -> Question:
    return Question(
        trace_id=item.pk,
        case_id=item.case_id,
        reference=item.case.reference,
        number=item.case.number_text,
        asked_at=item.asked_at,
        answered_at=item.answered_at,
        finding=item.get_finding_display(),
        finding_code=item.finding,
        answer=item.answer,
    )
