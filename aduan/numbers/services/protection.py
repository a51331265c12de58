"""The register of numbers that are never blocked."""

from __future__ import annotations

import datetime as dt

import pghistory
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Invalid, WrongState
from aduan.numbers.models import PhoneNumber, ProtectedNumber
from aduan.numbers.parsing import parse
from aduan.numbers.protection import ProtectedSet, protected_rows
from aduan.numbers.services.lookalikes import mark_lookalikes, remark_lookalikes


@transaction.atomic
def load_reference() -> int:
    """Adds the shipped protected numbers that are missing; returns how many. Overwrites nothing."""
    known = set(ProtectedNumber.objects.values_list("pattern", flat=True))
    fresh = [row for row in protected_rows() if row.pattern not in known]
    with pghistory.context(reason="reference data of the project"):
        ProtectedNumber.objects.bulk_create(ProtectedNumber(**row._asdict()) for row in fresh)
    mark_lookalikes(ProtectedNumber.objects.filter(active=True))
    return len(fresh)


@transaction.atomic
def protect(
    text: str, *, owner: str, kind: str, source: str, reason: str, by: User, at: dt.datetime
) -> ProtectedNumber:
    """Protects a number, or all that begin like it (`0804 1500*`). Raises Refused when it is no number.

    Cases must be notified: those of the number itself (see `reported_under`) and those of its look-alikes.
    """
    by.require(Permission.EDIT_REGISTER)
    for name, value in (("owner", owner), ("source", source), ("reason", reason)):
        if not value.strip():
            raise Invalid(f"{name}_missing", _("Please say whose number it is, how you know, and why."))
    try:
        with transaction.atomic(), pghistory.context(user=by.pk, reason=reason.strip()):
            row = ProtectedNumber.objects.create(
                pattern=pattern_of(text),
                owner=owner.strip(),
                kind=kind,
                source=source.strip(),
                confidence="entered",
            )
    except IntegrityError as error:
        raise WrongState("already_protected", _("This number is already protected.")) from error
    mark_lookalikes([row])
    _record(AuditAction.NUMBER_PROTECT, row, by, at)
    return row


@transaction.atomic
def unprotect(row: ProtectedNumber, *, reason: str, by: User, at: dt.datetime) -> ProtectedNumber:
    """The row stays, as history; the number may be blocked again."""
    by.require(Permission.EDIT_REGISTER)
    if not reason.strip():
        raise Invalid("reason_missing", _("Please say why, and how you know."))
    with pghistory.context(user=by.pk, reason=reason.strip()):
        if ProtectedNumber.objects.filter(pk=row.pk, active=True).update(active=False) != 1:
            raise WrongState("not_protected", _("This number is no longer protected."))
    row.refresh_from_db()
    remark_lookalikes(row)
    _record(AuditAction.NUMBER_UNPROTECT, row, by, at)
    return row


def pattern_of(text: str) -> str:
    """What a person writes → the pattern that is stored. A trailing * protects all numbers that begin so."""
    stem = text.strip()
    if not stem.endswith("*"):
        return parse(stem).canonical
    digits = "".join(char for char in stem if char.isdigit())
    national = digits.removeprefix("62").removeprefix("0")
    if len(national) < 4:
        raise Invalid("pattern_too_short", _("A pattern needs at least four digits after the 0."))
    return f"+62{national}*"


def reported_under(row: ProtectedNumber) -> list[PhoneNumber]:
    """The registered numbers that this row protects, forged forms included."""
    protected = ProtectedSet([(row.pattern, row.owner, row.kind)])
    if row.pattern.endswith("*"):
        numbers = PhoneNumber.objects.filter(canonical__startswith=row.pattern[:-1])
    elif row.pattern.startswith("+"):
        numbers = PhoneNumber.objects.filter(canonical=row.pattern)
    else:
        numbers = PhoneNumber.objects.filter(canonical__endswith=row.pattern.partition(":")[2])
    return [number for number in numbers if protected.protection_of(number.canonical) is not None]


def _record(action: AuditAction, row: ProtectedNumber, by: User, at: dt.datetime) -> None:
    audit_log.record(
        action, actor=f"user:{by.pk}", subject=f"protected:{row.pk}", at=at, detail={"pattern": row.pattern}
    )
