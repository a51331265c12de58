"""What becomes known of a number after complaints came in: who uses it since when, and what it resembles."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aduan.accounts.roles import Permission
from aduan.cases.models import Case, Hold
from aduan.cases.services.hold_endings import end_holds_of, end_holds_of_long_used
from aduan.cases.services.intake import next_digest
from aduan.cases.services.transitions import apply_transition, lock_cases
from aduan.cases.workflow import LIVE, CaseAction
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden, Invalid
from aduan.core.periods import local_date
from aduan.numbers import services as numbers
from aduan.numbers.models import PhoneNumber
from aduan.numbers.parsing import parse
from aduan.operators.actors import Actor

_FIRST_NETWORK: Final = dt.date(1961, 1, 1)  # older than any subscription that operators can show


@transaction.atomic
def set_in_use_since(digits: int, *, since: dt.date, actor: Actor, at: dt.datetime) -> PhoneNumber:
    """An operator says since when the present holder has had a number of its own (E.164 without `+`).

    From the sixth year on a block takes three people, and a hold that the rules would not allow ends. The
    number need not have been reported: no one learns here whether it was. The same word twice is noted once.
    Raises Forbidden for another operator's number.
    """
    actor.require(Permission.REPORT_OUTCOMES)
    if not _FIRST_NETWORK <= since <= local_date(at):
        raise Invalid("since_out_of_range", _("This day cannot be right."), field="since")
    if actor.operator.is_sandbox:
        return PhoneNumber(digits=digits, in_use_since=since)  # checked and forgotten
    number = numbers.register(parse(f"+{digits}"), at=at)
    if number.operator_id != actor.operator.pk:
        raise Forbidden("not_your_number", _("Only the operator of a number can say this."))
    number = PhoneNumber.objects.select_for_update(of=("self",)).get(pk=number.pk)
    if number.in_use_since == since:
        return number
    number.in_use_since = since
    number.save(update_fields=["in_use_since"])
    reported = {"operator": actor.operator.pk, "in_use_since": since.isoformat()}
    for case in lock_cases(list(Case.objects.filter(number=number, status__in=LIVE))):
        case.in_use_since = since
        case.contents_digest = next_digest(case, f"in use {since}")
        case.save(update_fields=["in_use_since", "contents_digest"])
        apply_transition(case, CaseAction.ANSWER, by=None, at=at, detail=reported)
        end_holds_of_long_used(case, at=at)
    audit_log.record(
        AuditAction.NUMBER_SET_IN_USE_SINCE,
        actor=actor.label,
        subject=f"number:{number.pk}",
        at=at,
        detail=reported,
    )
    return number


@transaction.atomic
def sync_lookalike_flags(*, at: dt.datetime) -> int:
    """Tells live cases what their numbers resemble since the protected numbers changed. Returns how many."""
    behind = Q(resembles_protected=False, number__resembles__isnull=False) | Q(
        resembles_protected=True, number__resembles=None
    )
    cases = lock_cases(list(Case.objects.filter(behind, status__in=LIVE).select_related("number")))
    marked = dict(
        Case.objects.filter(pk__in=[case.pk for case in cases]).values_list("pk", "number__resembles")
    )
    for case in cases:
        case.resembles_protected = marked[case.pk] is not None
        case.contents_digest = next_digest(case, f"resembles {case.resembles_protected} {at.isoformat()}")
        case.save(update_fields=["resembles_protected", "contents_digest"])
        if case.resembles_protected:  # such a number is never held, also when that is known only now
            end_holds_of(case, reason=Hold.EndReason.MISTAKE, by=None, at=at)
    return len(cases)
