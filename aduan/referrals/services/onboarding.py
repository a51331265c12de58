"""A platform joins: its entry in the register, and how it is reached. Its people: `operators.members`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Invalid
from aduan.core.periods import local_date
from aduan.core.text import email_of, normalise_line
from aduan.operators.models import Operator
from aduan.referrals.models import PlatformContact


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


@transaction.atomic
def register_platform(data: PlatformData, *, by: User, at: dt.datetime) -> Operator:
    """A new platform, asked and never obliged. Raises Invalid when there is an organisation of the code."""
    by.require(Permission.EDIT_REGISTER)
    platform = Operator(
        code=data.code,
        name=data.name,
        legal_name=data.legal_name,
        kind=Operator.Kind.OTT,
        obligation=Operator.Obligation.VOLUNTARY,
        active=(local_date(at), None),
        source=data.source,
    )
    try:
        with transaction.atomic():
            platform.save(force_insert=True)
    except IntegrityError as error:
        raise Invalid("platform_exists", _("There is an organisation of this code."), field="code") from error
    save_contact(platform, data, by=by, at=at, new=True)
    return platform


@transaction.atomic
def save_contact(
    platform: Operator, data: PlatformData, *, by: User, at: dt.datetime, new: bool = False
) -> PlatformContact:
    """How the platform is reached from now on. Its history is kept."""
    by.require(Permission.EDIT_REGISTER)
    if platform.kind != Operator.Kind.OTT:
        raise Invalid("no_platform", _("Only a platform gets referrals."))
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
    contact, _created = PlatformContact.objects.update_or_create(platform=platform, defaults=values)
    action = AuditAction.PLATFORM_REGISTER if new else AuditAction.PLATFORM_SET_CONTACT
    audit_log.record(action, actor=f"user:{by.pk}", subject=f"operator:{platform.pk}", at=at)
    return contact
