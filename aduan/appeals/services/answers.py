"""The answer to an objection, by two people who did not decide the block, and when it is forgotten."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction

from aduan.accounts.models import User
from aduan.accounts.step_up import StepUp
from aduan.appeals.models import Objection
from aduan.appeals.services import objection_messages
from aduan.cases import services as cases
from aduan.cases.models import Case, ChangeRequest

STATEMENT_RETENTION: Final = dt.timedelta(days=365)


@transaction.atomic
def confirm_answer(
    request: ChangeRequest, *, by: User, step_up: StepUp, at: dt.datetime, seen_digest: str
) -> Case:
    """Answers anyone who objects to the block of this case: the second of two people who did not decide it.

    The first asked by `cases.services.request_settlement`; their reason is what the owner reads. An upheld
    objection ends the block, and the next list between months carries the removal.

    Raises Forbidden for anyone who decided the block or asked, WrongState when no one objects.
    """
    case = cases.confirm_settlement(request, by=by, step_up=step_up, at=at, seen_digest=seen_digest)
    request.refresh_from_db()
    state = Objection.State.UPHELD if request.upheld else Objection.State.REJECTED
    for objection in Objection.objects.select_for_update().filter(case=case, state=Objection.State.OPEN):
        objection.state, objection.answer = state, request.reason
        objection.answered_at, objection.answered_by = at, by
        objection.save(update_fields=["state", "answer", "answered_at", "answered_by"])
        objection_messages.send_answer(objection, at=at)
    return case


def erase_old_statements(*, at: dt.datetime) -> int:
    """Erases what people said a year after their answer. The decision stays in the case's history."""
    old = Objection.objects.filter(answered_at__lt=at - STATEMENT_RETENTION).exclude(statement="")
    return old.update(statement="", email_encrypted=None)
