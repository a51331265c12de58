"""Letters to the registered representative of a platform that does not answer: drafted, sent by a person."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.db import insert_or_ignore
from aduan.core.errors import WrongState
from aduan.core.periods import local_date
from aduan.notifications import services as notifications
from aduan.operators.models import Operator
from aduan.referrals import queries
from aduan.referrals.models import EscalationLetter, PlatformContact

FIGURES_OVER: Final = dt.timedelta(days=90)
NAMED_IN_LETTER: Final = 20  # referrals that a letter names


def draft_letters(*, at: dt.datetime) -> int:
    """A draft for each platform with referrals that are silent for longer than its policy time.

    None while one waits, and none within that time of the letter before. Returns how many were drafted.
    """
    contacts = PlatformContact.objects.exclude(representative_email="").select_related("platform")
    return sum(_draft(contact, at=at) for contact in contacts.order_by("pk"))


@transaction.atomic
def send_letter(letter: EscalationLetter, *, by: User, at: dt.datetime) -> EscalationLetter:
    """A person sends the letter as it was drafted. Raises WrongState when it was sent or discarded."""
    letter = _ended(letter, by=by, sent_at=at)
    notifications.enqueue_message(
        "platform_letter",
        key=f"letter:{letter.pk}",
        to=letter.to,
        language=letter.language,
        context={"platform": letter.platform.name, "addressee": letter.addressee, **letter.figures},
        at=at,
    )
    _record(AuditAction.PLATFORM_SEND_LETTER, letter, by=by, at=at)
    return letter


@transaction.atomic
def discard_letter(letter: EscalationLetter, *, by: User, at: dt.datetime) -> EscalationLetter:
    """A person decides not to send it. A new one is drafted after the policy time."""
    letter = _ended(letter, by=by, discarded_at=at)
    _record(AuditAction.PLATFORM_DISCARD_LETTER, letter, by=by, at=at)
    return letter


def _draft(contact: PlatformContact, *, at: dt.datetime) -> int:
    platform, patience = contact.platform, dt.timedelta(days=contact.escalate_after_days)
    silent = queries.without_a_word().filter(platform=platform, made_at__lte=at - patience)
    lately = EscalationLetter.objects.filter(platform=platform, drafted_at__gt=at - patience)
    if lately.exists() or not silent.exists():
        return 0
    letter = EscalationLetter(
        platform=platform,
        to=contact.representative_email,
        addressee=contact.representative,
        language=contact.language,
        figures=_figures(platform, silent.order_by("pk"), patience, at),
        drafted_at=at,
    )
    return int(insert_or_ignore(letter))


def _figures(platform: Operator, silent: Any, patience: dt.timedelta, at: dt.datetime) -> dict[str, Any]:
    oldest = silent.aggregate(oldest=Min("made_at"))["oldest"]
    figures = queries.platform_figures(platform, since=at - FIGURES_OVER, until=at, at=at)
    return {
        "since": local_date(at - FIGURES_OVER).isoformat(),
        "until": local_date(at).isoformat(),
        "figures": figures.as_json(),
        "days": patience.days,
        "silent_count": silent.count(),
        "oldest_on": local_date(oldest).isoformat(),
        "references": [referral.reference for referral in silent[:NAMED_IN_LETTER]],
    }


def _ended(letter: EscalationLetter, *, by: User, **ends: dt.datetime) -> EscalationLetter:
    by.require(Permission.RELEASE_LISTS)
    waiting = EscalationLetter.objects.filter(pk=letter.pk, sent_at=None, discarded_at=None)
    if waiting.update(by=by, **ends) != 1:
        raise WrongState("letter_ended", _("This letter has been sent or discarded already."))
    return EscalationLetter.objects.select_related("platform").get(pk=letter.pk)


def _record(action: AuditAction, letter: EscalationLetter, *, by: User, at: dt.datetime) -> None:
    audit_log.record(action, actor=f"user:{by.pk}", subject=f"operator:{letter.platform_id}", at=at)
