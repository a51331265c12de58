"""Operators answer where calls that showed a spoofed number really came from."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.roles import Permission
from aduan.cases.models import Case, CaseEvent, Finding, TraceRequest
from aduan.cases.services.transitions import apply_transition, lock_case
from aduan.cases.workflow import LIVE, CaseAction, Status
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden, Invalid, WrongState
from aduan.core.text import without_steering
from aduan.operators.actors import Actor

LONGEST: Final = 2000
_CONTROL: Final = frozenset(chr(code) for code in range(32) if chr(code) not in "\n\t") | {"\x7f"}


@transaction.atomic
def answer_trace(
    request: TraceRequest, *, finding: str, note: str = "", actor: Actor, at: dt.datetime
) -> TraceRequest:
    """Takes an operator's one answer and puts it on the case's timeline. `finding` is a `Finding`.

    Anyone who names another network or a country says which in `note`. An operator that finds the calls on
    the number's own line contradicts the decision: the case is opened again for people to look. Raises
    Forbidden for another operator's request, WrongState when it was answered otherwise; the same again
    changes nothing. An answer from the sandbox is checked and forgotten.
    """
    actor.require(Permission.REPORT_OUTCOMES)
    if actor.operator.is_sandbox:
        _checked(finding, note)
        return request
    case = lock_case(Case(pk=request.case_id))
    request = TraceRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if request.operator_id != actor.operator.pk:
        raise Forbidden("not_your_request", _("This question was put to another operator."))
    note = _checked(finding, note)
    if request.answered_at is not None:
        if (request.finding, request.answer) == (finding, note):
            return request
        raise WrongState("answered_already", _("This question has been answered already."))
    request.finding, request.answer, request.answered_at = finding, note, at
    request.answered_by, request.answered_with = actor.user, actor.access_key
    request.save(update_fields=["finding", "answer", "answered_at", "answered_by", "answered_with"])
    reported = {"operator": request.operator_id, "trace": request.pk, "finding": finding}
    apply_transition(case, CaseAction.ANSWER, by=None, at=at, reason=note, detail=reported)
    if finding == Finding.OWN_LINE and case.status == Status.SPOOFED and not _newer(case):
        apply_transition(
            case,
            CaseAction.REOPEN,
            by=None,
            at=at,
            system_reason=CaseEvent.SystemReason.OWN_LINE,
            detail=reported,
        )
    audit_log.record(
        AuditAction.CASE_ANSWER_TRACE, actor=actor.label, subject=f"case:{case.pk}", at=at, detail=reported
    )
    return request


def _newer(case: Case) -> bool:
    return Case.objects.filter(number_id=case.number_id, status__in=LIVE).exists()


def _checked(finding: str, note: str) -> str:
    if finding not in Finding.values:
        raise Invalid("finding_unknown", _("Choose one of the offered answers."), field="finding")
    if len(note.strip()) > LONGEST:
        raise Invalid(
            "note_too_long", _("Keep the note under %(max)d characters.") % {"max": LONGEST}, field="note"
        )
    if not _CONTROL.isdisjoint(note):
        raise Invalid(
            "note_unreadable", _("The note contains characters that cannot be shown."), field="note"
        )
    note = without_steering(note).strip()
    names_another = finding in (Finding.OTHER_NETWORK, Finding.ABROAD)
    if names_another and not note:
        raise Invalid("note_missing", _("Please say which network or country."), field="note")
    return note
