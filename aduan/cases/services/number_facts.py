"""What becomes known of a number after complaints came in: who uses it since when, and what it resembles."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aduan.accounts.roles import Permission
from aduan.cases.models import Case, Hold
from aduan.cases.services.hold_endings import end_holds_of, end_holds_of_long_used
from aduan.cases.services.intake import next_digest
from aduan.cases.services.recycled_notices import ceiling_of
from aduan.cases.services.transitions import apply_transition, lock_cases
from aduan.cases.workflow import LIVE, CaseAction
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden, Invalid, WrongState
from aduan.core.periods import JAKARTA, local_date
from aduan.numbers import services as numbers
from aduan.numbers.models import PhoneNumber
from aduan.numbers.parsing import parse
from aduan.numbers.services.lookalikes import lookalike_of
from aduan.operators.actors import Actor
from aduan.operators.models import AccessKey

_FIRST_NETWORK: Final = dt.date(1961, 1, 1)  # older than any subscription that operators can show


@transaction.atomic
def set_in_use_since(digits: int, *, since: dt.date, actor: Actor, at: dt.datetime) -> PhoneNumber:
    """An operator says since when the present holder has had a number of its own (E.164 without `+`).

    From the sixth year on a block takes three people, and a hold that the rules would not allow ends. The
    number need not have been reported: no one learns here whether it was. The same word twice is noted once.
    Raises Forbidden for another operator's number and for a key that may end no hold, WrongState beyond the
    holds that an operator may end so within a day.
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
    ended = 0
    for case in lock_cases(list(Case.objects.filter(number=number, status__in=LIVE))):
        case.in_use_since = since
        case.contents_digest = next_digest(case, f"in use {since}")
        case.save(update_fields=["in_use_since", "contents_digest"])
        apply_transition(case, CaseAction.ANSWER, by=None, at=at, detail=reported)
        ended += end_holds_of_long_used(case, at=at)
    if ended:
        _require_bounds(actor, at=at)
    audit_log.record(
        AuditAction.NUMBER_SET_IN_USE_SINCE,
        actor=actor.label,
        subject=f"number:{number.pk}",
        at=at,
        detail=reported,
    )
    return number


def _require_bounds(actor: Actor, *, at: dt.datetime) -> None:
    """A word that ends a hold is as strong as "recycled" and has its bounds: one stolen key frees no list."""
    scope = AccessKey.Scope.REPORT_RECYCLED
    if actor.access_key is not None and scope not in actor.access_key.scopes:
        text = _("This number is held. To end a hold takes the scope “%(scope)s”.") % {"scope": scope}
        raise Forbidden("scope_missing", text, scope=str(scope))
    with connection.cursor() as cursor:  # two words at once are counted one after the other
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('cases_recycled'), %s)", [actor.operator.pk])
    midnight = dt.datetime.combine(local_date(at), dt.time(0), JAKARTA)
    by_word = Hold.objects.filter(operator=actor.operator, end_reason=Hold.EndReason.MISTAKE, ended_by=None)
    today = by_word.filter(ended_at__gte=midnight, case__events__detail__has_key="in_use_since")
    if today.distinct().count() > ceiling_of(actor.operator.pk):
        raise WrongState(
            "too_many_today",
            _("No more holds end today by this word. Write to the ministry: a person looks at it."),
        )


@transaction.atomic
def sync_lookalike_flags(*, at: dt.datetime) -> int:
    """Tells live cases what their numbers resemble since the protected numbers changed. Returns how many."""
    behind = Q(resembles_protected=False, number__resembles__isnull=False) | Q(
        resembles_protected=True, number__resembles=None
    )
    cases = lock_cases(list(Case.objects.filter(behind, status__in=LIVE).select_related("number")))
    numbers_of = PhoneNumber.objects.in_bulk([case.number_id for case in cases])
    for case in cases:
        number = numbers_of[case.number_id]
        alike = lookalike_of(number.canonical, number.kind)  # a mark alone, SQL could have made
        if number.resembles_id and alike is None:
            PhoneNumber.objects.filter(pk=number.pk).update(resembles=None)
        if case.resembles_protected == (alike is not None):
            continue
        case.resembles_protected = alike is not None
        case.contents_digest = next_digest(case, f"resembles {case.resembles_protected} {at.isoformat()}")
        case.save(update_fields=["resembles_protected", "contents_digest"])
        if case.resembles_protected:  # such a number is never held, also when that is known only now
            end_holds_of(case, reason=Hold.EndReason.MISTAKE, by=None, at=at)
    return len(cases)
