"""The offered reasons: loading the first set, and changing them by those allowed."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict

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
from aduan.core.models import AuditLogEntry

STEPS_WITH_REASONS = (CaseAction.ASK, CaseAction.PROPOSE, CaseAction.DISMISS, CaseAction.DECLARE_NOT_OURS)


@transaction.atomic
def load_reasons() -> int:
    """Brings in the shipped reasons; what people edited stays. Returns how many are new.

    A reason that no one edited takes the text of today: an earlier one may have said what is not so.
    """
    shipped = {_subject(reason.code): asdict(reason) for reason in reference()}
    entries = AuditLogEntry.objects.filter(subject__in=shipped, action=AuditAction.CANNED_REASON_SAVE)
    edited = set(entries.values_list("subject", flat=True))
    known = {_subject(reason.code): reason for reason in CannedReason.objects.all()}
    for subject in shipped.keys() - edited:
        values = shipped[subject] | {"next_steps": list(shipped[subject]["next_steps"])}
        reason = known.get(subject) or CannedReason()
        if values != {name: getattr(reason, name) for name in values}:
            for name, value in values.items():
                setattr(reason, name, value)
            reason.save()
    return len(shipped.keys() - edited - known.keys())


def _subject(code: str) -> str:
    """What the audit log calls a reason."""
    return f"reason:{code}"


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
        subject=_subject(reason.code),
        at=at,
        detail={"active": active},
    )
    return reason
