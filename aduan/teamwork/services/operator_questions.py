"""Asking the people of an operator about a number, and their answer."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases.models import Case
from aduan.cases.services.transitions import lock_case, require_no_part
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden, Invalid, WrongState
from aduan.operators.actors import Actor
from aduan.teamwork.models import InboxItem, OperatorQuestion
from aduan.teamwork.services.inbox import add_lines, watchers_of

LONGEST_QUESTION: Final = 2000


@transaction.atomic
def ask_operator(case: Case, *, by: User, at: dt.datetime, text: str) -> OperatorQuestion:
    """Puts one question to the operator of the number. It stands on the operator's page until it is answered.

    Raises Invalid without an operator or a text, WrongState while an earlier question is open.
    """
    if not (by.has_permission(Permission.DECIDE) or by.has_permission(Permission.SIGN_OFF)):
        raise Forbidden(
            "not_permitted", _("You do not have the permission for this."), permission=Permission.DECIDE
        )
    case = lock_case(case)
    require_no_part(case, by=by)
    text = _checked(text)
    if case.operator_id is None:
        raise Invalid("no_operator", _("No operator is known for this number."), field="question")
    if OperatorQuestion.objects.filter(case=case, operator=case.operator_id, answered_at=None).exists():
        raise WrongState("question_open", _("The operator has not answered the last question yet."))
    question = OperatorQuestion.objects.create(
        case=case, operator_id=case.operator_id, text=text, asked_by=by, asked_at=at
    )
    _record(AuditAction.CASE_ASK_OPERATOR, question, f"user:{by.pk}", at)
    return question


@transaction.atomic
def answer_operator_question(
    question: OperatorQuestion, *, actor: Actor, at: dt.datetime, text: str
) -> OperatorQuestion:
    """Takes the operator's one answer; it reaches who asked and who watches the case."""
    actor.require(Permission.REPORT_OUTCOMES)
    question = OperatorQuestion.objects.select_for_update(of=("self",)).get(pk=question.pk)
    if question.operator_id != actor.operator.pk:
        raise Forbidden("not_your_request", _("This question was put to another operator."))
    if question.answered_at is not None:
        raise WrongState("answered_already", _("This question has been answered already."))
    question.answer, question.answered_by, question.answered_at = _checked(text), actor.user, at
    question.save(update_fields=["answer", "answered_by", "answered_at"])
    concerned = {question.asked_by_id, *watchers_of(question.case_id)}
    add_lines(question.case_id, InboxItem.Kind.OPERATOR_ANSWERED, concerned, at=at)
    _record(AuditAction.CASE_ANSWER_QUESTION, question, actor.label, at)
    return question


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise Invalid("text_missing", _("Write something first."), field="question")
    if len(text) > LONGEST_QUESTION:
        message = _("Keep the text under %(max)d characters.") % {"max": LONGEST_QUESTION}
        raise Invalid("text_too_long", message, field="question")
    return text


def _record(action: AuditAction, question: OperatorQuestion, actor: str, at: dt.datetime) -> None:
    detail = {"operator": question.operator_id}
    audit_log.record(action, actor=actor, subject=f"case:{question.case_id}", at=at, detail=detail)
