"""What list managers set. Rules need two of them; subscriptions and canaries one, and the audit log."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import asdict
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.roles import Permission
from aduan.accounts.services import record_step_up
from aduan.blocklists.models import Canary, ListRules, ListSeries, ListSubscription
from aduan.blocklists.queries import rules_proposed
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden, Invalid, WrongState
from aduan.core.periods import local_date
from aduan.operators.models import NumberRange, Operator
from aduan.operators.queries import holder_of

if TYPE_CHECKING:
    from aduan.accounts.models import StepUpEvidence, User
    from aduan.accounts.step_up import StepUp
    from aduan.blocklists.stop_rules import Thresholds

_MOBILE = re.compile(r"(?:\+?62|0)(8[0-9]{7,11})")
CANARY_LIFE = dt.timedelta(days=365)


@transaction.atomic
def propose_rules(
    thresholds: Thresholds,
    *,
    cooling_off: dt.timedelta,
    reason: str,
    by: User,
    step_up: StepUp,
    at: dt.datetime,
) -> ListRules:
    """One of two list managers. Nothing changes yet; a newer proposal takes the place of an older one."""
    by.require(Permission.RELEASE_LISTS)
    if not reason.strip():
        raise Invalid("reason_missing", _("Please say why."), field="reason")
    hours = int(cooling_off.total_seconds() // 3600)
    evidence = record_step_up(
        step_up, by=by, act=AuditAction.LIST_RULES_PROPOSE, subject="list_rules:new", at=at
    )
    try:
        with transaction.atomic():
            rules = ListRules.objects.create(
                **asdict(thresholds),
                cooling_off_hours=hours,
                reason=reason.strip()[:300],
                proposed_by=by,
                proposed_at=at,
                proposed_step_up=evidence,
            )
    except IntegrityError as error:
        raise Invalid("beyond_bounds", _("One of these values lies outside what is allowed.")) from error
    figures = {**asdict(thresholds), "cooling_off_hours": hours}
    _record(AuditAction.LIST_RULES_PROPOSE, f"list_rules:{rules.pk}", by, at, **figures)
    return rules


@transaction.atomic
def agree_rules(rules: ListRules, *, by: User, step_up: StepUp, at: dt.datetime) -> ListRules:
    """The other of two list managers: from here on they are in force.

    Lists that are built already keep their times.
    """
    by.require(Permission.RELEASE_LISTS)
    proposed = rules_proposed()
    if proposed is None or proposed.pk != rules.pk:
        raise WrongState("not_proposed", _("These rules are no longer what is proposed."))
    if proposed.proposed_by.same_human(by):
        raise Forbidden("same_person", _("Another list manager has to agree."))
    evidence = record_step_up(
        step_up, by=by, act=AuditAction.LIST_RULES_AGREE, subject=f"list_rules:{rules.pk}", at=at
    )
    changed = ListRules.objects.filter(pk=rules.pk, agreed_at=None).update(
        agreed_by=by, agreed_at=at, agreed_step_up=evidence
    )
    if changed != 1:
        raise WrongState("not_proposed", _("These rules are no longer what is proposed."))
    _record(AuditAction.LIST_RULES_AGREE, f"list_rules:{rules.pk}", by, at)
    proposed.refresh_from_db()
    return proposed


@transaction.atomic
def switch_inbound(
    operator: Operator, *, on: bool, note: str, by: User, step_up: StepUp, at: dt.datetime
) -> ListSubscription:
    """Whether this operator gets the filter for numbers from abroad; off unless a person switched it on."""
    by.require(Permission.RELEASE_LISTS)
    if operator.kind == Operator.Kind.OTT:
        raise Invalid("no_inbound_subscription", _("A platform carries no calls; it gets referrals."))
    if not note.strip():
        raise Invalid("reason_missing", _("Please say why."), field="note")
    record_step_up(
        step_up,
        by=by,
        act=AuditAction.OPERATOR_SWITCH_INBOUND,
        subject=f"operator:{operator.pk}",
        at=at,
        digest="on" if on else "off",
    )
    subscription, _new = ListSubscription.objects.update_or_create(
        operator=operator, series=ListSeries.INBOUND, defaults={"enabled": on, "note": note.strip()[:500]}
    )
    _record(AuditAction.OPERATOR_SWITCH_INBOUND, f"operator:{operator.pk}", by, at, on=on)
    return subscription


@transaction.atomic
def add_canary(
    operator: Operator, *, number: str, category: str, by: User, step_up: StepUp, at: dt.datetime
) -> Canary:
    """One list manager adds a number that tells where a list leaked: see `create_canary`."""
    by.require(Permission.RELEASE_LISTS)
    evidence = record_step_up(
        step_up, by=by, act=AuditAction.CANARY_ADD, subject=f"operator:{operator.pk}", at=at
    )
    return create_canary(operator, number=number, category=category, by=by, at=at, evidence=evidence)


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

    Its case is a number of the sequence that no case has. Raises Invalid for a number that a person could
    hold: a canary must never cut a line.
    """
    by.require(Permission.RELEASE_LISTS)
    digits = _mobile_digits(number)
    if operator.kind == Operator.Kind.OTT:
        raise Invalid("no_canary_for_platform", _("Canaries are for operators' block lists."))
    if digits is None:
        raise Invalid("canary_shape", _("Enter a mobile number, as on the lists."), field="number")
    day = local_date(at)
    holding = holder_of(digits, on=day)
    if holding is not None and holding.status == NumberRange.Status.ACTIVE:
        raise Invalid(
            "canary_assigned", _("This number lies in a range that somebody holds."), field="number"
        )
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
def end_canary(canary: Canary, *, by: User, step_up: StepUp, at: dt.datetime) -> Canary:
    """One list manager takes a canary off: see `remove_canary`."""
    by.require(Permission.RELEASE_LISTS)
    evidence = record_step_up(
        step_up, by=by, act=AuditAction.CANARY_END, subject=f"canary:{canary.pk}", at=at
    )
    return remove_canary(canary, by=by, at=at, evidence=evidence)


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


def _mobile_digits(text: str) -> int | None:
    """Not by aduan.numbers.parsing, which refuses what no one can hold."""
    found = _MOBILE.fullmatch(re.sub(r"[\s-]", "", text))
    return int("62" + found[1]) if found else None


def _record(action: AuditAction, subject: str, by: User, at: dt.datetime, **detail: object) -> None:
    audit_log.record(action, actor=f"user:{by.pk}", subject=subject, at=at, detail=detail)
