"""One decision in twenty is read again by a further person, unannounced; some closures always are.

How the ministry knows its own quality.
"""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.queries import log_ins_of
from aduan.accounts.roles import Permission
from aduan.cases.models import CaseEvent, QualityReview
from aduan.cases.workflow import DECIDES
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden, Invalid, WrongState

ONE_IN: Final = 20
_LATEST_DAYS: Final = 14


def maybe_sample(event: CaseEvent, *, deciders: list[User], certainly: bool = False) -> QualityReview | None:
    """Samples one decision in twenty for a later review, in the transaction of the decision.

    `certainly`: this one without a draw.

    The choice is random and not shown, so deciders cannot tell which of their decisions will be reviewed.
    """
    if event.action not in DECIDES or (not certainly and secrets.randbelow(ONE_IN)):
        return None
    wait = dt.timedelta(hours=24 + secrets.randbelow(24 * (_LATEST_DAYS - 1)))
    return QualityReview.objects.create(
        event=event,
        case_id=event.case_id,
        deciders=[person.pk for person in deciders],
        show_from=event.created_at + wait,
    )


@transaction.atomic
def answer_quality_review(
    review: QualityReview, *, by: User, at: dt.datetime, agrees: bool, reason: str = ""
) -> QualityReview:
    """A further person says whether they would have decided alike. It changes nothing in the case itself."""
    by.require(Permission.CALIBRATE)
    review = QualityReview.objects.select_for_update(of=("self",)).get(pk=review.pk)
    if review.reviewed_at is not None:
        raise WrongState("already_reviewed", _("Somebody has already read this decision again."))
    if not set(review.deciders).isdisjoint(log_ins_of(by)):
        raise Forbidden("own_decision", _("You took part in this decision; another person has to read it."))
    if not agrees and not reason.strip():
        raise Invalid("reason_missing", _("Say why, in a few words."), field="reason")
    review.reviewed_by, review.reviewed_at, review.agrees, review.reason = by, at, agrees, reason.strip()
    review.save(update_fields=["reviewed_by", "reviewed_at", "agrees", "reason"])
    audit_log.record(
        AuditAction.CASE_QUALITY_REVIEW,
        actor=f"user:{by.pk}",
        subject=f"case:{review.case_id}",
        at=at,
        detail={"agrees": agrees},
    )
    return review
