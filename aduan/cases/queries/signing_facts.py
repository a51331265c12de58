"""What stands in front of every signature, whichever page it is given on."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aduan.cases.models import Case, CaseEvent, Finding, TraceRequest
from aduan.cases.queries.checklist import Check, checklist_of
from aduan.cases.workflow import CaseAction
from aduan.operators.models import Operator

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

STATEMENTS: Final = 5


@dataclass(frozen=True, slots=True)
class OperatorStatement:
    """What an operator said: an outcome's code (`refused`), or where spoofed calls came from."""

    operator: str
    at: dt.datetime
    outcome: str = ""
    finding: StrOrPromise = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class SigningFacts:
    """The figures of a case, the checklist of a block, and the newest statements of operators."""

    independent: int
    confirmed: int
    evidence: int
    checklist: tuple[Check, ...]
    statements: tuple[OperatorStatement, ...]


def signing_facts(cases: Iterable[Case]) -> dict[int, SigningFacts]:
    """Of each case, by its key. No statement for cases that were never decided, else three for all."""
    cases = list(cases)
    said = _statements([case.pk for case in cases if case.decided_at or case.reopened_count])
    return {
        case.pk: SigningFacts(
            independent=case.independent_count,
            confirmed=case.confirmed_count,
            evidence=case.evidence_count,
            checklist=checklist_of(case),
            statements=tuple(said[case.pk][:STATEMENTS]),
        )
        for case in cases
    }


def _statements(keys: list[int]) -> defaultdict[int, list[OperatorStatement]]:
    """Newest first. Operators were asked nothing about a case without a decision."""
    found: defaultdict[int, list[OperatorStatement]] = defaultdict(list)
    if not keys:
        return found
    answers = CaseEvent.objects.filter(case__in=keys, action=CaseAction.ANSWER)
    names = dict(Operator.objects.values_list("pk", "name"))
    for event in answers.order_by("-pk"):
        operator = names.get(event.detail.get("operator"), "–")
        found[event.case_id].append(
            OperatorStatement(operator, event.created_at, outcome=event.detail.get("answer", ""))
        )
    asked = TraceRequest.objects.filter(case__in=keys, answered_at__isnull=False)
    for trace in asked.order_by("-answered_at"):
        assert trace.answered_at is not None  # noqa: S101 - narrows the type only
        found[trace.case_id].append(
            OperatorStatement(
                names.get(trace.operator_id, "–"),
                trace.answered_at,
                finding=Finding(trace.finding).label,
                note=trace.answer,
            )
        )
    for statements in found.values():
        statements.sort(key=lambda one: one.at, reverse=True)
    return found
