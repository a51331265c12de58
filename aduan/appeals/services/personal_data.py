"""What a person may ask for (UU 27/2022 art. 7): everything that is kept about them as an objector."""

from __future__ import annotations

import datetime as dt
from typing import Any

from aduan.appeals.models import Objection
from aduan.appeals.services.objection_messages import objector_email
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.contacts import mailbox_of


def disclose_objections(email: str, *, at: dt.datetime) -> list[dict[str, Any]]:
    """Every objection with this address and what was written in it, as plain values for JSON.

    The caller has made sure that the address is the person's own. On record in the audit log. Addresses have
    no index, so each kept one is opened: there are as many as objections of the last year.
    """
    wanted = mailbox_of(email)
    kept = Objection.objects.exclude(email_encrypted=None).select_related("number").order_by("pk")
    disclosed = []
    for objection in kept.iterator():
        address = objector_email(objection)
        if mailbox_of(address) == wanted:
            subject = f"objection:{objection.pk}"
            audit_log.record(AuditAction.OBJECTION_DISCLOSE, actor="console", subject=subject, at=at)
            disclosed.append(_everything(objection, address))
    return disclosed


def _everything(objection: Objection, address: str) -> dict[str, Any]:
    return {
        "filed_at": objection.filed_at.isoformat(),
        "number": objection.number.canonical,
        "holder_since": objection.holder_since and objection.holder_since.isoformat(),
        "statement": objection.statement,
        "email": address,
        "possession_proven_at": objection.proven_at and objection.proven_at.isoformat(),
        "answer": objection.answer,
        "answered_at": objection.answered_at and objection.answered_at.isoformat(),
    }
