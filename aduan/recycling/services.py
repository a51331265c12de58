"""Asks within quotas: first about numbers that wait for a signature, then daily about those in force."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Mapping
from typing import Final

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from aduan.accounts.step_up import application_mac, is_application_mac
from aduan.cases.models import Block, Case, Hold, RecycledNotice
from aduan.cases.services import take_recycled
from aduan.cases.workflow import Status
from aduan.core.periods import JAKARTA, local_date
from aduan.operators.models import Operator
from aduan.recycling.camara import CamaraNumberRecycling, NumberRecycling, Unanswered
from aduan.recycling.models import RecyclingCheck

_logger = logging.getLogger(__name__)
QUOTA: Final = 1000  # questions a day, where an interface names no quota of its own
RUN_SECONDS: Final = 45.0  # shared by the operators of a run, which ends before the next begins
GIVES_UP_AFTER: Final = 3  # questions in a row without an answer
LEFT_ALONE: Final = dt.timedelta(minutes=10)  # for so long, then
ASKED_AGAIN: Final = dt.timedelta(hours=1)  # after a question without an answer


def configured_interfaces() -> dict[str, NumberRecycling]:
    """The interfaces of settings.RECYCLING_APIS, by the operator's code."""
    return {code: CamaraNumberRecycling(options) for code, options in settings.RECYCLING_APIS.items()}


def check_numbers(interfaces: Mapping[str, NumberRecycling], *, at: dt.datetime) -> int:
    """Asks what is due of each operator; changed numbers are released below the ceiling. How many changed."""
    changed = 0
    for operator in Operator.objects.filter(code__in=list(interfaces)):
        quota = int(settings.RECYCLING_APIS.get(operator.code, {}).get("daily_quota", QUOTA))
        left = 0 if _is_silent(operator, at) else quota - _asked_today(operator, at)
        if left > 0:
            _ask(interfaces[operator.code], operator, left, RUN_SECONDS / len(interfaces), at)
        changed += _heed(operator, at)
    return changed


def _heed(operator: Operator, at: dt.datetime) -> int:
    """Takes what the interface said of changes today, also to a run that ended before it got so far."""
    heeded = RecycledNotice.objects.filter(
        case=OuterRef("case"), source=RecycledNotice.Source.INTERFACE, received_at__gte=OuterRef("asked_at")
    )
    said = RecyclingCheck.objects.filter(
        ~Exists(heeded), operator=operator, asked_at__gte=_midnight(at), changed=True
    )
    checks = {check.case_id: check for check in said.order_by("pk")}
    signing, blocked = _asked_about()
    found = list(_not_waiting(operator).filter(signing | blocked, pk__in=checks).order_by("pk"))
    for turn, case in enumerate(found):
        take_recycled(
            case,
            operator_id=operator.pk,
            source=RecycledNotice.Source.INTERFACE,
            batch=len(found) - turn,
            at=at,
            detail={"since": checks[case.pk].since.isoformat()},
            is_ours=is_application_mac(checks[case.pk].mac, *checks[case.pk].change),
        )
    return len(found)


def _ask(interface: NumberRecycling, operator: Operator, left: int, seconds: float, at: dt.datetime) -> None:
    """Asks whether numbers changed hands since their last complaint or decision, and keeps the answers."""
    began, silent = time.monotonic(), 0
    for case in _due(operator, at, left):
        if silent >= GIVES_UP_AFTER or time.monotonic() - began > seconds:
            _logger.warning("number recycling of %s is left for the next run", operator.code)
            return
        since = _complained_on(case)
        check = RecyclingCheck(case=case, operator=operator, since=since, asked_at=at)
        try:
            check.changed = interface.has_changed(int(case.number_text.removeprefix("+")), since=since)
            silent = 0
        except Unanswered as error:
            check.error, silent = error.code[:30], silent + 1
        check.mac = application_mac(*check.change) if check.changed else None
        check.save(force_insert=True)


def _complained_on(case: Case) -> dt.date:
    """The day of the last complaint behind a decision: who got the number after it is another holder."""
    complained = case.last_complaint_at or case.opened_at
    return local_date(min(complained, case.decided_at or complained))


def _due(operator: Operator, at: dt.datetime, most: int) -> list[Case]:
    """Not answered today: what waits for a signature or is held, then blocked numbers, oldest asked first."""
    lately = Q(changed=None, asked_at__gt=at - ASKED_AGAIN)
    today = RecyclingCheck.objects.filter(
        Q(changed__isnull=False) | lately, case=OuterRef("pk"), asked_at__gte=_midnight(at)
    )
    cases = _not_waiting(operator).filter(~Exists(today))
    signing, blocked = _asked_about()
    first = list(cases.filter(signing).order_by("pk")[:most])
    rest = cases.filter(blocked).exclude(pk__in=[case.pk for case in first])
    newest = RecyclingCheck.objects.filter(case=OuterRef("pk")).order_by("-asked_at").values("asked_at")
    order = Subquery(newest[:1])
    rest = rest.annotate(asked=order).order_by(F("asked").asc(nulls_first=True), "pk")
    return first + list(rest[: most - len(first)])


def _not_waiting(operator: Operator) -> QuerySet[Case]:
    """The operator's cases without a notice that waits for a person."""
    waits = RecycledNotice.objects.filter(case=OuterRef("pk"), state=RecycledNotice.State.WAITING)
    return Case.objects.filter(~Exists(waits), operator=operator, number_kind="mobile")


def _asked_about() -> tuple[Q, Q]:
    """Of a case: that it waits for a signature or is held, and that its number is blocked."""
    held = Hold.objects.filter(case=OuterRef("pk")).filter(
        Q(state=Hold.State.PENDING) | Q(state=Hold.State.CONFIRMED, ended_at=None)
    )
    blocked = Block.objects.filter(case=OuterRef("pk"), released_at=None, requested_action="block")
    return Q(status__in=(Status.PROPOSED, Status.DISPUTED)) | Q(Exists(held)), Q(Exists(blocked))


def _is_silent(operator: Operator, at: dt.datetime) -> bool:
    """Whether the last questions, a short time ago, had no answer."""
    recent = RecyclingCheck.objects.filter(operator=operator, asked_at__gt=at - LEFT_ALONE)
    answers = list(recent.order_by("-pk").values_list("changed", flat=True)[:GIVES_UP_AFTER])
    return answers == [None] * GIVES_UP_AFTER


def _asked_today(operator: Operator, at: dt.datetime) -> int:
    return RecyclingCheck.objects.filter(operator=operator, asked_at__gte=_midnight(at)).count()


def _midnight(at: dt.datetime) -> dt.datetime:
    return dt.datetime.combine(local_date(at), dt.time(0), JAKARTA)
