"""Marking a person away, by themselves or by a lead. A person who is away keeps no case."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases.models import Case
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Invalid
from aduan.core.periods import local_date
from aduan.teamwork.models import Absence

LONGEST_ABSENCE: Final = dt.timedelta(days=366)


@transaction.atomic
def mark_away(person: User, *, until: dt.date, by: User, at: dt.datetime) -> Absence:
    """Away through the day `until` (Jakarta); what this person holds is free at once.

    A second one replaces the first. Raises Forbidden when `by` is neither the person nor a lead.
    """
    _require_own_or_lead(person, by)
    today = local_date(at)
    if not today <= until <= today + LONGEST_ABSENCE:
        raise Invalid("away_until", _("Choose a day from today on, at most a year away."), field="until")
    person = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    Absence.objects.filter(person=person, ended_at=None).update(ended_at=at)
    absence = Absence.objects.create(person=person, since=at, until=until, entered_by=by)
    held = Case.locked().filter(held_by=person).order_by("pk")
    freed = [case.pk for case in held]
    Case.objects.filter(pk__in=freed).update(held_by=None, held_until=None)
    _record(AuditAction.USER_MARK_AWAY, person, by, at, {"until": until.isoformat(), "cases": len(freed)})
    return absence


@transaction.atomic
def come_back(person: User, *, by: User, at: dt.datetime) -> None:
    """Ends the absence now. Without one nothing happens."""
    _require_own_or_lead(person, by)
    if Absence.objects.filter(person=person, ended_at=None).update(ended_at=at):
        _record(AuditAction.USER_COME_BACK, person, by, at, {})


def _require_own_or_lead(person: User, by: User) -> None:
    by.require(Permission.VIEW_CASES if person.pk == by.pk else Permission.ASSIGN)


def _record(action: AuditAction, person: User, by: User, at: dt.datetime, detail: dict[str, object]) -> None:
    audit_log.record(action, actor=f"user:{by.pk}", subject=f"user:{person.pk}", at=at, detail=detail)
