"""The offered reasons: loading the first set, and changing them by those allowed."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases.models import CannedReason
from aduan.cases.next_steps import NEXT_STEPS
from aduan.cases.notices import NoticeText
from aduan.cases.reasons import reference
from aduan.cases.services.notices import require_notice
from aduan.cases.workflow import CaseAction
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Invalid

STEPS_WITH_REASONS = (CaseAction.ASK, CaseAction.PROPOSE, CaseAction.DISMISS, CaseAction.DECLARE_NOT_OURS)


def load_reasons() -> int:
    """Brings in reasons that are not there yet; what people edited stays. Returns how many are new.

    A reason of the shipped set that has no text for complainants yet gets it.
    """
    before = CannedReason.objects.count()
    CannedReason.objects.bulk_create(
        (
            CannedReason(
                code=reason.code,
                action=reason.action,
                category=reason.category,
                text_id=reason.text_id,
                text_en=reason.text_en,
                notice_id=reason.notice_id,
                notice_en=reason.notice_en,
                next_steps=list(reason.next_steps),
            )
            for reason in reference()
        ),
        ignore_conflicts=True,
    )
    for reason in reference():
        CannedReason.objects.filter(code=reason.code, notice_id="", notice_en="").update(
            notice_id=reason.notice_id, notice_en=reason.notice_en, next_steps=list(reason.next_steps)
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
    notice: NoticeText | None = None,
    category: str = "",
    active: bool = True,
) -> CannedReason:
    """Adds a reason or changes the one with this code. `notice` is its text for the complainants.

    A used reason keeps its code, so old decisions stay readable; it is switched off, never deleted.
    """
    by.require(Permission.EDIT_REASONS)
    if action not in STEPS_WITH_REASONS:
        raise Invalid("step_without_reasons", _("This step takes no offered reason."), field="action")
    if not (code.strip() and text_id.strip() and text_en.strip()):
        raise Invalid("text_missing", _("Code and both texts are needed."), field="text_id")
    notice = notice or NoticeText()
    require_notice(notice)
    if bool(notice.id) != bool(notice.en):
        raise Invalid(
            "text_missing", _("The text for the complainants is needed in both languages."), field="notice_id"
        )
    if unknown := [step for step in notice.next_steps if step not in NEXT_STEPS]:
        raise Invalid(
            "step_unknown", _("Unknown: %(steps)s.") % {"steps": ", ".join(unknown)}, field="next_steps"
        )
    reason, _created = CannedReason.objects.update_or_create(
        code=code.strip(),
        defaults={
            "action": action,
            "category": category,
            "text_id": text_id.strip(),
            "text_en": text_en.strip(),
            "notice_id": notice.id.strip(),
            "notice_en": notice.en.strip(),
            "next_steps": list(notice.next_steps),
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
