"""Blocks end: released by two people, expired, recycled, or because the owner was right."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.cases.models import Block, Case, ChangeRequest, Hold
from aduan.cases.notices import NoticeText
from aduan.cases.services.enforcement import release_blocks
from aduan.cases.services.hold_endings import end_holds_of
from aduan.cases.services.intake import next_digest
from aduan.cases.services.transitions import apply_transition, lock_case, lock_cases, rank
from aduan.cases.workflow import CaseAction, Status
from aduan.core.errors import Forbidden
from aduan.core.periods import local_date
from aduan.numbers.models import PhoneNumber, RoutingTask
from aduan.numbers.services import open_routing_task

ReleaseReason = Block.ReleaseReason


def expire_blocks(*, at: dt.datetime, limit: int = 1000) -> int:
    """Releases blocks whose last day is over in Jakarta. Called daily; one transaction a batch."""
    today = local_date(at)
    with transaction.atomic():
        over = Block.objects.filter(released_at=None, valid_until__lte=today).order_by("valid_until", "pk")[
            :limit
        ]
        cases = lock_cases([block.case for block in over.select_related("case")])
        for case in cases:
            if case.status in (Status.CONFIRMED, Status.REFERRED):
                end_blocks(case, by=None, at=at, reason=ReleaseReason.EXPIRED)
    return len(cases)


@transaction.atomic
def record_operator_outcome(
    case: Case,
    *,
    operator_id: int,
    answer: str,
    at: dt.datetime,
    note: str = "",
    detail: dict[str, Any] | None = None,
) -> Case:
    """Record what an operator did: "blocked", "inactive", "not_ours", "recycled" or "refused".

    "recycled" releases the block at once, because the line has a new holder, and forgets since when the old
    one used it. "not_ours" opens a routing task with what the operator typed (`note`).
    """
    case = lock_case(case)
    apply_transition(
        case,
        CaseAction.ANSWER,
        by=None,
        at=at,
        detail={"operator": operator_id, "answer": answer, **(detail or {})},
    )
    if answer == "recycled":
        PhoneNumber.objects.filter(pk=case.number_id).update(in_use_since=None)
    if answer == "recycled":
        end_holds_of(case, reason=Hold.EndReason.RECYCLED, by=None, at=at)
    if answer == "recycled" and case.status in (Status.CONFIRMED, Status.REFERRED):
        return end_blocks(case, by=None, at=at, reason=ReleaseReason.RECYCLED)
    if answer == "not_ours" and case.status == Status.CONFIRMED:
        number = PhoneNumber.objects.get(pk=case.number_id)
        open_routing_task(
            number, reason=RoutingTask.Reason.NOT_OURS, raised_by_id=operator_id, note=note, at=at
        )
    return case


@transaction.atomic
def record_objection(case: Case, *, at: dt.datetime) -> Case:
    """The owner objects: no block can be confirmed, and no list takes the number in, until it is settled.

    Another who objects, or better proof of the same, is something that no one has read who asked to answer.
    """
    case = lock_case(case)
    if case.objection_since is None:
        case.objection_since = case.grounds_weakened_at = at
    case.contents_digest = next_digest(case, f"objection {at.isoformat()}")
    case.save(update_fields=["objection_since", "grounds_weakened_at", "contents_digest"])
    apply_transition(case, CaseAction.OBJECT, by=None, at=at)
    rank([case.pk], at=at)
    return case


@transaction.atomic
def set_protected(
    number: PhoneNumber,
    *,
    protected: bool,
    at: dt.datetime,
    under: ChangeRequest | None = None,
) -> int:
    """The register of protected numbers changed for this number; a block in force ends under the request.

    Returns the cases touched. Raises Forbidden when a block would end without a confirmed request.
    """
    cases = lock_cases(list(Case.objects.filter(number=number)))
    for case in cases:
        if protected and case.status == Status.CONFIRMED:
            if under is None:
                raise Forbidden("takes_two", _("Blocks in force would end. A second person has to confirm."))
            end_blocks(case, by=under.settled_by, at=at, reason=ReleaseReason.PROTECTED, under=under)
        if protected:
            end_holds_of(case, reason=Hold.EndReason.PROTECTED, by=under.settled_by if under else None, at=at)
        case.protected = protected
        case.suspected_spoofing = case.suspected_spoofing or protected
        if protected:
            case.grounds_weakened_at = at
        case.contents_digest = next_digest(case, f"protected {protected} {at.isoformat()}")
        case.save(update_fields=["protected", "suspected_spoofing", "grounds_weakened_at", "contents_digest"])
    return len(cases)


def end_blocks(
    case: Case,
    *,
    by: User | None,
    at: dt.datetime,
    reason: ReleaseReason,
    note: str = "",
    notice: NoticeText | None = None,
    under: ChangeRequest | None = None,
) -> Case:
    """Ends the block or the referral of this locked case; the next interim list carries the removal.

    `under` is the request that two people signed. Without one the database lets only those blocks end whose
    grounds it can see: expired, recycled, moved.
    """
    release_blocks(case, by=by, at=at, reason=reason, under=under)
    detail: dict[str, Any] = {"reason_code": reason}
    if under is not None:
        detail["request"] = under.pk
    apply_transition(
        case, CaseAction.RELEASE, by=by, at=at, reason=note.strip(), detail=detail, notice=notice
    )
    return case
