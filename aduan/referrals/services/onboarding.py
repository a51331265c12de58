"""A platform joins: its entry in the register, and how it is reached. Each takes two people.

Its own people: `operators.members`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import ApprovalRequest, User
from aduan.accounts.roles import Permission
from aduan.accounts.services import approve, request_approval
from aduan.accounts.step_up import StepUp
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Invalid
from aduan.core.periods import local_date
from aduan.core.text import email_of, normalise_line
from aduan.operators.models import Operator
from aduan.referrals.models import PlatformContact

_KIND = ApprovalRequest.Kind
_CONTACT: Final = (
    *("referral_email", "language", "representative", "representative_email"),
    *("escalate_after_days", "source"),
)


@dataclass(frozen=True, slots=True)
class PlatformData:
    """What the ministry writes down about a platform. `code` is the channel that complaints name."""

    code: str
    name: str
    legal_name: str
    referral_email: str
    source: str
    language: str = "en"
    representative: str = ""
    representative_email: str = ""
    escalate_after_days: int = 15


def request_platform(data: PlatformData, *, by: User, step_up: StepUp, at: dt.datetime) -> ApprovalRequest:
    """Asks for a new platform. Raises Invalid when there is an organisation of the code."""
    by.require(Permission.EDIT_REGISTER)
    if Operator.objects.filter(code=data.code).exists():
        raise _platform_exists()
    terms = {"code": data.code, "name": data.name, "legal_name": data.legal_name, **_contact_of(data)}
    return request_approval(
        _KIND.PLATFORM, f"platform:{data.code}", terms, reason=data.source, by=by, step_up=step_up, at=at
    )


def request_contact(
    platform: Operator, data: PlatformData, *, by: User, step_up: StepUp, at: dt.datetime
) -> ApprovalRequest:
    """Asks that the platform is reached like this from now on: what citizens sent goes there."""
    by.require(Permission.EDIT_REGISTER)
    if platform.kind != Operator.Kind.OTT:
        raise Invalid("no_platform", _("Only a platform gets referrals."))
    terms = {"operator": platform.pk, **_contact_of(data)}
    return request_approval(
        _KIND.CONTACT, f"operator:{platform.pk}", terms, reason=data.source, by=by, step_up=step_up, at=at
    )


@transaction.atomic
def approve_platform(request: ApprovalRequest, *, by: User, step_up: StepUp, at: dt.datetime) -> Operator:
    """The second person: a new platform, asked and never obliged, or how one is reached. History is kept."""
    request = approve(request, _KIND.PLATFORM, _KIND.CONTACT, by=by, step_up=step_up, at=at)
    asked = request.asked
    if request.kind == _KIND.PLATFORM:
        platform, action = _registered(asked, at=at), AuditAction.PLATFORM_REGISTER
    else:
        platform, action = Operator.objects.get(pk=asked["operator"]), AuditAction.PLATFORM_SET_CONTACT
    values = {name: asked[name] for name in _CONTACT}
    PlatformContact.objects.update_or_create(platform=platform, defaults=values)
    audit_log.record(action, actor=f"user:{by.pk}", subject=f"operator:{platform.pk}", at=at)
    return platform


def _registered(asked: Mapping[str, Any], *, at: dt.datetime) -> Operator:
    platform = Operator(
        code=asked["code"],
        name=asked["name"],
        legal_name=asked["legal_name"],
        kind=Operator.Kind.OTT,
        obligation=Operator.Obligation.VOLUNTARY,
        active=(local_date(at), None),
        source=asked["source"],
    )
    try:
        with transaction.atomic():
            platform.save(force_insert=True)
    except IntegrityError as error:
        raise _platform_exists() from error
    return platform


def _platform_exists() -> Invalid:
    return Invalid("platform_exists", _("There is an organisation of this code."), field="code")


def _contact_of(data: PlatformData) -> dict[str, Any]:
    values = {
        "referral_email": email_of(data.referral_email, field="referral_email"),
        "language": data.language,
        "representative": normalise_line(data.representative, field="representative", limit=200),
        "representative_email": email_of(data.representative_email, field="representative_email"),
        "escalate_after_days": data.escalate_after_days,
        "source": data.source,
    }
    if not values["referral_email"]:
        raise Invalid("email_missing", _("Please give the address."), field="referral_email")
    return values
