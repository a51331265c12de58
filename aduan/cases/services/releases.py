"""Blocks end: lifted by a person, expired, recycled, or because the owner was right."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases.models import Block, Case, Proposal
from aduan.cases.notices import NoticeText
from aduan.cases.services.closures import require_text
from aduan.cases.services.enforcement import release_blocks
from aduan.cases.services.intake import next_digest
from aduan.cases.services.transitions import apply_transition, lock_case, lock_cases, rank, require_available
from aduan.cases.workflow import CaseAction, Status
from aduan.core.errors import Forbidden, WrongState
from aduan.core.periods import local_date
from aduan.numbers.models import PhoneNumber, RoutingTask
from aduan.numbers.services import open_routing_task

ReleaseReason = Block.ReleaseReason
# Why a block may be released without a person.
AUTOMATIC: Final = (ReleaseReason.EXPIRED, ReleaseReason.RECYCLED, ReleaseReason.PROTECTED)


@transaction.atomic
def release(
    case: Case,
    *,
    by: User | None,
    at: dt.datetime,
    reason: ReleaseReason,
    note: str = "",
    notice: NoticeText | None = None,
) -> Case:
    """Release the block or the referral of this case; the next interim list carries the removal.

    `note` is what the person typed for colleagues, `notice` what the complainants read instead of the
    standard text. No one may release a block they decided themselves. Raises Forbidden
    when `by` is None and the reason needs a person.
    """
    case = lock_case(case)
    if by is not None:
        by.require(Permission.SIGN_OFF)
        require_available(case, by=by, at=at)
        require_text(note or reason)
        _require_not_decided_by(case, by)
    elif reason not in AUTOMATIC:
        raise Forbidden("person_missing", _("Only a person can release a block for this reason."))
    return _release(case, by=by, at=at, reason=reason, note=note, notice=notice)


@transaction.atomic
def replay_release(case_id: int, *, proposal_id: int, released_at: str, reason: str, at: dt.datetime) -> bool:
    """Releases again a block that a restored backup brought back; whether it did. Safe to repeat.

    The person who released it stands in the audit log that is gone; the case's history names the replay.
    """
    case = Case.objects.select_for_update(of=("self",)).filter(pk=case_id).first()
    if case is None or case.status not in (Status.CONFIRMED, Status.REFERRED):
        return False
    if not case.blocks.filter(proposal_id=proposal_id, released_at=None).exists():
        return False
    release_blocks(case, by=None, at=at, reason=ReleaseReason(reason))
    detail = {"reason_code": reason, "replayed_from": released_at}
    apply_transition(case, CaseAction.RELEASE, by=None, at=at, detail=detail)
    return True


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
                _release(case, by=None, at=at, reason=ReleaseReason.EXPIRED)
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
    if answer == "recycled" and case.status in (Status.CONFIRMED, Status.REFERRED):
        return _release(case, by=None, at=at, reason=ReleaseReason.RECYCLED)
    if answer == "not_ours" and case.status == Status.CONFIRMED:
        number = PhoneNumber.objects.get(pk=case.number_id)
        open_routing_task(
            number, reason=RoutingTask.Reason.NOT_OURS, raised_by_id=operator_id, note=note, at=at
        )
    return case


@transaction.atomic
def record_objection(case: Case, *, at: dt.datetime) -> Case:
    """The owner objects: no block can be confirmed, and no list takes the number in, until it is settled."""
    case = lock_case(case)
    if case.objection_since is None:
        case.objection_since = case.grounds_weakened_at = at
        case.contents_digest = next_digest(case, f"objection {at.isoformat()}")
        case.save(update_fields=["objection_since", "grounds_weakened_at", "contents_digest"])
        apply_transition(case, CaseAction.OBJECT, by=None, at=at)
        rank([case.pk], at=at)
    return case


@transaction.atomic
def settle_objection(case: Case, *, by: User, at: dt.datetime, upheld: bool, reason: str) -> Case:
    """Answers the owner; an upheld objection ends the block. Not by anybody who decided the block."""
    by.require(Permission.SIGN_OFF)
    case = lock_case(case)
    require_available(case, by=by, at=at)
    require_text(reason)
    _require_not_decided_by(case, by)
    if case.objection_since is None:
        raise WrongState("no_objection", _("There is no open objection in this case."))
    case.objection_since = None
    case.contents_digest = next_digest(case, f"settled {at.isoformat()}")
    case.save(update_fields=["objection_since", "contents_digest"])
    apply_transition(case, CaseAction.SETTLE, by=by, at=at, reason=reason.strip(), detail={"upheld": upheld})
    if upheld and case.status in (Status.CONFIRMED, Status.REFERRED):
        return _release(case, by=by, at=at, reason=ReleaseReason.OBJECTION)
    return case


@transaction.atomic
def set_protected(number: PhoneNumber, *, protected: bool, at: dt.datetime) -> int:
    """The register of protected numbers changed for this number; a block in force ends.

    Returns the cases touched.
    """
    cases = lock_cases(list(Case.objects.filter(number=number)))
    for case in cases:
        if protected and case.status == Status.CONFIRMED:
            _release(case, by=None, at=at, reason=ReleaseReason.PROTECTED)
        case.protected = protected
        case.suspected_spoofing = case.suspected_spoofing or protected
        if protected:
            case.grounds_weakened_at = at
        case.contents_digest = next_digest(case, f"protected {protected} {at.isoformat()}")
        case.save(update_fields=["protected", "suspected_spoofing", "grounds_weakened_at", "contents_digest"])
    return len(cases)


def _release(
    case: Case,
    *,
    by: User | None,
    at: dt.datetime,
    reason: ReleaseReason,
    note: str = "",
    notice: NoticeText | None = None,
) -> Case:
    release_blocks(case, by=by, at=at, reason=reason)
    detail = {"reason_code": reason}
    apply_transition(
        case, CaseAction.RELEASE, by=by, at=at, reason=note.strip(), detail=detail, notice=notice
    )
    return case


def _require_not_decided_by(case: Case, by: User) -> None:
    confirmed = case.proposals.filter(state=Proposal.State.CONFIRMED).select_related(
        "proposed_by", "second_by", "third_by"
    )
    for proposal in confirmed:
        for signer in (proposal.proposed_by, proposal.second_by, proposal.third_by):
            if signer is not None and by.same_human(signer):
                raise Forbidden(
                    "decided_before", _("You decided this block. Another person has to answer this.")
                )
