"""Proof that the number is theirs: a code to the number itself, or the eyes of the ministry.

Without it anybody could hold up any block. The limits (AB4, AB5) are counted in the database, under one
lock.
"""

from __future__ import annotations

import datetime as dt
import hmac
import secrets
from typing import Final

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.appeals.deadlines import due_after
from aduan.appeals.models import Objection, PossessionCode
from aduan.appeals.services import objection_messages
from aduan.cases import services as cases
from aduan.cases.workflow import Status
from aduan.core import audit_log, vault
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Invalid, WrongState
from aduan.core.text import normalise_text
from aduan.numbers.kinds import NumberKind

VALID_FOR: Final = dt.timedelta(minutes=15)
MOST_TRIES: Final = 5
PER_NUMBER_AND_DAY: Final = 3
PER_ADDRESS_AND_HOUR: Final = 10
PER_DAY: Final = 2_000  # an SMS costs money
LAPSES_AFTER: Final = dt.timedelta(days=14)


@transaction.atomic
def send_code(objection: Objection, *, address: str, at: dt.datetime) -> None:
    """Posts a code by SMS to the number in question. `address` is the asker's network address.

    Raises WrongState when the number cannot get one, is proven already, or a limit is reached.
    """
    objection = _unproven(objection)
    if objection.number.kind != NumberKind.MOBILE:
        raise WrongState(
            "no_sms", _("This number cannot receive an SMS. The ministry checks whose number it is.")
        )
    source = vault.blind_index("address", address)
    _keep_limits(objection, source, at)
    digits = f"{secrets.randbelow(10**6):06d}"
    row = PossessionCode.objects.create(
        objection=objection,
        number=objection.number,
        digest=_digest(objection, digits),
        address_index=source,
        sent_at=at,
        expires_at=at + VALID_FOR,
    )
    objection_messages.send_possession_code(objection, digits, key=row.pk, expires_at=row.expires_at, at=at)


def verify_possession(objection: Objection, *, code: str, at: dt.datetime) -> bool:
    """The person typed the code: the objection counts from now on. False when it is wrong, too old or used.

    No exception for a wrong code: it would roll the count of the tries back with the request.
    """
    row = _latest(objection, at)
    if row is None or not hmac.compare_digest(bytes(row.digest), _digest(objection, code.strip())):
        return False
    with transaction.atomic():
        objection = _unproven(objection)
        if PossessionCode.objects.filter(pk=row.pk, used_at__isnull=True).update(used_at=at) != 1:
            return False
        _open(objection, Objection.Proof.CODE, at=at)
    return True


@transaction.atomic
def confirm_possession(objection: Objection, *, by: User, note: str, at: dt.datetime) -> Objection:
    """A member of staff has seen proof (the operator's word, a letter) that the number is theirs.

    `note` says which. Raises WrongState when it is proven already or the block has ended.
    """
    by.require(Permission.SIGN_OFF)
    note = normalise_text(note, field="note")
    if not note:
        raise Invalid("note_missing", _("Say what you have seen."), field="note")
    objection = _unproven(objection)
    objection.proven_by, objection.proof_note = by, note
    _open(objection, Objection.Proof.STAFF, at=at)
    audit_log.record(
        AuditAction.OBJECTION_CONFIRM_POSSESSION,
        actor=f"user:{by.pk}",
        subject=f"case:{objection.case_id}",
        at=at,
        detail={"objection": objection.pk},
    )
    return objection


def lapse_unproven(*, at: dt.datetime) -> int:
    """Objections that no one proved for two weeks end, and what they said is erased."""
    old = Objection.objects.filter(state=Objection.State.UNPROVEN, filed_at__lt=at - LAPSES_AFTER)
    return old.update(state=Objection.State.LAPSED, statement="", email_encrypted=None)


def _unproven(objection: Objection) -> Objection:
    """Locked, as it is now. Raises WrongState when it is past this step."""
    objection = (
        Objection.objects.select_for_update(of=("self",))
        .select_related("number", "case")
        .get(pk=objection.pk)
    )
    if objection.state != Objection.State.UNPROVEN:
        raise WrongState("proven_already", _("This objection is past that step."))
    return objection


def _open(objection: Objection, proof: Objection.Proof, *, at: dt.datetime) -> None:
    """The case first: its lock lets no decision pass in between."""
    case = cases.record_objection(objection.case, at=at)
    if case.status != Status.CONFIRMED:
        raise WrongState("block_ended", _("The block has ended in the meantime."))
    if Objection.objects.filter(case=case, state=Objection.State.OPEN).exists():
        raise WrongState("objection_open", _("An objection to this block is being answered already."))
    objection.state, objection.proof = Objection.State.OPEN, proof
    objection.proven_at, objection.due_at = at, due_after(at)
    objection.save()


def _latest(objection: Objection, at: dt.datetime) -> PossessionCode | None:
    with connection.cursor() as cursor:
        # Compare and set: parallel guesses each cost a try.
        cursor.execute(
            """UPDATE appeals_possessioncode SET attempts = attempts + 1 WHERE id = (
                   SELECT id FROM appeals_possessioncode WHERE objection_id = %s ORDER BY id DESC LIMIT 1
               ) AND attempts < %s AND expires_at > %s AND used_at IS NULL RETURNING id""",
            [objection.pk, MOST_TRIES, at],
        )
        row = cursor.fetchone()
    return PossessionCode.objects.get(pk=row[0]) if row else None


def _keep_limits(objection: Objection, source: bytes, at: dt.datetime) -> None:
    day, hour = at - dt.timedelta(days=1), at - dt.timedelta(hours=1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('appeals_possessioncode'))")
    codes = PossessionCode.objects
    if (
        codes.filter(number=objection.number, sent_at__gt=day).count() >= PER_NUMBER_AND_DAY
        or codes.filter(address_index=source, sent_at__gt=hour).count() >= PER_ADDRESS_AND_HOUR
        or codes.filter(sent_at__gt=day).count() >= PER_DAY
    ):
        raise WrongState(
            "too_many_codes",
            _("Too many codes were sent. Please try again tomorrow; your objection is kept."),
        )


def _digest(objection: Objection, digits: str) -> bytes:
    return vault.derive("possession", f"{objection.uid}|{digits}")
