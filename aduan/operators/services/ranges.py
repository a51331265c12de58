"""Add, end and transfer number ranges. The past stays: a range is ended on a day, a new one begins."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

import pghistory
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import DomainError, Invalid, WrongState
from aduan.operators.models import Brand, NumberRange, Operator

_PREFIX: Final = re.compile(r"62[1-9][0-9]{1,9}")


def checked_prefix(text: str) -> str:
    """The prefix in international digits: 0811, +62 811 and 62811 are the same."""
    digits = re.sub(r"[\s.+-]", "", text)
    if digits.startswith("0"):
        digits = "62" + digits[1:]
    if not _PREFIX.fullmatch(digits):
        raise Invalid(
            "bad_prefix", _("A prefix is written like 0811 or 62811, with 2 to 10 digits after 62.")
        )
    return digits


def needs_reason(reason: str) -> str:
    if len(reason.strip()) < 5:
        raise Invalid("reason_missing", _("Please say why, and where it is written."))
    return reason.strip()


@transaction.atomic
def add_range(
    prefix: str,
    *,
    operator: Operator | None,
    brand: str,
    status: str = NumberRange.Status.ACTIVE,
    since: dt.date | None,
    until: dt.date | None = None,
    source: str,
    reason: str,
    by: User,
    at: dt.datetime,
    note: str = "",
) -> NumberRange:
    """A new row. Raises WrongState when another row holds the prefix on one of the days."""
    by.require(Permission.EDIT_REGISTER)
    reason = needs_reason(reason)
    if since is not None and until is not None and until <= since:
        raise Invalid("empty_period", _("The range ends before it begins."))
    with pghistory.context(user=by.pk, reason=reason):
        try:
            with transaction.atomic():
                row = NumberRange.objects.create(
                    prefix=checked_prefix(prefix),
                    operator=operator,
                    brand=_brand(brand),
                    status=status,
                    valid=DateRange(since, until),
                    source=needs_reason(source),
                    note=note,
                )
        except IntegrityError as error:
            if (explained := _explained(error)) is None:
                raise
            raise explained from error
    _record(AuditAction.NUMBER_RANGE_ADD, row, by, at)
    return row


@transaction.atomic
def end_range(row: NumberRange, *, on: dt.date, reason: str, by: User, at: dt.datetime) -> NumberRange:
    """`on` is the first day on which it no longer holds. Raises WrongState when it has already ended."""
    by.require(Permission.EDIT_REGISTER)
    reason = needs_reason(reason)
    row = NumberRange.objects.select_for_update().get(pk=row.pk)
    if row.valid.isempty or row.valid.upper is not None:
        raise WrongState("range_ended", _("This range has already ended."))
    if row.valid.lower is not None and on < row.valid.lower:
        raise Invalid("empty_period", _("The range ends before it begins."))
    row.valid = DateRange(row.valid.lower, on)
    with pghistory.context(user=by.pk, reason=reason):
        row.save(update_fields=["valid"])
    _record(AuditAction.NUMBER_RANGE_END, row, by, at)
    return row


@transaction.atomic
def transfer_range(
    row: NumberRange, *, to: Operator, on: dt.date, source: str, reason: str, by: User, at: dt.datetime
) -> NumberRange:
    """From `on` on another operator holds the prefix (a merger, a sale). The brand stays."""
    if row.operator_id == to.pk:
        raise Invalid("same_operator", _("The range already belongs to this operator."))
    end_range(row, on=on, reason=reason, by=by, at=at)
    return add_range(
        row.prefix,
        operator=to,
        brand=row.brand.name if row.brand else "",
        since=on,
        source=source,
        reason=reason,
        by=by,
        at=at,
    )


@transaction.atomic
def transfer_all(
    holder: Operator, *, to: Operator, on: dt.date, source: str, reason: str, by: User, at: dt.datetime
) -> list[NumberRange]:
    """A merger: every range that `holder` still has on that day goes to `to`."""
    rows = NumberRange.objects.filter(operator=holder, valid__contains=on, valid__upper_inf=True)
    return [transfer_range(row, to=to, on=on, source=source, reason=reason, by=by, at=at) for row in rows]


def _brand(name: str) -> Brand | None:
    return Brand.objects.get_or_create(name=name.strip())[0] if name.strip() else None


def _explained(error: IntegrityError) -> DomainError | None:
    if "one_holder_per_prefix_and_day" in str(error):
        return WrongState("range_overlaps", _("Another range holds this prefix on one of these days."))
    if "active_range_has_operator" in str(error):
        return Invalid("operator_missing", _("An active range needs an operator."))
    return None


def _record(action: AuditAction, row: NumberRange, by: User, at: dt.datetime) -> None:
    until = row.valid.upper.isoformat() if row.valid.upper else None
    audit_log.record(
        action,
        actor=f"user:{by.pk}",
        subject=f"range:{row.pk}",
        at=at,
        detail={"prefix": row.prefix, "operator": row.operator_id, "until": until},
    )
