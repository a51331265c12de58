"""The answer to an objection, by a person who did not decide the block, and when it is forgotten."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction

from aduan.accounts.models import User
from aduan.appeals.models import Objection
from aduan.appeals.services import objection_messages
from aduan.cases import services as cases
from aduan.cases.models import Case

STATEMENT_RETENTION: Final = dt.timedelta(days=365)


@transaction.atomic
def answer_objection(case: Case, *, by: User, at: dt.datetime, upheld: bool, reason: str) -> Case:
    """Answers anyone who objects to the block of this case; `reason` is what they read.

    An upheld objection ends the block, and the next list between months carries the removal.

    Raises Forbidden for anyone who decided the block, WrongState when no one objects.
    """
    case = cases.settle_objection(case, by=by, at=at, upheld=upheld, reason=reason)
    state = Objection.State.UPHELD if upheld else Objection.State.REJECTED
    for objection in Objection.objects.select_for_update().filter(case=case, state=Objection.State.OPEN):
        objection.state, objection.answer = state, reason.strip()
        objection.answered_at, objection.answered_by = at, by
        objection.save(update_fields=["state", "answer", "answered_at", "answered_by"])
        objection_messages.send_answer(objection, at=at)
    return case


def erase_old_statements(*, at: dt.datetime) -> int:
    """Erases what people said a year after their answer. The decision stays in the case's history."""
    old = Objection.objects.filter(answered_at__lt=at - STATEMENT_RETENTION).exclude(statement="")
    return old.update(statement="", email_encrypted=None)
