"""The rules of publication: one list manager proposes them, another agrees. See also `list_changes`."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import asdict
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.roles import Permission
from aduan.accounts.services import record_step_up
from aduan.blocklists.models import ListRules
from aduan.blocklists.queries import rules_proposed
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden, Invalid, WrongState

if TYPE_CHECKING:
    from aduan.accounts.models import User
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


def _record(action: AuditAction, subject: str, by: User, at: dt.datetime, **detail: object) -> None:
    audit_log.record(action, actor=f"user:{by.pk}", subject=subject, at=at, detail=detail)
