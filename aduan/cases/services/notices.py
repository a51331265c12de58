"""Notices to complainants: written with the act itself, announced at once or when the list is published."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.utils.translation import gettext_lazy as _

from aduan.cases.models import Case, CaseEvent, CaseNotice, Proposal
from aduan.cases.next_steps import NEXT_STEPS
from aduan.cases.notices import (
    AFTER_PUBLICATION,
    NOTIFIED,
    TEXT_MAX,
    NoticeText,
    standard_text,
    text_for,
)
from aduan.cases.queries.notices import canned_notice
from aduan.cases.workflow import CONFIRMS, CaseAction, Status
from aduan.core.errors import Invalid
from aduan.numbers.kinds import NumberKind
from aduan.numbers.parsing import read_text

_WEBSITES: Final = {step.website.partition("/")[0] for step in NEXT_STEPS.values() if step.website}


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
        standard_text(action, code, listed=listed, referred=event.from_status == Status.REFERRED),
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
    """Raises Invalid for a text that is too long, or leads complainants to a place of the writer's choice."""
    if max(len(written.id), len(written.en)) > TEXT_MAX:
        raise Invalid(
            "notice_too_long",
            _("Keep the text for the complainants under %(max)d characters.") % {"max": TEXT_MAX},
            field="notice_id",
        )
    if any(map(_leads_away, (written.id, written.en))):
        raise Invalid(
            "notice_leads_away",
            _(
                "The text for the complainants holds no telephone number, account, e-mail address or link: "
                "people trust what this portal sends. The next steps name authorities and their websites."
            ),
            field="notice_id",
        )


def _leads_away(text: str) -> bool:
    """Whether it holds an address that is neither an authority's website nor a short code."""
    found = read_text(text)
    strange = [
        one for one in found.numbers if one.parsed.kind not in (NumberKind.SHORT_CODE, NumberKind.SERVICE)
    ]
    hosts = {link.partition("/")[0] for link in found.links}
    return bool(strange or found.payment_accounts or "@" in text or hosts - _WEBSITES)
