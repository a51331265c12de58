"""Changes of who holds prefixes and numbers. Where blocks are at stake, one person asks, another approves.

With the holder of a prefix or a number its blocks go from one operator's list to another's: that frees lines
as surely as a release. What touches no block is one person's act, at once.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import ApprovalRequest, User
from aduan.accounts.services import approve, request_approval
from aduan.accounts.step_up import StepUp
from aduan.cases.services.operator_changes import RangeChangeResult, apply_range_changes
from aduan.core.errors import WrongState, constraint_of
from aduan.core.periods import local_date
from aduan.numbers.models import PhoneNumber, RoutingTask
from aduan.numbers.services import override_holder, settle_task
from aduan.operators.models import NumberRange, Operator
from aduan.operators.services import imports, ranges

_KIND = ApprovalRequest.Kind
Terms = Mapping[str, Any]


def change_register(
    terms: Terms, *, reason: str, by: User, step_up: StepUp, at: dt.datetime
) -> ApprovalRequest | RangeChangeResult:
    """Does it at once where no block is in force under it, and asks for an approval where one is.

    `terms` come from the functions below. Raises DomainError, and then nothing has changed.
    """
    try:
        return _done(terms, reason=reason, by=by, at=at)
    except IntegrityError as error:
        if constraint_of(error) != "register_takes_two":
            raise
    kind = _KIND.HOLDER if terms["act"] == "holder" else _KIND.REGISTER
    return request_approval(kind, _subject(terms), terms, reason=reason, by=by, step_up=step_up, at=at)


@transaction.atomic
def approve_register_change(
    request: ApprovalRequest, *, by: User, step_up: StepUp, at: dt.datetime
) -> RangeChangeResult:
    """The second person: done now, and numbers, cases and blocks follow on their day."""
    request = approve(request, _KIND.REGISTER, _KIND.HOLDER, by=by, step_up=step_up, at=at)
    terms = request.asked
    if terms["act"] == "import" and meaning_of(imports.read_csv(terms["table"])) != terms["meaning"]:
        raise WrongState(
            "contents_changed", _("The register has changed since you looked. Please look again.")
        )
    return _done(terms, reason=request.reason, by=by, at=at)


def perform(terms: Terms, *, reason: str, by: User, at: dt.datetime) -> None:
    """The change of the register itself. The database refuses it at the end where it takes two people."""
    given: dict[str, Any] = {"reason": reason, "by": by, "at": at}
    act = terms["act"]
    if act == "import":
        imports.apply(terms["table"], **given)
    elif act == "holder":
        _set_holder(terms, **given)
    elif act == "add":
        ranges.add_range(
            terms["prefixes"][0],
            operator=Operator.objects.filter(pk=terms["operator"]).first(),
            brand=terms["brand"],
            status=terms["status"],
            since=_day(terms["since"]),
            until=_day(terms["until"]),
            source=terms["source"],
            **given,
        )
    elif act == "end":
        ranges.end_range(NumberRange.objects.get(pk=terms["range"]), on=_needed(terms["on"]), **given)
    else:
        _transfer(terms, given)


def day_of_effect(terms: Terms) -> dt.date | None:
    """The last day named in the terms; None where none is."""
    days = [day for name in ("since", "until", "on") if (day := _day(terms.get(name))) is not None]
    if terms["act"] == "import":
        changes = imports.read_csv(terms["table"])
        days = [day for change in changes for day in (change.since, change.until) if day is not None]
    return max(days, default=None)


def _transfer(terms: Terms, given: dict[str, Any]) -> None:
    given |= {
        "to": Operator.objects.get(pk=terms["to"]),
        "on": _needed(terms["on"]),
        "source": terms["source"],
    }
    if terms["act"] == "transfer":
        ranges.transfer_range(NumberRange.objects.get(pk=terms["range"]), **given)
    else:
        moved = ranges.transfer_all(Operator.objects.get(pk=terms["operator"]), **given)
        if {row.prefix for row in moved} != set(terms["prefixes"]):
            raise WrongState(
                "contents_changed", _("The register has changed since you looked. Please look again.")
            )


def _set_holder(terms: Terms, *, reason: str, by: User, at: dt.datetime) -> None:
    task = RoutingTask.objects.filter(pk=terms["task"], resolved_at=None).first()
    operator = Operator.objects.filter(pk=terms["operator"]).first()
    if task is not None:
        settle_task(task, operator=operator, reason=reason, by=by, at=at)
    elif operator is None:
        raise WrongState("task_settled", _("Somebody else has already settled this."))
    else:
        number = PhoneNumber.objects.get(pk=terms["number"])
        override_holder(number, operator=operator, reason=reason, by=by, at=at)


@transaction.atomic
def _done(terms: Terms, *, reason: str, by: User, at: dt.datetime) -> RangeChangeResult:
    perform(terms, reason=reason, by=by, at=at)
    return apply_range_changes(on=local_date(at), at=at)


def terms_to_add(
    digits: str,
    *,
    operator: Operator | None,
    brand: str,
    status: str,
    since: dt.date | None,
    until: dt.date | None,
    source: str,
) -> Terms:
    return {
        "act": "add",
        "prefixes": [ranges.checked_prefix(digits)],
        "operator": operator.pk if operator else None,
        "brand": brand,
        "status": status,
        "since": _text(since),
        "until": _text(until),
        "source": source,
    }


def terms_to_end(row: NumberRange, *, on: dt.date) -> Terms:
    return {"act": "end", "range": row.pk, "prefixes": [row.prefix], "on": on.isoformat()}


def terms_to_transfer(row: NumberRange, *, to: Operator, on: dt.date, source: str) -> Terms:
    return {
        "act": "transfer",
        "range": row.pk,
        "prefixes": [row.prefix],
        "to": to.pk,
        "on": on.isoformat(),
        "source": source,
    }


def terms_to_merge(holder: Operator, *, to: Operator, on: dt.date, source: str) -> Terms:
    held = NumberRange.objects.filter(operator=holder, valid__contains=on, valid__upper_inf=True)
    return {
        "act": "merge",
        "operator": holder.pk,
        "prefixes": sorted(held.values_list("prefix", flat=True)),
        "to": to.pk,
        "on": on.isoformat(),
        "source": source,
    }


def terms_to_import(table: str) -> Terms:
    changes = imports.read_csv(table)
    return {
        "act": "import",
        "prefixes": sorted({change.prefix for change in changes if change.action not in ("same", "error")}),
        "meaning": meaning_of(changes),
        "table": table,
    }


def terms_to_settle(task: RoutingTask, *, operator: Operator | None) -> Terms:
    return {
        "act": "holder",
        "number": task.number_id,
        "task": task.pk,
        "operator": operator.pk if operator else None,
    }


def meaning_of(changes: list[imports.Change]) -> str:
    """A digest of what a table means today: another register gives it another meaning."""
    text = "".join(f"{change.prefix}{change.action}{change.before}" for change in changes)
    return hashlib.sha256(text.encode()).hexdigest()


def _subject(terms: Terms) -> str:
    if terms["act"] == "holder":
        return f"number:{terms['number']}"
    return "register:" + hashlib.sha256(",".join(terms["prefixes"]).encode()).hexdigest()[:16]


def _text(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _needed(text: str) -> dt.date:
    return dt.date.fromisoformat(text)
