"""Storing the evidence of a step-up with the act that it is for."""

from __future__ import annotations

import datetime as dt
import uuid

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import AccountPolicy, StepUpEvidence, StepUpKey, User
from aduan.accounts.step_up import StepUp, StoredStepUp, mac_of, padded_keys
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden


def record_step_up(
    step_up: StepUp, *, by: User, act: AuditAction, subject: str, at: dt.datetime, digest: str = ""
) -> StepUpEvidence:
    """Stores that `by` proved who they are for this act; the row of the act then names the evidence.

    `subject` is as in the audit log (`case:12`), `digest` of what the person saw. Raises Forbidden for the
    step-up of another person, one that is too old, or a password where the policy asks for more.
    """
    require_step_up(step_up, by=by, at=at)
    evidence = evidence_of(step_up, act=act, subject=subject, at=at, digest=digest)
    try:
        with transaction.atomic():
            evidence.save(force_insert=True)
    except IntegrityError as error:  # the request began before a deactivation, or a new key is not installed
        raise Forbidden("signature_refused", _("The database refused the proof of who you are.")) from error
    return evidence


def evidence_of(
    step_up: StepUp, *, act: AuditAction, subject: str, at: dt.datetime, digest: str = ""
) -> StepUpEvidence:
    """The row, not stored yet: for many at once. The database checks each."""
    nonce = uuid.uuid4().hex
    return StepUpEvidence(
        person_id=step_up.person_id,
        method=step_up.method,
        proved_at=step_up.proved_at,
        act=act,
        subject=subject,
        digest=digest,
        at=at,
        nonce=nonce,
        mac=mac_of(step_up, act=act, subject=subject, digest=digest, at=at, nonce=nonce),
    )


def require_step_up(step_up: StepUp, *, by: User, at: dt.datetime) -> None:
    """Raises Forbidden unless this is a fresh proof of the person, as strong as the policy asks.

    Also while the waiting time after their last grant is not over.
    """
    policy, age = AccountPolicy.current(), at - step_up.proved_at
    if step_up.person_id != by.pk or not dt.timedelta(minutes=-1) <= age <= settings.STEP_UP_AGE:
        raise Forbidden("step_up_missing", _("Confirm who you are once more, then repeat this."))
    if step_up.method != StepUpEvidence.Method.SECOND_FACTOR and not policy.password_steps_up:
        raise Forbidden(
            "second_factor_missing",
            _("This needs your second factor: set one up, log in with it, and repeat."),
        )
    counts_from = by.roles_granted_at and by.roles_granted_at + policy.waiting
    if counts_from is None or at < counts_from:
        moment = date_format(localtime(counts_from), "j F Y, H.i") if counts_from else "–"
        raise Forbidden(
            "grant_too_new",
            _("Your roles are new: what you sign counts from %(moment)s.") % {"moment": moment},
        )


def replay_step_up(stored: StoredStepUp) -> StepUpEvidence:
    """Writes evidence again that a restored backup lacks, once. The database checks its code as ever."""
    known = StepUpEvidence.objects.filter(mac=bytes.fromhex(stored["mac"])).first()
    return known or StepUpEvidence.objects.create(
        person_id=stored["person"],
        method=stored["method"],
        proved_at=dt.datetime.fromisoformat(stored["proved_at"]),
        act=stored["act"],
        subject=stored["subject"],
        digest=stored["digest"],
        at=dt.datetime.fromisoformat(stored["at"]),
        nonce=stored["nonce"],
        mac=bytes.fromhex(stored["mac"]),
    )


@transaction.atomic
def install_step_up_keys() -> None:
    """Gives the database the keys of today's ADUAN_SECRET_KEY and fallbacks. Run as the tables' owner."""
    with connection.cursor() as cursor:  # two migrations at once wait for one another
        cursor.execute("LOCK TABLE accounts_stepupkey IN EXCLUSIVE MODE")
    wanted = padded_keys()
    StepUpKey.objects.exclude(inner_block__in=[inner for inner, _outer in wanted]).delete()
    StepUpKey.objects.bulk_create(
        (StepUpKey(inner_block=inner, outer_block=outer) for inner, outer in wanted), ignore_conflicts=True
    )
