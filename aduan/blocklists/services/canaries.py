"""Canaries: numbers that no one can hold, one on one operator's list. Who may add them: `list_changes`."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.roles import Permission
from aduan.blocklists.models import Canary
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Invalid, WrongState
from aduan.core.periods import local_date
from aduan.operators.models import NumberRange, Operator
from aduan.operators.queries import holder_of

if TYPE_CHECKING:
    from aduan.accounts.models import StepUpEvidence, User

_MOBILE = re.compile(r"(?:\+?62|0)(8[0-9]{7,11})")
CANARY_LIFE = dt.timedelta(days=365)


@transaction.atomic
def create_canary(
    operator: Operator,
    *,
    number: str,
    category: str,
    by: User,
    at: dt.datetime,
    evidence: StepUpEvidence | None = None,
) -> Canary:
    """A number that no one can hold, for one operator's list alone; it looks like any other on it.

    Its case is a number of the sequence that no case has. The database takes it for the sandbox, and else in
    the transaction of an approval.
    """
    by.require(Permission.RELEASE_LISTS)
    digits, day = digits_for_canary(operator, number, at=at), local_date(at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('cases_case', 'id'))")
        case_id = cursor.fetchone()[0]
    try:
        with transaction.atomic():
            canary = Canary.objects.create(
                operator=operator,
                digits=digits,
                category=category,
                case_id=case_id,
                since=day,
                until=day + CANARY_LIFE,
                created_by=by,
                created_at=at,
                created_step_up=evidence,
            )
    except IntegrityError as error:
        raise WrongState("canary_known", _("This number is a canary already.")) from error
    _record(AuditAction.CANARY_ADD, f"canary:{canary.pk}", by, at, operator=operator.pk)
    return canary


@transaction.atomic
def remove_canary(
    canary: Canary, *, by: User, at: dt.datetime, evidence: StepUpEvidence | None = None
) -> Canary:
    """It goes off the next list; the row stays, because old lists still carry it."""
    by.require(Permission.RELEASE_LISTS)
    day = local_date(at)
    known = Canary.objects.filter(pk=canary.pk, until__gt=day)
    if known.update(until=day, ended_step_up=evidence) != 1:
        raise WrongState("canary_ended", _("This canary has ended already."))
    _record(AuditAction.CANARY_END, f"canary:{canary.pk}", by, at, operator=canary.operator_id)
    canary.refresh_from_db()
    return canary


def digits_for_canary(operator: Operator, number: str, *, at: dt.datetime) -> int:
    """Raises Invalid for a number that a person could hold: a canary must never cut a line."""
    digits = _mobile_digits(number)
    if operator.kind == Operator.Kind.OTT:
        raise Invalid("no_canary_for_platform", _("Canaries are for operators' block lists."))
    if digits is None:
        raise Invalid("canary_shape", _("Enter a mobile number, as on the lists."), field="number")
    holding = holder_of(digits, on=local_date(at))
    if holding is not None and holding.status == NumberRange.Status.ACTIVE:
        raise Invalid(
            "canary_assigned", _("This number lies in a range that somebody holds."), field="number"
        )
    return digits


def _mobile_digits(text: str) -> int | None:
    """Not by aduan.numbers.parsing, which refuses what no one can hold."""
    found = _MOBILE.fullmatch(re.sub(r"[\s-]", "", text))
    return int("62" + found[1]) if found else None


def _record(action: AuditAction, subject: str, by: User, at: dt.datetime, **detail: object) -> None:
    audit_log.record(action, actor=f"user:{by.pk}", subject=subject, at=at, detail=detail)
