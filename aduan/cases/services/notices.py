"""Notices to complainants: written with the act itself, announced at once or when the list is published."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from aduan.cases.models import Case, CaseEvent, CaseNotice, Proposal
from aduan.cases.notices import (
    AFTER_PUBLICATION,
    NOTIFIED,
    TEXT_MAX,
    NoticeText,
    standard_text,
    text_for,
)
from aduan.cases.queries.notices import canned_notice
from aduan.cases.workflow import CONFIRMS, CaseAction
from aduan.core.errors import Invalid


def write_notice(
    case: Case, event: CaseEvent, written: NoticeText, *, announced_at: dt.datetime
) -> CaseNotice | None:
    """The notice of an act that complainants are notified about; None for any other act.

    What lists carry is announced when the list is published, whatever `announced_at` says.
    """
    action = CaseAction(event.action)
    if action not in NOTIFIED:
        return None
    require_notice(written)
    listed = case.number_text.startswith("+")
    code = event.detail.get("reason_code", "")
    if action in CONFIRMS.values():
        proposal = Proposal.objects.get(pk=event.detail["proposal"])
        code, written = proposal.reason_code, NoticeText(proposal.notice_id, proposal.notice_en)
    text = text_for(
        standard_text(action, code, listed=listed),
        canned_notice(code),
        written,
        decided=action in CONFIRMS.values(),
    )
    waits = action in AFTER_PUBLICATION and listed
    return CaseNotice.objects.create(
        event=event,
        case=case,
        text_id=text.id,
        text_en=text.en,
        next_steps=list(text.next_steps),
        edited=bool(written),
        announced_at=None if waits else announced_at,
    )


def require_notice(written: NoticeText) -> None:
    if max(len(written.id), len(written.en)) > TEXT_MAX:
        raise Invalid(
            "notice_too_long",
            _("Keep the text for the complainants under %(max)d characters.") % {"max": TEXT_MAX},
            field="notice_id",
        )
