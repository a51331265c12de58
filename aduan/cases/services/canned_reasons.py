"""The offered reasons: loading the first set, and changing them by those allowed."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases.models import CannedReason
from aduan.cases.reasons import reference
from aduan.cases.workflow import CaseAction
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Invalid

STEPS_WITH_REASONS = (CaseAction.ASK, CaseAction.PROPOSE, CaseAction.DISMISS, CaseAction.DECLARE_NOT_OURS)


def load_reasons() -> int:
    """Brings in reasons that are not there yet; what people edited stays. Returns how many are new."""
    before = CannedReason.objects.count()
    CannedReason.objects.bulk_create(
        (
            CannedReason(
                code=reason.code,
                action=reason.action,
                category=reason.category,
                text_id=reason.text_id,
                text_en=reason.text_en,
            )
            for reason in reference()
        ),
        ignore_conflicts=True,
    )
    return CannedReason.objects.count() - before


@transaction.atomic
def save_reason(
    *,
    by: User,
    at: dt.datetime,
    code: str,
    action: str,
    text_id: str,
    text_en: str,
    category: str = "",
    active: bool = True,
) -> CannedReason:
    """Adds a reason or changes the one with this code.

    A used reason keeps its code, so old decisions stay readable; it is switched off, never deleted.
    """
    by.require(Permission.EDIT_REASONS)
    if action not in STEPS_WITH_REASONS:
        raise Invalid("step_without_reasons", _("This step takes no offered reason."), field="action")
    if not (code.strip() and text_id.strip() and text_en.strip()):
        raise Invalid("text_missing", _("Code and both texts are needed."), field="text_id")
    reason, _created = CannedReason.objects.update_or_create(
        code=code.strip(),
        defaults={
            "action": action,
            "category": category,
            "text_id": text_id.strip(),
            "text_en": text_en.strip(),
            "active": active,
        },
    )
    audit_log.record(
        AuditAction.CANNED_REASON_SAVE,
        actor=f"user:{by.pk}",
        subject=f"reason:{reason.code}",
        at=at,
        detail={"active": active},
    )
    return reason
