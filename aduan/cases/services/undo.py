"""Taking back a closure or a question before any complainant has heard of it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases.models import Case, CaseNotice
from aduan.cases.services.closures import require_no_other_live
from aduan.cases.services.transitions import apply_transition, lock_case
from aduan.cases.workflow import UNDOABLE, CaseAction
from aduan.core.errors import WrongState


@transaction.atomic
def undo(case: Case, *, by: User, at: dt.datetime) -> Case:
    """Takes back this person's closure or question; the case is in review again, with its old clock.

    Raises WrongState when its time is over, or when anything has happened to the case since.
    """
    by.require(Permission.DECIDE)
    case = lock_case(case)
    last = case.events.select_related("notice").order_by("-pk").first()
    notice: CaseNotice | None = getattr(last, "notice", None)
    if last is None or last.actor_id != by.pk or last.action not in UNDOABLE or notice is None:
        raise WrongState(
            "nothing_to_undo", _("There is nothing of yours to undo here: the case has moved on.")
        )
    if notice.announced_at is None or at >= notice.announced_at:
        raise WrongState(
            "too_late_to_undo",
            _("It is too late to undo this: the complainants can read it. Reopen the case instead."),
        )
    require_no_other_live(case)
    notice.withdrawn_at = at
    notice.save(update_fields=["withdrawn_at"])
    apply_transition(case, CaseAction.UNDO, by=by, at=at, detail={"event": last.pk})
    return case
