"""The register of numbers that are never blocked."""

from __future__ import annotations

import datetime as dt
import logging

import pghistory
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.accounts.step_up import application_mac
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden, Invalid, WrongState, constraint_of
from aduan.core.keys_ahead import keys_ahead
from aduan.numbers.models import ProtectedNumber
from aduan.numbers.parsing import parse
from aduan.numbers.protection import protected_rows
from aduan.numbers.services.lookalikes import mark_lookalikes, remark_lookalikes

log = logging.getLogger(__name__)


@transaction.atomic
def load_reference() -> int:
    """Adds the shipped protected numbers that are missing; returns how many. Overwrites nothing.

    One whose block is in force is left to two people, and named in the log.
    """
    known = set(ProtectedNumber.objects.values_list("pattern", flat=True))
    fresh = [ProtectedNumber(**row._asdict()) for row in protected_rows() if row.pattern not in known]
    with pghistory.context(reason="reference data of the project"):
        try:
            with transaction.atomic():
                ProtectedNumber.objects.bulk_create(with_codes(fresh))
            added = len(fresh)
        except IntegrityError:
            added = sum(_add_unless_blocked(row) for row in fresh)
    mark_lookalikes(ProtectedNumber.objects.filter(active=True))
    return added


def _add_unless_blocked(row: ProtectedNumber) -> bool:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if not takes_two(error):
            raise
        log.warning("%s is blocked: two people have to protect it (%s)", row.pattern, row.owner)
        return False
    return True


def takes_two(error: IntegrityError) -> bool:
    """Whether the database wants two people for it (`cases/sql/protection_two_people`)."""
    return constraint_of(error) == "protection_takes_two"


@transaction.atomic
def protect(
    text: str, *, owner: str, kind: str, source: str, reason: str, by: User, at: dt.datetime
) -> ProtectedNumber:
    """Protects a number, or all that begin like it (`0804 1500*`). Raises Refused when it is no number.

    Cases must be notified: those of the number itself (see `reported_under`) and those of its look-alikes;
    `cases.services.protect_number` does both. Raises Forbidden `takes_two` when a block would end,
    or where it covers many numbers.
    """
    return protect_pattern(
        pattern_of(text), owner=owner, kind=kind, source=source, reason=reason, by=by, at=at
    )


@transaction.atomic
def protect_pattern(
    pattern: str, *, owner: str, kind: str, source: str, reason: str, by: User, at: dt.datetime
) -> ProtectedNumber:
    """Protects what `pattern_of` made of a person's text."""
    by.require(Permission.EDIT_REGISTER)
    for name, value in (("owner", owner), ("source", source), ("reason", reason)):
        if not value.strip():
            raise Invalid(f"{name}_missing", _("Please say whose number it is, how you know, and why."))
    try:
        with transaction.atomic(), pghistory.context(user=by.pk, reason=reason.strip()):
            (row,) = with_codes(
                [
                    ProtectedNumber(
                        pattern=pattern,
                        owner=owner.strip(),
                        kind=kind,
                        source=source.strip(),
                        confidence="entered",
                    )
                ]
            )
            row.save(force_insert=True)
    except IntegrityError as error:
        _require_one_is_enough(error)
        raise WrongState("already_protected", _("This number is already protected.")) from error
    mark_lookalikes([row])
    _record(AuditAction.NUMBER_PROTECT, row, by, at)
    return row


@transaction.atomic
def unprotect(row: ProtectedNumber, *, reason: str, by: User, at: dt.datetime) -> ProtectedNumber:
    """The row stays, as history; the number may be blocked again. No block that ended comes back.

    Raises Forbidden `takes_two` when a number under it was ever blocked, or when it covers many.
    """
    by.require(Permission.EDIT_REGISTER)
    if not reason.strip():
        raise Invalid("reason_missing", _("Please say why, and how you know."))
    try:
        with transaction.atomic(), pghistory.context(user=by.pk, reason=reason.strip()):
            ended = ProtectedNumber.objects.filter(pk=row.pk, active=True).update(
                active=False, mac=_code_of(row, active=False)
            )
    except IntegrityError as error:
        _require_one_is_enough(error)
        raise
    if ended != 1:
        raise WrongState("not_protected", _("This number is no longer protected."))
    row.refresh_from_db()
    remark_lookalikes(row)
    _record(AuditAction.NUMBER_UNPROTECT, row, by, at)
    return row


def with_codes(rows: list[ProtectedNumber]) -> list[ProtectedNumber]:
    """New rows, each with its key and the application's code, without which the database takes none."""
    for row, key in zip(rows, keys_ahead(ProtectedNumber, len(rows)), strict=True):
        row.pk = key
        row.mac = _code_of(row, active=True)
    return rows


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


def covers_many(pattern: str) -> bool:
    """Whether it stands for all numbers that begin alike."""
    return pattern.endswith("*")


def _code_of(row: ProtectedNumber, *, active: bool) -> bytes:
    """By which `cases/sql/protection_two_people` knows that the application began or ended it."""
    return application_mac("protection", row.pk, row.pattern, "true" if active else "false")


def _require_one_is_enough(error: IntegrityError) -> None:
    if takes_two(error):
        raise Forbidden(
            "takes_two",
            _("It covers numbers that are or were blocked, or many. A second person has to confirm this."),
        ) from error


def _record(action: AuditAction, row: ProtectedNumber, by: User, at: dt.datetime) -> None:
    audit_log.record(
        action, actor=f"user:{by.pk}", subject=f"protected:{row.pk}", at=at, detail={"pattern": row.pattern}
    )
