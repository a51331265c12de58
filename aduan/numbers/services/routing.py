"""Which operator must act on a number: by the range table, or by a person's word where the table is wrong."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import pghistory
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Invalid, WrongState
from aduan.core.periods import local_date
from aduan.numbers.models import HolderOverride, PhoneNumber, Routing, RoutingTask
from aduan.numbers.services.registration import DOMESTIC
from aduan.operators.models import NumberRange, Operator

# One hash join for each prefix length in use: the planner never has to compare ranges. Numbers with a
# person's override are left alone, and only rows whose operator changes are written.
_ROUTE: Final = """
    WITH valid AS MATERIALIZED (
        SELECT prefix, length(prefix) AS size,
               CASE WHEN status = 'active' THEN operator_id END AS operator_id
        FROM operators_numberrange WHERE valid @> %(on)s::date
    ), routed AS (
        SELECT n.id, {answer} AS operator_id
        FROM numbers_phonenumber n {joins}
        WHERE n.kind = ANY(%(kinds)s) AND n.routing <> 'override'
    )
"""
_CHANGE: Final = """
    UPDATE numbers_phonenumber n SET
        operator_id = r.operator_id,
        routing = CASE WHEN r.operator_id IS NULL THEN 'unassigned' ELSE 'range' END
    FROM routed r
    WHERE n.id = r.id AND n.operator_id IS DISTINCT FROM r.operator_id
"""


def routing_sql(on: dt.date) -> str:
    """The common table `routed(id, operator_id)` for that day; parameters are `on` and `kinds`."""
    lengths = sorted({len(prefix) for prefix in _prefixes(on)}, reverse=True)
    joins = " ".join(
        f"LEFT JOIN valid v{size} ON v{size}.size = {size} AND v{size}.prefix = left(n.digits::text, {size})"
        for size in lengths
    )
    branches = " ".join(f"WHEN v{size}.prefix IS NOT NULL THEN v{size}.operator_id" for size in lengths)
    answer = f"CASE {branches} END" if lengths else "NULL::bigint"
    return _ROUTE.format(joins=joins, answer=answer)


def _prefixes(on: dt.date) -> list[str]:
    return list(NumberRange.objects.filter(valid__contains=on).values_list("prefix", flat=True))


def routing_parameters(on: dt.date) -> dict[str, Any]:
    return {"on": on, "kinds": sorted(DOMESTIC)}


@transaction.atomic
def route_many(*, on: dt.date) -> int:
    """Every domestic number → who holds it on that day. Returns how many changed hands.

    Called after the range table changed, and each day: a transfer entered for a later day takes effect then.
    """
    with connection.cursor() as cursor:
        cursor.execute(routing_sql(on) + _CHANGE, routing_parameters(on))
        return int(cursor.rowcount)


def _reason(text: str) -> str:
    if len(text.strip()) < 5:
        raise Invalid("reason_missing", _("Please say why, and how you know."))
    return text.strip()


@transaction.atomic
def override_holder(
    number: PhoneNumber, *, operator: Operator, reason: str, by: User, at: dt.datetime
) -> HolderOverride:
    """A person's word on one number, against the range table. Replaces an earlier one; both are kept."""
    by.require(Permission.EDIT_REGISTER)
    reason = _reason(reason)
    number = PhoneNumber.objects.select_for_update().get(pk=number.pk)
    with pghistory.context(user=by.pk, reason=reason):
        HolderOverride.objects.filter(number=number, ended_at=None).update(ended_at=at)
        override = HolderOverride.objects.create(
            number=number, operator=operator, reason=reason, by=by, at=at
        )
    number.operator, number.routing = operator, Routing.BY_OVERRIDE
    number.save(update_fields=["operator", "routing"])
    _settle(number, by=by, at=at, resolution=reason)
    _record(AuditAction.NUMBER_OVERRIDE_HOLDER, number, by, at, operator.pk)
    return override


@transaction.atomic
def end_override(override: HolderOverride, *, reason: str, by: User, at: dt.datetime) -> PhoneNumber:
    """The range table counts again. Raises WrongState when the override has ended before."""
    by.require(Permission.EDIT_REGISTER)
    with pghistory.context(user=by.pk, reason=_reason(reason)):
        if HolderOverride.objects.filter(pk=override.pk, ended_at=None).update(ended_at=at) != 1:
            raise WrongState("override_ended", _("Somebody else has already taken this back."))
    number = PhoneNumber.objects.select_for_update().get(pk=override.number_id)
    number.routing = Routing.BY_RANGE
    number.save(update_fields=["routing"])
    route_many(on=local_date(at))
    number.refresh_from_db()
    if number.operator_id is None:
        number.routing = Routing.UNASSIGNED
        number.save(update_fields=["routing"])
    _record(AuditAction.NUMBER_END_OVERRIDE, number, by, at, number.operator_id)
    return number


@transaction.atomic
def settle_task(
    task: RoutingTask, *, operator: Operator | None, reason: str, by: User, at: dt.datetime
) -> RoutingTask:
    """With an operator: an override for this number. Without: the range table was right, nothing moves."""
    by.require(Permission.EDIT_REGISTER)
    task = RoutingTask.objects.select_for_update().select_related("number").get(pk=task.pk)
    if task.resolved_at is not None:
        raise WrongState("task_settled", _("Somebody else has already settled this."))
    if operator is not None and operator.pk != task.number.operator_id:
        override_holder(task.number, operator=operator, reason=reason, by=by, at=at)
    else:
        _settle(task.number, by=by, at=at, resolution=_reason(reason))
        _record(AuditAction.NUMBER_CONFIRM_HOLDER, task.number, by, at, task.number.operator_id)
    task.refresh_from_db()
    return task


def _settle(number: PhoneNumber, *, by: User, at: dt.datetime, resolution: str) -> None:
    RoutingTask.objects.filter(number=number, resolved_at=None).update(
        resolved_at=at, resolved_by=by, resolution=resolution
    )


def _record(
    action: AuditAction, number: PhoneNumber, by: User, at: dt.datetime, operator_id: int | None
) -> None:
    audit_log.record(
        action, actor=f"user:{by.pk}", subject=f"number:{number.pk}", at=at, detail={"operator": operator_id}
    )
